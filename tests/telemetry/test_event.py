"""What integration code says becomes a CloudEvent that others can read, or is refused."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from billtrail.errors import PayloadError
from billtrail.model.object_key import ObjectKey
from billtrail.telemetry import BusinessEvent, EventFields, compose_event

AT = datetime(2026, 11, 1, 10, 0, 0, 123_000, tzinfo=UTC)


def compose(event_type: str = "time.approved", **fields: object) -> BusinessEvent:
    given: EventFields = fields  # type: ignore[assignment]
    return compose_event(event_type, given, id="e-1", system="psa", correlation_id="run-1", now=AT, traceparent="")


def test_an_event_is_written_as_the_contract_says() -> None:
    event = compose(
        subject="psa:time_entry:TE-77",
        part_of=["psa:project:P-9"],
        references=ObjectKey("psa", "worker", "W-3"),
        also={"bills": ["erp:time_entry:49"]},
        amount="1200.00",
        currency="EUR",
        lines={ObjectKey("psa", "project", "P-9"): Decimal("1200.00")},
        attributes={"hours": "8"},
    )
    assert event.to_cloudevent() == {
        "specversion": "1.0",
        "id": "e-1",
        "source": "/psa",
        "type": "time.approved",
        "time": "2026-11-01T10:00:00.123Z",
        "subject": "psa:time_entry:TE-77",
        "datacontenttype": "application/json",
        "correlationid": "run-1",
        "data": {
            "system": "psa",
            "outcome": "success",
            "objects": [
                {"type": "time_entry", "system": "psa", "id": "TE-77", "qualifier": "subject"},
                {"type": "project", "system": "psa", "id": "P-9", "qualifier": "part_of"},
                {"type": "worker", "system": "psa", "id": "W-3", "qualifier": "reference"},
                {"type": "time_entry", "system": "erp", "id": "49", "qualifier": "bills"},
            ],
            "amount": "1200.00",
            "currency": "EUR",
            "lines": [{"object": {"type": "project", "system": "psa", "id": "P-9"}, "amount": "1200.00"}],
            "attributes": {"hours": "8"},
        },
    }


def test_an_event_of_another_system_has_that_system_as_source() -> None:
    assert compose(system="erp").to_cloudevent()["source"] == "/erp"


def test_an_event_without_objects_has_no_subject() -> None:
    assert "subject" not in compose("integration.failed").to_cloudevent()


def test_relations_and_sequence_are_written_when_given() -> None:
    written = compose(sequence="0002", relations=[("erp:project:4", "part_of", "crm:contract:8")]).to_cloudevent()
    assert written["sequence"] == "0002"
    assert written["data"]["relations"] == [
        {
            "from": {"type": "project", "system": "erp", "id": "4"},
            "to": {"type": "contract", "system": "crm", "id": "8"},
            "qualifier": "part_of",
        }
    ]


def test_an_id_may_hold_colons() -> None:
    assert compose(subject="psa:time_entry:TE:77").subject == ObjectKey("psa", "time_entry", "TE:77")


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "TE-77"},
        {"amount": 12.5},
        {"occurred_at": datetime(2026, 11, 1)},
        {"part_of": ["psa:project:"]},
        {"amount": "twelve"},
        {"amount": "NaN"},
    ],
    ids=[
        "key_without_system",
        "float_amount",
        "time_without_zone",
        "key_without_id",
        "amount_in_words",
        "amount_not_finite",
    ],
)
def test_a_bad_value_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(PayloadError):
        compose(**fields)
