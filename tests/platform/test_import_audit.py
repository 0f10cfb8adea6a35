"""An import leaves an entry in the audit log, in both places, with what the log has wrong."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from billtrail.clock import SystemClock
from billtrail.configuration import Configuration
from billtrail.importing import PATH, audit_in, build_import_route, import_into
from billtrail.store import Store
from collector.imports import Manner
from collector.journal import Journal, JournalLimits
from collector.settings import CollectorSettings
from tests.support.asgi_server import serving

TABLE = "case,step,at\n1,a,2026-01-01\n"
EVENT = {
    "id": "e",
    "type": "a",
    "time": "2026-01-01T00:00:00Z",
    "relationships": [{"objectId": "lost", "qualifier": "q"}],
}
LOG = {"objectTypes": [], "eventTypes": [], "objects": [], "events": [EVENT]}

Import = Callable[[Store, Path], None]


def directly(store: Store, folder: Path) -> None:
    (folder / "shop.json").write_text(json.dumps(LOG), encoding="utf-8")
    configuration = Configuration.read(flags={"collector": {"journal_dir": folder / "journal"}})
    report = import_into(
        store, configuration, SystemClock(), folder / "shop.json", manner=Manner(), actor="ann", source="shop"
    )
    assert report.dangling_count == 1


def through_the_platform(store: Store, folder: Path) -> None:
    journal, clock = Journal(folder / "events", JournalLimits(segment_seconds=60)), SystemClock()
    journal.start()
    try:
        route = build_import_route(lambda: journal, CollectorSettings(), clock, audit_in(store, clock))
        with serving(Starlette(routes=[route])) as address:
            words = {"name": "shop.json", "source": "shop", "actor": "ann"}
            answer = httpx.post(f"{address}{PATH}", content=json.dumps(LOG), params=words, timeout=20)
    finally:
        journal.stop()
    assert json.loads(answer.text.splitlines()[-1])["report"]["dangling_count"] == 1


@pytest.mark.parametrize("imports", [directly, through_the_platform])
def test_who_imported_what_is_in_the_audit_log(store: Store, tmp_path: Path, imports: Import) -> None:
    imports(store, tmp_path)
    [row] = store.query("SELECT * FROM audit_log")
    assert (row["actor"], row["action"], row["target"]) == ("ann", "import", "shop")
    details = json.loads(row["details"])
    assert (details["format"], details["events"], details["dangling_count"]) == ("ocel-json", 1, 1)
    assert details["dangling_kinds"] == {"event a as 'q'": 1}
    assert details["dangling"] == ["event e: no object 'lost'"]


def test_the_manner_of_reading_reaches_the_platform(store: Store, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events", JournalLimits(segment_seconds=60))
    journal.start()
    try:
        route = build_import_route(lambda: journal, CollectorSettings(), SystemClock())
        with serving(Starlette(routes=[route])) as address:
            manner = Manner(map="case=case,activity=step,time=at").model_dump_json()
            for words, told in (
                ({"manner": manner}, ("report", "events", 1)),
                ({}, ("error", "", "expected an OCEL 2.0 log")),
                ({"manner": '{"mapp":""}'}, ("error", "", "manner: ")),
            ):
                answer = httpx.post(f"{address}{PATH}", content=TABLE, params={"name": "t.csv", **words}, timeout=20)
                step = json.loads(answer.text.splitlines()[-1])
                found = step[told[0]][told[1]] == told[2] if told[1] else str(told[2]) in step["error"]
                assert found, step
    finally:
        journal.stop()
