"""The house rules a machine can see: door cards, names of files, one statement a file, a lock without an address."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOMS, ROOT, find_files

VAGUE = {"utils", "util", "common", "helpers", "helper", "base", "core", "types", "misc", "lib"}
CARD = ("Takes:", "Gives:", "Reads tables?:", "Writes tables?:", "Runs as:")


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_its_door_card(room: str) -> None:
    card = (ROOT / room / "__init__.py").read_text(encoding="utf-8")
    assert [line for line in CARD if not re.search(line, card)] == []


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("file", ["settings.py", "run.py"])
def test_every_room_has_the_same_skeleton(room: str, file: str) -> None:
    assert (ROOT / room / file).is_file()


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in find_files("*.py", *PACKAGES, "tests") if path.stem in VAGUE] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in find_files("*.py", *PACKAGES, "tests")}
    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder / "__init__.py").is_file()] == []


def test_the_root_package_imports_nothing() -> None:
    assert "import" not in (ROOT / "billtrail" / "__init__.py").read_text(encoding="utf-8")


def test_every_module_says_what_it_is_for() -> None:
    modules = [path for path in find_files("*.py", *PACKAGES) if (ROOT / path).stat().st_size]
    assert [str(path) for path in modules if not opening(path).startswith('"""')] == []


@pytest.mark.parametrize("path", find_files("*.sql", *PACKAGES), ids=str)
def test_every_statement_has_a_header_and_is_alone(path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert text.startswith("--"), f"{path}: no header comment"
    assert len(split_statements(text)) == 1, f"{path}: one statement a file"


def test_the_lock_names_no_package_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host", lock)


def test_everything_in_the_lock_carries_a_hash() -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8").strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_package_is_installed_by_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["tool"]["setuptools"]["packages"]["find"]["include"]) == {f"{name}*" for name in PACKAGES}


def opening(path: Path) -> str:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return next((line for line in lines if line and not line.startswith("#")), "")


def split_statements(sql: str) -> list[str]:
    """Cut at semicolons that stand neither in a comment nor in a quoted text."""
    bare = re.sub(r"--[^\n]*|/\*.*?\*/|'(?:\\.|''|[^'\\])*'|`[^`]*`", "", sql, flags=re.DOTALL)
    return [part for part in bare.split(";") if part.strip()]
