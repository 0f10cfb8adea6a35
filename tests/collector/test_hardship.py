"""A full disk, an engine away, a flipped byte, a clock set back: what was acknowledged is kept, the rest refused."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from billtrail.errors import SettingsError, StoreError
from billtrail.store import Store
from collector.journal import Frame, Journal, JournalLimits
from collector.load.spans import SpanLoading
from tests.collector.conftest import Running, Start, make_event
from tests.collector.test_load_spans import make_request
from tests.collector.test_loader import load_all, make_loader, write_journal

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


def wait_until_ready(running: Running) -> None:
    deadline = time.monotonic() + 60
    while running.client.get("/readyz").status_code != 200:
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


def count_events(store: Store) -> tuple[int, int]:
    [row] = store.query("SELECT count() AS n, uniqExact(event_id) AS ids FROM events")
    return row["n"], row["ids"]


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_told_and_recovers(start: Start, store: Store) -> None:
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


def test_an_engine_that_is_away_is_waited_for_until_the_journal_is_full(start: Start, store: Store) -> None:
    store.command("RENAME TABLE raw_events TO away")
    running = start(journal_max_bytes=500_000, segment_seconds=0.05)
    taken, refused = send_until_refused(running)
    assert taken > 10
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert running.client.get("/healthz").status_code == 200
    store.command("RENAME TABLE away TO raw_events")
    running.drain()
    assert count_events(store) == (taken, taken)
    assert store.query("SELECT * FROM dead_letters") == []
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
