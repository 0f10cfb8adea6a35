"""Turns closed segments into rows, oldest first. Each loader is one thread; events have one and so keep their order.

A segment is deleted only after every one of its statements has succeeded, its rows lie on the disk (`proof.py`) and its
row is in the ledger. Every statement may be run again: inserts straight from the file carry a token the engine
remembers, the others read what is there and write only what is new. So a crash between any two of them, or within one,
is harmless.

A frame the engine refuses for good does not stop the others: the segment is loaded in halves until the frame stands
alone, which then becomes a dead letter (`salvage.py`). A store that refuses everything is waited for instead. So is,
some times, one that has too little memory for the segment; then that is loaded, and derived from, in halves too.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from billtrail.clock import Clock
from billtrail.errors import StoreError
from billtrail.store import Store
from collector.journal import ClosedSegment, Disks, Journal
from collector.load.inspect import Contents, inspect_segment
from collector.load.proof import Proof, has_rows
from collector.load.salvage import Salvage
from collector.load.tally import Tally
from collector.metrics import CollectorMetrics

log = logging.getLogger(__name__)

PATIENCE = 5
"""How often a segment may fail before it is not waited any longer for more memory."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one segment came to, in records: spans, or events and objects."""

    records: int = 0
    duplicates: int = 0
    rejected: int = 0
    tallies: Sequence[Tally] = ()


class Loading(Protocol):
    """What is done with the segments of one stream. Both may be called again with the same segment."""

    table: str
    """Where it takes them to. What is derived can be derived again from there, as long as it is there."""

    def take(self, segment: ClosedSegment, part: str) -> int:
        """Load what is in the file; answer how many records were rejected. `part` names a cut of the segment."""
        ...

    def derive(self, number: int, *, spares_memory: bool = False) -> Loaded:
        """Derive the rest from what was taken. `spares_memory`: in pieces, where it needs too much memory at once."""
        ...


class Loader:
    """A loop of one stream. `store` is its own lane. `disks` must have room, or nothing is loaded.

    All loaders of a store share a `proof`.
    """

    def __init__(
        self,
        journal: Journal,
        store: Store,
        clock: Clock,
        loading: Loading,
        metrics: CollectorMetrics,
        *,
        disks: Disks | None = None,
        proof: Proof | None = None,
    ) -> None:
        self.journal = journal
        self._store = store
        self._clock = clock
        self._loading = loading
        self._metrics = metrics
        self._disks = disks or Disks()
        self._proof = proof or Proof()
        self._told = ""
        self.failures = 0
        """How often a segment could not be loaded since the last one that could."""

    @property
    def _spares_memory(self) -> bool:
        return self.failures >= PATIENCE

    def step(self) -> int:
        """Load the oldest segment there is; answer how many were loaded, 0 or 1. Raises StoreError: try again later."""
        segment = self.journal.take_closed()
        if segment is None:
            return 0
        started = time.perf_counter()
        try:
            loaded = self._load_segment(segment)
        except Exception:
            self.failures += 1
            self.journal.give_back(segment)
            raise
        self.journal.release(segment)
        self._told, self.failures = "", 0
        self._count(loaded, time.perf_counter() - started)
        return 1

    def run_forever(self, stop: threading.Event, *, retry_seconds: float = 1.0) -> None:
        """Load until `stop` is set and nothing is left. A segment the store refuses is tried again, never skipped."""
        while True:
            self.journal.wakes_loader.clear()
            try:
                while self.step():
                    pass
            except Exception as error:  # The rim: whatever it is, the other segments still want to be loaded.
                self._metrics.load_failures.labels(self.journal.stream).inc()
                self._tell(error, retry_seconds)
                if stop.wait(retry_seconds):
                    return
                continue
            if stop.is_set():
                return
            self.journal.wakes_loader.wait(1.0)

    def _tell(self, error: Exception, retry_seconds: float) -> None:
        """Say once why loading fails, however often it does for the same reason."""
        if str(error) != self._told:
            self._told = str(error)
            log.warning(
                "%s: loading failed, trying again every %s s: %s",
                *(self.journal.stream, retry_seconds, error),
                exc_info=not isinstance(error, (StoreError, OSError)),
            )

    def _load_segment(self, segment: ClosedSegment) -> Loaded:
        if shortage := self._disks.find_shortage():
            raise StoreError(shortage, is_transient=True)
        contents, begun = inspect_segment(segment), self._proof.begin()
        rejected = self._take(segment, contents, "")
        self._proof.check(self._store, segment.number, begun)
        if (
            not segment.is_ours
            and contents.records > rejected
            and not has_rows(self._store, self._loading.table, segment.number)
        ):
            # The engine remembers the insert, and put away what was left of it when it was started.
            rejected = self._take(segment, contents, "anew-")
            self._proof.check(self._store, segment.number, begun)
        derived = self._loading.derive(segment.number, spares_memory=self._spares_memory)
        if derived.records:
            self._proof.check(self._store, segment.number, begun)
        loaded = Loaded(contents.records, derived.duplicates, derived.rejected + rejected, derived.tallies)
        self._write_ledger(segment, contents, loaded)
        return loaded

    def _take(self, segment: ClosedSegment, contents: Contents, prefix: str) -> int:
        salvage = Salvage(
            self._store,
            self.journal.stream,
            lambda taken, part: self._loading.take(taken, f"{prefix}{part}"),
            spares_memory=self._spares_memory,
        )
        damaged = salvage.keep_damaged(segment, contents.damaged) if contents.damaged else 0
        return damaged + salvage.take(segment, is_damaged=bool(damaged))

    def _write_ledger(self, segment: ClosedSegment, contents: Contents, loaded: Loaded) -> None:
        row = {"stream": self.journal.stream, "segment": segment.number, "stage": "loaded", "frames": contents.frames}
        row |= {"records": loaded.records, "duplicates": loaded.duplicates, "rejected": loaded.rejected}
        self._store.insert("segment_ledger", [row | {"bytes": segment.bytes, "at": self._clock.now()}])

    def _count(self, loaded: Loaded, seconds: float) -> None:
        stream = self.journal.stream
        self._metrics.load_seconds.labels(stream).observe(seconds)
        for kind in ("records", "duplicates", "rejected"):
            self._metrics.loaded_records.labels(stream, kind).inc(getattr(loaded, kind))
        for tally in loaded.tallies:
            self._metrics.count_messages(tally.source, tally.events, tally.ignored, tally.rejected)
