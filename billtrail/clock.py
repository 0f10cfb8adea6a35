"""Where now comes from. Every decision takes a clock as an argument, so that a test can step it."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Answers with the present instant, aware and in UTC. Never goes back within one process."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)
