"""The rim of a long-running loop: where an error is logged, counted and outlived.

A room's loop may raise whatever it likes. Here it is logged with the room's name, counted, and the loop is started
again after a wait that grows while it keeps failing. The work is such that a repeat is harmless; nothing dies in
silence.
Beside the doors this is the one place where every exception is caught.
"""

import logging
import threading
from collections.abc import Callable

from billtrail.clock import Clock
from billtrail.errors import StoreError
from billtrail.platform.turn import LoopRecord, TurnSignal

log = logging.getLogger("billtrail.loop")

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0

Work = Callable[[threading.Event], None]
"""Works until the event it is given is set, or raises. Asks the event once before every step."""


class Loop:
    """One loop in a thread of its own. `is_held` is asked in that thread before each step: whether it has to wait."""

    def __init__(
        self, name: str, work: Work, clock: Clock, stop: threading.Event, is_held: Callable[[], bool] = lambda: False
    ) -> None:
        self.record = LoopRecord(name, clock.now())
        self._work = work
        self._clock = clock
        self._stop = stop
        self._is_held = is_held
        self._thread = threading.Thread(target=self.run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of the thread. Answers whether it has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def run(self) -> None:
        """Work until told to stop, whatever goes wrong."""
        signal = TurnSignal(self._stop, self.record, self._clock, self._is_held)
        while not self._stop.is_set():
            turns = self.record.turns
            try:
                self._work(signal)
            except Exception as error:
                self._note(error, was_working=self.record.turns > turns)
                self._stop.wait(self._wait_s())
        self.record.is_running = False

    def _note(self, error: Exception, *, was_working: bool) -> None:
        record = self.record
        # A loop that had done a whole turn before is not stuck: its waits begin anew.
        record.errors_in_a_row = 1 if was_working else record.errors_in_a_row + 1
        record.errors += 1
        record.last_error, record.last_error_at = f"{type(error).__name__}: {error}", self._clock.now()
        is_expected = isinstance(error, StoreError) and error.is_transient
        log.error("%s: %s", record.name, record.last_error, exc_info=None if is_expected else error)

    def _wait_s(self) -> float:
        wait_s: float = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (self.record.errors_in_a_row - 1))
        return wait_s
