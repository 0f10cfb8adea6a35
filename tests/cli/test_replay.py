"""`billtrail replay`: through the platform that owns the data, and where nobody runs."""

from pathlib import Path

from collector.journal import Frame, encode_bodies
from collector.journal.frame import encode_frame
from tests.cli.terminal import staying, type_words, wait_for_line

AT_NS = 1_767_225_600_000_000_000
UP = ("up", "--no-dashboards", "--http-port", "0", "--read-port", "0")


def write_unusable_event(data: Path) -> None:
    folder = data / "journal" / "events"
    folder.mkdir(parents=True)
    frame = Frame(encode_bodies([b'{"specversion":"1.0"}']), "psa", "cloudevents", AT_NS)
    (folder / f"{AT_NS}.seg").write_bytes(b"".join(encode_frame(frame, 0)))


def test_letters_are_replayed_through_the_platform_and_without_it(tmp_path: Path) -> None:
    write_unusable_event(tmp_path / "billtrail-data")
    with staying(*UP, cwd=tmp_path) as process:
        wait_for_line(process, "Ctrl-C stops it")
        words = ("replay", "--id", f"events-{AT_NS}-0-0", "--json")
        told = next(told for _ in range(60) if (told := type_words(*words, cwd=tmp_path).json)["replayed"])
        assert (told["is_applied"], told["by_reason"]) == (False, {"missing_field": 1})
        assert type_words(*words, "--apply", "--why", "a test", cwd=tmp_path).json["replayed"] == 1
        assert type_words(*words, "--apply", cwd=tmp_path).json["replayed"] == 0
        process.terminate()
        process.communicate(timeout=60)
    said = type_words("replay", "--reason", "missing_field", cwd=tmp_path)
    assert "1 would be replayed" in said.out
    assert "--apply" in said.err
    assert "1 replayed" in type_words("replay", "--reason", "missing_field", "--apply", cwd=tmp_path).out
    assert "no dead letter fits" in type_words("replay", "--since", "2100-01-01", cwd=tmp_path).out


def test_an_unknown_reason_is_a_wrong_word(tmp_path: Path) -> None:
    said = type_words("replay", "--reason", "because", cwd=tmp_path)
    assert said.code == 2
    assert "missing_field" in said.err
