"""`billtrail rebuild`: through the platform that owns the data, and where nobody runs."""

import json
from pathlib import Path

from collector.journal import Frame, encode_bodies
from collector.journal.frame import encode_frame
from tests.cli.terminal import staying, type_words, wait_for_line

AT_NS = 1_767_225_600_000_000_000
UP = ("up", "--no-dashboards", "--http-port", "0", "--read-port", "0")
MAPPING = """
source: firm
title: Firm
system: firm
kind: $kind
id: $id
events:
  - type: TYPE
    when: {$kind: done}
    objects: [{type: thing, id: $thing}]
    time: $at
"""


def write_mapping(folder: Path, event_type: str) -> None:
    (folder / "billtrail.toml").write_text('[collector]\nsources_dir = "sources"\n', encoding="utf-8")
    source = folder / "sources" / "firm"
    source.mkdir(parents=True, exist_ok=True)
    (source / "source.yaml").write_text(MAPPING.replace("TYPE", event_type), encoding="utf-8")


def write_messages(data: Path, count: int) -> None:
    folder = data / "journal" / "events"
    folder.mkdir(parents=True)
    told = [{"id": f"m{n}", "kind": "done", "thing": str(n), "at": "2026-03-01T10:00:00Z"} for n in range(count)]
    payload = encode_bodies([json.dumps(one).encode() for one in told])
    frame = Frame(payload, "firm", "webhook", AT_NS, "event", count)
    (folder / f"{AT_NS}.seg").write_bytes(b"".join(encode_frame(frame, 0)))


def test_a_source_is_rebuilt_through_the_platform_and_without_it(tmp_path: Path) -> None:
    write_mapping(tmp_path, "thing.done")
    write_messages(tmp_path / "billtrail-data", 3)
    words = ("rebuild", "--source", "firm", "--json")
    with staying(*UP, cwd=tmp_path) as process:
        wait_for_line(process, "Ctrl-C stops it")
        while type_words(*words, "--dry-run", cwd=tmp_path).json["messages"] < 3:
            pass
        write_mapping(tmp_path, "thing.finished")
        told = type_words(*words, "--dry-run", cwd=tmp_path).json
        assert (told["added"], told["removed"]) == (3, 3)
        told = type_words(*words, "--why", "renamed", cwd=tmp_path).json
        assert (told["events"], told["added"], told["removed"]) == (3, 3, 3)
        nothing = type_words("sources", "close", "g-1", "--reason", "loaded by hand", cwd=tmp_path)
        assert (nothing.code, "no gap has the id g-1" in nothing.err) == (2, True)
        told = type_words("rebuild", "--why", "to see", "--json", cwd=tmp_path).json
        assert (told["events"], told["decisions"], told["asked"] > 0) == (3, 0, True)
        process.terminate()
        process.communicate(timeout=60)
    again = type_words("rebuild", "--source", "firm", cwd=tmp_path)
    assert "3 events: 0 were changed, 0 added, 0 removed" in again.out
    assert "3 events and 0 declared objects would be read again" in type_words("rebuild", "--dry-run", cwd=tmp_path).out
    whole = type_words("rebuild", cwd=tmp_path)
    assert (whole.code, "3 events and 0 declared objects were read again" in whole.out) == (0, True)


def test_a_source_nobody_has_is_a_wrong_word(tmp_path: Path) -> None:
    write_mapping(tmp_path, "thing.done")
    (tmp_path / "billtrail-data" / "store").mkdir(parents=True)
    said = type_words("rebuild", "--source", "frim", cwd=tmp_path)
    assert said.code == 2
    assert "did you mean firm?" in said.err
