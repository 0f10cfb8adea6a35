"""README and documents speak of what exists: variables, commands, targets, files."""

import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from billtrail.cli.entry import application
from billtrail.clock import SystemClock
from billtrail.configuration import ROOMS
from billtrail.store import Store
from collector.run import Collector
from collector.settings import CollectorSettings
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


def test_every_option_in_the_readme_is_one_of_its_command() -> None:
    commands = list_commands(application)
    typed = re.findall(r"\bbilltrail ([a-z]+(?: [a-z]+)?)([^`\n#]*)", README)
    found = 0
    for words, rest in typed:
        for option in re.findall(r"--[a-z-]+", rest):
            command = next((one for one in (words, words.split()[0]) if one in commands), words)
            assert option in commands.get(command, set()), f"billtrail {words} {option}"
            found += 1
    assert found


def test_the_ports_in_the_readme_are_the_ones_that_are_listened_on() -> None:
    names = [(room, key) for room in ROOMS for key in room.model_fields if key == "port" or key.endswith("_port")]
    known = {str(room.model_fields[key].default) for room, key in names}
    assert set(re.findall(r"^\| (\d+) \|", README, re.MULTILINE)) == known
    named = re.findall(r"(?:127\.0\.0\.1|localhost):(\d+)|\bport[ =`]+(\d+)", README)
    assert {"".join(one) for one in named} - known == set()


def test_every_path_in_the_readme_is_served(tmp_path: Path, store: Store) -> None:
    doors = Collector(CollectorSettings(journal_dir=tmp_path), store, SystemClock(), CollectorRegistry())._app
    table = next(line for line in README.splitlines() if line.startswith("| 4318 |"))
    paths = set(re.findall(r"/[a-z0-9/{}]+", table))
    assert paths
    assert paths - {getattr(route, "path", "") for route in doors.routes} == set()


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
