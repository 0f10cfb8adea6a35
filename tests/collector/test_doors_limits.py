"""What is larger than the limits is refused alone, told of, and not kept; its neighbours are."""

import json
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from collector.receive.otlp_signal import take_traces
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
    assert running.client.post("/v1/events", content=json.dumps(large), headers=kind).status_code == 413
    assert running.send(make_event(1)).status_code == 204
