"""Spans as messages of a source: middleware that only emits traces, from the door to the events."""

from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from billtrail.errors import SettingsError
from tests.collector.conftest import Running, Start
from tests.collector.test_load_spans import add

MIDDLEWARE = {"middleware": {"spans": True}}
BEGIN_NS = 1_775_120_400_000_000_000  # 2026-04-02 09:00


def make_span(request: ExportTraceServiceRequest, number: int, **attributes: str) -> Span:
    if not request.resource_spans:
        group = request.resource_spans.add()
        group.resource.attributes.add(key="service.name").value.string_value = "order-exp"
        group.scope_spans.add()
    span = request.resource_spans[0].scope_spans[0].spans.add(name="mule:flow", kind=Span.SPAN_KIND_SERVER)
    span.trace_id, span.span_id = b"t" * 16, number.to_bytes(8, "big")
    span.start_time_unix_nano, span.end_time_unix_nano = BEGIN_NS, BEGIN_NS + 141_000_000
    for key, text in attributes.items():
        add(span, key.replace("__", ".")).string_value = text
    return span


def send(running: Running, request: ExportTraceServiceRequest) -> None:
    headers = {"content-type": "application/x-protobuf"}
    assert running.client.post("/v1/traces", content=request.SerializeToString(), headers=headers).status_code == 200


def drain(running: Running) -> None:
    """Traces first: the messages among them go on into the other journal."""
    running.drain()
    running.drain()


def read_events(running: Running) -> list[dict[str, Any]]:
    return running.store.query("SELECT * FROM events ORDER BY event_id")


def test_a_span_that_names_an_event_is_one_with_its_trace_and_correlation_id(start: Start) -> None:
    running, request = start(sources=MIDDLEWARE), ExportTraceServiceRequest()
    told = {
        "billtrail__event": "invoice.issued", "billtrail__subject": "netsuite:invoice:9401",
        "billtrail__part_of": "netsuite:project:2107", "billtrail__amount": "24000.00", "correlation__id": "run-1",
    }  # fmt: skip
    span = make_span(request, 1, **told)
    add(span, "billed at").int_value = 1_795_000_000_123_456_789
    add(span, "correction").int_value = -5
    add(span, "terms").string_value = "x" * 20_000
    add(span, "lines").array_value.values.add().string_value = "x"
    make_span(request, 2, correlation__id="run-1")
    send(running, request)
    drain(running)
    (event,) = read_events(running)
    assert (event["event_type"], event["source"], event["system"]) == ("invoice.issued", "/middleware", "order-exp")
    assert (event["correlation_id"], event["trace_id"]) == ("run-1", (b"t" * 16).hex())
    assert event["occurred_at"].isoformat() == "2026-04-02T09:00:00.141000+00:00"
    keys = [tuple(one.values()) if isinstance(one, dict) else tuple(one) for one in event["objects"]]
    assert keys == [("invoice", "netsuite", "9401", "subject"), ("project", "netsuite", "2107", "part_of")]
    [raw] = running.store.query("SELECT JSONExtract(body, 'attributes', 'Map(String, String)') AS told FROM raw_events")
    values = {"billed at": "1795000000123456789", "correction": "-5", "terms": "x" * 20_000, "lines": '["x"]'}
    assert values.items() <= raw["told"].items()
    assert running.store.query("SELECT count() AS n FROM span_records") == [{"n": 2}]


def test_a_span_that_failed_with_a_correlation_id_is_a_failed_integration(start: Start) -> None:
    running, request = start(sources=MIDDLEWARE), ExportTraceServiceRequest()
    for number, code in enumerate((Span().status.STATUS_CODE_ERROR, Span().status.STATUS_CODE_OK)):
        span = make_span(request, number + 1, mule__correlationId="run-1", http__response__status_code="429")
        span.status.code, span.status.message = code, "HTTP:TOO_MANY_REQUESTS"
    send(running, request)
    drain(running)
    (event,) = read_events(running)
    assert (event["event_type"], event["outcome"], event["error_category"], event["correlation_id"]) == (
        "integration.failed", "failure", "rate_limit", "run-1",
    )  # fmt: skip


def test_without_being_switched_on_spans_are_spans(start: Start) -> None:
    running, request = start(), ExportTraceServiceRequest()
    make_span(request, 1, billtrail__event="invoice.issued", billtrail__subject="netsuite:invoice:9401")
    send(running, request)
    drain(running)
    assert read_events(running) == []


def test_a_span_that_comes_again_is_one_event_which_is_there_when_the_collector_has_stopped(start: Start) -> None:
    running = start(sources=MIDDLEWARE, segment_seconds=3600)
    for attempt in range(2):
        request = ExportTraceServiceRequest()
        make_span(request, 1, billtrail__event="invoice.issued", billtrail__subject="netsuite:invoice:9401")
        make_span(request, 10 + attempt)
        send(running, request)
    running.collector.stop()
    assert len(read_events(running)) == 1


def test_a_source_without_spans_cannot_be_switched_on(start: Start) -> None:
    with pytest.raises(SettingsError, match=r"kantata\.spans"):
        start(sources={"kantata": {"spans": True}})
