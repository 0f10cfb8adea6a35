"""What the firm over HTTP sends is what was planned: events, spans, times, ids."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from simulator.direct import tell_firm
from simulator.settings import FaultRates
from tests.simulator.firm import ENDS_AT, Received, receive_history, small_firm

CLIENT, SERVER = 3, 2
SETTINGS = small_firm(
    token="s3cret",
    faults=FaultRates(
        retried_rate_limit=0.3, retried_timeout=0.2, redelivery=0.2, broken_export=0.15, rejected_posting=0.2
    ),
)


@pytest.fixture(scope="module")
def received() -> Received:
    return receive_history(SETTINGS)


def _without_trace(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key != "traceparent"}


def test_the_events_on_the_wire_are_those_of_the_plan(received: Received) -> None:
    planned, _ = tell_firm(SETTINGS, ENDS_AT)
    assert [_without_trace(event) for event in received.events] == [event.to_cloudevent() for event in planned]


def test_the_truth_over_http_is_the_truth_of_the_plan(received: Received) -> None:
    assert received.truth == tell_firm(SETTINGS, ENDS_AT)[1]


def test_every_span_carries_its_run_and_its_system(received: Received) -> None:
    roots = {span.trace_id: span for span in received.spans if not span.parent_id}
    assert len(received.spans) > 500
    for span in received.spans:
        root = roots[span.trace_id]
        assert span.attributes["billtrail.correlation_id"] == root.attributes["billtrail.correlation_id"]
        own_system = span.service_name if span.kind == SERVER else root.attributes["billtrail.system"]
        assert span.attributes["billtrail.system"] == own_system


def test_every_call_of_a_service_continues_the_trace_of_the_run(received: Received) -> None:
    by_id = {span.span_id: span for span in received.spans}
    served = [span for span in received.spans if span.kind == SERVER]
    called = [span for span in received.spans if span.kind == CLIENT]
    assert {span.service_name for span in served} == {"crm", "psa", "erp", "portfolio"}
    assert len(served) == len(called)
    assert {span.parent_id for span in served} == {span.span_id for span in called}
    assert all(by_id[span.parent_id].trace_id == span.trace_id for span in served)


def test_events_point_to_a_span_of_their_run(received: Received) -> None:
    by_id = {span.span_id: span for span in received.spans}
    for event in received.events:
        _, trace_id, span_id, _ = event["traceparent"].split("-")
        assert by_id[span_id].trace_id == trace_id
        assert by_id[span_id].attributes["billtrail.correlation_id"] == event["correlationid"]


def test_spans_are_in_the_past_they_tell_of(received: Received) -> None:
    opens_ns = (ENDS_AT - timedelta(days=SETTINGS.days)).timestamp() * 1e9
    by_id = {span.span_id: span for span in received.spans}
    for span in received.spans:
        assert opens_ns <= span.start_ns <= span.end_ns <= ENDS_AT.timestamp() * 1e9
        if span.parent_id:
            assert by_id[span.parent_id].start_ns <= span.start_ns <= span.end_ns <= by_id[span.parent_id].end_ns
        assert all(span.start_ns <= at_ns <= span.end_ns for _, at_ns, _ in span.events)


def test_calls_last_as_long_as_the_systems_take(received: Received) -> None:
    lasted_s = [(span.end_ns - span.start_ns) / 1e9 for span in received.spans if span.kind == SERVER]
    assert 0.05 < sum(lasted_s) / len(lasted_s) < 1.0
    assert max(lasted_s) >= 30, "a time-out takes 30 s"


def test_busy_systems_are_retried_and_the_work_is_done(received: Received) -> None:
    statuses = Counter(span.attributes["http.response.status_code"] for span in received.spans if span.kind == SERVER)
    assert statuses[429] > 0
    assert statuses[504] > 0
    limited = {
        span.attributes["billtrail.correlation_id"]
        for span in received.spans
        if span.attributes.get("http.response.status_code") == 429
    }
    failed = {event["correlationid"] for event in received.events if event["type"] == "integration.failed"}
    assert limited - failed, "a run that was told to slow down and succeeded"


def test_an_event_told_again_is_the_same_in_every_byte(received: Received) -> None:
    bodies = Counter(str(event) for event in received.events)
    ids = Counter((event["source"], event["id"]) for event in received.events)
    assert sum(count - 1 for count in ids.values()) == received.truth.redelivered_count > 0
    assert len(bodies) == len(ids) == received.truth.event_count


def test_the_run_of_a_failure_is_an_error_with_its_exception(received: Received) -> None:
    roots = {span.attributes["billtrail.correlation_id"]: [] for span in received.spans}
    for span in received.spans:
        if not span.parent_id:
            roots[span.attributes["billtrail.correlation_id"]].append(span)
    failures = [event for event in received.events if event["type"] == "integration.failed"]
    assert failures
    for event in failures:
        assert any(
            span.status == 2 and span.attributes["billtrail.error_category"] == event["data"]["error_category"]
            for span in roots[event["correlationid"]]
        )


def test_the_collectors_token_is_shown(received: Received) -> None:
    assert received.authorizations == {"Bearer s3cret"}


def test_progress_is_told_to_the_end(received: Received) -> None:
    assert received.progress[0][0] == 1
    assert received.progress[-1][0] == received.progress[-1][1] == len(received.progress)


def test_the_same_seed_gives_the_same_bytes_and_spans() -> None:
    first, second = (receive_history(small_firm(contracts=3, days=40)) for _ in range(2))
    assert first.event_bodies == second.event_bodies
    spans = [
        {(span.service_name, span.name, span.trace_id, span.span_id, span.start_ns, span.end_ns) for span in one.spans}
        for one in (first, second)
    ]
    assert spans[0] == spans[1]


def test_another_seed_gives_another_firm() -> None:
    one, other = (tell_firm(small_firm(seed=seed), ENDS_AT)[1] for seed in (1, 2))
    assert (
        one.contracts[0].client != other.contracts[0].client
        or one.contracts[0].signed_at != other.contracts[0].signed_at
    )
