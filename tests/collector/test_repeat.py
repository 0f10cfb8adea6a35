"""A request of spans that came before is acknowledged and kept once, whatever happens in between."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from collector.journal import Frame, Journal, JournalLimits, scan_frames
from collector.journal.repeat import Repeats, make_digest
from collector.journal.segment import read_segment

PATIENT = JournalLimits(segment_seconds=60)
FRAME = Frame(b"spans", "hub", "otlp_http", 10**18, "span")
OTHER = replace(FRAME, payload=b"other")


def start(folder: Path) -> Journal:
    journal = Journal(folder, PATIENT)
    journal.start()
    return journal


def read(journal: Journal) -> list[bytes]:
    closed = journal.find_closed()
    return [stored.frame.payload for one in closed for stored in scan_frames(read_segment(one.path))]


def test_a_request_sent_again_is_kept_once(tmp_path: Path) -> None:
    journal = start(tmp_path / "traces")
    for frame in (FRAME, OTHER, FRAME, replace(FRAME, received_at_ns=1)):
        journal.append(frame)
    journal.stop()
    assert read(journal) == [b"spans", b"other"]
    assert journal.repeated == 2


@pytest.mark.parametrize("change", [{"source": "crm"}, {"door": "replay"}, {"record": "event"}])
def test_the_same_bytes_from_elsewhere_are_another_request(tmp_path: Path, change: Any) -> None:
    journal = start(tmp_path / "traces")
    journal.append(FRAME)
    journal.append(replace(FRAME, **change))
    journal.stop()
    assert len(read(journal)) == 2


def test_it_is_remembered_when_its_segment_is_long_loaded(tmp_path: Path) -> None:
    journal = start(tmp_path / "traces")
    journal.append(FRAME)
    journal.stop()
    for segment in journal.find_closed():
        journal.release(segment)
    again = start(tmp_path / "traces")
    again.append(FRAME)
    again.append(OTHER)
    again.stop()
    assert read(again) == [b"other"]


def test_it_is_remembered_when_the_process_died_over_it(tmp_path: Path) -> None:
    alive = start(tmp_path / "alive" / "traces")
    alive.append(FRAME)
    shutil.copytree(tmp_path / "alive", tmp_path / "after")
    after = start(tmp_path / "after" / "traces")
    after.append(FRAME)
    after.append(OTHER)
    after.stop()
    alive.stop()
    assert read(after) == [b"spans", b"other"]


def test_the_memory_is_bounded_and_survives_a_torn_file(tmp_path: Path) -> None:
    repeats = Repeats(tmp_path, keep_requests=2)
    digests = [make_digest(replace(FRAME, payload=bytes([number]))) for number in range(6)]
    for digest in digests:
        repeats.add([digest])
        repeats.write_down([digest])
    assert [digest in repeats for digest in digests] == [False, False, False, False, True, True]
    repeats.add(digests[:1])
    repeats.write_down(digests[:1])
    with (tmp_path / "recent.digests").open("ab") as file:
        file.write(b"torn")
    again = Repeats(tmp_path)
    again.load()
    again.write_down([digests[1]])
    again.load()
    assert [digest in again for digest in digests] == [True, True, False, False, True, True]


def test_a_journal_without_requests_to_remember_forgets_nothing_and_complains_of_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    repeats = Repeats(tmp_path, keep_seconds=0)
    repeats.write_down([])
    repeats.write_down([])
    assert not caplog.records
    repeats.add([make_digest(FRAME)])
    repeats.write_down([make_digest(FRAME)])
    assert make_digest(FRAME) in repeats
    repeats.write_down([])
    assert make_digest(FRAME) not in repeats
    assert not (tmp_path / "older.digests").exists()
