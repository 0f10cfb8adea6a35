"""The loader: in order, exactly once, and one bad frame never stops the others."""

from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from billtrail.errors import StoreError
from billtrail.store import Store
from collector.journal import Disks, Frame, Journal, JournalLimits, encode_bodies
from collector.journal.frame import encode_frame, varint
from collector.load.events import EventLoading
from collector.load.loader import PATIENCE, Loaded, Loader, Loading
from collector.load.proof import Proof
from collector.load.spans import SpanLoading
from collector.metrics import CollectorMetrics
from tests.collector.conftest import make_event
from tests.collector.test_load_spans import make_request
from tests.support.clock import SteppedClock

STATEMENTS = ["load_raw_events", "map_events", "decide_events", "write_new_events", "write_events", "segment_ledger"]


class FailingStore:
    """A store that breaks off once, before or behind a statement, as a crash would."""

    def __init__(self, store: Store, name: str, *, is_after: bool) -> None:
        self._store = store
        self._name = name
        self._is_after = is_after
        self.is_armed = True

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._store, method)
        return self._breaking(real) if method in ("run", "load", "rows", "insert") else real

    def _breaking(self, real: Any) -> Any:
        def call(*args: Any, **given: Any) -> Any:
            is_hit = self.is_armed and self._name in args[:2]
            if is_hit and not self._is_after:
                self._break()
            found = real(*args, **given)
            if is_hit and self.is_armed:
                self._break()
            return found

        return call

    def _break(self) -> None:
        self.is_armed = False
        raise StoreError("broken off", is_transient=True)


def make_loader(
    journal: Journal, store: Store, loading: Loading, disks: Disks | None = None, proof: Proof | None = None
) -> Loader:
    metrics = CollectorMetrics(CollectorRegistry())
    return Loader(journal, store, SteppedClock(), loading, metrics, disks=disks, proof=proof)


def write_journal(folder: Path, *segments: list[Frame]) -> Journal:
    folder.mkdir(parents=True, exist_ok=True)
    for number, frames in enumerate(segments, start=1):
        parts = [part for place, one in enumerate(frames) for part in encode_frame(one, place)]
        (folder / f"{number:020}.seg").write_bytes(b"".join(parts))
    journal = Journal(folder, JournalLimits(segment_seconds=60))
    journal.start()
    return journal


def tell(*events: dict[str, Any]) -> Frame:
    import json

    bodies = [json.dumps(event).encode() for event in events]
    return Frame(encode_bodies(bodies), "psa", "cloudevents", 10**18, "event", len(bodies))


def load_all(loader: Loader) -> None:
    for _ in range(20):
        try:
            if not loader.step():
                return
        except StoreError as error:
            if not error.is_transient:
                raise
    raise AssertionError("the loader did not come to an end")


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_crash_anywhere_changes_nothing(store: Store, tmp_path: Path, statement: str, is_after: bool) -> None:
    frames = [[tell(make_event(1), make_event(2))], [tell(make_event(1), make_event(2, type="x"), make_event(3))]]
    journal = write_journal(tmp_path / "events", *frames)
    breaking: Any = FailingStore(store, statement, is_after=is_after)
    load_all(make_loader(journal, breaking, EventLoading(breaking)))
    assert not breaking.is_armed
    found = store.query("SELECT event_id, event_type, revision, segment FROM event_versions FINAL ORDER BY event_id")
    assert [tuple(row.values()) for row in found] == [
        ("ev-1", "time.approved", 0, 1),
        ("ev-2", "x", 1, 2),
        ("ev-3", "time.approved", 0, 2),
    ]
    assert store.query("SELECT count() AS n FROM raw_events") == [{"n": 5}]
    ledger = store.query("SELECT segment, records FROM segment_ledger FINAL ORDER BY segment")
    assert [tuple(row.values()) for row in ledger] == [(1, 2), (2, 3)]
    assert journal.is_drained
    journal.stop()


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("statement", ["load_spans", "segment_ledger"])
def test_a_crash_doubles_no_span(store: Store, tmp_path: Path, statement: str, is_after: bool) -> None:
    request, span = make_request(count=3)
    span.attributes.add(key="billtrail.correlation_id").value.string_value = "run-1"
    frame = Frame(request.SerializeToString(), "hub", "otlp_http", 10**18, "span", 3)
    journal = write_journal(tmp_path / "traces", [frame], [frame])
    breaking: Any = FailingStore(store, statement, is_after=is_after)
    load_all(make_loader(journal, breaking, SpanLoading(breaking)))
    assert store.query("SELECT segment, count() AS n FROM span_records GROUP BY segment ORDER BY segment") == [
        {"segment": 1, "n": 3},
        {"segment": 2, "n": 3},
    ]
    assert store.query("SELECT count() AS n FROM span_links FINAL") == [{"n": 1}]
    journal.stop()


def test_a_frame_the_engine_refuses_does_not_stop_the_others(store: Store, tmp_path: Path) -> None:
    good = [Frame(make_request(f"good-{n}")[0].SerializeToString(), "hub", "otlp_http", 10**18) for n in range(5)]
    poisoned = Frame(b"\x0a\x7fnot protobuf", "hub", "otlp_http", 10**18)
    journal = write_journal(tmp_path / "traces", [*good[:2], poisoned, *good[2:]], good[:1])
    loader = make_loader(journal, store, SpanLoading(store))
    load_all(loader)
    [row] = store.query("SELECT count() AS n, uniqExact(SpanName) AS names FROM span_records")
    assert row == {"n": 6, "names": 5}
    [letter] = store.query("SELECT * FROM dead_letters")
    assert (letter["dead_letter_id"], letter["reason"], letter["source"]) == ("traces-1-2", "unreadable", "hub")
    assert store.query("SELECT rejected FROM segment_ledger WHERE segment = 1") == [{"rejected": 1}]
    journal.stop()


def test_a_frame_the_disk_damaged_is_kept_and_the_others_are_loaded(store: Store, tmp_path: Path) -> None:
    frames = [tell(make_event(number)) for number in range(3)]
    journal = write_journal(tmp_path / "events", frames)
    [segment] = journal.find_closed()
    data = bytearray(segment.path.read_bytes())
    data[len(data) // 2] ^= 1
    segment.path.write_bytes(data)
    load_all(make_loader(journal, store, EventLoading(store)))
    assert store.query("SELECT event_id FROM events ORDER BY event_id") == [{"event_id": "ev-0"}, {"event_id": "ev-2"}]
    [letter] = store.query("SELECT * FROM dead_letters")
    assert letter["detail"].startswith("damaged in the journal: bytes")
    journal.stop()


def test_an_event_the_mapping_cannot_be_run_on_is_set_aside(store: Store, tmp_path: Path) -> None:
    class Choosy(FailingStore):
        """Refuses for good whatever holds event 3."""

        def _breaking(self, real: Any) -> Any:
            def call(*args: Any, **given: Any) -> Any:
                found = real(*args, **given)
                if args[:2] == ("collector", "map_events"):
                    held = store.query("SELECT count() AS n FROM mapped_events WHERE event_id = 'ev-3'")
                    if held[0]["n"]:
                        raise StoreError("cannot")
                return found

            return call

    journal = write_journal(tmp_path / "events", [tell(*(make_event(n) for n in range(4))), tell(make_event(4))])
    choosy: Any = Choosy(store, "", is_after=True)
    load_all(make_loader(journal, choosy, EventLoading(choosy)))
    found = store.query("SELECT event_id FROM events ORDER BY event_id")
    assert [row["event_id"] for row in found] == ["ev-0", "ev-1", "ev-2", "ev-4"]
    [letter] = store.query("SELECT * FROM dead_letters")
    assert (letter["reason"], letter["detail"]) == ("unreadable", "cannot")
    assert '"ev-3"' in letter["body"]
    journal.stop()


def test_a_store_that_refuses_everything_is_waited_for(store: Store, tmp_path: Path) -> None:
    journal = write_journal(tmp_path / "traces", [Frame(make_request()[0].SerializeToString(), "", "", 10**18)])
    store.command("RENAME TABLE span_records TO away")
    loader = make_loader(journal, store, SpanLoading(store))
    with pytest.raises(StoreError):
        loader.step()
    assert (len(journal.find_closed()), store.query("SELECT * FROM dead_letters")) == (1, [])
    store.command("RENAME TABLE away TO span_records")
    assert loader.step() == 1
    journal.stop()


def test_what_needs_too_much_memory_does_not_stop_the_others(store: Store, tmp_path: Path) -> None:
    large = make_request("large", 3_000)[0]
    large.resource_spans[0].resource.attributes.add(key="command").value.string_value = "x" * 100_000
    requests = [make_request("before")[0], large, make_request("behind")[0]]
    frames = [Frame(request.SerializeToString(), "hub", "otlp_http", 10**18, "span") for request in requests]
    journal = write_journal(tmp_path / "traces", frames)
    lane = store.another()
    lane.command("SET max_memory_usage = 200000000")
    loader = make_loader(journal, lane, SpanLoading(lane))
    for _ in range(PATIENCE):
        with pytest.raises(StoreError, match="memory limit") as caught:
            loader.step()
        assert caught.value.is_transient
    assert loader.step() == 1
    lane.close()
    found = store.query("SELECT SpanName AS name FROM spans ORDER BY name")
    assert [row["name"] for row in found] == ["before", "behind"]
    [letter] = store.query("SELECT dead_letter_id, detail FROM dead_letters")
    assert (letter["dead_letter_id"], "memory limit" in letter["detail"]) == ("traces-1-1", True)
    assert journal.is_drained
    journal.stop()


def test_varint_is_protobufs() -> None:
    assert [varint(number) for number in (0, 127, 128, 300)] == [b"\x00", b"\x7f", b"\x80\x01", b"\xac\x02"]


def test_what_needs_too_much_memory_to_be_derived_from_does_not_stop_the_others(store: Store, tmp_path: Path) -> None:
    class Tight(EventLoading):
        """Has enough memory to take what came, and too little to read all of it."""

        def derive(self, number: int, *, spares_memory: bool = False) -> Loaded:
            lane.command("SET max_memory_usage = 36000000")
            try:
                return super().derive(number, spares_memory=spares_memory)
            finally:
                lane.command("SET max_memory_usage = 0")

    events = [make_event(number) for number in range(9)]
    for event in events:
        event["data"]["attributes"] = {"padding": "x" * (5_000_000 if event["id"] == "ev-4" else 600_000)}
    journal, lane = write_journal(tmp_path / "events", [tell(event) for event in events]), store.another()
    loader = make_loader(journal, lane, Tight(lane))
    for _ in range(PATIENCE):
        with pytest.raises(StoreError, match="memory limit") as caught:
            loader.step()
        assert caught.value.is_transient
    assert loader.step() == 1
    lane.close()
    found = store.query("SELECT event_id AS id FROM events ORDER BY id")
    assert [row["id"] for row in found] == [f"ev-{number}" for number in range(9) if number != 4]
    [letter] = store.query("SELECT body, detail FROM dead_letters")
    assert ('"ev-4"' in letter["body"], "memory limit" in letter["detail"]) == (True, True)
    assert journal.is_drained
    journal.stop()
