"""Out and back in: an export imported into an empty store is the same there, and exported again the same file."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from billtrail.errors import PayloadError, SettingsError
from collector.exports import Format
from collector.imports import open_log
from collector.imports.convention import LOG_TYPE
from collector.imports.scan import is_own
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
                {"from": {"type": "contract", "id": "C:1"}, "to": {"type": "x", "system": "y", "id": "z"}}
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


def write_log(folder: Path) -> Path:
    path = folder / "shop.json"
    path.write_text(json.dumps(LOG), encoding="utf-8")
    return path


def write_lines(folder: Path) -> Path:
    path = folder / "firm.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in EVENTS), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def alone(build: Build, tmp_path_factory: pytest.TempPathFactory) -> House:
    """One log and nothing else: its ids are names enough."""
    house = build()
    house.take(write_log(tmp_path_factory.mktemp("alone")))
    return house


@pytest.fixture(scope="module")
def crowd(build: Build, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Canonical events, and the log as of three systems, with the same ids; one object that two sources declare."""
    house, folder = build(), tmp_path_factory.mktemp("crowd")
    house.take(write_lines(folder))
    for source in ("shop", "twin", "crm"):
        house.take(write_log(folder), source=source)
    house.store.command(
        "INSERT INTO object_declarations (source, object_key, declared_at, attributes, links, segment) "
        "VALUES ('/other', 'crm:customer:c', now64(3), {'size': 'L'}, [('crm:customer:c', 'crm:order:o:1', 'of')], 1)"
    )
    return house


def check_round_trip(house: House, other: House, format: Format, folder: Path) -> None:
    """Export, import into the empty `other`, compare, export again, compare the bytes; and those of another format."""
    first, second = folder / f"first.{format}", folder / f"second.{format}"
    given = house.give(first, format)
    taken = other.take(first)
    assert (taken.events, taken.objects) == (given.events, given.objects)
    assert other.content == house.content
    other.give(second, format)
    assert second.read_bytes() == first.read_bytes()
    for one, name in ((house, "this"), (other, "that")):
        one.give(folder / name, Format.OCEL_JSON)
    assert (folder / "that").read_bytes() == (folder / "this").read_bytes()


@pytest.mark.parametrize("format", OCEL)
def test_a_log_with_everything_that_is_hard_comes_back(
    alone: House, build: Build, tmp_path: Path, format: Format
) -> None:
    check_round_trip(alone, build(), format, tmp_path)


@pytest.mark.parametrize("format", OCEL)
def test_a_log_beside_others_and_canonical_events_come_back(
    crowd: House, build: Build, tmp_path: Path, format: Format
) -> None:
    check_round_trip(crowd, build(), format, tmp_path)


def test_canonical_events_come_back_as_lines(build: Build, tmp_path: Path) -> None:
    house, other, first, second = build(), build(), tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    house.take(write_lines(tmp_path))
    assert house.give(first, Format.JSONL).events == other.take(first).events == 3
    assert other.content == house.content
    other.give(second, Format.JSONL)
    assert second.read_bytes() == first.read_bytes()


def test_the_json_is_what_the_standard_asks_for(crowd: House, tmp_path: Path) -> None:
    crowd.give(tmp_path / "log.json", Format.OCEL_JSON)
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
    house = build()
    for format in Format:
        report = house.give(tmp_path / f"empty.{format}", format)
        assert (report.events, report.objects) == (0, 0)
        if format != Format.JSONL:
            assert open_log(tmp_path / f"empty.{format}").format == format


def test_a_file_is_there_whole_or_not_at_all(build: Build, tmp_path: Path) -> None:
    house, log, target = build(), tmp_path / "log.jsonl", tmp_path / "log.xml"
    named = {"objects": [{"type": "order", "id": "a\x01b"}]}
    log.write_text(json.dumps({**EVENTS[1], "data": named}), encoding="utf-8")
    house.take(log)
    target.write_text("of yesterday", encoding="utf-8")
    with pytest.raises(PayloadError, match="XML cannot hold"):
        house.give(target, Format.OCEL_XML)
    with pytest.raises(SettingsError, match="cannot be written"):
        house.give(tmp_path / "no" / "such" / "folder.json", Format.OCEL_JSON)
    assert target.read_text(encoding="utf-8") == "of yesterday"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["log.jsonl", "log.xml"]


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
    ],
)
def test_the_logs_of_others_come_back(build: Build, tmp_path: Path, name: str) -> None:
    house = build()
    house.take(REFERENCE / name)
    for format in OCEL:
        check_round_trip(house, build(), format, tmp_path)
        assert read(tmp_path / f"first.{format}") == read(REFERENCE / name)


def read(path: Path) -> Any:
    """Everything a log says, but for what is ours."""
    log = open_log(path)
    objects = {
        (one.id, one.type): ({v for v in one.values if not is_own(v.name)}, sorted(one.references))
        for one in log.objects()
        if one.type != LOG_TYPE
    }
    events = {
        (one.id, one.type): (
            one.time,
            {n: v for n, v in one.attributes.items() if not is_own(n)},
            sorted(one.references),
        )
        for one in log.events()
    }
    return objects, events
