"""Messages are counted in the bytes as the protobuf library would build them, and before it does."""

import gzip
import random
from typing import Any

import httpx
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collector.receive.message_count import has_more_messages
from tests.bench.load import make_spans_request
from tests.collector.conftest import Start


def make_body(seed: int, spans: int) -> bytes:
    request = make_spans_request(random.Random(seed), spans)
    span = request.resource_spans[0].scope_spans[0].spans[0]
    span.events.add(name="exception").attributes.add(key="k").value.array_value.values.add().int_value = 1
    span.links.add(trace_id=b"t" * 16)
    span.status.code = 2
    return bytes(request.SerializeToString())


def count(message: Any) -> int:
    """Count the messages within one, as they were built."""
    inner = [value for field, value in message.ListFields() if field.message_type is not None]
    parts = [part for value in inner for part in ([value] if hasattr(value, "ListFields") else value)]
    return sum(1 + count(part) for part in parts)


@given(seed=st.integers(0, 99), spans=st.integers(1, 5), at=st.floats(0, 1), byte=st.integers(0, 255))
def test_the_count_is_the_librarys(seed: int, spans: int, at: float, byte: int) -> None:
    body = bytearray(make_body(seed, spans))
    if byte < 200:
        body[int(at * (len(body) - 1))] = byte
    try:
        found = count(ExportTraceServiceRequest.FromString(bytes(body)))
    except DecodeError:
        has_more_messages(bytes(body), ExportTraceServiceRequest, 10_000)
        return
    # A field that is written twice is one message for the library: it merges what is not a list.
    assert has_more_messages(bytes(body), ExportTraceServiceRequest, found - 1) == (found > 0)
    assert has_more_messages(bytes(body), ExportTraceServiceRequest, 10 * found + 10) is False


def test_a_body_of_nothing_but_empty_spans_is_refused_before_it_is_built(start: Start) -> None:
    running = start(max_request_spans=1_000)
    # Six million bytes of spans in one scope of one resource.
    spans = b"\x12\x00" * 3_000_000
    scope = b"\x12" + b"\x80\x9b\xee\x02" + spans
    body = b"\x0a" + b"\x85\x9b\xee\x02" + scope
    headers = {"content-type": "application/x-protobuf", "content-encoding": "gzip"}
    address = f"http://127.0.0.1:{running.collector.http_port}/v1/traces"
    answer = httpx.post(address, content=gzip.compress(body), headers=headers, timeout=60)
    assert answer.status_code == 413
    assert b"number of messages" in answer.content
