"""Out and back in: an export imported into an empty store is the same there, and exported again the same file."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from collector.exports import Format
from tests.collector.exports.conftest import Build, House

REFERENCE = Path(__file__).parents[4] / "shared" / "logs"
OCEL = (Format.OCEL_JSON, Format.OCEL_XML, Format.OCEL_SQLITE)
LOG: dict[str, Any] = {
    "objectTypes": [
        {"name": "order", "attributes": [{"name": "price", "type": "float"}, {"name": "paid", "type": "boolean"}]},
        {"name": "never", "attributes": [{"name": "seen", "type": "time"}]},
    ],
    "eventTypes": [
        {"name": "place order", "attributes": [{"name": "lines", "type": "integer"}, {"name": "due", "type": "date"}]},
        {"name": "Place Order", "attributes": []},
    ],
    "objects": [
        {
            "id": "o:1",
            "type": "order",
            "attributes": [
                {"name": "price", "time": "2023-01-02T00:00:00Z", "value": 12.5},
                {"name": "price", "time": "1970-01-01T01:00:00Z", "value": 10},
                {"name": "price", "time": "2023-01-03T00:00:00Z", "value": "a lot"},
                {"name": "Price", "time": "2023-01-03T00:00:00Z", "value": "another column by its case"},
                {"name": "paid", "time": "1970-01-01T01:00:00Z", "value": True},
                {"name": "paid", "time": "2023-02-01T00:00:00Z", "value": None},
            ],
            "relationships": [{"objectId": "c", "qualifier": "of"}, {"objectId": "gone", "qualifier": "x"}],
        },
        {
            "id": "c",
            "type": "customer",
            "attributes": [{"name": "exact", "time": "1970-01-01T00:00:00Z", "value": "1"}],
        },
        {"id": "a:type", "type": "a:type"},
    ],
    "events": [
        {
            "id": "e1",
            "type": "place order",
            "time": "2023-01-01T12:00:00.123456+02:00",
            "attributes": [
                {"name": "by", "value": 'Änn <&> "x"\n\tline\r\x01end '},
                {"name": "lines", "value": 3},
                {"name": "due", "value": "2023-01-05T00:00:00Z"},
                {"name": "huge", "value": 123456789012345678901234567890},
                {"name": "digits", "value": 0.12345678901234567890123},
                {"name": "ocel_time", "value": "a name of the format's own"},
            ],
            "relationships": [
                {"objectId": "o:1", "qualifier": "order"},
                {"objectId": "o:1", "qualifier": "again"},
                {"objectId": "o:1", "qualifier": "again"},
                {"objectId": "lost", "qualifier": ""},
            ],
        },
        {"id": "e10", "type": "Place Order", "time": "2023-01-01T12:00:00Z"},
    ],
}
EVENTS: list[dict[str, Any]] = [
    {
        "specversion": "1.0",
        "id": "e1",
        "source": "/crm",
        "type": "contract.signed",
        "time": "2026-11-01T10:00:00.000Z",
        "correlationid": "run-1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "sequence": "7",
        "data": {
            "objects": [
                {"type": "contract", "id": "C:1", "qualifier": "subject"},
                {"type": "opportunity", "id": "O-1", "qualifier": "origin"},
                {"type": "client", "system": "mdm", "id": "Acme", "qualifier": "reference"},
            ],
            "relations": [
                {"from": {"type": "contract", "id": "C:1"}, "to": {"type": "x", "system": "y", "id": "z"}, "qualifier": "q"}
            ],
            "lines": [{"object": {"type": "project", "system": "psa", "id": "P-1"}, "amount": "100.10"}],
            "amount": "9876543210123.45",
            "currency": "EUR",
            "client": "Acme",
            "region": "EMEA",
            "legal_entity": "DE01",
            "billing_model": "retainer",
            "owner": "pmo@firm.example",
            "outcome": "failure",
            "error_category": "timeout",
            "attributes": {"k": "v", "currency": "not the field"},
        },
    },
    {"specversion": "1.0", "id": "e1", "source": "/erp", "type": "integration.failed", "time": "2026-11-01T10:00:00Z"},
    {
        "specversion": "1.0",
        "id": "e2",
        "source": "/erp",
        "type": "invoice.issued",
        "time": "2026-11-02T10:00:00Z",
        "data": {"objects": [{"type": "unknown", "id": "U-1"}, {"type": "contract", "id": "C:1"}]},
    },
]  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(LOG), encoding="utf-8")
    return path


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "firm.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in EVENTS), encoding="utf-8")
    return path


def check_round_trip(house: House, other: House, format: Format, folder: Path) -> bytes:
    """Export, import into the empty `other`, compare, export again, compare the bytes."""
    first, second = folder / f"first.{format}", folder / f"second.{format}"
    given = house.give(first, format)
    taken = other.take(first)
    assert (taken.events, taken.objects) == (given.events, given.objects)
    assert other.content == house.content
    other.give(second, format)
    assert second.read_bytes() == first.read_bytes()
    return first.read_bytes()


@pytest.mark.parametrize("format", OCEL)
def test_a_log_with_everything_that_is_hard_comes_back(build: Build, log: Path, tmp_path: Path, format: Format) -> None:
    house = build()
    house.take(log)
    check_round_trip(house, build(), format, tmp_path)


@pytest.mark.parametrize("format", [*OCEL, Format.JSONL])
def test_canonical_events_come_back_with_every_field(build: Build, lines: Path, tmp_path: Path, format: Format) -> None:
    house = build()
    house.take(lines)
    assert len(house.content[0]) == 3
    check_round_trip(house, build(), format, tmp_path)


@pytest.mark.parametrize("format", OCEL)
def test_a_log_beside_others_comes_back(build: Build, log: Path, lines: Path, tmp_path: Path, format: Format) -> None:
    house = build()
    house.take(lines)
    house.take(log)
    # The same ids once more, of another system, and one object that two sources declare.
    house.take(log, source="twin")
    house.take(log, source="crm")
    house.store.command(
        "INSERT INTO object_declarations (source, object_key, declared_at, attributes, links, segment) "
        "VALUES ('/other', 'crm:customer:c', now64(3), {'size': 'L'}, [('crm:customer:c', 'crm:order:o:1', 'of')], 1)"
    )
    check_round_trip(house, build(), format, tmp_path)


def test_the_formats_say_the_same(build: Build, log: Path, tmp_path: Path) -> None:
    house = build()
    house.take(log)
    files = {format: tmp_path / f"log.{format}" for format in OCEL}
    for format, file in files.items():
        house.give(file, format)
        other = build()
        other.take(file)
        other.give(tmp_path / "again.json", Format.OCEL_JSON)
        assert (tmp_path / "again.json").read_bytes() == files[Format.OCEL_JSON].read_bytes()


def test_the_json_is_what_the_standard_asks_for(build: Build, log: Path, lines: Path, tmp_path: Path) -> None:
    house = build()
    house.take(log)
    house.take(lines)
    house.give(tmp_path / "log.json", Format.OCEL_JSON)
    told = json.loads((tmp_path / "log.json").read_bytes())
    texts = {"type": "string"}
    jsonschema.validate(
        [value for kind in ("objects", "events") for one in told[kind] for value in one["attributes"]],
        {"items": {"required": ["name", "value"], "properties": {"name": texts, "value": texts, "time": texts}}},
    )
    declared = {one["name"]: {a["name"]: a["type"] for a in one["attributes"]} for one in told["objectTypes"]}
    assert declared["never"] == {"seen": "time"}
    assert declared["order"]["price"] == "float"


def test_an_empty_store_is_an_empty_log(build: Build, tmp_path: Path) -> None:
    for format in (*OCEL, Format.JSONL, Format.XES):
        report = build().give(tmp_path / f"empty.{format}", format)
        assert (report.events, report.objects) == (0, 0)
        assert (tmp_path / f"empty.{format}").exists()


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference material beside the project")
@pytest.mark.parametrize(
    "name",
    [
        "ocel/container-logistics.sqlite",
        "ocel/github-history.ocel1.json",
        "ocel/ocel20_example.jsonocel",
        "ocel/ocel20_example.xmlocel",
        "ocel/order-management.sqlite",
        "xes/08_receipt.xes.gz",
    ],
)
def test_the_logs_of_others_come_back(build: Build, tmp_path: Path, name: str) -> None:
    house = build()
    house.take(REFERENCE / name)
    for format in OCEL:
        check_round_trip(house, build(), format, tmp_path)
