"""Every source folder: its samples become what its golden files say, and its README says what a reader looks for."""

import re
from pathlib import Path

import pytest

from billtrail.store import Store
from collector.mapping.catalogue import SHIPPED
from tests.collector.sources.golden import SOURCES, list_samples, map_samples

HEADINGS = [
    "What to switch on in the vendor",
    "Permissions",
    "What it reports",
    "What it cannot",
    "How ids link",
    "How it redelivers",
]


@pytest.mark.parametrize("name", SOURCES)
def test_samples_become_what_the_golden_files_say(trials: Store, name: str) -> None:
    told = map_samples(trials, name)
    assert told, f"{name} has no samples"
    for path, text in told.items():
        golden = path.read_text(encoding="utf-8") if path.exists() else ""
        assert text == golden, f"{path.name}: if this is wanted, run python -m tests.collector.sources.golden"


@pytest.mark.parametrize("name", SOURCES)
def test_every_sample_has_its_golden_file_and_none_is_left_over(name: str) -> None:
    folder = SHIPPED / name / "samples"
    wanted = {path.name.replace("in-", "out-", 1) for path in list_samples(name)}
    assert {path.name for path in folder.glob("out-*")} == wanted


@pytest.mark.parametrize("name", SOURCES)
def test_every_readme_has_the_same_headings(name: str) -> None:
    text = (SHIPPED / name / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS


def test_a_source_folder_holds_nothing_else() -> None:
    known = re.compile(r"source\.yaml|README\.md|samples|[a-z_]+\.js")
    strays = [path for path in SHIPPED.glob("*/*") if not known.fullmatch(path.name)]
    assert strays == [], f"{Path('collector/sources')}: what is this?"
