"""A collector on a free port over the real store, and a way to wait until its journals are drained."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry

from billtrail.clock import SystemClock
from billtrail.store import Store
from collector.run import Collector
from collector.settings import CollectorSettings

BATCH = {"content-type": "application/cloudevents-batch+json"}


@dataclass
class Running:
    """A started collector and what tests ask of it."""

    collector: Collector
    client: httpx.Client
    store: Store
    registry: CollectorRegistry

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.collector.http_port}"

    def drain(self, timeout_s: float = 30) -> None:
        """Wait until everything acknowledged is in the tables."""
        journals = (self.collector.intake.events, self.collector.intake.traces)
        deadline = time.monotonic() + timeout_s
        for journal in journals:
            journal.roll()
            while not journal.is_drained:
                assert time.monotonic() < deadline, "the journal was not drained in time"
                journal.wakes_drained.wait(0.05)

    def send(self, *events: dict[str, Any]) -> httpx.Response:
        """Send a batch of business events."""
        return self.client.post("/v1/events", content=json.dumps(events), headers=BATCH)


Start = Callable[..., Running]


@pytest.fixture
def start(store: Store, tmp_path: Path) -> Iterator[Start]:
    started: list[Running] = []

    def _start(**settings: Any) -> Running:
        registry = CollectorRegistry()
        given = CollectorSettings(**{"http_port": 0, "journal_dir": tmp_path / "journal", **settings})
        collector = Collector(given, store, SystemClock(), registry)
        collector.start()
        client = httpx.Client(base_url=f"http://127.0.0.1:{collector.http_port}", timeout=30)
        started.append(Running(collector, client, store, registry))
        return started[-1]

    yield _start
    for running in started:
        running.client.close()
        running.collector.stop()


@pytest.fixture
def running(start: Start) -> Running:
    return start()


def make_event(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Build a valid business event; a change to None leaves the attribute out."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"ev-{number}",
        "source": "/psa",
        "type": "time.approved",
        "time": "2026-11-01T10:00:00.000Z",
        "correlationid": f"run-{number}",
        "data": {
            "system": "psa",
            "objects": [
                {"type": "time_entry", "id": f"TE-{number}", "qualifier": "subject"},
                {"type": "project", "id": "P-9", "qualifier": "part_of"},
            ],
            "amount": "1200.00",
            "currency": "EUR",
        },
    }
    return {name: value for name, value in {**event, **changes}.items() if value is not None}
