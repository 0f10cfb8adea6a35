"""From raw bodies to canonical events: what is used, what is filled in, and what becomes a dead letter, and why."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from billtrail.errors import PayloadError
from billtrail.store import Store
from collector.receive.event_check import check_event, is_instant
from collector.receive.event_shape import split_ordinary
from tests.collector.conftest import make_event
from tests.collector.test_event_versions import Teller


@pytest.fixture
def teller(store: Store, tmp_path: Path) -> Teller:
    return Teller(store, tmp_path)


def map_one(teller: Teller, **changes: Any) -> dict[str, Any]:
    teller.tell(make_event(1, **changes))
    [row] = teller.store.query("SELECT *, toString(occurred_at) AS at FROM events")
    return row


def test_everything_an_event_says_is_there(teller: Teller) -> None:
    trace_id = "0AF7651916CD43DD8448EB211C80319C"
    row = map_one(
        teller,
        traceparent=f"00-{trace_id}-b7ad6b7169203331-01",
        sequence="0007",
        data={
            "system": "erp",
            "objects": [
                {"type": "invoice", "id": "INV:1"},
                {"type": "project", "system": "psa", "id": "P-9", "qualifier": "part_of"},
            ],
            "relations": [
                {"from": {"type": "project", "id": "1"}, "to": {"type": "project", "system": "psa", "id": "P-9"}}
                | {"qualifier": "same_as"}
            ],
            "lines": [{"object": {"type": "project", "system": "psa", "id": "P-9"}, "amount": 99.995}],
            "amount": "1200.10",
            "currency": "EUR",
            "client": "Müller & Söhne",
            "region": "EMEA",
            "legal_entity": "DE01",
            "billing_model": "retainer",
            "owner": "pmo@firm.example",
            "outcome": "failure",
            "error_category": "solar_flare",
            "attributes": {"hours": 8, "note": "a", "none": None, "list": [1, "x"]},
        },
    )
    assert [tuple(one.values()) for one in row["objects"]] == [
        ("invoice", "erp", "INV:1", ""),
        ("project", "psa", "P-9", "part_of"),
    ]
    assert [tuple(one.values()) for one in row["links"]] == [("erp:project:1", "psa:project:P-9", "same_as")]
    assert [tuple(one.values()) for one in row["lines"]] == [("psa:project:P-9", Decimal("100.00"))]
    assert (row["amount"], row["currency"], row["client"]) == (Decimal("1200.10"), "EUR", "Müller & Söhne")
    assert (row["outcome"], row["error_category"], row["sequence"]) == ("failure", "other", "0007")
    assert (row["trace_id"], row["correlation_id"]) == (trace_id.lower(), "run-1")
    assert row["attributes"] == {"hours": "8", "note": "a", "none": "", "list": '[1,"x"]'}


@pytest.mark.parametrize(
    ("source", "system"),
    [("/psa", "psa"), ("https://a.example/crm/", "crm"), ("urn:x:erp", "erp"), ("psa", "psa"), ("/a/b", "b")],
)
def test_a_system_that_is_not_said_is_the_last_part_of_the_source(teller: Teller, source: str, system: str) -> None:
    row = map_one(teller, source=source, data={"objects": [{"type": "t", "id": "1"}]})
    assert (row["system"], row["objects"][0]["system"]) == (system, system)


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        (1200.35, "1200.35"),
        (0.1 + 0.2, "0.30"),
        ("1200.005", "1200.01"),
        ("-0.994", "-0.99"),
        ("1e3", "1000.00"),
        (12, "12.00"),
        ("999999999999999.99", "999999999999999.99"),
        (None, "0.00"),
        ("", "0.00"),
    ],
)
def test_amounts_are_exact(teller: Teller, given: Any, amount: str) -> None:
    assert map_one(teller, data={"amount": given})["amount"] == Decimal(amount)


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("2026-11-01T10:00:00Z", "2026-11-01 10:00:00.000"),
        ("2026-11-01t10:00:00.123456789z", "2026-11-01 10:00:00.123"),
        ("2026-11-01T10:00:00.5+05:30", "2026-11-01 04:30:00.500"),
        ("1900-01-01T00:00:00Z", "1900-01-01 00:00:00.000"),
    ],
)
def test_instants_are_utc_to_the_millisecond(teller: Teller, time: str, at: str) -> None:
    assert map_one(teller, time=time)["at"] == at


EDGES = {
    "2299-12-31T11:59:59.999-12:00": True,
    "1900-01-01T12:00:00+12:00": True,
    "1899-12-31T20:00:00-04:00": True,
    "2300-01-01T00:00:00+00:01": True,
    "2026-11-01T10:00:00+23:59": True,
    "2026-12-31T23:59:60Z": True,
    "2299-12-31T23:59:59-12:00": False,
    "2299-12-31T23:59:60Z": False,
    "1900-01-01T00:00:00+12:00": False,
    "2026-11-01T10:00:00+24:00": False,
    "2026-11-01T10:00:00+99:99": False,
    "0001-01-01T00:00:00+12:00": False,
    "9999-12-31T23:59:59-12:00": False,
}


def test_the_door_takes_the_instants_that_can_be_mapped_and_no_other(teller: Teller) -> None:
    for time, is_taken in EDGES.items():
        assert is_instant(time) == is_taken, time
        assert is_taken or split_ordinary(json.dumps([make_event(1, time=time)]).encode(), 1) is None, time
    taken = [time for time, is_taken in EDGES.items() if is_taken]
    loaded = teller.tell(*(make_event(number, time=time) for number, time in enumerate(taken)))
    assert (loaded.records, loaded.rejected) == (len(taken), 0)


def test_an_event_without_time_happened_when_it_came(teller: Teller) -> None:
    row = map_one(teller, time=None)
    assert row["occurred_at"] == row["received_at"]


@pytest.mark.parametrize("data", [None, "text", [1, 2], 5])
def test_data_that_is_no_object_leaves_an_event_without_objects(teller: Teller, data: Any) -> None:
    assert map_one(teller, data=data)["objects"] == []


def test_equal_content_written_differently_is_a_duplicate(teller: Teller) -> None:
    teller.tell(make_event(1, time="2026-11-01T10:00:00Z", data={"amount": "5", "attributes": {"a": "1", "b": "2"}}))
    again = make_event(1, time="2026-11-01T12:00:00.000+02:00", data={"attributes": {"b": 2, "a": 1}, "amount": 5.0})
    assert teller.tell(again).duplicates == 1


BAD: list[tuple[bytes | dict[str, Any], str, str]] = [
    (b"{", "unreadable", "the body is not valid JSON"),
    (b"[]", "missing_field", "id:"),
    (make_event(1, id=""), "missing_field", "id:"),
    (make_event(1, source=None), "missing_field", "source:"),
    (make_event(1, type=None), "missing_field", "type:"),
    (make_event(1, time="yesterday"), "invalid_time", "time: expected RFC 3339, got yesterday"),
    (make_event(1, time="12"), "invalid_time", "time:"),
    (make_event(1, time="2026-13-01T00:00:00Z"), "invalid_time", "time:"),
    (make_event(1, data={"amount": "1,200"}), "wrong_type", "data.amount:"),
    (make_event(1, data={"amount": {"x": 1}}), "wrong_type", "data.amount:"),
    (make_event(1, data={"amount": "99999999999999999"}), "wrong_type", "data.amount:"),
    (make_event(1, data={"outcome": "maybe"}), "wrong_type", "data.outcome:"),
    (make_event(1, data={"objects": {}}), "wrong_type", "data.objects:"),
    (make_event(1, data={"objects": [{"type": "a", "id": "1"}, {"type": "a"}]}), "missing_field", "data.objects[1]:"),
    (make_event(1, data={"objects": [{"type": "a:b", "id": "1"}]}), "wrong_type", "data.objects[0]:"),
    (make_event(1, data={"relations": "x"}), "wrong_type", "data.relations:"),
    (make_event(1, data={"relations": [{"from": {"type": "a", "id": "1"}}]}), "missing_field", "data.relations[0]:"),
    (make_event(1, data={"lines": {}}), "wrong_type", "data.lines:"),
    (make_event(1, data={"lines": [{"amount": "1"}]}), "missing_field", "data.lines[0].object:"),
    (make_event(1, data={"lines": [{"object": {"type": "a", "id": "1"}}]}), "wrong_type", "data.lines[0].amount:"),
    (make_event(1, data={"attributes": "x"}), "wrong_type", "data.attributes:"),
    (make_event(1, type="event.withdrawn", data={}), "missing_field", "data.event_id:"),
]


def test_what_cannot_be_mapped_is_a_dead_letter_with_reason_place_and_body(teller: Teller) -> None:
    loaded = teller.tell(make_event(7), *(body for body, _, _ in BAD))
    assert (loaded.records, loaded.rejected) == (len(BAD) + 1, len(BAD))
    assert teller.rows("event_id") == [("ev-7",)]
    letters = teller.store.query("SELECT * FROM dead_letters ORDER BY toUInt32(splitByChar('-', dead_letter_id)[4])")
    assert [letter["reason"] for letter in letters] == [reason for _, reason, _ in BAD]
    for letter, (_, _, detail) in zip(letters, BAD, strict=True):
        assert letter["detail"].startswith(detail)
    assert letters[0]["body"] == "{"


def test_the_door_refuses_what_the_mapping_could_not_use() -> None:
    for body, _, _ in BAD:
        if isinstance(body, dict):
            with pytest.raises(PayloadError):
                check_event(body)


def test_a_number_that_is_too_large_is_a_text(teller: Teller) -> None:
    huge = json.dumps(make_event(1, data={"amount": "5", "attributes": {"k": "?", "t": 'say "1e400" \\'}, "x": "!"}))
    huge = huge.replace('"?"', "-1.5E+400").replace('"!"', f"[1, {'9' * 400}.0, 1e400]")
    loaded = teller.tell(huge.encode(), make_event(2))
    assert (loaded.rejected, [tally.events for tally in loaded.tallies]) == (0, [2])
    rows = teller.store.query("SELECT event_id, amount, attributes FROM events ORDER BY event_id")
    assert rows[0]["attributes"] == {"k": "-1.5E+400", "t": 'say "1e400" \\'}
    assert ([row["event_id"] for row in rows], rows[0]["amount"]) == (["ev-1", "ev-2"], 5)


def test_an_amount_that_is_too_large_and_what_is_no_json_are_named(teller: Teller) -> None:
    huge = json.dumps(make_event(1, data={"amount": "?"})).replace('"?"', "1e400").encode()
    teller.tell(huge, b'{"id": 1e400')
    letters = teller.store.query("SELECT reason, detail FROM dead_letters ORDER BY reason")
    assert [tuple(letter.values()) for letter in letters] == [
        ("unreadable", "the body is not valid JSON"),
        ("wrong_type", "data.amount: expected a decimal, got 1e400"),
    ]
