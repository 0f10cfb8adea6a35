"""`billtrail slo validate` and `billtrail version`: what needs no data."""

from pathlib import Path

from tests.cli.terminal import ROOT, type_words


def test_the_documents_that_come_with_billtrail_are_fine(tmp_path: Path) -> None:
    said = type_words("slo", "validate", cwd=tmp_path)
    assert (said.code, said.err) == (0, "")
    assert said.out.strip().endswith("fine")


def test_a_wrong_milestone_is_told_with_its_place(tmp_path: Path) -> None:
    text = (ROOT / "slos" / "definitions" / "project-setup.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace("contract_signed", "contract_singed"), encoding="utf-8")
    said = type_words("slo", "validate", str(wrong), cwd=tmp_path)
    assert said.code == 2
    assert "wrong.yaml:" in said.out
    assert "did you mean contract_signed?" in said.out
    problems = type_words("slo", "validate", str(wrong), "--json", cwd=tmp_path).json
    assert [one["line"] > 0 for one in problems] == [True] * len(problems)


def test_a_document_that_is_not_there(tmp_path: Path) -> None:
    said = type_words("slo", "validate", "none.yaml", cwd=tmp_path)
    assert said.code == 2
    assert "none.yaml does not exist" in said.err


def test_versions(tmp_path: Path) -> None:
    versions = type_words("version", "--json", cwd=tmp_path).json
    assert set(versions) == {"billtrail", "engine", "python"}
    short = type_words("--version", cwd=tmp_path)
    assert (short.code, short.out) == (0, f"billtrail {versions['billtrail']}\n")
