"""README and documents speak of what exists: variables, commands, targets, files."""

import re
from pathlib import Path

import pytest

from billtrail.cli.entry import application
from billtrail.configuration import ROOMS
from tests.architecture.tree import ROOT
from tests.cli.terminal import list_commands

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
MADE_LATER = {"docs/screenshot.png"}


def test_every_variable_in_the_readme_is_a_setting() -> None:
    known = {room.environment_name(key) for room in ROOMS for key in room.model_fields}
    named = set()
    for line in README.splitlines():
        first = re.search(r"BILLTRAIL_[A-Z]+_[A-Z_]+", line)
        named |= set(re.findall(r"BILLTRAIL_[A-Z]+_[A-Z_]+", line))
        if first:
            room = "_".join(first.group().split("_")[:2])
            named |= {room + rest for rest in re.findall(r"`(_[A-Z_]+)`", line)}
    assert named
    assert named - known == set()


def test_every_command_in_the_readme_exists() -> None:
    commands = set(list_commands(application))
    for words in re.findall(r"^billtrail ([a-z ]+)|`billtrail ([a-z ]+)", README, re.MULTILINE):
        line = "".join(words).strip()
        assert any(line == name or line.startswith(f"{name} ") for name in commands), line


def test_every_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", README)) - targets == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if not target.startswith("http") and target not in MADE_LATER:
            assert (document.parent / target).exists(), target


def test_the_test_command_of_the_readme_is_what_the_integration_runs() -> None:
    assert re.search(r"^make test\b", README, re.MULTILINE)
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("\nmake test")
