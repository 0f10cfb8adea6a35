"""The map in `.importlinter`: kept, and complete."""

import configparser
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.architecture.tree import PACKAGES, ROOMS, ROOT


@pytest.fixture(scope="module")
def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return parser


def test_the_map_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    # It would switch off every logger there is, and tests that read the log run after this one.
    monkeypatch.setattr("logging.config.dictConfig", lambda _: None)
    assert lint_imports(cache_dir=str(tmp_path)) == 0, "run `make static` to see which import breaks it"


def test_every_part_of_the_ground_floor_and_the_roof_is_on_the_map(contracts: configparser.ConfigParser) -> None:
    layers = contracts["importlinter:contract:layers"]["layers"]
    on_map = {word.strip("()") for word in layers.replace("|", " ").split()}
    parts = {f"billtrail.{path.stem}" for path in (ROOT / "billtrail").iterdir() if path.name[0] not in "_."}
    assert parts - on_map == set()
    assert set(ROOMS) <= on_map


def test_every_package_is_walked(contracts: configparser.ConfigParser) -> None:
    assert contracts["importlinter"]["root_packages"].split() == list(PACKAGES)


def test_only_the_store_may_speak_to_an_engine(contracts: configparser.ConfigParser) -> None:
    listed = set(contracts["importlinter:contract:drivers"]["source_modules"].split())
    parts = {f"billtrail.{path.stem}" for path in (ROOT / "billtrail").iterdir() if path.name[0] not in "_."}
    assert listed == (parts | set(ROOMS)) - {"billtrail.store"}
