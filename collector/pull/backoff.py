"""How long to wait after a failure: longer each time, never with all others at once, as long as the vendor asks."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_S, LONGEST_S = 2.0, 900.0
# A vendor that asks for longer than a day is asked again after one: it may have meant something else.
LONGEST_ASKED_S = 86_400.0

Jitter = Callable[[], float]
"""A number from 0 to 1."""


class Backoff:
    """Counts failures in a row. Full jitter over the upper half: exponential, and no herd."""

    def __init__(self, jitter: Jitter = random.random) -> None:
        self.failures = 0
        self._jitter = jitter

    def succeed(self) -> None:
        self.failures = 0

    def fail(self, asked_s: float = 0) -> float:
        """Count a failure; answer how many seconds to wait. `asked_s` is what the vendor asks for, at least that."""
        self.failures += 1
        ceiling = min(LONGEST_S, FIRST_S * 2 ** min(self.failures - 1, 20))
        wait_s: float = ceiling * (1 + self._jitter()) / 2
        return max(wait_s, min(asked_s, LONGEST_ASKED_S))


def read_retry_after(header: str, now: datetime) -> float:
    """Read `Retry-After`, seconds or a date (RFC 9110, section 10.2.3); 0 when there is none to read."""
    if header.strip().isdigit():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return 0
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
