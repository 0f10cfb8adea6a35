"""Turns closed segments into rows, strictly in order, one stream one thread.

A segment is deleted only after every one of its statements has succeeded and its row is in the ledger. Every statement
may be run again: inserts straight from the file carry a token the engine remembers, the others read what is there and
write only what is new. So a crash between any two of them, or within one, is harmless.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from billtrail.clock import Clock
from billtrail.errors import StoreError
from billtrail.store import Store
from collector.journal import ClosedSegment, Journal
from collector.load.inspect import Contents, inspect_segment
from collector.metrics import CollectorMetrics

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one segment came to, in records: spans, or events and objects."""

    records: int = 0
    duplicates: int = 0
    rejected: int = 0


LoadStream = Callable[[ClosedSegment, Contents], Loaded]


class Loader:
    """The loop of one stream. `store` is its own lane."""

    def __init__(
        self, journal: Journal, store: Store, clock: Clock, load: LoadStream, metrics: CollectorMetrics
    ) -> None:
        self.name = f"load-{journal.stream}"
        self._journal = journal
        self._store = store
        self._clock = clock
        self._load = load
        self._metrics = metrics

    def step(self) -> int:
        """Load the oldest closed segment; answer how many were loaded, 0 or 1. Raises StoreError: try again later."""
        closed = self._journal.find_closed()
        if not closed:
            return 0
        self._load_segment(closed[0])
        return 1

    def run_forever(self, stop: threading.Event, *, retry_seconds: float = 1.0) -> None:
        """Load until `stop` is set and nothing is left. A segment the store refuses is tried again, never skipped."""
        while True:
            self._journal.wakes_loader.clear()
            try:
                while self.step():
                    pass
            except StoreError as error:
                self._metrics.load_failures.labels(self._journal.stream).inc()
                log.warning("%s: loading failed, trying again in %s s: %s", self._journal.stream, retry_seconds, error)
                if stop.wait(retry_seconds):
                    return
                continue
            if stop.is_set():
                return
            self._journal.wakes_loader.wait(1.0)

    def _load_segment(self, segment: ClosedSegment) -> None:
        started = time.perf_counter()
        contents = inspect_segment(segment)
        loaded = self._load(segment, contents)
        self._store.insert(
            "segment_ledger",
            [
                {
                    "stream": self._journal.stream,
                    "segment": segment.number,
                    "stage": "loaded",
                    "frames": contents.frames,
                    "records": loaded.records,
                    "duplicates": loaded.duplicates,
                    "rejected": loaded.rejected,
                    "bytes": segment.bytes,
                    "at": self._clock.now(),
                }
            ],
        )
        self._journal.release(segment)
        self._count(loaded, time.perf_counter() - started)

    def _count(self, loaded: Loaded, seconds: float) -> None:
        stream = self._journal.stream
        self._metrics.load_seconds.labels(stream).observe(seconds)
        for kind in ("records", "duplicates", "rejected"):
            self._metrics.loaded_records.labels(stream, kind).inc(getattr(loaded, kind))
