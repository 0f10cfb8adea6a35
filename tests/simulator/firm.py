"""Small firms for tests, and what a real collector received of one."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simulator.run import Simulation
from simulator.settings import SimulatorSettings
from simulator.truth import Truth
from tests.simulator.receiver import ReceivedSpan, Receiver
from tests.support.clock import SteppedClock

ENDS_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Received:
    """What a collector got of a firm's history, and the truth beside it."""

    events: list[dict[str, Any]]
    event_bodies: list[bytes]
    spans: list[ReceivedSpan]
    authorizations: set[str]
    progress: list[tuple[int, int]]
    truth: Truth


def small_firm(**changes: Any) -> SimulatorSettings:
    """Settings of a firm that is quick to simulate."""
    return SimulatorSettings(**({"contracts": 10, "days": 60, "workers_per_project": 2} | changes))


def receive_history(settings: SimulatorSettings) -> Received:
    """Fill a firm's history over HTTP into a real receiver."""
    progress: list[tuple[int, int]] = []
    with Receiver() as receiver:
        simulation = Simulation(
            settings,
            receiver.url,
            clock=SteppedClock(ENDS_AT),
            progress=lambda done, total: progress.append((done, total)),
        )
        with simulation:
            truth = simulation.fill_history()
        return Received(
            events=receiver.events,
            event_bodies=receiver.event_bodies,
            spans=receiver.spans,
            authorizations={headers.get("authorization", "") for _, headers in receiver.event_requests},
            progress=progress,
            truth=truth,
        )


class StopAfter(threading.Event):
    """A stop signal that never waits and lets only so many turns pass."""

    def __init__(self, turns: int) -> None:
        super().__init__()
        self.turns = turns
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        self.turns -= 1
        return self.turns < 0
