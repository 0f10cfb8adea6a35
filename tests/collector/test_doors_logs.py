"""OTLP log records with an event name become business events; all others are accepted and leave nothing."""

import json
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from collector.receive.log_event import read_log_events
from collector.receive.otlp_json import read_otlp_json
from collector.receive.otlp_signal import Taken, take_logs
from collector.receive.refusal import Refusal
from collector.settings import CollectorSettings
from tests.collector.conftest import Running, make_event

LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
TRACE, SPAN = "5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174"


def write_value(value: Any) -> dict[str, Any]:
    """Write a Python value as an AnyValue in JSON."""
    if isinstance(value, dict):
        return {"kvlistValue": {"values": write_pairs(value)}}
    if isinstance(value, list):
        return {"arrayValue": {"values": [write_value(one) for one in value]}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


def write_pairs(pairs: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": write_value(value)} for key, value in pairs.items()]


def write_request(*records: dict[str, Any], **resource: Any) -> dict[str, Any]:
    pairs = write_pairs({key.replace("__", "."): value for key, value in resource.items()})
    return {"resourceLogs": [{"resource": {"attributes": pairs}, "scopeLogs": [{"logRecords": list(records)}]}]}


def make_record(body: Any = None, **changes: Any) -> dict[str, Any]:
    attributes = write_pairs(changes.pop("attributes", {}))
    record = {"timeUnixNano": "1793613600000000000", "eventName": "time.approved", "attributes": attributes}
    return record | ({"body": write_value(body)} if body is not None else {}) | changes


def read(*records: dict[str, Any], **resource: Any) -> list[dict[str, Any]]:
    message = ExportLogsServiceRequest()
    read_otlp_json(json.dumps(write_request(*records, **resource)).encode(), message)
    return [json.loads(body) for body in read_log_events(message, CollectorSettings()).bodies]


def test_a_body_in_the_shape_of_an_event_is_its_data(running: Running) -> None:
    data = make_event()["data"]
    attributes = {"billtrail.event_id": "ev-1", "billtrail.correlation_id": "run-1"}
    record = make_record(data, attributes=attributes, traceId=TRACE, spanId=SPAN)
    answer = running.client.post("/v1/logs", json=write_request(record, service__name="hub"))
    assert (answer.status_code, answer.json()) == (200, {})
    running.drain()
    [row] = running.store.query("SELECT *, toString(amount) AS told FROM events")
    assert (row["source"], row["event_id"], row["event_type"]) == ("/hub", "ev-1", "time.approved")
    assert (row["system"], row["told"], row["correlation_id"], row["trace_id"]) == ("psa", "1200", "run-1", TRACE)
    assert row["occurred_at"].isoformat() == "2026-11-02T10:00:00+00:00"
    assert [one["id"] for one in row["objects"]] == ["TE-1", "P-9"]


def test_attributes_alone_make_an_event() -> None:
    attributes = {
        "billtrail.system": "psa",
        "billtrail.subject": "time_entry",
        "billtrail.object.time_entry": "TE-1",
        "billtrail.part_of": ["psa:project:P-9", "crm:contract:C-1"],
        "billtrail.amount": "12.50",
        "billtrail.currency": "EUR",
        "retries": 3,
        "urgent": False,
    }
    [event] = read(make_record("approved by the lead", attributes=attributes))
    assert event.pop("id").startswith("otlp-")
    assert event == {
        "specversion": "1.0",
        "source": "/psa",
        "type": "time.approved",
        "time": "2026-11-02T10:00:00.000000000Z",
        "datacontenttype": "application/json",
        "data": {
            "system": "psa",
            "amount": "12.50",
            "currency": "EUR",
            "objects": [
                {"type": "time_entry", "id": "TE-1", "qualifier": "subject"},
                {"type": "project", "system": "psa", "id": "P-9", "qualifier": "part_of"},
                {"type": "contract", "system": "crm", "id": "C-1", "qualifier": "part_of"},
            ],
            "attributes": {"retries": "3", "urgent": "false", "message": "approved by the lead"},
        },
    }


def test_the_name_may_be_an_attribute_and_the_record_speaks_before_its_resource() -> None:
    record = make_record(eventName="", attributes={"event.name": "time.posted", "billtrail.system": "erp"})
    [event] = read(record, billtrail__system="psa", billtrail__correlation_id="run-3")
    assert (event["type"], event["source"], event["correlationid"]) == ("time.posted", "/erp", "run-3")


def test_without_an_id_the_same_record_is_the_same_event(running: Running) -> None:
    first, second = make_record({"system": "psa"}), make_record({"system": "psa", "amount": "1"})
    for _ in range(2):
        running.client.post("/v1/logs", json=write_request(first, second))
    running.drain()
    assert running.store.query("SELECT count() AS n FROM events")[0]["n"] == 2
    assert running.store.query("SELECT count() AS n FROM raw_events")[0]["n"] == 4


def test_a_record_without_a_name_is_accepted_counted_and_not_kept(running: Running) -> None:
    records = make_record("text", eventName=""), make_record({"system": "psa"}), make_record(eventName="")
    answer = running.client.post("/v1/logs", json=write_request(*records))
    assert (answer.status_code, answer.json()) == (200, {})
    message = ExportLogsServiceRequest()
    read_otlp_json(json.dumps(write_request(records[0])).encode(), message)
    with grpc.insecure_channel(f"127.0.0.1:{running.collector.grpc_port}") as channel:
        assert channel.unary_unary(LOGS)(message.SerializeToString(), timeout=30) == b""
    running.drain()
    assert running.store.query("SELECT count() AS n FROM raw_events")[0]["n"] == 1
    for door, count in (("otlp_http", 2), ("otlp_grpc", 1)):
        assert running.registry.get_sample_value("billtrail_door_ignored_records_total", {"door": door}) == count


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (0, "0"),
        (17, "17"),
        (False, "false"),
        (0.5, "0.5"),
        ([], "[]"),
        (["é", {"a": 1}], '["é", {"a": 1}]'),
        ("x", "x"),
    ],
)
def test_a_body_that_is_no_list_of_pairs_is_the_message(body: Any, message: str) -> None:
    assert read(make_record(body))[0]["data"] == {"attributes": {"message": message}}
    [event] = read(make_record(body, attributes={"message": "said"}))
    assert event["data"] == {"attributes": {"message": "said", "body": message}}


def test_what_an_event_has_no_place_for_is_kept_beside_it() -> None:
    record = make_record(
        {"system": "psa", "amount": "5"},
        attributes={"event.name": "other", "billtrail.amount": "6", "billtrail.new": 1, "billtrail.system": "psa"},
        severityNumber="SEVERITY_NUMBER_ERROR",
        severityText="ERROR",
        observedTimeUnixNano="1793613601000000000",
        droppedAttributesCount=2,
        traceId=TRACE,
    )
    request = write_request(record, service__name="hub", deployment__environment="prod", billtrail__region="EU", n=3)
    scoped = request["resourceLogs"][0]["scopeLogs"][0]
    scoped["scope"] = {"name": "lib", "version": "1", "attributes": write_pairs({"a": ["b"]})}
    [event] = [json.loads(body) for body in take(request).events]
    assert event["data"] == {
        "system": "psa",
        "amount": "5",
        "region": "EU",
        "attributes": {"event.name": "other", "billtrail.amount": "6", "billtrail.new": "1", "billtrail.system": "psa"},
        "otlp": {
            "resource": {"service.name": "hub", "deployment.environment": "prod", "billtrail.region": "EU", "n": 3},
            "scope": {"name": "lib", "version": "1", "attributes": {"a": ["b"]}},
            "severity_number": 17,
            "severity_text": "ERROR",
            "observed_time": "2026-11-02T10:00:01.000000000Z",
            "dropped_attributes_count": 2,
            "trace_id": TRACE,
        },
    }
    [elsewhere] = read(record, service__name="hub", deployment__environment="test", billtrail__region="EU")
    assert elsewhere["id"] == event["id"]
    [own] = read(make_record({"otlp": "mine"}, severityNumber=9))
    assert own["data"] == {"otlp": "mine"}


def take(request: dict[str, Any], **limits: int) -> Taken:
    return take_logs(json.dumps(request).encode(), True, CollectorSettings(**limits))  # type: ignore[arg-type]


def test_an_outsized_event_is_told_of_and_its_neighbours_are_kept() -> None:
    ordinary, wide = make_record({"system": "psa"}), make_record(attributes={f"k{n}": n for n in range(11)})
    long, nameless = make_record("x" * 2_000), make_record("x" * 2_000, eventName="")
    limits = {"max_event_bytes": 1_000, "max_span_attributes": 10}
    taken = take(write_request(ordinary, wide, long, nameless, ordinary), **limits)
    told = taken.answer.partial_success  # type: ignore[attr-defined]
    assert (len(taken.events), taken.count, taken.ignored, told.rejected_log_records) == (2, 2, 1, 2)
    assert told.error_message == "2 events have more than 10 attributes or 1000 bytes and were not kept;"
    told = take(write_request(ordinary, service__name="x" * 2_000), **limits).answer.partial_success  # type: ignore[attr-defined]
    assert told.rejected_log_records == 1


def test_too_many_events_are_refused() -> None:
    records = [make_record(eventName="" if number < 5 else "a.b") for number in range(8)]
    assert take(write_request(*records), max_batch_events=3).count == 3
    with pytest.raises(Refusal) as caught:
        take(write_request(*records), max_batch_events=2)
    assert caught.value.status == 413


def test_an_unusable_event_is_told_and_kept_as_a_dead_letter(running: Running) -> None:
    bad = make_record({"amount": "12,50"})
    answer = running.client.post("/v1/logs", json=write_request(make_record({"system": "psa"}), bad))
    told = answer.json()["partialSuccess"]
    assert (answer.status_code, told["rejectedLogRecords"]) == (200, "1")
    assert "resourceLogs[0].scopeLogs[0].logRecords[1].data.amount" in told["errorMessage"]
    running.drain()
    assert running.store.query("SELECT count() AS n FROM events")[0]["n"] == 1
    [letter] = running.store.query("SELECT door, detail FROM dead_letters")
    assert (letter["door"], "data.amount" in letter["detail"]) == ("otlp_http", True)


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_a_number_json_does_not_know_becomes_a_text(value: str) -> None:
    record = make_record() | {"attributes": [{"key": "x", "value": {"doubleValue": value}}]}
    [event] = read(record)
    assert event["data"]["attributes"]["x"] in ("nan", "inf")


def test_an_id_in_an_unknown_field_is_unknown_too() -> None:
    known = make_record({"system": "psa"}, traceId=TRACE, spanId=SPAN)
    assert read(known | {"future": {"traceId": "no hex", "spanId": 5}}) == read(known)
    assert read(known)[0]["traceparent"] == f"00-{TRACE}-{SPAN}-00"


def test_events_come_over_grpc_too(running: Running) -> None:
    message = ExportLogsServiceRequest()
    read_otlp_json(json.dumps(write_request(make_record(make_event()["data"]))).encode(), message)
    with grpc.insecure_channel(f"127.0.0.1:{running.collector.grpc_port}") as channel:
        assert channel.unary_unary(LOGS)(message.SerializeToString(), timeout=30) == b""
    running.drain()
    [row] = running.store.query("SELECT event_type, system FROM events")
    assert (row["event_type"], row["system"]) == ("time.approved", "psa")
