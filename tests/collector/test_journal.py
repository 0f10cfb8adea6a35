"""The journal: what was acknowledged is there, whole and in order; what was torn off never was acknowledged."""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billtrail.errors import StoreError
from collector.journal import Frame, FrameError, Journal, JournalLimits, encode_bodies, scan_frames
from collector.journal.frame import StoredFrame, encode_frame, find_kept_length, read_frames
from collector.journal.journal import ENOUGH_WAITING
from collector.journal.segment import OpenSegment, read_segment
from collector.load.inspect import inspect_segment

PATIENT = JournalLimits(segment_seconds=60)

frames = st.builds(
    Frame,
    payload=st.binary(max_size=300),
    source=st.text(max_size=20),
    door=st.sampled_from(["cloudevents", "otlp_http"]),
    received_at_ns=st.integers(0, 2**63),
    record=st.sampled_from(["event", "object", "span"]),
    count=st.integers(0, 2**32 - 1),
)


def encode(*given_frames: Frame) -> bytes:
    return b"".join(part for number, one in enumerate(given_frames) for part in encode_frame(one, number))


def make_frame(payload: bytes = b"x") -> Frame:
    return Frame(payload, "psa", "cloudevents", 10**18)


def read_payloads(journal: Journal) -> list[bytes]:
    segments = journal.find_closed()
    return [one.frame.payload for segment in segments for one in scan_frames(read_segment(segment.path))]


@given(st.lists(frames, max_size=5))
def test_frames_come_back_as_they_went(written: list[Frame]) -> None:
    read = list(scan_frames(encode(*written)))
    assert [one.frame for one in read] == written
    assert [one.number for one in read] == list(range(len(written)))


@given(st.lists(frames, min_size=1, max_size=4), st.data())
def test_a_torn_tail_is_cut_at_the_last_whole_frame(written: list[Frame], data: Any) -> None:
    whole, last = encode(*written[:-1]), encode(*written)
    cut = data.draw(st.integers(len(whole), len(last) - 1))
    assert find_kept_length(last[:cut]) == len(whole)
    assert find_kept_length(whole + bytes(cut)) == len(whole)


@given(st.lists(frames, min_size=1, max_size=3), st.data())
def test_a_changed_bit_is_noticed(written: list[Frame], data: Any) -> None:
    damaged = bytearray(encode(*written))
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(FrameError):
        list(scan_frames(bytes(damaged)))


def test_a_changed_bit_costs_its_frame_alone_wherever_it_is() -> None:
    written = [make_frame(f"request {number} {'x' * 100}".encode()) for number in range(4)]
    whole = encode(*written)
    first, second, *_ = list(scan_frames(whole))
    for place in range(second.start * 8, second.end * 8):
        damaged = bytearray(whole)
        damaged[place // 8] ^= 1 << place % 8
        found = list(read_frames(bytes(damaged)))
        assert [one.number for one in found if isinstance(one, StoredFrame)] == [0, 2, 3], place
        assert [(one.start, one.end) for one in found if not isinstance(one, StoredFrame)] == [(first.end, second.end)]
        assert find_kept_length(bytes(damaged)) == len(whole)


def test_appends_of_many_threads_and_loops_are_all_there(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events", PATIENT)
    journal.start()

    async def append_all(name: int) -> None:
        await asyncio.gather(*(journal.append_soon(make_frame(f"{name}-{n}".encode())) for n in range(50)))

    threads = [threading.Thread(target=lambda n=name: asyncio.run(append_all(n))) for name in range(4)]
    for thread in threads:
        thread.start()
    for number in range(50):
        journal.append(make_frame(f"sync-{number}".encode()))
    for thread in threads:
        thread.join()
    journal.stop()
    payloads = read_payloads(journal)
    assert len(payloads) == len(set(payloads)) == 250
    assert [one for one in payloads if one.startswith(b"sync")] == [f"sync-{n}".encode() for n in range(50)]


def test_a_group_shares_one_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs, enters, goes_on = [], threading.Event(), threading.Event()
    sync = os.fdatasync

    def slow_sync(fd: int) -> None:
        syncs.append(fd)
        enters.set()
        goes_on.wait(10)
        sync(fd)

    monkeypatch.setattr(os, "fdatasync", slow_sync)
    journal = Journal(tmp_path / "events", PATIENT)
    journal.start()
    threads = [threading.Thread(target=journal.append, args=(make_frame(),)) for _ in range(20)]
    threads[0].start()
    enters.wait(10)
    for thread in threads[1:]:
        thread.start()
    while journal.waiting_bytes < 20:
        time.sleep(0)
    goes_on.set()
    for thread in threads:
        thread.join()
    journal.stop()
    assert len(syncs) == 2
    assert len(read_payloads(journal)) == 20


def test_an_append_is_on_the_disk_before_it_returns(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events", PATIENT)
    journal.start()
    journal.append(make_frame(b"precious"))
    [path] = (tmp_path / "events").glob("*.open")
    assert [one.frame.payload for one in scan_frames(path.read_bytes())] == [b"precious"]
    journal.stop()


def test_what_a_crash_left_open_is_mended_and_closed(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    folder.mkdir()
    left = OpenSegment(folder, 7)
    left.append(list(encode_frame(make_frame(b"whole"), 0)), 1)
    with (folder / f"{7:020}.open").open("ab") as file:
        file.write(encode(make_frame(b"torn"))[:-1])
    (folder / f"{8:020}.open").write_bytes(b"\x05ab")
    journal = Journal(folder, PATIENT)
    journal.start()
    [segment] = journal.find_closed()
    assert (segment.number, segment.is_ours) == (7, False)
    assert read_payloads(journal) == [b"whole"]
    journal.stop()
    assert sorted(path.name for path in folder.iterdir()) == [f"{7:020}.seg"]


@pytest.mark.parametrize(("number", "torn"), [(1, b"torn"), (4, b"")])
def test_damage_in_what_a_crash_left_open_is_kept_for_the_loader(tmp_path: Path, number: int, torn: bytes) -> None:
    folder = tmp_path / "traces"
    folder.mkdir()
    data = bytearray(encode(*(Frame(f"request {n}".encode(), "", "", 1, "span") for n in range(5))))
    data[data.index(f"request {number}".encode())] ^= 0x20
    (folder / f"{7:020}.open").write_bytes(data + encode(make_frame(torn))[:-1] * bool(torn))
    journal = Journal(folder, PATIENT)
    journal.start()
    [segment] = journal.find_closed()
    contents = inspect_segment(segment)
    journal.stop()
    assert read_segment(segment.path) == data
    assert (contents.frames, len(contents.damaged)) == (4, 1)


def test_segments_close_by_size_by_age_and_on_request(tmp_path: Path) -> None:
    small = Journal(tmp_path / "small", JournalLimits(segment_bytes=1000, segment_seconds=60))
    young = Journal(tmp_path / "young", JournalLimits(segment_seconds=0.01))
    asked = Journal(tmp_path / "asked", PATIENT)
    for journal in (small, young, asked):
        journal.start()
        journal.append(make_frame(b"x" * 2000))
    asked.roll()
    for journal in (small, young, asked):
        assert journal.wakes_loader.wait(10)
        while not journal.find_closed():
            journal.wakes_loader.wait(0.01)
        journal.stop()


def test_a_segment_grows_instead_of_growing_old_while_the_loader_is_behind(tmp_path: Path) -> None:
    journal = Journal(tmp_path, JournalLimits(segment_seconds=0.001))
    journal.start()
    try:
        for waiting in range(ENOUGH_WAITING):
            journal.append(make_frame(b"%d" % waiting))
            wait_until(lambda waiting=waiting: len(journal.find_closed()) > waiting)
        journal.append(make_frame(b"a"))
        journal.append(make_frame(b"b"))
        assert len(journal.find_closed()) == ENOUGH_WAITING
        journal.release(journal.find_closed()[0])
        wait_until(lambda: len(journal.find_closed()) == ENOUGH_WAITING)
        assert read_payloads(journal)[-2:] == [b"a", b"b"]
    finally:
        journal.stop()


def test_numbers_rise_past_those_already_used(tmp_path: Path) -> None:
    far = time.time_ns() + 10**15
    journal = Journal(tmp_path / "events", PATIENT, after=far)
    journal.start()
    journal.append(make_frame())
    journal.stop()
    assert [segment.number for segment in journal.find_closed()] == [far + 1]


def test_a_full_journal_refuses_before_it_writes(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events", JournalLimits(segment_seconds=60, max_bytes=1000))
    journal.start()
    journal.append(make_frame(b"x" * 900))
    with pytest.raises(StoreError, match="full") as caught:
        journal.append(make_frame(b"x" * 900))
    assert caught.value.is_transient
    journal.stop()
    [segment] = journal.find_closed()
    journal.release(segment)
    assert journal.is_drained


def test_a_disk_that_refuses_leaves_only_what_was_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "events", PATIENT)
    journal.start()
    journal.append(make_frame(b"before"))
    sync = os.fdatasync

    def refuse(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdatasync", refuse)
    with pytest.raises(StoreError, match="No space left"):
        journal.append(make_frame(b"lost"))
    monkeypatch.setattr(os, "fdatasync", sync)
    journal.append(make_frame(b"after"))
    journal.stop()
    assert read_payloads(journal) == [b"before", b"after"]


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def test_a_folder_that_is_away_while_a_segment_closes_is_waited_for(tmp_path: Path) -> None:
    folder, aside = tmp_path / "events", tmp_path / "aside"
    journal = Journal(folder, PATIENT)
    journal.start()
    journal.append(make_frame(b"before"))
    folder.rename(aside)
    journal.roll()
    wait_until(lambda: journal.ailment)
    with pytest.raises(StoreError, match="cannot be written"):
        journal.append(make_frame(b"refused"))
    assert "No such file" in journal.ailment
    aside.rename(folder)
    wait_until(lambda: not journal.ailment)
    journal.append(make_frame(b"after"))
    journal.stop()
    assert read_payloads(journal) == [b"before", b"after"]
    assert journal.failures >= 2


def test_what_was_acknowledged_outlives_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    journal = Journal(folder, PATIENT)
    journal.start()
    journal.append(make_frame(b"precious"))
    folder.rename(tmp_path / "taken")
    journal.roll()
    wait_until(lambda: journal.ailment)
    folder.mkdir()
    wait_until(lambda: not journal.ailment)
    assert read_payloads(journal) == [b"precious"]
    journal.stop()


def test_two_do_not_write_in_one_folder(tmp_path: Path) -> None:
    first, second = (Journal(tmp_path / "events", PATIENT) for _ in range(2))
    first.start()
    with pytest.raises(StoreError, match="another process writes in the journal"):
        second.start()
    first.stop()
    second.start()
    second.append(make_frame())
    second.stop()


def test_a_stopped_journal_refuses(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events", PATIENT)
    journal.start()
    journal.stop()
    with pytest.raises(StoreError, match="closed"):
        journal.append(make_frame())


def test_bodies_are_one_repeated_field() -> None:
    assert encode_bodies([b"ab", b""]) == b"\x0a\x02ab\x0a\x00"


def test_each_closed_segment_is_taken_by_one_loader(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "traces", JournalLimits(segment_bytes=1))
    journal.start()
    for payload in (b"one", b"two"):
        journal.append(make_frame(payload))
    journal.stop()
    first, second = journal.take_closed(), journal.take_closed()
    assert first
    assert second
    assert first.number < second.number
    assert journal.take_closed() is None
    journal.give_back(first)
    assert journal.take_closed() == first
    journal.release(first)
    journal.give_back(second)
    assert journal.take_closed() == second
    assert journal.find_closed() == [second]
