"""XES: a trace for each lifecycle, and the parts of the data that a choice names."""

import json
from pathlib import Path
from typing import Any

import pytest

from collector.exports import Format
from collector.imports import open_log
from tests.collector.exports.conftest import Build, House


def event(id: str, type: str, at: str, *objects: tuple[str, str, str], **data: Any) -> dict[str, Any]:
    named = [{"type": one[0], "id": one[1], "qualifier": one[2]} for one in objects]
    told = {"specversion": "1.0", "id": id, "source": "/crm", "type": type, "time": f"{at}.000Z"}
    return told | {"data": {"system": "crm", "objects": named, **data}}


EVENTS = [
    event("1", "contract.signed", "2026-01-01T10:00:00", ("contract", "C-1", "subject"), ("client", "A", "reference"),
          amount="100.50", owner="sales", client="A"),
    event("2", "contract.signed", "2026-01-02T10:00:00", ("contract", "C-2", "subject"), owner="sales"),
    event("3", "project.created", "2026-01-03T10:00:00", ("project", "P-1", "subject"), ("contract", "C-1", "part_of"),
          attributes={"lifecycle:transition": "start", "org:resource": "Ann", "note": "a\tb", "billtrail.types": "{}"}),
    event("4", "invoice.issued", "2026-01-04T10:00:00", ("invoice", "I-1", "subject"), ("contract", "C-1", "part_of"),
          ("contract", "C-2", "part_of")),
    event("5", "integration.failed", "2026-01-05T10:00:00"),
]  # fmt: skip


@pytest.fixture(scope="module")
def house(build: Build, tmp_path_factory: pytest.TempPathFactory) -> House:
    file = tmp_path_factory.mktemp("firm") / "firm.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in EVENTS), encoding="utf-8")
    house = build()
    house.take(file)
    house.correlate()
    return house


def test_a_lifecycle_is_a_trace(house: House, tmp_path: Path) -> None:
    report = house.give(tmp_path / "firm.xes", Format.XES)
    assert (report.traces, report.events, report.events_left_out) == (2, 5, 1)
    log = open_log(tmp_path / "firm.xes")
    assert [one.id for one in log.objects()] == ["crm:contract:C-1", "crm:contract:C-2"]
    events = list(log.events())
    assert [(one.id, one.type) for one in events] == [
        ("crm:contract:C-1/1", "contract.signed"),
        ("crm:contract:C-1/2", "project.created"),
        ("crm:contract:C-1/3", "invoice.issued"),
        ("crm:contract:C-2/1", "contract.signed"),
        ("crm:contract:C-2/2", "invoice.issued"),
    ]
    signed, created = ({name: value.text for name, value in one.attributes.items()} for one in events[:2])
    assert (signed["lifecycle:transition"], signed["org:resource"], signed["billtrail.amount"]) == (
        "complete",
        "sales",
        "100.5",
    )
    assert (created["lifecycle:transition"], created["org:resource"], created["note"]) == ("start", "Ann", "a\tb")
    # The same lifecycles give the same file.
    house.give(tmp_path / "again.xes", Format.XES)
    assert (tmp_path / "again.xes").read_bytes() == (tmp_path / "firm.xes").read_bytes()


def test_lines_of_an_excerpt(house: House, tmp_path: Path) -> None:
    assert house.give(tmp_path / "all.jsonl", Format.JSONL, journey="quote_to_cash").events == 4
    assert [one.id for one in open_log(tmp_path / "all.jsonl").events()] == ["1", "2", "3", "4"]
    assert house.give(tmp_path / "none.jsonl", Format.JSONL, journey="another").events == 0
    assert (tmp_path / "none.jsonl").read_bytes() == b""


@pytest.mark.parametrize(
    ("choice", "ids"),
    [
        ({"lifecycles": ["crm:contract:C-2"]}, ["2", "4"]),
        ({"journey": "quote_to_cash"}, ["1", "2", "3", "4"]),
        ({"journey": "another"}, []),
        ({"since": "2026-01-04T10:00:00Z"}, ["4", "5"]),
        ({"since": "2026-01-04T00:00:00Z", "lifecycles": ["crm:contract:C-1"]}, ["4"]),
    ],
)
def test_a_choice_is_an_excerpt(house: House, tmp_path: Path, choice: dict[str, Any], ids: list[str]) -> None:
    for format in (Format.OCEL_JSON, Format.OCEL_SQLITE):
        file = tmp_path / f"firm.{format}"
        assert house.give(file, format, **choice).events == len(ids)
        assert sorted(one.id for one in open_log(file).events()) == ids
    objects = {one.id for one in open_log(file).objects()}
    named = {reference.object_id for one in open_log(file).events() for reference in one.references}
    assert objects == named
