"""A mapping changes: the history of its source comes out as if it had always been so."""

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from billtrail.errors import StoreError
from billtrail.store import Row, Store
from collector.load.events import EventLoading
from collector.load.loader import PATIENCE
from collector.load.mapper import Mappings
from collector.load.rebuild import Rebuilt, rebuild_source
from collector.load.wish import RECORD
from collector.mapping import Compiled, compile_source, read_source
from collector.mapping.read_source import FILE
from tests.collector.conftest import make_event
from tests.collector.test_load_events_of_sources import sent
from tests.collector.test_loader import FailingStore, load_all, make_loader, tell, write_journal
from tests.support.store import drop_test_store, open_test_store

HEAD = "source: firm\ntitle: Firm\nsystem: firm\nkind: $kind\nid: $id\nignore: [{$kind: noise}]\n"
OLD = """
    events:
      - type: thing.done
        when: {$kind: done}
        objects: [{type: thing, id: $thing}]
        time: $at
        sequence: $version
      - type: thing.seen
        when: {$kind: seen}
        objects: [{type: thing, id: $thing}]
        time: $at
"""
NEW = """
    events:
      - type: thing.done
        when: {$kind: done}
        objects: [{type: thing, id: $thing}, {type: project, id: $project, qualifier: part_of}]
        time: $at
        amount: $amount
        sequence: $version
      - type: thing.begun
        when: {$kind: begun}
        objects: [{type: thing, id: $thing}]
        time: $at
      - type: event.withdrawn
        when: {$kind: taken_back}
        objects: [{type: thing, id: $thing}]
        time: $at
        withdraws: {concat: [$of, ":thing.done"]}
"""
SHOWN = (
    "source, event_id, event_type, occurred_at, objects, links, lines, amount, attributes, sequence, mapped_by,"
    " content_hash, superseded"
)
Write = Callable[[str], Compiled]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(rest: str) -> Compiled:
        folder = tmp_path / "sources" / "firm"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_text(HEAD + dedent(rest), encoding="utf-8")
        return compile_source(read_source(folder))

    return _write


def message(number: int, kind: str = "done", **more: Any) -> str:
    told = {"id": f"m{number}", "kind": kind, "thing": f"T{number}", "at": f"2026-03-01T10:{number:02}:00Z"}
    return json.dumps(told | more)


HUGE = message(11, amount="7.00", project="P-1", more=0).replace('"more": 0', '"more": 1e400')
SEGMENTS = (
    [
        sent("firm", *(message(number, amount="12.50", project="P-1") for number in range(5))),
        sent("firm", message(5, "begun"), message(6, "seen"), message(7, "noise"), "{"),
        sent("firm", HUGE),
    ],
    [
        sent("firm", message(1, amount="13.00", project="P-1"), message(2, amount="12.50", project="P-1")),
        sent("firm", message(8, version="2"), message(8, amount="1", version="1"), message(9, amount="one")),
        tell(make_event(1), make_event(2, source="/firm", id="m99:thing.done")),
    ],
    [
        sent("firm", message(50, "taken_back", of="m4"), message(10)),
        tell(make_event(3, type="event.withdrawn", data={"source": "/firm", "event_id": "m3:thing.done"})),
    ],
)


def load(store: Store, folder: Path, compiled: Compiled) -> None:
    journal = write_journal(folder, *SEGMENTS)
    load_all(make_loader(journal, store, EventLoading(store, Mappings({"firm": compiled}))))
    journal.stop()


def standing(store: Store) -> list[Row]:
    return store.query(f"SELECT {SHOWN} FROM event_versions FINAL WHERE NOT is_withdrawn ORDER BY source, event_id")


def letters(store: Store) -> list[Row]:
    open_ones = (
        "SELECT dead_letter_id, reason, detail FROM dead_letters WHERE replayed_at IS NULL ORDER BY dead_letter_id"
    )
    return store.query(open_ones)


def tallies(store: Store) -> list[Row]:
    return store.query("SELECT source, segment, events, ignored, rejected FROM source_tallies FINAL ORDER BY ALL")


def test_a_rebuild_comes_out_as_a_fresh_load(store: Store, tmp_path: Path, write: Write, engine_path: Path) -> None:
    load(store, tmp_path / "first" / "events", write(OLD))
    new = write(NEW)
    planned = rebuild_source(store, new, 10, writes=False)
    before = standing(store)
    rebuilt = rebuild_source(store, new, 10, writes=True)
    assert planned == rebuilt
    assert rebuilt.removed == 2
    assert before != standing(store)

    fresh = open_test_store(engine_path)
    load(fresh, tmp_path / "second" / "events", new)
    assert standing(store) == standing(fresh)
    assert letters(store) == letters(fresh)
    assert tallies(store) == tallies(fresh)
    drop_test_store(fresh)


def test_a_rebuild_again_changes_nothing(store: Store, tmp_path: Path, write: Write) -> None:
    load(store, tmp_path / "events", write(OLD))
    rebuild_source(store, write(NEW), 10, writes=True)
    # As of the newest versions: the engine may drop the ones they replace at any moment.
    before = store.query("SELECT * FROM event_versions FINAL ORDER BY ALL")
    again = rebuild_source(store, write(NEW), 20, writes=True)
    assert (again.changed, again.added, again.removed) == (0, 0, 0)
    assert store.query("SELECT * FROM event_versions FINAL ORDER BY ALL") == before
    assert store.query("SELECT count() AS n FROM event_versions WHERE segment = 20") == [{"n": 0}]


def test_the_old_mapping_brings_back_what_was_taken_away(store: Store, tmp_path: Path, write: Write) -> None:
    load(store, tmp_path / "events", write(OLD))
    before = [{name: row[name] for name in row if name != "superseded"} for row in standing(store)]
    rebuild_source(store, write(NEW), 10, writes=True)
    rebuild_source(store, write(OLD), 20, writes=True)
    assert [{name: row[name] for name in row if name != "superseded"} for row in standing(store)] == before


def test_only_what_differs_is_written_and_in_the_segment_of_the_rebuild(
    store: Store, tmp_path: Path, write: Write
) -> None:
    load(store, tmp_path / "events", write(OLD))
    rebuilt = rebuild_source(store, write(NEW), 10, writes=True)
    [row] = store.query("SELECT count() AS n FROM event_versions WHERE segment = 10")
    assert row["n"] == rebuilt.changed + rebuilt.added + rebuilt.removed
    untouched = store.query("SELECT event_id FROM event_versions FINAL WHERE mapped_by = '' AND segment < 10")
    assert {row["event_id"] for row in untouched} == {"ev-1", "m99:thing.done"}


def test_what_stands_beside_a_number_that_is_too_large_is_mapped(store: Store, tmp_path: Path, write: Write) -> None:
    load(store, tmp_path / "events", write(OLD))
    for amount in ("0.00", "7.00"):
        [row] = store.query("SELECT toString(amount) AS amount FROM events WHERE event_id = 'm11:thing.done'")
        assert f"{float(row['amount']):.2f}" == amount
        rebuild_source(store, write(NEW), 10, writes=True)


def test_a_wish_in_the_journal_is_granted_in_its_place_by_the_mapping_as_it_is_then(
    store: Store, tmp_path: Path, write: Write
) -> None:
    load(store, tmp_path / "first" / "events", write(OLD))
    old = write(OLD)
    write(NEW)
    folder = tmp_path / "sources"

    def read() -> Any:
        from collector.mapping import read_catalogue

        return read_catalogue((folder,))

    loading = EventLoading(store, Mappings({"firm": old}, read=read))
    wish = sent("firm", json.dumps({"source": "firm"}), door=RECORD)
    journal = write_journal(
        tmp_path / "then" / "events",
        *(
            [],
            [],
            [],
            [wish.__class__(wish.payload, "firm", RECORD, 10**18, RECORD, 1)],
            [sent("firm", message(40, "begun"))],
        ),
    )
    load_all(make_loader(journal, store, loading))
    found = store.query("SELECT event_id FROM events WHERE event_type = 'thing.begun' ORDER BY event_id")
    assert [row["event_id"] for row in found] == ["m40:thing.begun", "m5:thing.begun"]
    [audited] = store.query("SELECT target, details FROM audit_log WHERE action = 'rebuild'")
    assert (audited["target"], json.loads(audited["details"])["removed"]) == ("firm", 2)
    assert store.query("SELECT records FROM segment_ledger WHERE segment = 4 AND stage = 'loaded'") == [{"records": 1}]
    journal.stop()


def test_a_rebuild_there_is_too_little_memory_for_does_not_stop_the_events(
    store: Store, tmp_path: Path, write: Write
) -> None:
    class Tight(FailingStore):
        """Never has the memory to decide."""

        def _break(self) -> None:
            raise StoreError("memory limit exceeded", is_transient=True, needs_memory=True)

    tight: Any = Tight(store, "decide_rebuild", is_after=False)
    wish = sent("firm", json.dumps({"source": "firm"}), door=RECORD)
    journal = write_journal(tmp_path / "events", [wish.__class__(wish.payload, "firm", RECORD, 10**18, RECORD, 1)])
    loader = make_loader(journal, tight, EventLoading(tight, Mappings({"firm": write(OLD)})))
    for _ in range(PATIENCE):
        with pytest.raises(StoreError, match="memory limit"):
            loader.step()
    assert loader.step() == 1
    [audited] = store.query("SELECT details FROM audit_log WHERE action = 'rebuild'")
    assert "memory limit" in json.loads(audited["details"])["failed"]
    journal.stop()


def test_a_message_no_mapping_can_be_run_on_costs_itself_alone(store: Store, tmp_path: Path, write: Write) -> None:
    load(store, tmp_path / "events", write(OLD))
    new = write(NEW)
    thrown = new.history.replace(
        "raw.body) AS body", "substring(raw.body, 1 + throwIf(position(raw.body, 'm2') > 0))) AS body"
    )
    assert thrown != new.history
    rebuilt = rebuild_source(store, Compiled("firm", new.select, thrown), 10, writes=True)
    assert isinstance(rebuilt, Rebuilt)
    assert "m2:thing.done" not in {row["event_id"] for row in standing(store)}
    assert "m1:thing.done" in {row["event_id"] for row in standing(store)}
