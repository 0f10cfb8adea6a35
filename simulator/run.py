"""The simulated firm at work: fills its history at full speed, then goes on live.

Everything goes through real doors: three HTTP services, integration runs between them, OTLP and CloudEvents to a
collector.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from billtrail.clock import Clock, SystemClock
from billtrail.errors import DeliveryError
from simulator.enactment import Enactment, Systems
from simulator.firm.agenda import Agenda
from simulator.firm.intent import Intent
from simulator.http_stage import HttpStage
from simulator.pace import FirmPace
from simulator.settings import SimulatorSettings
from simulator.truth import Truth
from simulator.truth_writer import write_truth

Progress = Callable[[int, int], None]
"""Told how many runs of the history are done, and how many there are."""

DAY_S = 86_400.0


class Simulation:
    """One firm. Fill its history, then let it live; or only one of the two. Used by one thread; close it when done."""

    def __init__(
        self,
        settings: SimulatorSettings,
        collector_url: str,
        *,
        clock: Clock | None = None,
        progress: Progress | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._progress = progress or (lambda done, total: None)
        self._pace = FirmPace(self._clock, sleep)
        self._systems = Systems.open(self._pace, settings.seed)
        self._stage = HttpStage(settings, collector_url, self._systems, self._pace)
        self._enactment = Enactment(self._systems, self._pace, self._stage)
        self._agenda: Agenda | None = None

    def fill_history(self) -> Truth:
        """Enact the days up to now, in virtual time, and deliver everything. Raises DeliveryError."""
        ends_at = self._clock.now()
        self._agenda = Agenda(self._settings, ends_at - timedelta(days=self._settings.days))
        intents = list(self._agenda.take_until(ends_at))
        for done, intent in enumerate(intents, start=1):
            self._pace.set_virtual(intent.at)
            self._enactment.enact(intent)
            self._progress(done, len(intents))
        self._stage.flush()
        self._pace.go_live()
        return self.truth(ends_at)

    def run_live(self, stop: threading.Event) -> None:
        """Go on with the plan, after a history where that ended, a day in `live_day_seconds`, until told to stop.

        Idle stretches are cut to `live_longest_wait_seconds`. While the collector is away events gather in the buffer
        and are sent when it is back; spans that the exporter gives up on are reported on closing.
        """
        due_at = self._clock.now()
        self._agenda = self._agenda or Agenda(self._settings, due_at)
        planned_at = self._agenda.peek().at
        while True:
            due_at += self._live_length(self._agenda.peek().at - planned_at)
            if stop.wait(max(0.0, (due_at - self._clock.now()).total_seconds())):
                return
            planned_at = self._agenda.peek().at
            self._enact_live(self._agenda.take())

    def _enact_live(self, intent: Intent) -> None:
        try:
            self._enactment.enact(intent)
            self._stage.flush_events()
        except DeliveryError as error:
            if error.is_permanent:
                raise

    def _live_length(self, planned: timedelta) -> timedelta:
        """Answer how long a stretch of the plan lasts live."""
        seconds = planned.total_seconds() * self._settings.live_day_seconds / DAY_S
        return timedelta(seconds=min(seconds, self._settings.live_longest_wait_seconds))

    def truth(self, as_of: datetime | None = None) -> Truth:
        """Write down what has truly happened so far."""
        return write_truth(self._settings, as_of or self._clock.now(), self._enactment)

    def close(self) -> None:
        """Stop the services and deliver what is left. Raises DeliveryError."""
        self._stage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
