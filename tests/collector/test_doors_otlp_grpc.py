"""OTLP/gRPC with the exporters of the OpenTelemetry SDK, and with calls whose every byte is chosen."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from billtrail.errors import SettingsError
from tests.collector.conftest import Running, Start
from tests.collector.test_doors_budget import wait_until

TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


class Caller:
    """Calls a method with raw bytes, and reads what a refusal says."""

    def __init__(self, running: Running) -> None:
        self._channel = grpc.insecure_channel(f"127.0.0.1:{running.collector.grpc_port}")

    def call(self, body: bytes, method: str = TRACES, **words: Any) -> bytes:
        return bytes(self._channel.unary_unary(method)(body, timeout=30, **words))

    def refused(self, body: bytes, **words: Any) -> tuple[grpc.StatusCode, status_pb2.Status]:
        with pytest.raises(grpc.RpcError) as caught:
            self.call(body, **words)
        trailing = dict(caught.value.trailing_metadata() or ())
        return caught.value.code(), status_pb2.Status.FromString(trailing.get("grpc-status-details-bin", b""))

    def close(self) -> None:
        self._channel.close()


@pytest.fixture
def callers() -> Iterator[list[Caller]]:
    opened: list[Caller] = []
    yield opened
    for caller in opened:
        caller.close()


def make_request(*ids: tuple[bytes, bytes]) -> bytes:
    request = ExportTraceServiceRequest()
    spans = request.resource_spans.add().scope_spans.add().spans
    for trace_id, span_id in ids:
        spans.add(trace_id=trace_id, span_id=span_id, name="sync", start_time_unix_nano=1_800_000_000_000_000_000)
    return request.SerializeToString()


def make_ids() -> tuple[bytes, bytes]:
    return os.urandom(16), os.urandom(8)


def count_spans(running: Running) -> int:
    running.drain()
    return int(running.store.query("SELECT count() AS n FROM spans")[0]["n"])


@pytest.mark.parametrize("compression", [grpc.Compression.NoCompression, grpc.Compression.Gzip])
def test_spans_of_the_opentelemetry_sdk_are_found(running: Running, compression: grpc.Compression) -> None:
    address = f"http://127.0.0.1:{running.collector.grpc_port}"
    provider = TracerProvider()
    exporter = OTLPSpanExporter(address, insecure=True, compression=compression)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer("lib").start_as_current_span("sync") as span:
        span.set_attribute("billtrail.correlation_id", "run-7")
    provider.shutdown()
    running.drain()
    [row] = running.store.query("SELECT SpanName, TraceId, correlation_id FROM spans")
    assert (row["SpanName"], row["correlation_id"]) == ("sync", "run-7")
    assert row["TraceId"] == f"{span.get_span_context().trace_id:032x}"


def test_an_accepted_request_is_answered_with_nothing(running: Running, callers: list[Caller]) -> None:
    callers.append(Caller(running))
    assert callers[0].call(make_request(make_ids())) == b""
    assert callers[0].call(b"") == b""
    assert count_spans(running) == 1


def test_spans_without_valid_ids_are_counted_and_the_rest_is_kept(running: Running, callers: list[Caller]) -> None:
    callers.append(Caller(running))
    body = make_request(make_ids(), (bytes(16), os.urandom(8)), (b"short", os.urandom(8)))
    answer = ExportTraceServiceResponse.FromString(callers[0].call(body))
    assert answer.partial_success.rejected_spans == 2
    assert "valid ids" in answer.partial_success.error_message
    assert count_spans(running) == 1
    assert running.store.query("SELECT count() AS n FROM dead_letters")[0]["n"] == 2


def test_what_is_no_request_is_an_invalid_argument(running: Running, callers: list[Caller]) -> None:
    callers.append(Caller(running))
    code, status = callers[0].refused(b"\xff\xff")
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    bad = error_details_pb2.BadRequest()
    assert status.details[0].Unpack(bad)
    assert "ExportTraceServiceRequest" in bad.field_violations[0].description


def test_a_full_journal_is_unavailable_and_says_when_to_come_back(start: Start, callers: list[Caller]) -> None:
    running = start(journal_max_bytes=10)
    callers.append(Caller(running))
    code, status = callers[0].refused(make_request(make_ids()))
    assert code is grpc.StatusCode.UNAVAILABLE
    retry = error_details_pb2.RetryInfo()
    assert status.details[0].Unpack(retry)
    assert retry.retry_delay.seconds > 0
    assert count_spans(running) == 0


@pytest.mark.parametrize("compression", [grpc.Compression.NoCompression, grpc.Compression.Gzip])
def test_what_is_too_large_is_not_to_be_sent_again(
    start: Start, callers: list[Caller], compression: grpc.Compression
) -> None:
    callers.append(Caller(start(max_decompressed_bytes=4000)))
    code, status = callers[0].refused(bytes(1_000_000), compression=compression)
    assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert not status.details


def test_too_many_spans_are_not_to_be_sent_again(start: Start, callers: list[Caller]) -> None:
    running = start(max_request_spans=2)
    callers.append(Caller(running))
    code, _ = callers[0].refused(make_request(*(make_ids() for _ in range(3))))
    assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert count_spans(running) == 0


def test_a_token_is_asked_for_and_names_its_source(start: Start, callers: list[Caller]) -> None:
    running = start(tokens=("hub=secret",))
    callers.append(Caller(running))
    body = make_request(make_ids())
    assert callers[0].refused(body)[0] is grpc.StatusCode.UNAUTHENTICATED
    wrong = (("authorization", "Bearer wrong"),)
    assert callers[0].refused(body, metadata=wrong)[0] is grpc.StatusCode.UNAUTHENTICATED
    assert callers[0].call(body, metadata=(("authorization", "Bearer secret"),)) == b""
    running.drain()
    assert [row["source"] for row in running.store.query("SELECT source FROM span_records")] == ["hub"]


def test_an_unknown_method_is_unimplemented(running: Running, callers: list[Caller]) -> None:
    callers.append(Caller(running))
    code, _ = callers[0].refused(b"", method="/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")
    assert code is grpc.StatusCode.UNIMPLEMENTED


def test_it_can_be_switched_off(start: Start) -> None:
    assert start(grpc_port=-1).collector.grpc_port == 0


def test_a_taken_port_and_an_open_door_are_refused(start: Start) -> None:
    taken = start().collector.grpc_port
    with pytest.raises(SettingsError, match=r"collector\.grpc_port"):
        start(grpc_port=taken)
    with pytest.raises(SettingsError, match=r"collector\.grpc_host"):
        start(grpc_host="0.0.0.0")


class Silence:
    """A sender that says nothing until it is told to."""

    def __init__(self, channel: grpc.Channel, *said: bytes) -> None:
        self._said = iter(said)
        self._goes_on = threading.Event()
        self.call = channel.stream_unary(TRACES).future(self, timeout=120)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._goes_on.wait(120)
        return next(self._said)

    def end(self) -> None:
        self._goes_on.set()


def test_calls_that_send_nothing_keep_nobody_waiting(running: Running, callers: list[Caller]) -> None:
    callers.append(Caller(running))
    with grpc.insecure_channel(f"127.0.0.1:{running.collector.grpc_port}") as channel:
        silent = [Silence(channel, make_request(make_ids())) for _ in range(60)]
        wait_until(lambda: running.collector.doorway.budget.held_bytes >= 60 << 20)
        assert callers[0].call(make_request(make_ids())) == b""
        for one in silent:
            one.end()
        assert [one.call.result() for one in silent] == [b""] * 60
    assert count_spans(running) == 61
    assert running.collector.doorway.budget.held_bytes == 0


def test_calls_that_send_nothing_are_ended(start: Start) -> None:
    running = start(receive_seconds=0.2)
    with grpc.insecure_channel(f"127.0.0.1:{running.collector.grpc_port}") as channel:
        silent = Silence(channel)
        with pytest.raises(grpc.RpcError) as caught:
            silent.call.result()
        silent.end()
        ended = Silence(channel)
        ended.end()
        with pytest.raises(grpc.RpcError) as none:
            ended.call.result()
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert "took longer than 0.2 s" in caught.value.details()
    assert none.value.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.UNAVAILABLE)
    wait_until(lambda: running.collector.doorway.budget.held_bytes == 0)


def test_a_budget_that_is_used_up_is_unavailable(start: Start, callers: list[Caller]) -> None:
    limits = {"max_body_bytes": 1000, "max_decompressed_bytes": 1000, "max_json_objects": 1}
    running = start(max_in_flight_bytes=3 << 20, **limits)
    callers.append(Caller(running))
    with grpc.insecure_channel(f"127.0.0.1:{running.collector.grpc_port}") as channel:
        silent = [Silence(channel) for _ in range(3)]
        wait_until(lambda: running.collector.doorway.budget.held_bytes == 3 << 20)
        code, status = callers[0].refused(make_request(make_ids()))
        assert (code, len(status.details)) == (grpc.StatusCode.UNAVAILABLE, 1)
        for one in silent:
            one.call.cancel()
            one.end()
    wait_until(lambda: running.collector.doorway.budget.held_bytes == 0)
    assert callers[0].call(make_request(make_ids())) == b""


def test_there_are_only_so_many_connections(start: Start, callers: list[Caller]) -> None:
    running = start(max_connections=2)
    callers.append(Caller(running))
    assert callers[0].call(make_request(make_ids())) == b""
    address = ("127.0.0.1", running.collector.grpc_port)
    with socket.create_connection(address, timeout=60) as second:
        second.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        assert second.recv(4096)
        with socket.create_connection(address, timeout=60) as third, suppress(ConnectionResetError):
            assert third.recv(4096) == b""
    assert callers[0].call(make_request(make_ids())) == b""
    metrics = running.client.get("/metrics").text
    assert "billtrail_http_connections 1.0" in metrics
    assert 'billtrail_http_surplus_connections_total{outcome="refused"} 0.0' in metrics
