"""Failed spans: of which kind, in whose lifecycle, at which step."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from billtrail.store import Row, Store
from billtrail.telemetry.failure import classify_status
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.stitch import Stitcher
from tests.correlators.firm import CONTRACT_1, CONTRACT_2, FIRM, PROJECT_1, PROJECT_2
from tests.support.clock import SteppedClock
from tests.support.events import START, Event, put_events, put_ledger
from tests.support.store import drop_test_store, open_test_store

HTTP, RPC, KIND = "http.response.status_code", "rpc.grpc.status_code", "error.type"
ENTRY, OTHER = "psa:time_entry:T5", "psa:time_entry:T6"
STATUSES = range(400, 600)
# What a span says, by name: its attributes, the message of its status, its exception (type and message); and its kind.
SAID: dict[str, tuple[dict[str, str], str, tuple[str, str], str]] = {
    "told": ({"billtrail.error_category": "mapping", HTTP: "503"}, "", ("", ""), "mapping"),
    "told wrongly": ({"billtrail.error_category": "bad luck", HTTP: "503"}, "", ("", ""), "unavailable"),
    "old name": ({"http.status_code": "429"}, "", ("", ""), "rate_limit"),
    "status as type": ({KIND: "504"}, "", ("", ""), "timeout"),
    "grpc number": ({RPC: "16"}, "", ("", ""), "auth"),
    "grpc name": ({"rpc.response.status_code": "ALREADY_EXISTS"}, "", ("", ""), "duplicate"),
    "java": ({KIND: "java.net.SocketTimeoutException"}, "", ("", ""), "timeout"),
    "python": ({}, "", ("httpx.ConnectError", "all attempts failed"), "unavailable"),
    "salesforce": ({KIND: "DUPLICATE_VALUE"}, "", ("", ""), "duplicate"),
    "netsuite": ({KIND: "SSS_REQUEST_LIMIT_EXCEEDED"}, "", ("", ""), "rate_limit"),
    "crosswalk": ({}, "", ("CrosswalkMissing", "client A has no number"), "mapping"),
    "words": ({}, "No mapping for cost centre 12", ("", ""), "mapping"),
    "words of exception": ({}, "", ("Exception", "role is required"), "validation"),
    "code before words": ({HTTP: "404"}, "read timed out", ("", ""), "not_found"),
    "nothing": ({}, "", ("", ""), "other"),
}
EVENTS = (
    # One run handles two contracts: the posting of one entry fails, the other's is told later by the same system.
    Event("approved-5", "time.approved", ((ENTRY, "subject"), (PROJECT_1, "part_of")), 8, correlation_id="run-2"),
    Event(
        "posted-5", "time.posted", (("erp:time_entry:5", "subject"), (ENTRY, "same_as")), 9,
        correlation_id="run-2", outcome="failure",
    ),
    Event("told-6", "milestone.completed", (("psa:billing_milestone:M1", "subject"),), 9, correlation_id="run-2"),
    Event("quiet", "worker.moved", ((PROJECT_2, "subject"),), 9, system="psa", correlation_id="run-4"),
)  # fmt: skip


def span(name: str, attributes: dict[str, str], **more: Any) -> Row:
    id = sha256(name.encode()).digest()
    row: Row = {"Timestamp": START + timedelta(hours=9), "TraceId": id[:16], "SpanId": id[16:24]}
    row |= {"SpanName": name, "StatusCode": 2, "SpanAttributes": attributes, "correlation_id": "", "system": "erp"}
    row |= {"StatusMessage": "", "Events.Name": [], "Events.Attributes": [], "Events.Timestamp": [], "segment": 9}
    row |= {"Events.DroppedAttrCount": [], "ParentSpanId": bytes(8), "ServiceName": "sync"}
    return row | more


def speaking(name: str) -> Row:
    attributes, message, (kind, text), _ = SAID[name]
    exception = {"exception.type": kind, "exception.message": text}
    said = {"Events.Name": ["exception"], "Events.Attributes": [exception], "Events.Timestamp": [START]}
    said |= {"Events.DroppedAttrCount": [0]} if kind else {}
    return span(name, attributes, StatusMessage=message, correlation_id="run-1", **(said if kind else {}))


PLACED = (
    span("in a batch", {"billtrail.object.time_entry": ENTRY}, correlation_id="run-2"),
    span("within it", {}, correlation_id="run-2", ParentSpanId=span("in a batch", {})["SpanId"],
         TraceId=span("in a batch", {})["TraceId"]),
    span("of the run", {}, correlation_id="run-2"),
    span("of the trace", {}, TraceId=bytes.fromhex("ab" * 16)),
    span("of a run nobody told of", {"billtrail.object.project": PROJECT_2}, correlation_id="run-3"),
    span("beside it", {}, correlation_id="run-3", TraceId=span("of a run nobody told of", {})["TraceId"]),
    span("mended since", {"billtrail.object.time_entry": "psa:time_entry:T1"}, correlation_id="run-6"),
    span("set status in crm", {"billtrail.object.invoice": "erp:invoice:I1"}, Timestamp=START + timedelta(hours=20.5)),
    span("sync", {}, Timestamp=START + timedelta(hours=20.4), correlation_id="run-7",
         TraceId=span("set status in crm", {})["TraceId"]),
    span("no step", {}, correlation_id="run-4"),
    span("of nobody", {"billtrail.object.time_entry": "psa:time_entry:unknown"}, correlation_id="run-5"),
    span("went well", {"billtrail.object.time_entry": ENTRY}, correlation_id="run-2", StatusCode=1),
)  # fmt: skip


@pytest.fixture(scope="module")
def firm(engine_path: Path) -> Iterator[Store]:
    store = open_test_store(engine_path)
    compile_journeys(store, read_journeys(), 1)
    put_events(store, 1, [*FIRM, *EVENTS])
    statuses = [span(f"answered {code}", {HTTP: str(code)}, correlation_id="run-1") for code in STATUSES]
    store.insert("span_records", [*map(speaking, SAID), *statuses, *PLACED])
    put_ledger(store, "traces", 9, 1)
    Stitcher(store, SteppedClock(), 10_000).step()
    yield store
    drop_test_store(store)


def errors_of(store: Store, name: str) -> list[Row]:
    return store.query(
        "SELECT * FROM span_errors WHERE span_name = {name:String} ORDER BY lifecycle_id", {"name": name}
    )


@pytest.mark.parametrize("name", SAID)
def test_a_failed_span_is_classified_by_what_it_says(firm: Store, name: str) -> None:
    (row,) = errors_of(firm, name)
    assert row["error_category"] == SAID[name][3]


def test_answers_are_classified_as_in_the_sending_program(firm: Store) -> None:
    rows = firm.query("SELECT http_status, error_category FROM span_errors WHERE startsWith(span_name, 'answered')")
    told = {int(row["http_status"]): row["error_category"] for row in rows}
    assert told == {code: classify_status(code).value for code in STATUSES}


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("in a batch", {CONTRACT_1: ("declared", "time_posted")}),
        ("within it", {CONTRACT_1: ("declared", "time_posted")}),
        (
            "of the run",
            {CONTRACT_1: ("correlation_id", "time_posted"), CONTRACT_2: ("correlation_id", "milestone_completed")},
        ),
        ("of the trace", {CONTRACT_2: ("trace", "milestone_approved")}),
        ("of a run nobody told of", {CONTRACT_2: ("declared", "project_in_erp")}),
        ("beside it", {CONTRACT_2: ("trace", "project_in_erp")}),
        ("mended since", {CONTRACT_1: ("declared", "time_posted")}),
        ("set status in crm", dict.fromkeys((CONTRACT_1, CONTRACT_2), ("declared", "invoice_visible_in_crm"))),
        ("sync", dict.fromkeys((CONTRACT_1, CONTRACT_2), ("trace", "invoice_visible_in_crm"))),
        ("no step", {CONTRACT_2: ("correlation_id", "")}),
        ("of nobody", {}),
        ("went well", {}),
    ],
)
def test_a_failed_span_belongs_to_a_step_of_a_lifecycle(
    firm: Store, name: str, belongs: dict[str, tuple[str, str]]
) -> None:
    rows = errors_of(firm, name)
    assert {row["lifecycle_id"]: (row["confidence"], row["milestone"]) for row in rows} == belongs


def test_a_step_that_nobody_has_tried_is_the_next_one_of_the_object_and_system_it_names(firm: Store) -> None:
    firm.insert("span_records", [span("not yet", {"billtrail.object.billing_milestone": "psa:billing_milestone:M1"})])
    (row,) = errors_of(firm, "not yet")
    assert (row["lifecycle_id"], row["milestone"]) == (CONTRACT_2, "billing_ready")
    assert row["object_keys"] == ["psa:billing_milestone:M1"]
