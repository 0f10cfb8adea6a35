"""Importing OCEL 2.0 logs: everything in them is found, and importing them again changes nothing."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from billtrail.clock import SystemClock
from billtrail.errors import PayloadError
from collector.imports import ImportReport, import_log, open_log
from tests.collector.conftest import Running

REFERENCE = Path(__file__).parents[3] / "shared" / "logs" / "ocel"

LOG: dict[str, Any] = {
    "objectTypes": [{"name": "order", "attributes": [{"name": "price", "type": "float"}]}],
    "eventTypes": [{"name": "place order", "attributes": []}],
    "objects": [
        {
            "id": "o:1",
            "type": "order",
            "attributes": [
                {"name": "price", "time": "2023-01-02T00:00:00Z", "value": 12.5},
                {"name": "price", "time": "1970-01-01T00:00:00Z", "value": 10},
            ],
            "relationships": [{"objectId": "c", "qualifier": "of"}, {"objectId": "gone", "qualifier": "x"}],
        },
        {"id": "c", "type": "customer"},
    ],
    "events": [
        {
            "id": "e1",
            "type": "place order",
            "time": "2023-01-01T12:00:00+02:00",
            "attributes": [{"name": "by", "value": "Ann"}],
            "relationships": [
                {"objectId": "o:1", "qualifier": "order"},
                {"objectId": "o:1", "qualifier": "again"},
                {"objectId": "lost", "qualifier": ""},
            ],
        }
    ],
}


def import_into(running: Running, path: Path, **given: Any) -> ImportReport:
    report = import_log(open_log(path), running.collector.intake.events, SystemClock(), **given)
    running.drain()
    return report


def state(running: Running) -> list[dict[str, Any]]:
    events = running.store.query("SELECT * EXCEPT (received_at) FROM event_versions ORDER BY event_id, segment")
    return events + running.store.query("SELECT * FROM object_declarations ORDER BY object_key, segment")


@pytest.fixture
def small_log(tmp_path: Path) -> Path:
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(LOG), encoding="utf-8")
    return path


def test_a_small_log_is_found_whole(running: Running, small_log: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = import_into(running, small_log, on_progress=lambda done, total: seen.append((done, total)))
    assert (report.events, report.objects, report.event_relations, report.object_relations) == (1, 2, 3, 2)
    assert report.dangling == ["object o:1: no object 'gone'", "event e1: no object 'lost'"]
    assert seen == [(2, 3), (3, 3)]
    [event] = running.store.query("SELECT *, toString(occurred_at) AS at FROM events")
    assert (event["source"], event["system"], event["at"]) == ("/shop", "shop", "2023-01-01 10:00:00.000")
    assert [tuple(one.values()) for one in event["objects"]] == [
        ("order", "shop", "o:1", "order"),
        ("order", "shop", "o:1", "again"),
        ("unknown", "shop", "lost", ""),
    ]
    assert event["attributes"] == {"by": "Ann"}
    customer, order = running.store.query("SELECT * FROM object_declarations ORDER BY object_key")
    assert (customer["object_key"], customer["attributes"], customer["links"]) == ("shop:customer:c", {}, [])
    assert order["attributes"] == {
        "price": "12.5",
        "price@1970-01-01T00:00:00.000Z": "10.0",
        "price@2023-01-02T00:00:00.000Z": "12.5",
        "billtrail.types": '{"price": "float"}',
    }
    assert [one["to_key"] for one in order["links"]] == ["shop:customer:c", "shop:unknown:gone"]


def test_importing_again_changes_nothing(running: Running, small_log: Path) -> None:
    import_into(running, small_log)
    before = state(running)
    import_into(running, small_log)
    assert state(running) == before


def test_a_changed_object_is_declared_anew(running: Running, small_log: Path) -> None:
    import_into(running, small_log)
    LOG_B = json.loads(json.dumps(LOG))  # noqa: N806
    LOG_B["objects"][1]["attributes"] = [{"name": "city", "time": "2023-01-01T00:00:00Z", "value": "Bonn"}]
    small_log.write_text(json.dumps(LOG_B), encoding="utf-8")
    import_into(running, small_log)
    rows = running.store.query("SELECT attributes FROM object_declarations FINAL WHERE object_key = 'shop:customer:c'")
    assert rows == [{"attributes": {"city": "Bonn", "billtrail.since": "2023-01-01T00:00:00.000Z"}}]


@pytest.mark.parametrize("text", ["", "<log/>", "{}", '{"events": []}'])
def test_what_is_no_log_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "log"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PayloadError, match=r"OCEL 2\.0"):
        open_log(path)


def test_a_sqlite_file_that_is_no_log_is_refused(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "a.sqlite").execute("CREATE TABLE event (ocel_id TEXT)").connection.close()
    with pytest.raises(PayloadError, match="event_map_type"):
        open_log(tmp_path / "a.sqlite")


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference material beside the project")
def test_order_management_is_found_to_the_record(running: Running) -> None:
    report = import_into(running, REFERENCE / "order-management.sqlite")
    assert (report.events, report.objects, report.dangling_count) == (18_211, 10_031, 0)
    [events] = running.store.query("SELECT count() AS n, sum(length(objects)) AS relations FROM event_versions FINAL")
    [objects] = running.store.query("SELECT count() AS n, sum(length(links)) AS links FROM object_declarations FINAL")
    assert (events, objects) == ({"n": 18_211, "relations": 35_857}, {"n": 10_031 + 1, "links": 25_336})
    assert running.store.query("SELECT * FROM dead_letters") == []


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference material beside the project")
def test_dangling_references_are_kept_and_reported(running: Running) -> None:
    report = import_into(running, REFERENCE / "container-logistics.sqlite")
    assert (report.events, report.objects, report.dangling_count) == (8_727, 970, 5_080 + 2_540)
    [row] = running.store.query("SELECT count() AS n, sum(length(objects)) AS relations FROM events")
    assert row == {"n": 8_727, "relations": 16_738}


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference material beside the project")
def test_one_log_in_two_encodings_is_one_log() -> None:
    def read(name: str) -> Any:
        log = open_log(REFERENCE / name)
        key = lambda one: one.id  # noqa: E731
        events = [(one.id, one.type, set(one.references)) for one in sorted(log.events(), key=key)]
        return events, [(one.id, one.type, set(one.references)) for one in sorted(log.objects(), key=key)]

    assert read("ocel20_example.jsonocel") == read("ocel20_example.sqlite")
