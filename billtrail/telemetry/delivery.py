"""How spans and events are handed over: batch sizes, buffers and the rules of retrying. Values only; sends nothing."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
"""Answers after which the same request may succeed (RFC 9110, 15.6; RFC 6585, 4)."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When to try again: exponential waits with jitter, never longer than `longest_wait_s`, at most `attempts`
    requests.

    A collector that asks for a wait (`Retry-After`) is obeyed. One that asks for more than `longest_wait_s` is not
    waited for: the events stay in the buffer and the caller is told.
    """

    attempts: int = 6
    first_wait_s: float = 0.25
    longest_wait_s: float = 30.0
    jitter: Callable[[], float] = field(default=random.random)
    """Answers from 0 to 1; a wait is shortened by up to a half of it. Give `lambda: 0.0` for exact waits."""

    def wait_s(self, attempt: int, retry_after_s: float | None = None) -> float:
        """Answer the seconds to wait after failed attempt number `attempt`, counted from 1."""
        if retry_after_s is not None:
            return retry_after_s
        longest: float = min(self.longest_wait_s, self.first_wait_s * 2 ** (attempt - 1))
        return longest * (1 - self.jitter() / 2)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The sizes of batches and buffers. The defaults suit an integration hub with a few runs a second."""

    events_per_request: int = 200
    spans_per_request: int = 500
    max_buffered_events: int = 20_000
    """Beyond this many undelivered events `emit` raises instead of taking one more."""
    max_buffered_spans: int = 100_000
    flush_each_run: bool = True
    """Deliver a run's events before the run ends, so that a failure to deliver is the run's failure."""
    timeout_s: float = 10.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)


def parse_retry_after(header: str | None, now: datetime) -> float | None:
    """Read a `Retry-After` header, seconds or a date (RFC 9110, 10.2.3). None when absent or unreadable."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max((at - now).total_seconds(), 0.0)
