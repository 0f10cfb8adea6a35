"""What is larger than the limits is refused alone, told of, and not kept; its neighbours are."""

import json
from typing import Any

import pytest
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from collector.journal.frame import varint
from collector.receive.otlp_signal import take_traces
from collector.receive.refusal import Refusal
from collector.settings import CollectorSettings
from tests.collector.conftest import Running, Start, make_event

SMALL = CollectorSettings(max_span_attributes=10, max_span_bytes=2_000)


def make_request(*spans: tuple[str, int, int]) -> ExportTraceServiceRequest:
    """Spans by name, number of attributes, and characters of each."""
    request = ExportTraceServiceRequest()
    scoped = request.resource_spans.add(schema_url="r").scope_spans.add(schema_url="s")
    scoped.scope.name = "lib"
    for place, (name, count, length) in enumerate(spans, start=1):
        span = scoped.spans.add(name=name, trace_id=b"t" * 16, span_id=place.to_bytes(8, "big"))
        for number in range(count):
            span.attributes.add(key=f"k{number}").value.string_value = "x" * length
    return request


def take(request: ExportTraceServiceRequest) -> tuple[Any, ExportTraceServiceRequest, int]:
    taken = take_traces(request.SerializeToString(), False, SMALL)
    assert isinstance(taken.answer, ExportTraceServiceResponse)
    return taken.answer.partial_success, ExportTraceServiceRequest.FromString(taken.spans), taken.count


def test_what_is_within_the_limits_is_kept_as_it_came() -> None:
    request = make_request(("a", 10, 5), ("b", 1, 1_900), ("c", 9, 100))
    told, kept, count = take(request)
    assert (told.rejected_spans, told.error_message, kept, count) == (0, "", request, 3)


@pytest.mark.parametrize("outsized", [("big", 11, 1), ("big", 1, 2_001), ("big", 10, 300)])
def test_an_outsized_span_is_refused_alone(outsized: tuple[str, int, int]) -> None:
    told, kept, count = take(make_request(("a", 3, 9), outsized, ("b", 3, 9)))
    scoped = kept.resource_spans[0].scope_spans[0]
    assert ([span.name for span in scoped.spans], scoped.scope.name, scoped.schema_url) == (["a", "b"], "lib", "s")
    assert (told.rejected_spans, count) == (1, 2)
    assert "1 of 3 spans have more than 10 attributes or 2000 bytes" in told.error_message


def test_both_kinds_of_rejection_are_told() -> None:
    request = make_request(("a", 3, 9), ("big", 11, 1), ("nameless", 3, 9))
    request.resource_spans[0].scope_spans[0].spans[2].span_id = b""
    told, _, count = take(request)
    assert (told.rejected_spans, count) == (2, 2)
    assert "not kept" in told.error_message
    assert "dead letters" in told.error_message


def test_neighbours_of_outsized_spans_are_found(start: Start) -> None:
    running = start(max_span_attributes=10)
    body = make_request(("a", 3, 9), ("big", 11, 9), ("b", 3, 9)).SerializeToString()
    answer = running.client.post("/v1/traces", content=body, headers={"content-type": "application/x-protobuf"})
    assert ExportTraceServiceResponse.FromString(answer.content).partial_success.rejected_spans == 1
    running.drain()
    assert running.store.query("SELECT SpanName AS name FROM spans ORDER BY name") == [{"name": "a"}, {"name": "b"}]
    assert running.store.query("SELECT * FROM dead_letters") == []


def test_an_outsized_event_is_refused_and_named(start: Start) -> None:
    running: Running = start(max_event_bytes=1_000)
    large = make_event(2, subject="x" * 1_000)
    answer = running.send(make_event(1), large)
    assert (answer.status_code, "events[1] is larger than 1000" in answer.json()["detail"]) == (413, True)
    kind = {"content-type": "application/cloudevents+json"}
    for body in (json.dumps(large).encode(), b"[" * 1_001):  # Before it is looked into.
        for headers in (kind, {"ce-id": "1"}):
            assert running.client.post("/v1/events", content=body, headers=headers).status_code == 413
    assert running.send(make_event(1)).status_code == 204


@pytest.mark.parametrize("place", ["resource", "scope", "schema", "attributes"])
@pytest.mark.parametrize("is_json", [False, True])
def test_what_stands_before_many_spans_counts_for_each_of_them(place: str, is_json: bool) -> None:
    request = make_request(*[("a", 0, 0)] * 60)
    group = request.resource_spans[0]
    for span in group.scope_spans[0].spans:
        span.ClearField("trace_id")
        span.ClearField("span_id")
    if place == "schema":
        group.schema_url = "x" * 300
    else:
        said = group.resource if place != "scope" else group.scope_spans[0].scope
        for _ in range(8 if place == "attributes" else 1):
            said.attributes.add(key="k").value.string_value = "" if place == "attributes" else "x" * 300
    body = json_format.MessageToJson(request).encode() if is_json else request.SerializeToString()
    assert take_traces(body, is_json, CollectorSettings(max_expanded_bytes=60 * 400)).count == 60
    with pytest.raises(Refusal) as caught:
        take_traces(body, is_json, CollectorSettings(max_expanded_bytes=60 * 300))
    assert caught.value.status == 413


def test_a_sender_cannot_write_the_journals_header(start: Start) -> None:
    running = start(tokens=("psa=a",))
    headers = {"content-type": "application/x-protobuf", "authorization": "Bearer a"}
    body = make_request(("a", 1, 1)).SerializeToString()
    for field in (
        varint(15002 << 3 | 1) + bytes(8),
        varint(15004 << 3 | 2) + b"\x03erp",
        varint((2**29 - 1) << 3) + b"\x01",
    ):
        for forged in (body + field, field + body):
            assert running.client.post("/v1/traces", content=forged, headers=headers).status_code == 400
    later = body + varint(14_999 << 3) + b"\x01"
    assert running.client.post("/v1/traces", content=later, headers=headers).status_code == 200
    running.drain()
    assert [row["source"] for row in running.store.query("SELECT source FROM span_records")] == ["psa"]
