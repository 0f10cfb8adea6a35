"""What a source may have said and nobody heard: noted once, in the store, in the log and in a count.

A gap is either a stretch of time (the vendor keeps no longer, a position was lost) or a record that changed without
saying how. It stays open until the record was read again or a person closes it.
"""

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billtrail.clock import Clock
from billtrail.store import Row, Store
from collector.pull.metrics import PullMetrics

log = logging.getLogger(__name__)
ROOM = "collector"


class GapReason(StrEnum):
    """Why something was not heard."""

    RETENTION = "retention"
    POSITION_LOST = "position_lost"
    RECORD = "record"
    OVERFLOW = "overflow"


@dataclass(frozen=True, slots=True)
class Gap:
    """`record` is type and id, such as `Account/001…`; `since` and `until` bound a stretch of time, None is open."""

    stream: str
    reason: GapReason
    record: str = ""
    since: datetime | None = None
    until: datetime | None = None
    detail: str = ""
    proof: str = ""
    """What tells this gap from the next of its kind; where it is the same, it is the same gap."""

    @property
    def id(self) -> str:
        told = (self.reason.value, self.record, self.since.isoformat() if self.since else "", self.proof)
        return hashlib.sha256("\0".join(told).encode()).hexdigest()[:16]


class Gaps:
    """The gaps of one source. Bound to a lane of the store, for one thread."""

    def __init__(self, store: Store, source: str, clock: Clock, metrics: PullMetrics) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._metrics = metrics

    def note(self, gap: Gap) -> bool:
        """Note a gap unless it is known; answer whether it is new. Raises StoreError."""
        if self._store.rows(ROOM, "find_source_gap", {"source": self._source, "stream": gap.stream, "gap": gap.id}):
            return False
        row = {
            "source": self._source, "stream": gap.stream, "gap_id": gap.id, "reason": gap.reason.value,
            "record": gap.record, "since": gap.since, "until": gap.until, "detail": gap.detail,
            "noticed_at": self._clock.now(), "resolved_at": None, "version": time.time_ns(),
        }  # fmt: skip
        self._store.insert("source_gap_rows", [row])
        self._metrics.gaps.labels(self._source, gap.reason.value).inc()
        what = gap.record or f"{_say(gap.since)} to {_say(gap.until)}"
        log.warning("source.gap: %s/%s: %s: %s: %s", self._source, gap.stream, gap.reason.value, what, gap.detail)
        return True

    def find_records(self, stream: str, limit: int) -> list[Row]:
        """List records of a stream that are still to be read again, the oldest gap first. Raises StoreError."""
        params = {"source": self._source, "stream": stream, "limit": limit}
        return self._store.rows(ROOM, "find_gap_records", params)

    def resolve(self, row: Row) -> None:
        """Close a gap that `find_records` gave. Raises StoreError."""
        closed = row | {"resolved_at": self._clock.now(), "version": time.time_ns()}
        self._store.insert("source_gap_rows", [closed])


def _say(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else "the beginning"
