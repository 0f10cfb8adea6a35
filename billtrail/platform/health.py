"""Whether this process is ready: the store answers, the loops are alive. Answers with reasons, not with a bare no."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from billtrail.clock import Clock
from billtrail.errors import StoreError
from billtrail.platform.turn import LoopRecord
from billtrail.store import Store

# A loop in trouble: it failed this often without one good turn, or one turn takes this long.
FAILED_IN_A_ROW, LONGEST_TURN_S = 3, 600.0
# A loader this far behind is stuck, or the store is.
LONGEST_LAG_S = 120.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. A warning is for people: the platform works on."""

    name: str
    is_ok: bool
    detail: str
    is_warning: bool = False


class Readiness:
    """The checks of a running platform. Owns its lane to the store; may be asked from several threads."""

    def __init__(
        self, store: Store, records: Sequence[LoopRecord], clock: Clock, more: Sequence[Callable[[], Check]] = ()
    ) -> None:
        self._store = store
        self._records = records
        self._clock = clock
        self._more = more
        self._lock = threading.Lock()

    def check(self) -> list[Check]:
        """Look at everything now. Never raises."""
        now = self._clock.now()
        return [
            self._check_store(),
            *(check_loop(record, now) for record in self._records),
            *(ask() for ask in self._more),
        ]

    def find_ailments(self) -> list[str]:
        """Name what is not well. Empty means ready."""
        return [f"{check.name}: {check.detail}" for check in self.check() if not check.is_ok]

    def find_warnings(self) -> list[str]:
        """Name what works on and should be looked at all the same."""
        return [f"{check.name}: {check.detail}" for check in self.check() if check.is_ok and check.is_warning]

    def _check_store(self) -> Check:
        try:
            with self._lock:
                self._store.rows("billtrail.platform", "ask_alive")
        except StoreError as error:
            return Check("store", False, str(error))
        return Check("store", True, "answers")


def check_lag(oldest_ns: int | None, now: datetime) -> Check:
    """Judge how long the oldest record waits for the loader. `oldest_ns` is None when none waits."""
    waits_s = max(0.0, now.timestamp() - oldest_ns / 1e9) if oldest_ns else 0.0
    return Check("loader", waits_s < LONGEST_LAG_S, f"the oldest record waits since {waits_s:.0f} s")


def check_loop(record: LoopRecord, now: datetime) -> Check:
    """Judge one loop by its record."""
    if not record.is_running:
        return Check(record.name, False, "has ended")
    if record.errors_in_a_row >= FAILED_IN_A_ROW:
        return Check(record.name, False, f"failed {record.errors_in_a_row} times in a row: {record.last_error}")
    busy_s = (now - record.turn_began_at).total_seconds() if record.turn_began_at else 0.0
    if busy_s > LONGEST_TURN_S:
        return Check(record.name, False, f"is busy with one step for {busy_s:.0f} s")
    return Check(record.name, True, f"{record.turns} steps, {record.errors} errors")
