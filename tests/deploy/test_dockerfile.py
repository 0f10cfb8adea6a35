"""The Dockerfile, looked at without docker."""

import re
import tomllib

from tests.architecture.tree import PACKAGES, ROOT
from tests.deploy.compose import read_dockerfile

INSTRUCTIONS = read_dockerfile()


def words_of(name: str) -> list[list[str]]:
    return [words[1:] for words in INSTRUCTIONS if words[0] == name]


def test_every_image_is_pinned_to_a_version() -> None:
    for image, *_ in words_of("FROM"):
        assert re.fullmatch(r"python:3\.1\d\.\d+-slim-\w+", image)


def test_the_last_stage_does_not_run_as_root() -> None:
    last = max(number for number, words in enumerate(INSTRUCTIONS) if words[0] == "FROM")
    users = [words[1] for words in INSTRUCTIONS[last:] if words[0] == "USER"]
    assert users == ["billtrail"]


def test_only_locked_packages_are_installed() -> None:
    installs = [line for words in words_of("RUN") for line in " ".join(words).split("&&") if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)


def test_every_package_is_copied() -> None:
    copied = {words[0] for words in words_of("COPY")}
    assert set(PACKAGES) <= copied


def test_everything_copied_exists() -> None:
    for words in words_of("COPY"):
        if not words[0].startswith("--from"):
            assert [name for name in words[:-1] if not (ROOT / name).exists()] == []


def test_what_is_left_out_is_only_for_work() -> None:
    runs = [" ".join(words) for words in words_of("RUN")]
    removed = next(found for run in runs if (found := re.search(r"pip uninstall -y ([a-z -]+)$", run)))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for_work = {re.split(r"[<>=;\[ ]", name)[0] for name in project["dependency-groups"]["dev"]}
    assert set(removed.group(1).split()) <= for_work


def test_it_says_whether_it_is_healthy() -> None:
    assert words_of("HEALTHCHECK")
    assert words_of("ENTRYPOINT") == [['["billtrail"]']]


def test_the_documented_ports_are_exposed() -> None:
    assert words_of("EXPOSE") == [["4317", "4318", "8123", "8501"]]
