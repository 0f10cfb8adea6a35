"""How fast a source may send: requests and bytes a second, for all its tokens together.

What is read is paid afterwards: a source in debt is refused before its next body is read, until the debt is worn off.
So a large request is never refused for being large, and nobody gets more than the limit for long. Tokens without a
name, and senders where no token is asked for, are one source.
"""

import math
import threading
import time
from collections.abc import Callable

from collector.receive.refusal import too_fast


class Pace:
    """The accounts of all sources. 0 is no limit; a second's worth may be sent at once. For any thread."""

    def __init__(self, requests_per_s: float, bytes_per_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._rates = requests_per_s, bytes_per_s
        self._now = now
        self._lock = threading.Lock()
        self._accounts: dict[str, tuple[list[float], float]] = {}

    def begin(self, source: str) -> None:
        """Count a request. Raises Refusal (429) that says when to come back."""
        if wait_s := self._charge(source, (1, 0), refuses=True):
            raise too_fast(source, math.ceil(wait_s))

    def read(self, source: str, size: int) -> None:
        """Count the bytes of a request that was let in."""
        self._charge(source, (0, size), refuses=False)

    def _charge(self, source: str, costs: tuple[float, float], *, refuses: bool) -> float:
        """Answer the seconds until the source is out of debt; 0 when it is charged."""
        if not any(self._rates):
            return 0.0
        with self._lock:
            now = self._now()
            levels, since = self._accounts.get(source, ([max(1.0, rate) for rate in self._rates], now))
            levels = [
                min(max(1.0, rate), level + rate * (now - since)) if rate else 1.0
                for rate, level in zip(self._rates, levels, strict=True)
            ]
            debts = [(1 - level) / rate for rate, level in zip(self._rates, levels, strict=True) if rate and level < 1]
            if refuses and debts:
                self._accounts[source] = levels, now
                return max(debts)
            self._accounts[source] = [level - cost for level, cost in zip(levels, costs, strict=True)], now
            return 0.0
