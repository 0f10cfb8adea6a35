"""The simulated firm at work on a running platform: its history first, then live, through the real doors.

A platform that is started again over its data gets another firm (the next seed), live only: the first one's plan cannot
be taken up where it stopped, and its ids must not be given out twice.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from billtrail.errors import DeliveryError
from collector.settings import CollectorSettings
from simulator.run import Simulation
from simulator.settings import SimulatorSettings

Progress = Callable[[int, int], None]

COUNT_NAME = "demo-firms"


class DemoStopped(Exception):
    """The platform ends while the history is being told."""


class Demo:
    """The work of one loop. What was told once is not told again when the loop starts anew."""

    def __init__(self, settings: SimulatorSettings, url: str, progress: Progress, *, tells_history: bool) -> None:
        self._settings = settings
        self._url = url
        self._progress = progress
        self._tells_history = tells_history
        self._simulation: Simulation | None = None
        self.is_live = threading.Event()

    def run_forever(self, stop: threading.Event) -> None:
        """Tell the history, then live until told to stop. Raises DeliveryError."""

        def note(done: int, total: int) -> None:
            if stop.is_set():
                raise DemoStopped
            self._progress(done, total)

        try:
            if self._simulation is None:
                self._simulation = Simulation(self._settings, self._url, progress=note)
                if self._tells_history:
                    self._simulation.fill_history()
            self.is_live.set()
            self._simulation.run_live(stop)
        except DemoStopped:
            return

    def close(self) -> None:
        """Let the firm's services end. What it did not deliver any more is lost with it."""
        if self._simulation:
            try:
                self._simulation.close()
            except DeliveryError:
                return


def aim_simulator(settings: SimulatorSettings, collecting: CollectorSettings) -> SimulatorSettings:
    """Give the simulated firm the token of the doors it reports to, when they ask for one."""
    if settings.token or not collecting.tokens:
        return settings
    token = collecting.tokens[0].get_secret_value().rpartition("=")[2]
    return settings.model_copy(update={"token": token})


def take_new_seed(settings: SimulatorSettings, data: Path) -> SimulatorSettings:
    """Give the firm a seed that no firm over this data has had. Remembered in the data folder."""
    file = data / COUNT_NAME
    firms = int(file.read_text(encoding="utf-8")) if file.exists() else 0
    file.write_text(f"{firms + 1}\n", encoding="utf-8")
    return settings.model_copy(update={"seed": settings.seed + firms})
