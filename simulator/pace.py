"""The time the firm lives in: virtual while it fills its history, the machine's once it is live."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from billtrail.clock import Clock

LONGEST_LIVE_WAIT_S = 0.4


class FirmPace:
    """One clock for the systems, the runs and their spans.

    Virtual: each run begins at its own instant and time passes only as it is spent, so runs overlap as in life and the
    clock may be set back between two runs. Live: the clock is the real one, and spending time really waits, but never
    long.
    """

    def __init__(self, clock: Clock, sleep: Callable[[float], None] = time.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._virtual: datetime | None = None

    def now(self) -> datetime:
        """Answer the present instant, to the millisecond: no system of the firm keeps it finer."""
        now = self._virtual or self._clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def advance(self, seconds: float) -> None:
        """Spend time."""
        if self._virtual is not None:
            self._virtual += timedelta(seconds=seconds)
        else:
            self._sleep(min(seconds, LONGEST_LIVE_WAIT_S))

    def set_virtual(self, at: datetime) -> None:
        """Begin at an instant; from here on time is virtual."""
        self._virtual = at

    def go_live(self) -> None:
        """From here on time is the machine's."""
        self._virtual = None
