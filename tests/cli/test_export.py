"""`billtrail export`: out of one folder of data, into another, and back."""

import json
from pathlib import Path

import pytest

from tests.cli.terminal import type_words

LOG = Path(__file__).parent / "samples" / "one_contract.json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    assert type_words("import", str(LOG), "--source", "crm", cwd=folder).code == 0
    return folder


def test_what_is_exported_can_be_imported_elsewhere(folder: Path, tmp_path: Path) -> None:
    report = type_words("export", str(tmp_path / "all.xml"), "--format", "ocel-xml", "--json", cwd=folder).json
    assert (report["events"], report["format"]) == (3, "ocel-xml")
    taken = type_words("import", "all.xml", "--json", cwd=tmp_path).json
    assert (taken["events"], taken["dangling_count"]) == (3, 1)
    again = type_words("export", "again.xml", "--format", "ocel-xml", cwd=tmp_path)
    assert again.code == 0
    assert "events   3" in again.out
    assert (tmp_path / "again.xml").read_bytes() == (tmp_path / "all.xml").read_bytes()


def test_one_lifecycle_by_any_of_its_ids(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    said = type_words("export", str(file), "--format", "jsonl", "--lifecycle", "P-1", "--json", cwd=folder)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert said.json["events"] == len(lines) > 0
    assert {line["source"] for line in lines} == {"/crm"}


def test_a_file_that_is_there_is_left_alone(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.xes"
    file.write_text("mine", encoding="utf-8")
    said = type_words("export", str(file), "--format", "xes", cwd=folder)
    assert (said.code, file.read_text(encoding="utf-8")) == (2, "mine")
    assert "is there already" in said.err
    assert "--overwrite" in said.err


def test_an_id_that_leads_nowhere_is_an_error(folder: Path, tmp_path: Path) -> None:
    said = type_words("export", str(tmp_path / "x"), "--format", "xes", "--lifecycle", "C-9", cwd=folder)
    assert said.code == 1
    assert "nothing leads from 'C-9' to a lifecycle" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_journey_that_is_not_there_is_an_error(folder: Path, tmp_path: Path) -> None:
    said = type_words("export", str(tmp_path / "x"), "--format", "xes", "--journey", "quote_to_crash", cwd=folder)
    assert (said.code, said.err.splitlines()) == (
        2,
        ["error: no journey is called quote_to_crash", "  try: did you mean quote_to_cash?"],
    )
    assert not (tmp_path / "x").exists()
