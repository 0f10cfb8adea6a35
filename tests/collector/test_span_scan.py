"""Ordinary spans found in bytes: yes only where the look at every span says so, and always for what senders send."""

import random
from collections.abc import Callable

from hypothesis import given
from hypothesis.strategies import binary, builds, integers, lists, sampled_from, text
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.receive.otlp_signal import count_spans, look_at_spans
from collector.receive.span_scan import are_ordinary
from collector.settings import CollectorSettings

SETTINGS = CollectorSettings(max_span_attributes=50, max_span_bytes=2_000)
MOST_BYTES = 100
VALUES = builds(lambda value: AnyValue(string_value=value), text(max_size=20) | sampled_from(["a" * 6, "a" * 16]))
PAIRS = builds(lambda key, value: KeyValue(key=key, value=value), sampled_from(["a", "k" * 16]), VALUES)
SPANS = builds(
    lambda trace, own, name, pairs, end: Span(
        trace_id=trace, span_id=own, name=name, attributes=pairs, end_time_unix_nano=end
    ),
    sampled_from([b"t" * 16, b"\x12" * 16, bytes(15) + b"t", bytes(16), b"t" * 15, b""]) | binary(max_size=17),
    sampled_from([b"s" * 8, b"\x0a\x10" * 4, bytes(7) + b"s", bytes(8), b""]) | binary(max_size=9),
    text(max_size=30),
    lists(PAIRS, max_size=4),
    integers(0, 2**64 - 1),
)


def make_request(spans: list[Span], resource: list[KeyValue]) -> ExportTraceServiceRequest:
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    group.resource.attributes.extend(resource)
    group.scope_spans.add(spans=spans)
    return request


@given(spans=lists(SPANS, max_size=8), resource=lists(PAIRS, max_size=3))
def test_what_is_ordinary_has_no_fault(spans: list[Span], resource: list[KeyValue]) -> None:
    request = make_request(spans, resource)
    body = request.SerializeToString()
    if are_ordinary(body, sum(map(sum, count_spans(request))), MOST_BYTES):
        assert look_at_spans(request, len(body), SETTINGS) == (0, False)
        assert all(span.ByteSize() <= MOST_BYTES for span in spans)


def make_span(chance: random.Random, number: int) -> Span:
    span = Span(
        trace_id=chance.randbytes(16), span_id=chance.randbytes(8), name="x" * (number % 200), kind="SPAN_KIND_CLIENT"
    )
    span.attributes.add(key="rpc.service.name").value.string_value = "orders"
    span.attributes.add(key="a" * 16).value.string_value = "\x12\x08" + "b" * 14
    return span


def spoil(change: Callable[[Span], object]) -> bool:
    chance = random.Random(7)
    spans = [make_span(chance, number) for number in range(1_000)]
    change(spans[500])
    body = make_request(spans, list(spans[0].attributes)).SerializeToString()
    return are_ordinary(body, len(spans), 2_000)


def test_what_senders_send_is_ordinary_and_one_fault_among_a_thousand_is_not() -> None:
    assert spoil(lambda span: None)
    assert not spoil(lambda span: setattr(span, "trace_id", bytes(16)))
    assert not spoil(lambda span: setattr(span, "span_id", bytes(8)))
    assert not spoil(lambda span: setattr(span, "trace_id", b"t" * 15))
    assert not spoil(lambda span: setattr(span, "span_id", b"s" * 9))
    assert not spoil(lambda span: span.ClearField("trace_id"))
    assert not spoil(lambda span: setattr(span, "name", "x" * 2_000))
