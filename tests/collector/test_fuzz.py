"""Broken bodies at the doors: never a 500, never a dead loader, never a lost neighbour."""

import gzip
import json
from typing import Any

import grpc
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from tests.collector.conftest import Running, Start, make_event
from tests.collector.test_load_spans import add, make_request

ROUNDS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SPANS, EVENT, BATCH = "application/x-protobuf", "application/cloudevents+json", "application/cloudevents-batch+json"
REFUSALS = {200, 202, 204, 400, 413, 415}


def make_rich_request() -> bytes:
    request, span = make_request("fuzzed", count=3)
    add(span, "list").array_value.values.add().string_value = "é"
    add(span, "pairs").kvlist_value.values.add(key="k").value.int_value = 7
    add(span, "bytes").bytes_value = b"\x00\xff"
    span.events.add(name="event", time_unix_nano=10**18).attributes.add(key="a").value.double_value = 0.5
    span.links.add(trace_id=b"l" * 16, span_id=b"l" * 8)
    return request.SerializeToString()


def make_log_request() -> bytes:
    request = ExportLogsServiceRequest()
    record = (
        request.resource_logs.add().scope_logs.add().log_records.add(event_name="time.approved", time_unix_nano=10**18)
    )
    record.body.kvlist_value.values.add(key="system").value.string_value = "psa"
    record.attributes.add(key="billtrail.subject").value.string_value = "psa:time_entry:TE-1"
    record.attributes.add(key="n").value.double_value = 0.5
    return request.SerializeToString()


RICH = make_rich_request()
LOG = make_log_request()
TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
EVENTS = json.dumps([make_event(number) for number in range(3)]).encode()
JSON_SPANS = json.dumps(
    {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "ab" * 16, "spanId": "cd" * 8, "name": "json"}]}]}]}
).encode()


def broken(body: bytes) -> st.SearchStrategy[bytes]:
    """Truncate, flip bits, cut a piece out or put bytes in."""
    places = st.integers(0, len(body) - 1)

    def flip(flips: list[tuple[int, int]]) -> bytes:
        changed = bytearray(body)
        for place, bit in flips:
            changed[place] ^= 1 << bit
        return bytes(changed)

    return st.one_of(
        places.map(lambda place: body[:place]),
        st.lists(st.tuples(places, st.integers(0, 7)), min_size=1, max_size=6).map(flip),
        st.tuples(places, places).map(lambda cut: body[: min(cut)] + body[max(cut) :]),
        st.tuples(places, st.binary(max_size=20)).map(lambda put: body[: put[0]] + put[1] + body[put[0] :]),
    )


BODIES = st.one_of(
    st.tuples(st.just("/v1/traces"), st.just(SPANS), st.one_of(broken(RICH), st.binary(max_size=200))),
    st.tuples(st.just("/v1/traces"), st.just("application/json"), broken(JSON_SPANS)),
    st.tuples(st.just("/v1/events"), st.just(BATCH), broken(EVENTS)),
    st.tuples(st.just("/v1/events"), st.just(EVENT), st.one_of(broken(EVENTS[1:-1]), st.binary(max_size=200))),
)


@pytest.fixture
def hardened(start: Start) -> Running:
    return start(segment_seconds=0.2)


def test_broken_bodies_harm_nobody_else(hardened: Running) -> None:
    neighbours = 0

    @ROUNDS
    @given(BODIES, st.booleans())
    def send(what: tuple[str, str, bytes], is_squeezed: bool) -> None:
        nonlocal neighbours
        path, media_type, body = what
        headers = {"content-type": media_type} | ({"content-encoding": "gzip"} if is_squeezed else {})
        answer = post(hardened, path, gzip.compress(body) if is_squeezed else body, headers)
        assert answer.status_code in REFUSALS, (answer.status_code, answer.text, what)
        neighbour = make_request(f"neighbour {neighbours}")[0].SerializeToString()
        assert post(hardened, "/v1/traces", neighbour, {"content-type": SPANS}).status_code == 200
        assert hardened.send(make_event(0, id=f"neighbour {neighbours}")).status_code == 204
        neighbours += 1

    send()
    hardened.drain(timeout_s=60)
    for question in (
        "SELECT count() AS n FROM spans WHERE SpanName LIKE 'neighbour %'",
        "SELECT count() AS n FROM events WHERE event_id LIKE 'neighbour %'",
    ):
        assert hardened.store.query(question) == [{"n": neighbours}]


def test_broken_bodies_over_grpc_harm_nobody_else(hardened: Running) -> None:
    neighbours = 0
    address = f"127.0.0.1:{hardened.collector.grpc_port}"
    squeezed = st.sampled_from([grpc.Compression.NoCompression, grpc.Compression.Gzip])

    @ROUNDS
    @given(st.sampled_from([TRACES, LOGS]), st.one_of(broken(RICH), broken(LOG), st.binary(max_size=200)), squeezed)
    def send(method: str, body: bytes, compression: grpc.Compression) -> None:
        nonlocal neighbours
        try:
            channel.unary_unary(method)(body, timeout=60, compression=compression)
        except grpc.RpcError as error:
            assert error.code() is grpc.StatusCode.INVALID_ARGUMENT, (method, body)  # noqa: PT017
        neighbour = make_request(f"neighbour {neighbours}")[0].SerializeToString()
        channel.unary_unary(TRACES)(neighbour, timeout=60)
        neighbours += 1

    with grpc.insecure_channel(address) as channel:
        send()
    hardened.drain(timeout_s=60)
    found = hardened.store.query("SELECT count() AS n FROM spans WHERE SpanName LIKE 'neighbour %'")
    assert found == [{"n": neighbours}]


@ROUNDS
@given(body=st.one_of(broken(gzip.compress(EVENTS)), st.binary(max_size=100)))
def test_broken_gzip_is_refused_or_read(running: Running, body: bytes) -> None:
    answer = post(running, "/v1/events", body, {"content-type": BATCH, "content-encoding": "gzip"})
    assert answer.status_code in REFUSALS, (answer.status_code, answer.text)


def post(running: Running, path: str, body: bytes, headers: dict[str, Any]) -> httpx.Response:
    return running.client.post(path, content=body, headers=headers)
