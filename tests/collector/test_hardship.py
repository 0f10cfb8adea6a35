"""A full disk, an engine away, a flipped byte, a clock set back: what was acknowledged is kept, the rest refused."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from billtrail.errors import SettingsError, StoreError
from billtrail.store import Store, open_store
from collector.journal import Disks, Frame, Journal, JournalLimits
from collector.load.events import EventLoading
from collector.load.proof import Proof
from collector.load.spans import SpanLoading
from tests.collector.conftest import Running, Start, make_event
from tests.collector.test_load_spans import make_request
from tests.collector.test_loader import FailingStore, load_all, make_loader, tell, write_journal

TABLES = {"events": "raw_events", "traces": "span_records"}
PADDING = "x" * 40_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB. Needs root."""
    folder = tmp_path / "journal"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("!! a full disk could not be tried: mounting a small tmpfs needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def send_until_refused(running: Running, *, limit: int = 200) -> tuple[int, httpx.Response]:
    """Send large events until one is refused; answer how many were acknowledged, and the refusal."""
    for number in range(limit):
        event = make_event(number)
        event["data"]["attributes"] = {"padding": PADDING}
        answer = running.send(event)
        if answer.status_code != 204:
            return number, answer
    raise AssertionError("nothing was refused")


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


def wait_until_ready(running: Running) -> None:
    wait_until(lambda: running.client.get("/readyz").status_code == 200)


def need_free(store: Store, size: int) -> None:
    """Let collectors that are started over the store need so much room on every disk."""
    store.settings = store.settings.model_copy(update={"min_free_bytes": size})


def count_events(store: Store) -> tuple[int, int]:
    [row] = store.query("SELECT count() AS n, uniqExact(event_id) AS ids FROM events")
    return row["n"], row["ids"]


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_told_and_recovers(start: Start, store: Store) -> None:
    need_free(store, 0)
    store.command("RENAME TABLE raw_events TO away")
    running = start()
    taken, refused = send_until_refused(running)
    assert taken > 10
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    told = running.client.get("/readyz")
    assert (told.status_code, told.json()["ready"]) == (503, False)
    assert told.json()["ailments"] == ["the events journal cannot be written: No space left on device"]
    assert 'billtrail_journal_failures_total{stream="events"} 0.0' not in running.client.get("/metrics").text
    store.command("RENAME TABLE away TO raw_events")
    running.drain()
    assert count_events(store) == (taken, taken)
    wait_until_ready(running)
    assert running.send(make_event(10_000)).status_code == 204
    running.drain()
    assert count_events(store) == (taken + 1, taken + 1)


def test_the_last_bytes_of_a_disk_are_never_used(start: Start, store: Store, small_disk: Path) -> None:
    need_free(store, 1 << 20)
    running = start(segment_seconds=0.05)
    full = small_disk / "somebody else's"
    full.write_bytes(bytes(1_500_000))
    told = running.client.get("/readyz")
    wanted = f"less than 1 MiB are free on the disk of {small_disk}"
    assert (told.status_code, told.json()["ailments"]) == (503, [wanted])
    assert running.send(make_event(1)).status_code == 503
    assert running.client.get("/readyz").json()["ailments"] == [f"the events journal cannot be written: {wanted}"]
    full.unlink()
    wait_until_ready(running)
    assert running.send(make_event(2)).status_code == 204
    running.drain()
    assert store.query("SELECT event_id FROM events") == [{"event_id": "ev-2"}]


def test_a_loader_waits_and_the_engine_refuses_while_its_disk_has_too_little_room(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    body = make_request()[0].SerializeToString()
    journal = write_journal(tmp_path / "traces", [Frame(body, "hub", "otlp_http", 10**18, "span")])
    loader = make_loader(journal, store, SpanLoading(store), disks=Disks((tmp_path,), 1 << 60))
    stop = threading.Event()
    thread = threading.Thread(target=loader.run_forever, args=(stop,), kwargs={"retry_seconds": 0.01})
    thread.start()
    wait_until(lambda: loader.failures > 3)
    stop.set()
    thread.join()
    assert len(journal.find_closed()) == 1
    assert [record.message for record in caplog.records if "MiB are free" in record.message] == [
        f"traces: loading failed, trying again every 0.01 s: less than {1 << 40} MiB are free on the disk of {tmp_path}"
    ]
    lane = open_store(store.settings.model_copy(update={"min_free_bytes": 1 << 60}), migrates=False)
    with pytest.raises(StoreError, match="enough free space") as caught:
        make_loader(journal, lane, SpanLoading(lane)).step()
    lane.close()
    assert caught.value.is_transient
    load_all(make_loader(journal, store, SpanLoading(store)))
    assert store.query("SELECT count() AS n FROM spans") == [{"n": 1}]
    journal.stop()


def hollow_out(store: Store, table: str, name: str) -> None:
    """Leave nothing in a file of the only part of a table, as a disk does that fills during an insert."""
    [part] = store.query(
        "SELECT path FROM system.parts WHERE active AND database = currentDatabase() AND table = {t:String}",
        {"t": table},
    )
    os.truncate(Path(part["path"]) / name, 0)


def make_segment(folder: Path, stream: str) -> Journal:
    requests = [make_request(f"request {number}", count=2)[0].SerializeToString() for number in range(2)]
    spans = [Frame(body, "hub", "otlp_http", 10**18, "span", 2) for body in requests]
    return write_journal(folder / stream, [tell(make_event(1), make_event(2))] if stream == "events" else spans)


@pytest.mark.parametrize(
    ("stream", "name"), [("traces", "columns.txt"), ("traces", "data.bin"), ("events", "data.bin")]
)
def test_what_the_engine_took_and_did_not_keep_is_loaded_again(
    store: Store, tmp_path: Path, stream: str, name: str
) -> None:
    class Hollow(FailingStore):
        """Calls an insert done whose files hold nothing, once."""

        def _break(self) -> None:
            self.is_armed = False
            hollow_out(store, TABLES[stream], name)

    hollow: Any = Hollow(store, f"load_{'spans' if stream == 'traces' else 'raw_events'}", is_after=True)
    journal = make_segment(tmp_path, stream)
    loader = make_loader(journal, hollow, EventLoading(hollow) if stream == "events" else SpanLoading(hollow))
    with pytest.raises(StoreError, match=f"not kept: .*{name} is empty") as caught:
        loader.step()
    assert (caught.value.is_transient, journal.is_drained) == (True, False)
    assert loader.step() == 1
    check_once(store, stream)
    journal.stop()


@pytest.mark.parametrize(
    ("stream", "table", "statement"),
    [
        ("events", "event_versions", "write_new_events"),
        ("events", "dead_letter_rows", "write_dead_letters"),
        ("traces", "dead_letter_rows", "dead_letter_rows"),
    ],
)
def test_what_is_made_of_it_is_made_again(
    store: Store, tmp_path: Path, stream: str, table: str, statement: str
) -> None:
    class Hollow(FailingStore):
        """Calls an insert done whose files hold nothing, once."""

        def _break(self) -> None:
            self.is_armed = False
            hollow_out(store, table, "data.bin")

    nameless = make_request("nameless")[0]
    nameless.resource_spans[0].scope_spans[0].spans[0].span_id = b""
    spans = Frame(nameless.SerializeToString(), "hub", "otlp_http", 10**18, "span")
    frames = [tell(make_event(1), make_event(2, id=""))] if stream == "events" else [spans]
    journal, hollow = write_journal(tmp_path / stream, frames), Hollow(store, statement, is_after=True)
    lane: Any = hollow
    loader = make_loader(journal, lane, EventLoading(lane) if stream == "events" else SpanLoading(lane))
    with pytest.raises(StoreError, match=f"not kept: {table}/.*data.bin is empty"):
        loader.step()
    assert (loader.step(), journal.is_drained) == (1, True)
    for again in ("DETACH", "ATTACH"):
        store.command(f"{again} TABLE {table}")
    assert store.query("SELECT count() AS n FROM dead_letters") == [{"n": 1}]
    assert store.query("SELECT count() AS n FROM events") == [{"n": 1 if stream == "events" else 0}]
    journal.stop()


def test_what_one_loader_finds_to_hold_nothing_is_loaded_again_by_the_other(store: Store, tmp_path: Path) -> None:
    class Hollow(FailingStore):
        """Calls an insert done whose files hold nothing, once; the other loader is the first to see it."""

        def _break(self) -> None:
            self.is_armed = False
            hollow_out(store, "span_records", "data.bin")
            with pytest.raises(StoreError, match=r"data\.bin is empty"):
                other.step()

    requests = [make_request(f"request {number}", count=2)[0].SerializeToString() for number in range(2)]
    journal = write_journal(
        tmp_path / "traces", *([Frame(body, "hub", "otlp_http", 10**18, "span", 2)] for body in requests)
    )
    hollow: Any = Hollow(store, "load_spans", is_after=True)
    proof = Proof()
    loader = make_loader(journal, hollow, SpanLoading(hollow), proof=proof)
    other = make_loader(journal, store, SpanLoading(store), proof=proof)
    with pytest.raises(StoreError, match="a part beside it is empty"):
        loader.step()
    assert len(journal.find_closed()) == 2
    assert (other.step(), loader.step(), other.step()) == (1, 1, 0)
    check_once(store, "traces")
    journal.stop()


@pytest.mark.parametrize("stream", ["events", "traces"])
def test_what_the_engine_puts_away_when_it_starts_is_loaded_again(store: Store, tmp_path: Path, stream: str) -> None:
    failing: Any = FailingStore(store, "find_parts", is_after=False)
    journal, table = make_segment(tmp_path, stream), TABLES[stream]
    loader = make_loader(journal, failing, EventLoading(failing) if stream == "events" else SpanLoading(failing))
    with pytest.raises(StoreError, match="broken off"):
        loader.step()
    hollow_out(store, table, "columns.txt")
    hollow_out(store, table, "data.bin")
    for again in ("DETACH", "ATTACH"):
        store.command(f"{again} TABLE {table}")
    assert store.query(f"SELECT count() AS n FROM {table}") == [{"n": 0}]
    assert loader.step() == 1
    check_once(store, stream)
    journal.stop()


def check_once(store: Store, stream: str) -> None:
    assert store.query(f"SELECT count() AS n FROM {TABLES[stream]}") == [{"n": 2 if stream == "events" else 4}]
    assert store.query("SELECT count() AS n FROM events") == [{"n": 2 if stream == "events" else 0}]
    assert store.query("SELECT * FROM dead_letters") == []
    for again in ("DETACH", "ATTACH"):
        store.command(f"{again} TABLE {TABLES[stream]}")
    assert store.query(f"SELECT count() AS n FROM {TABLES[stream]}") == [{"n": 2 if stream == "events" else 4}]


def test_an_engine_that_is_away_is_waited_for_until_the_journal_is_full(start: Start, store: Store) -> None:
    store.command("RENAME TABLE raw_events TO away")
    running = start(journal_max_bytes=500_000, segment_seconds=0.05)
    taken, refused = send_until_refused(running)
    assert taken > 10
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert running.client.get("/healthz").status_code == 200
    assert running.client.get("/readyz").json()["ailments"] == ["the events journal is full"]
    store.command("RENAME TABLE away TO raw_events")
    running.drain()
    assert count_events(store) == (taken, taken)
    assert store.query("SELECT * FROM dead_letters") == []
    assert running.client.get("/readyz").status_code == 200
    assert running.send(make_event(10_000)).status_code == 204


def test_a_flipped_byte_costs_its_request_alone(store: Store, tmp_path: Path) -> None:
    requests = [make_request(f"request {number}", count=5)[0].SerializeToString() for number in range(4)]
    journal = write_journal(
        tmp_path / "traces", [Frame(body, "hub", "otlp_http", 10**18, "span", 5) for body in requests]
    )
    [segment] = journal.find_closed()
    data = bytearray(segment.path.read_bytes())
    data[data.index(b"request 2")] ^= 0x20
    segment.path.write_bytes(data)
    load_all(make_loader(journal, store, SpanLoading(store)))
    found = store.query("SELECT SpanName AS name, count() AS n FROM spans GROUP BY name ORDER BY name")
    assert found == [{"name": f"request {number}", "n": 5} for number in (0, 1, 3)]
    [letter] = store.query("SELECT reason, detail FROM dead_letters")
    assert letter["reason"] == "unreadable"
    assert letter["detail"].startswith("damaged in the journal")
    assert journal.is_drained
    journal.stop()


def test_a_clock_set_back_changes_no_order_and_loses_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, limits, true_ns = tmp_path / "traces", JournalLimits(segment_seconds=60), time.time_ns()
    numbers = []
    for name, hours in (("first", 0), ("second", -5), ("third", -9)):
        monkeypatch.setattr(time, "time_ns", lambda at=true_ns + hours * 3_600_000_000_000: at)
        last = store.rows("collector", "last_segment", {"stream": "traces"})[0]["segment"]
        journal = Journal(folder, limits, after=last)
        journal.start()
        frame = Frame(make_request(name)[0].SerializeToString(), "hub", "otlp_http", 10**18, "span")
        journal.append(frame)
        journal.append(replace(frame, received_at_ns=5))
        journal.stop()
        numbers += [segment.number for segment in journal.find_closed()]
        load_all(make_loader(journal, store, SpanLoading(store)))
    assert numbers == sorted(set(numbers))
    found = store.query("SELECT SpanName AS name FROM span_records ORDER BY segment")
    assert [row["name"] for row in found] == ["first", "second", "third"]


def test_a_second_collector_on_the_same_journal_is_refused(running: Running, start: Start) -> None:
    with pytest.raises(StoreError, match="another process writes in the journal"):
        start()
    assert running.send(make_event()).status_code == 204
    running.drain()


def test_ports_are_bound_before_the_journals_are_touched(running: Running, start: Start, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    with pytest.raises(SettingsError, match=r"port \d+ for http"):
        start(http_port=running.collector.http_port, journal_dir=elsewhere)
    assert not elsewhere.exists()
