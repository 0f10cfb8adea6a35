"""The plan with a finger on the next intent."""

from collections.abc import Iterator
from datetime import datetime

from simulator.firm.intent import Intent
from simulator.firm.plan import plan_firm
from simulator.settings import SimulatorSettings


class Agenda:
    """What the firm is going to do, taken from the front."""

    def __init__(self, settings: SimulatorSettings, opens_at: datetime) -> None:
        self._row = plan_firm(settings, opens_at)
        self._next = next(self._row)

    def peek(self) -> Intent:
        """Answer the next intent and leave it there."""
        return self._next

    def take(self) -> Intent:
        """Answer the next intent and go on."""
        taken, self._next = self._next, next(self._row)
        return taken

    def take_until(self, at: datetime) -> Iterator[Intent]:
        """Take every intent up to an instant."""
        while self._next.at <= at:
            yield self.take()
