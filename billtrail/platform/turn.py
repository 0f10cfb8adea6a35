"""What is seen of a loop from outside: its turns, how long each took, its errors.

A loop asks its stop event once before every step and waits on it when there is nothing to do. So the event itself can
count the turns, and can hold the loop before its next step; no room has to know that it is watched or held.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from billtrail.clock import Clock

LOOK_AGAIN_S = 0.2


@dataclass(slots=True)
class LoopRecord:
    """What was seen of one loop. Written by its thread only; readers take what is there."""

    name: str
    started_at: datetime
    is_running: bool = True
    turns: int = 0
    turn_began_at: datetime | None = None
    """None between two turns."""
    last_turn_at: datetime | None = None
    last_turn_s: float = 0.0
    errors: int = 0
    errors_in_a_row: int = 0
    """Since the last whole turn."""
    last_error: str = ""
    last_error_at: datetime | None = None


class TurnSignal(threading.Event):
    """A stop event that writes down when it is asked. One per loop, in front of the one that all share."""

    def __init__(
        self, stop: threading.Event, record: LoopRecord, clock: Clock, is_held: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__()
        self._stop = stop
        self._record = record
        self._clock = clock
        self._is_held = is_held

    def is_set(self) -> bool:
        self._end_turn()
        while not self._stop.is_set() and self._is_held():
            self._stop.wait(LOOK_AGAIN_S)
        if not (is_set := self._stop.is_set()):
            self._record.turn_began_at = self._clock.now()
        return is_set

    def wait(self, timeout: float | None = None) -> bool:
        self._end_turn()
        return self._stop.wait(timeout)

    def set(self) -> None:
        self._stop.set()

    def _end_turn(self) -> None:
        record, now = self._record, self._clock.now()
        if record.turn_began_at is not None:
            record.last_turn_s = (now - record.turn_began_at).total_seconds()
            record.last_turn_at = now
            record.turns += 1
            record.errors_in_a_row = 0
            record.turn_began_at = None
