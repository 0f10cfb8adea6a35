"""Wrong words and wrong settings: one red line, the next step, the right exit code, never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import ROOT, type_words


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["versoin"], "version"),
        (["slo", "lst"], "list"),
        (["version", "--jsno"], "--json"),
        (["settings", "shwo"], "show"),
    ],
)
def test_a_word_that_is_nearly_right_is_answered_with_the_right_one(
    words: list[str], hint: str, tmp_path: Path
) -> None:
    said = type_words(*words, cwd=tmp_path)
    assert said.code == 2
    assert hint in said.err


def test_a_wrong_variable_is_named_with_the_nearest_right_one(tmp_path: Path) -> None:
    said = type_words("settings", "show", cwd=tmp_path, BILLTRAIL_COLLECTOR_HTTP_PROT="1")
    assert said.code == 2
    assert said.err.splitlines() == [
        "error: the environment: unknown setting BILLTRAIL_COLLECTOR_HTTP_PROT",
        "  try: did you mean BILLTRAIL_COLLECTOR_HTTP_PORT?",
    ]


def test_a_wrong_key_in_the_file_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "billtrail.toml").write_text("[collecter]\nhttp_port = 1\n", encoding="utf-8")
    said = type_words("settings", "show", cwd=tmp_path)
    assert said.code == 2
    assert "billtrail.toml: unknown setting collecter" in said.err
    assert "did you mean collector?" in said.err


def test_a_value_of_the_wrong_kind_is_told_with_every_place_to_set_it(tmp_path: Path) -> None:
    said = type_words("doctor", "--json", cwd=tmp_path, BILLTRAIL_READ_PORT="eight")
    assert said.code == 1
    finding = next(one for one in said.json if one["check"] == "settings")
    assert "setting read.port" in finding["detail"]
    assert "BILLTRAIL_READ_PORT" in finding["detail"]


def test_a_settings_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    said = type_words("--config", "other.toml", "settings", "show", cwd=tmp_path)
    assert said.code == 2
    assert "other.toml does not exist" in said.err


def test_asking_where_there_is_no_data_says_how_to_get_some(tmp_path: Path) -> None:
    said = type_words("trace", "INV-1", cwd=tmp_path)
    assert said.code == 2
    assert said.err.splitlines() == [
        "error: there is no data in billtrail-data",
        "  try: billtrail up --demo, or --data with another folder",
    ]
    assert not (tmp_path / "billtrail-data").exists()


@pytest.mark.parametrize("words", [("up",), ("trace", "INV-1"), ("doctor",), ("import", "log.json")])
def test_a_file_is_no_folder_for_data(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text("{}", encoding="utf-8")
    said = type_words(*words, "--data", "log.json", cwd=tmp_path)
    assert (said.code, said.err.splitlines()) == (
        2,
        ["error: log.json cannot hold data: it is no folder", "  try: give another folder with --data"],
    )


def test_a_room_by_itself_needs_a_server(tmp_path: Path) -> None:
    said = type_words("correlators", cwd=tmp_path)
    assert said.code == 2
    assert "store.url is not set" in said.err


def test_up_is_refused_beside_a_server(tmp_path: Path) -> None:
    said = type_words("up", cwd=tmp_path, BILLTRAIL_STORE_URL="http://127.0.0.1:1")
    assert said.code == 2
    assert "`up` runs the embedded store" in said.err


def test_a_pipe_has_room_for_whole_words(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "from billtrail.cli import main; main()", "settings", "show"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    said = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "BILLTRAIL_COLLECTOR_SOURCE_REQUESTS_PER_SECOND" in said.stdout
