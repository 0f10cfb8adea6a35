"""`billtrail slo` beside a running platform: bad documents leave the good ones in force, exclusions act at once."""

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from billtrail.platform.ownership import find_owner
from tests.cli.terminal import ROOT, staying, type_words, wait_for_line
from tests.cli.test_slo import FILL, SLA

UP = ("up", "--no-dashboards", "--http-port", "0", "--grpc-port", "-1", "--read-port", "0")
TIMES = ("--from", "2026-03-02T12:00:00Z", "--until", "2100-01-01T00:00:00+01:00")


@dataclass(frozen=True)
class Running:
    folder: Path
    url: str
    read_url: str

    def ready(self) -> Any:
        answer = httpx.get(f"{self.url}/readyz", timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def count_late(self) -> int:
        query = "SELECT count() FROM sla_clocks WHERE state IN ('missed', 'breached')"
        return int(httpx.get(self.read_url, params={"query": query}, timeout=30).text)

    def metric(self, name: str) -> float:
        lines = httpx.get(f"{self.url}/metrics", timeout=30).text.splitlines()
        return float(next(line for line in lines if line.startswith(f"{name} ")).split()[1])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("firm")
    data = folder / "billtrail-data"
    subprocess.run([sys.executable, "-c", FILL, str(data)], cwd=ROOT, check=True, timeout=120)
    shutil.copytree(ROOT / "slos" / "definitions", folder / "definitions")
    toml = f'[slos]\ndefinitions = "{folder / "definitions"}"\nreload_every_ms = 100\njudge_every_ms = 100\n'
    (folder / "billtrail.toml").write_text(toml, encoding="utf-8")
    with staying(*UP, cwd=folder) as process:
        wait_for_line(process, "Ctrl-C stops it")
        owner = find_owner(data)
        assert owner
        yield Running(folder, owner.ports.http_url, owner.ports.read_url)
        process.terminate()
        process.communicate(timeout=60)


def wait_until(holds: Callable[[], bool], what: str) -> None:
    deadline, pause = time.monotonic() + 90, threading.Event()
    while not holds():
        assert time.monotonic() < deadline, what
        pause.wait(0.1)


def test_a_bad_document_leaves_the_last_good_ones_in_force_and_everybody_is_told(running: Running) -> None:
    wait_until(lambda: running.metric("billtrail_sla_step_seconds_count") > 0, "it judges")
    assert "warnings" not in running.ready()
    file = running.folder / "definitions" / "time-posting.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("start: time_approved", "start: time_aproved"), encoding="utf-8")
    wait_until(lambda: "warnings" in running.ready(), "readiness tells of it")
    [told] = running.ready()["warnings"]
    assert "the last good ones stay in force" in told
    assert f"{file}:" in told
    assert "did you mean time_approved?" in told
    assert running.metric("billtrail_sla_document_problems") == 1
    assert len(type_words("slo", "list", "--json", cwd=running.folder).json) == 12
    assert "slos documents" in type_words("doctor", cwd=running.folder).out
    file.write_text(good, encoding="utf-8")
    wait_until(lambda: "warnings" not in running.ready(), "mended, nothing is told")
    assert running.metric("billtrail_sla_document_problems") == 0


def test_an_exclusion_by_command_restates_through_the_platform_and_is_taken_back(running: Running) -> None:
    def exclude(*words: str) -> Any:
        return type_words("slo", "exclude", "move", *TIMES, "--reason", "the move", *words, cwd=running.folder)

    wrong = exclude("--sla", "invoice-status")
    assert (wrong.code, "did you mean" in wrong.err) == (2, True)
    said = exclude("--sla", SLA, "--legal-entity", "DE01", "--json").json
    assert (said["is_changed"], said["clocks"]) == (True, 3)
    [listed] = type_words("slo", "exclusions", "--json", cwd=running.folder).json
    assert (listed["exclusion"], listed["origin"], listed["reason"]) == ("move", "command", "the move")
    wait_until(lambda: running.count_late() == 0, "what was late stands still")
    back = type_words("slo", "include", "move", "--reason", "not agreed", "--json", cwd=running.folder)
    assert back.json["is_changed"] is True
    wait_until(lambda: running.count_late() == 1, "what was late is late again")
