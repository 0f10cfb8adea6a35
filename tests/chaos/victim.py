"""A real platform in a process of its own, which can be killed and started again on the same data."""

import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import httpx

from billtrail.platform.ownership import Ports, find_owner
from tests.cli.terminal import MAIN, ROOT

WORDS = ("up", "--no-dashboards", "--http-port", "0", "--read-port", "0")
LONGEST_START_S = 60.0


class Victim:
    """The platform over `folder`. Ports change with every start; `ports` is None while it is down."""

    def __init__(self, folder: Path, chance: random.Random, **environment: str) -> None:
        self.folder = folder
        self.starts_s: list[float] = []
        self.kills = 0
        self.ports: Ports | None = None
        self._chance = chance
        self._environment = {"PATH": "/usr/bin:/bin", "COLUMNS": "200", "PYTHONPATH": str(ROOT), **environment}
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = threading.Event()

    def start(self) -> None:
        """Start and wait until the doors are open; the time it took is noted."""
        started = time.monotonic()
        self._spawn()
        while (ports := self._find_ports()) is None:
            if self._running.poll() is not None or time.monotonic() > started + LONGEST_START_S:
                raise AssertionError(f"it did not start:\n{self.log[-3000:]}")
            self._pause.wait(0.01)
        self.starts_s.append(time.monotonic() - started)
        self.ports = ports

    def kill(self, after_s: float) -> None:
        """Kill -9 after a while; now and then once more while it is starting again."""
        self._pause.wait(after_s)
        self._kill()
        if self._chance.random() < 0.25 and self.starts_s:
            self._spawn()
            self._pause.wait(self._chance.uniform(0.2, 1.2) * self.starts_s[-1])
            self._kill()

    def stop(self) -> None:
        """End it in order: what it holds goes into the tables first."""
        self._running.send_signal(signal.SIGTERM)
        code = self._running.wait(timeout=120)
        self.ports = None
        assert code == 0, f"it ended with {code}:\n{self.log[-3000:]}"

    def close(self) -> None:
        """Leave nothing running."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def ask(self, sql: str) -> list[list[str]]:
        """Answer a question through the read endpoint, as rows of text."""
        assert self.ports is not None
        answer = httpx.post(self.ports.read_url, content=f"{sql} FORMAT TSV", timeout=60)
        assert answer.status_code == 200, answer.text
        return [line.split("\t") for line in answer.text.splitlines()]

    @property
    def log(self) -> str:
        """Everything it ever said."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    @property
    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    def _spawn(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*MAIN, *WORDS], cwd=self.folder, env=self._environment, stdout=log, stderr=log
            )

    def _kill(self) -> None:
        self.ports = None
        os.kill(self._running.pid, signal.SIGKILL)
        self._running.wait()
        self.kills += 1

    def _find_ports(self) -> Ports | None:
        owner = find_owner(self.folder / "billtrail-data")
        return owner.ports if owner and owner.pid == self._running.pid and owner.ports.http else None
