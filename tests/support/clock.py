"""A clock that moves when the test says so."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday


class SteppedClock:
    def __init__(self, start: datetime = NOON) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def step(self, **delta: float) -> datetime:
        """Move forward by timedelta keywords and answer the new instant."""
        self._now += timedelta(**delta)
        return self._now
