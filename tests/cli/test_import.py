"""`billtrail import` and `billtrail trace` where no platform runs: the command opens the data itself."""

from pathlib import Path

import pytest

from tests.cli.terminal import type_words

LOG = Path(__file__).parent / "samples" / "one_contract.json"
WORDS = ("import", str(LOG), "--source", "crm")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imported")
    assert type_words(*WORDS, cwd=folder).code == 0
    return folder


def test_an_import_reports_what_it_took(tmp_path: Path) -> None:
    report = type_words(*WORDS, "--json", cwd=tmp_path).json
    assert {name: report[name] for name in ("source", "events", "objects", "dangling_count")} == {
        "source": "crm",
        "events": 3,
        "objects": 3,
        "dangling_count": 1,
    }


@pytest.mark.parametrize("id", ["crm:contract:C-1", "C-1", "P-1", "crm:project:P-1", "O-1", "e2"])
def test_any_id_leads_to_the_contract(folder: Path, id: str) -> None:
    lifecycles = type_words("trace", id, "--json", cwd=folder).json
    assert "crm:contract:C-1" in [one["lifecycle"]["lifecycle_id"] for one in lifecycles]


def test_the_drawing_shows_checkpoints_and_events(folder: Path) -> None:
    drawn = type_words("trace", "C-1", cwd=folder).out
    assert "✓  contract_signed" in drawn
    assert "…  project_in_erp" in drawn
    assert "2026-02-04 09:00  crm     project.created" in drawn


def test_an_import_done_again_changes_nothing(folder: Path) -> None:
    before = type_words("trace", "C-1", "--json", cwd=folder).json
    assert type_words(*WORDS, cwd=folder).code == 0
    assert type_words("trace", "C-1", "--json", cwd=folder).json == before


def test_an_id_that_leads_nowhere_is_an_error(folder: Path) -> None:
    said = type_words("trace", "C-2", cwd=folder)
    assert said.code == 1
    assert "nothing leads from 'C-2' to a lifecycle" in said.err


def test_sources_are_listed_with_their_silence(folder: Path) -> None:
    rows = type_words("sources", "list", "--json", cwd=folder).json
    assert [(row["source"], row["state"]) for row in rows] == [("/crm", "live")]


def test_no_source_has_a_gap(folder: Path) -> None:
    assert type_words("sources", "gaps", "--json", cwd=folder).json == []


def test_the_doctor_is_content(folder: Path) -> None:
    findings = {one["check"]: one["state"] for one in type_words("doctor", "--json", cwd=folder).json}
    assert (findings["owner"], findings["dead letters"], findings["source /crm"]) == ("ok", "ok", "ok")


def test_what_is_no_log_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    said = type_words("import", "notes.txt", cwd=tmp_path)
    assert said.code == 1
    assert "expected an OCEL 2.0 log in JSON, XML or SQLite" in said.err
    assert "Traceback" not in said.err
