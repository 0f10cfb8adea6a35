"""The doors with real HTTP and real clients: what is acknowledged is found, what is refused leaves no trace."""

import gzip
import json
from typing import Any

import pytest
from cloudevents.v1.conversion import to_binary, to_structured
from cloudevents.v1.http import CloudEvent
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from tests.collector.conftest import Running, Start, make_event

ATTRIBUTES = {"type": "time.approved", "source": "/psa", "id": "ev-1", "time": "2026-11-01T10:00:00Z"}


def count(running: Running, table: str) -> int:
    running.drain()
    return int(running.store.query(f"SELECT count() AS n FROM {table}")[0]["n"])


def test_spans_of_the_opentelemetry_sdk_are_found(running: Running) -> None:
    provider = TracerProvider(resource=Resource.create({"service.name": "hub", "process.command_args": ["a", "b"]}))
    provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(f"{running.url}/v1/traces")))
    with provider.get_tracer("lib", "1.2").start_as_current_span("sync") as span:
        span.set_attribute("billtrail.correlation_id", "run-7")
        span.add_event("exception", {"exception.type": "ValueError"})
    provider.shutdown()
    running.drain()
    [row] = running.store.query("SELECT * FROM spans")
    assert (row["SpanName"], row["ServiceName"], row["correlation_id"]) == ("sync", "hub", "run-7")
    assert (row["ScopeName"], row["ScopeVersion"], row["Events.Name"]) == ("lib", "1.2", ["exception"])
    assert row["TraceId"] == f"{span.get_span_context().trace_id:032x}"


@pytest.mark.parametrize("mode", ["binary", "structured", "batch"])
def test_events_of_the_cloudevents_sdk_are_found(running: Running, mode: str) -> None:
    event = CloudEvent(ATTRIBUTES, make_event()["data"])
    headers, body = to_binary(event) if mode == "binary" else to_structured(event)
    if mode == "batch":
        headers, body = {"content-type": "application/cloudevents-batch+json"}, b"[" + body + b"]"
    assert running.client.post("/v1/events", content=body, headers=headers).status_code == 204
    running.drain()
    [row] = running.store.query("SELECT source, event_id, event_type, system, objects.id AS ids, amount FROM events")
    assert (row["source"], row["event_id"], row["event_type"], row["system"]) == (
        "/psa",
        "ev-1",
        "time.approved",
        "psa",
    )
    assert (row["ids"], str(row["amount"])) == (["TE-1", "P-9"], "1200.00")


def test_a_gzipped_batch_is_taken(running: Running) -> None:
    body = gzip.compress(json.dumps([make_event(1), make_event(2)]).encode())
    headers = {"content-type": "application/cloudevents-batch+json", "content-encoding": "gzip"}
    assert running.client.post("/v1/events", content=body, headers=headers).status_code == 204
    assert count(running, "events") == 2


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"type": None}, "events[1].type"),
        ({"id": ""}, "events[1].id"),
        ({"source": None}, "events[1].source"),
        ({"specversion": "0.3"}, "events[1].specversion"),
        ({"time": "yesterday"}, "events[1].time"),
        ({"time": "2026-02-30T10:00:00Z"}, "events[1].time"),
        ({"data": {"objects": [{"type": "invoice"}]}}, "events[1].data.objects[0].id"),
        ({"data": {"amount": "12,50"}}, "events[1].data.amount"),
        ({"data": {"objects": {}}}, "events[1].data.objects"),
    ],
)
def test_a_bad_event_refuses_its_batch_and_is_named(running: Running, changes: dict[str, Any], where: str) -> None:
    answer = running.send(make_event(1), make_event(2, **changes))
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["where"] == where
    assert count(running, "raw_events") == 0


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {"content-type": "application/json"}, 400),
        (b"\xff\xff", {"content-type": "application/x-protobuf"}, 400),
        (b"x", {"content-type": "text/plain"}, 415),
        (b"x", {"content-type": "application/x-protobuf", "content-encoding": "br"}, 415),
        (b"x", {"content-type": "application/x-protobuf", "content-encoding": "gzip"}, 400),
        (b"0" * 2001, {"content-type": "application/x-protobuf"}, 413),
        (gzip.compress(b"0" * 100_000), {"content-type": "application/x-protobuf", "content-encoding": "gzip"}, 413),
    ],
)
def test_what_is_no_trace_request_leaves_no_trace(
    start: Start, body: bytes, headers: dict[str, str], status: int
) -> None:
    running = start(max_body_bytes=2000, max_decompressed_bytes=4000)
    assert running.client.post("/v1/traces", content=body, headers=headers).status_code == status
    assert count(running, "span_records") == 0


def test_otlp_json_keeps_hex_ids_and_ignores_what_it_does_not_know(running: Running) -> None:
    span = {"traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174", "name": "a", "kind": 2}
    span |= {"startTimeUnixNano": "1544712660000000001", "endTimeUnixNano": 1544712661000000000, "future": {"x": 1}}
    body = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    answer = running.client.post("/v1/traces", json=body)
    assert (answer.status_code, answer.json()) == (200, {})
    running.drain()
    [row] = running.store.query("SELECT TraceId, SpanId, SpanKind, toUnixTimestamp64Nano(Timestamp) AS ns FROM spans")
    assert row["TraceId"] == "5b8efff798038103d269b633813fc60c"
    assert (row["SpanId"], row["SpanKind"], row["ns"]) == ("eee19b7ec3c1b174", "Server", 1544712660000000001)


def test_a_token_is_asked_for_and_names_its_source(start: Start) -> None:
    running = start(tokens=("psa=secret", "other"))
    assert running.send(make_event()).status_code == 401
    running.client.headers["authorization"] = "Bearer wrong"
    assert running.send(make_event()).status_code == 401
    running.client.headers["authorization"] = "Bearer secret"
    assert running.send(make_event()).status_code == 204
    running.drain()
    assert [row["source"] for row in running.store.query("SELECT source FROM raw_events")] == ["psa"]


def test_health_readiness_and_metrics_answer(running: Running) -> None:
    running.send(make_event())
    assert running.client.get("/healthz").text == "ok\n"
    assert running.client.get("/readyz").json() == {"ready": True, "ailments": []}
    running.drain()
    text = running.client.get("/metrics").text
    assert 'billtrail_door_requests_total{door="cloudevents",outcome="accepted"} 1.0' in text


@pytest.mark.parametrize("path", ["/v1/traces/", "/v1/logs/", "/v1/events/", "/v1/sources/hubspot/"])
def test_an_address_with_a_slash_too_many_is_unknown_and_not_elsewhere(running: Running, path: str) -> None:
    answer = running.client.post(path, json={})
    assert (answer.status_code, "location" in answer.headers) == (404, False)
