"""The simulated firm at work on a running platform: its history first, then live, through the real doors."""

import threading
from collections.abc import Callable

from billtrail.errors import DeliveryError
from collector.settings import CollectorSettings
from simulator.run import Simulation
from simulator.settings import SimulatorSettings

Progress = Callable[[int, int], None]


class DemoStopped(Exception):
    """The platform ends while the history is being told."""


class Demo:
    """The work of one loop. What was told once is not told again when the loop starts anew."""

    def __init__(self, settings: SimulatorSettings, url: str, progress: Progress) -> None:
        self._settings = settings
        self._url = url
        self._progress = progress
        self._simulation: Simulation | None = None
        self.has_history = threading.Event()

    def run_forever(self, stop: threading.Event) -> None:
        """Tell the history, then live until told to stop. Raises DeliveryError."""

        def note(done: int, total: int) -> None:
            if stop.is_set():
                raise DemoStopped
            self._progress(done, total)

        try:
            if self._simulation is None:
                self._simulation = Simulation(self._settings, self._url, progress=note)
                self._simulation.fill_history()
            self.has_history.set()
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
