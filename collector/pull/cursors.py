"""How far each pulled stream was read: in the store, written after what was read is durable, and never before."""

import time
from dataclasses import dataclass
from datetime import datetime

from billtrail.clock import Clock
from billtrail.store import Store

ROOM = "collector"


@dataclass(frozen=True, slots=True)
class Position:
    """`text` as the vendor gave it; `at` is when the stream was last known to be read to there."""

    text: str
    at: datetime


class Cursors:
    """The positions of one source. Bound to a lane of the store, for one thread."""

    def __init__(self, store: Store, source: str, clock: Clock) -> None:
        self._store = store
        self._source = source
        self._clock = clock

    def find(self, stream: str) -> Position | None:
        """Read a position; None for a stream nobody has read. Raises StoreError."""
        rows = self._store.rows(ROOM, "find_pull_cursor", {"source": self._source, "stream": stream})
        return Position(rows[0]["position"], rows[0]["at"]) if rows else None

    def write(self, stream: str, text: str) -> Position:
        """Write a position down. Raises StoreError: then what follows it is read again."""
        position = Position(text, self._clock.now())
        row = {"source": self._source, "stream": stream, "position": text, "at": position.at}
        self._store.insert("pull_cursors", [row | {"version": time.time_ns()}])
        return position
