"""What waits to be correlated, taken a step at a time, and the cursors that say how far it is done."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from billtrail.clock import Clock
from billtrail.store import Row, Store
from correlators import backlog
from correlators.backlog import Batch

PACKAGE = "correlators"
LOOP = "correlators"
# A segment may be loaded this long after younger ones, by another collector, and is still taken.
LATE_SEGMENT_NS = 3_600 * 10**9
# As many batches are divided at once: what that takes grows with the events, not with the batch.
BATCHES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Cursors:
    """The last segments that were correlated, and the last version that was written."""

    events: int
    traces: int
    people: int
    version: int
    has_left: bool = False
    """Whether a backlog was left half done."""


class Work(NamedTuple):
    """What one step takes: everything after `since` up to and including `upto`, and what takes effect by `now`.

    `segments` are those that were there when the step began; what is loaded meanwhile is left to the next one. Where
    one turned up late, or a backlog was left half done, what was taken before `is_again` among the new events. With a
    `batch`, only its events are taken.
    """

    since: Cursors
    upto: Cursors
    now: datetime
    records: int
    segments: dict[str, list[int]]
    has_revisions: bool
    has_declarations: bool
    has_decisions: bool
    has_effects: bool
    is_again: bool
    batch: Batch | None

    @property
    def has_spans(self) -> bool:
        return self.upto.traces != self.since.traces


class Waiting:
    """What the journal brought and people decided since the last step. The cursors are written when a step is done."""

    def __init__(self, store: Store, clock: Clock, batch_events: int) -> None:
        self._store = store
        self._clock = clock
        self._batch_events = batch_events
        self._backlog: tuple[Row, list[Batch]] | None = None
        self._is_resumed = False

    @property
    def is_behind(self) -> bool:
        """Whether a backlog is under way."""
        return self._backlog is not None

    def find(self) -> Work | None:
        """Answer what the next step takes: as many segments as hold a batch, or part of a backlog. None for nothing."""
        cursors = self._read_cursors()
        rows = self._find_waiting(cursors, self._batch_events)
        now = self._clock.now()
        effects = self._store.rows(PACKAGE, "find_taking_effect", {"now": now})[0]["lifecycles"]
        decided = self._store.rows(PACKAGE, "count_people_links", {"since": cursors.people})[0]
        if not rows and not effects and not decided["decisions"]:
            return None
        version = max(cursors.version + 4, int(now.timestamp() * 1_000_000))
        batch = self._next_batch(cursors, rows)
        since, upto = {}, {}
        for stream, position in (("events", cursors.events), ("traces", cursors.traces)):
            since[stream] = rows[stream]["since"] if stream in rows else position
            upto[stream] = max(rows[stream]["upto"], position) if stream in rows else position
        told = {"since": since["events"], "upto": upto["events"]}
        changes = self._store.rows(PACKAGE, "count_revisions", told)[0]
        return Work(
            Cursors(since["events"], since["traces"], cursors.people, cursors.version),
            Cursors(upto["events"], upto["traces"], max(decided["upto"], cursors.people), version),
            now,
            sum(row["records"] for row in rows.values()) + effects + decided["decisions"],
            {stream: row["segments"] for stream, row in rows.items()},
            changes["revisions"] > 0 and (batch is None or batch.is_first),
            changes["declarations"] > 0,
            decided["decisions"] > 0,
            effects > 0,
            since["events"] < cursors.events or (self._is_resumed if batch else cursors.has_left),
            batch,
        )

    def _find_waiting(self, cursors: Cursors, limit: int) -> dict[str, Row]:
        """Answer what waits in each stream, as many segments as hold `limit` records."""
        since = {
            "events_since": max(0, cursors.events - LATE_SEGMENT_NS),
            "traces_since": max(0, cursors.traces - LATE_SEGMENT_NS),
        }
        found = self._store.rows(PACKAGE, "find_work", {**since, "batch_events": limit})
        return {row["stream"]: row for row in found}

    def _next_batch(self, cursors: Cursors, rows: dict[str, Row]) -> Batch | None:
        """Where more events wait than a step may take, replace them in `rows` by the next batch of them all."""
        if self._backlog is None and rows.get("events", {"records": 0})["records"] >= self._batch_events:
            waiting = self._find_waiting(cursors, BATCHES_AT_ONCE * self._batch_events)["events"]
            batches = backlog.divide(self._store, waiting, self._batch_events)
            self._backlog = (waiting, batches) if len(batches) > 1 else None
            self._is_resumed = cursors.has_left
        if self._backlog is None:
            return None
        waiting, batches = self._backlog
        segments = waiting["segments"] if batches[0].is_last else []
        rows["events"] = {**waiting, "records": batches[0].records, "segments": segments}
        return batches[0]

    def settle(self, work: Work) -> None:
        """Note that a step is done, and go on to what comes after it."""
        self._write_cursors(work)
        self._leave_batch()

    def forget(self) -> None:
        """Have everything wait again."""
        self._backlog = None
        self._store.run(PACKAGE, "forget_segments")
        self._store.run(PACKAGE, "forget_cursors", {"loop": LOOP})

    def _leave_batch(self) -> None:
        """Go on to the next batch of a backlog."""
        if self._backlog is not None:
            del self._backlog[1][0]
            if not self._backlog[1]:
                self._backlog = None
                backlog.empty(self._store)

    def _read_cursors(self) -> Cursors:
        positions = {
            row["stream"]: row["position"] for row in self._store.rows(PACKAGE, "read_cursors", {"loop": LOOP})
        }
        return Cursors(
            positions.get("events", 0),
            positions.get("traces", 0),
            positions.get("people", 0),
            positions.get("version", 0),
            positions.get("ahead", 0) > 0,
        )

    def _write_cursors(self, work: Work) -> None:
        """Note what is done: each segment, and how far. Until both are written the step counts as not done."""
        cursors, at = work.upto, self._clock.now()
        done = [(stream, segment) for stream, segments in work.segments.items() for segment in segments]
        self._store.insert("segment_ledger", [_correlated(stream, segment, at) for stream, segment in done])
        is_left = work.batch is not None and not work.batch.is_last
        positions = {
            "events": self._read_cursors().events if is_left else cursors.events,
            "ahead": work.batch.ahead if work.batch is not None and is_left else 0,
            "traces": cursors.traces,
            "people": cursors.people,
            "version": cursors.version,
        }
        told = {"streams": list(positions), "positions": list(positions.values())}
        self._store.run(PACKAGE, "write_cursors", {"loop": LOOP, **told, "at": at})
        self._store.command("TRUNCATE TABLE pending_lifecycles")


def _correlated(stream: str, segment: int, at: datetime) -> dict[str, object]:
    counts = dict.fromkeys(("frames", "records", "duplicates", "rejected", "bytes"), 0)
    return {"stream": stream, "segment": segment, "stage": "correlated", **counts, "at": at}
