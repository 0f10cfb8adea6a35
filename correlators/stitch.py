"""One step of correlation: take the new events, find every lifecycle they may change, write those anew.

A lifecycle is a pure function of the events and relations that lead to it, so the same statements serve a step and a
rebuild, and the same events give the same rows whatever their order. Every statement may be repeated; the cursors are
written last, so a step that was interrupted is simply done again. One instance is active at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from billtrail.clock import Clock
from billtrail.errors import InvariantError
from billtrail.store import Store

PACKAGE = "correlators"
LOOP = "correlators"
SCRATCH = (
    "scratch_keys",
    "scratch_nodes",
    "scratch_clusters",
    "scratch_identities",
    "scratch_ancestors",
    "scratch_members",
    "scratch_event_ids",
    "scratch_events",
    "scratch_owners",
    "scratch_priced",
    "scratch_shares",
    "scratch_amounts",
    "scratch_reached",
    "scratch_milestones",
    "scratch_lifecycle_events",
    "scratch_named",
)
ALLOCATE = ("collect_owners", "collect_priced", "collect_line_shares", "collect_inherited_shares", "allocate_amounts")
SUMMARISE = ("find_reached", "collect_milestones", "collect_lifecycle_events")
# A segment may be loaded this long after younger ones, by another collector, and is still taken.
LATE_SEGMENT_NS = 3_600 * 10**9
# Far above the depth of any journey: a climb that goes on longer runs in a circle that the statements do not see.
MAX_ROUNDS = 1_000


@dataclass(frozen=True, slots=True)
class Cursors:
    """The last segments that were correlated, and the last version that was written."""

    events: int
    traces: int
    version: int


class Work(NamedTuple):
    """What one step takes: everything after `since` up to and including `upto`, and what takes effect by `now`.

    `segments` are those that were there when the step began: what is loaded meanwhile is left to the next one.
    """

    since: Cursors
    upto: Cursors
    now: datetime
    records: int
    segments: dict[str, list[int]]


class Stitcher:
    """Correlates in steps. Not for two threads, nor for two processes on one store."""

    def __init__(self, store: Store, clock: Clock, batch_events: int) -> None:
        self._store = store
        self._clock = clock
        self._batch_events = batch_events
        for table in SCRATCH:
            store.run(PACKAGE, f"create_{table}")

    def step(self) -> int:
        """Correlate what came since the last step, up to a batch. Answers with how many records that were."""
        work = self._find_work()
        if work is None:
            return 0
        for table in SCRATCH:
            self._store.command(f"TRUNCATE TABLE {table}")
        self._collect(work)
        self._resolve()
        self._write(work)
        self._write_cursors(work)
        return work.records

    def _find_work(self) -> Work | None:
        cursors = self._read_cursors()
        found = self._store.rows(
            PACKAGE,
            "find_work",
            {
                "events_since": cursors.events,
                "traces_since": cursors.traces,
                "batch_events": self._batch_events,
                "window_ns": LATE_SEGMENT_NS,
            },
        )
        now = self._clock.now()
        effects = self._store.rows(PACKAGE, "find_taking_effect", {"now": now})[0]["lifecycles"]
        if not found and not effects:
            return None
        version = max(cursors.version + 4, int(now.timestamp() * 1_000_000))
        rows = {row["stream"]: row for row in found}
        since, upto = {}, {}
        for stream, position in (("events", cursors.events), ("traces", cursors.traces)):
            since[stream] = rows[stream]["since"] if stream in rows else position
            upto[stream] = max(rows[stream]["upto"], position) if stream in rows else position
        return Work(
            Cursors(since["events"], since["traces"], cursors.version),
            Cursors(upto["events"], upto["traces"], version),
            now,
            sum(row["records"] for row in found) + effects,
            {row["stream"]: row["segments"] for row in found},
        )

    def _collect(self, work: Work) -> None:
        """Turn the new records into keys and relations, and note every key that they touch."""
        events = {"since": work.since.events, "upto": work.upto.events}
        spans = {"since": work.since.traces, "upto": work.upto.traces}
        retraction = {"version": work.upto.version - 1}
        version = {"version": work.upto.version}
        changes = self._store.rows(PACKAGE, "count_revisions", events)[0]
        if changes["revisions"]:
            self._store.run(PACKAGE, "touch_retracted_keys", events)
            self._store.run(PACKAGE, "retract_event_keys", events | retraction)
        if changes["revisions"] or changes["declarations"]:
            self._store.run(PACKAGE, "touch_retracted_edges", events)
            self._store.run(PACKAGE, "retract_edges", events | retraction)
        self._store.run(PACKAGE, "collect_event_keys", events | version)
        self._store.run(PACKAGE, "collect_event_edges", events | version)
        self._store.run(PACKAGE, "collect_declared_edges", events | version)
        self._store.run(PACKAGE, "collect_span_keys", spans | version)
        self._store.run(PACKAGE, "touch_event_keys", events)
        self._store.run(PACKAGE, "touch_declared_objects", events)
        self._store.run(PACKAGE, "touch_weak_neighbours", events)
        self._store.run(PACKAGE, "touch_span_keys", spans)
        self._store.run(PACKAGE, "touch_taking_effect", {"now": work.now})

    def _resolve(self) -> None:
        """Find every object that may change its lifecycle, its cluster of ids, and the lifecycles above it.

        Up to the lifecycles touched, down to all they hold, up to the lifecycles that share something with them; those
        are written anew. Down and up once more only to know how shared amounts divide.
        """
        self._store.run(PACKAGE, "seed_nodes")
        touched = self._climb("climb_up", 1)
        held = self._climb("climb_down", touched)
        sharing = self._climb("climb_up", self._name_others(held))
        shown = self._climb("climb_down", sharing)
        self._climb("climb_up", self._name_others(shown))
        self._store.run(PACKAGE, "seed_clusters")
        self._repeat("merge_clusters", "count_merged", 1)
        self._store.run(PACKAGE, "name_clusters")
        self._store.run(PACKAGE, "seed_ancestors")
        self._repeat("climb_ancestors", "count_ancestors", 1)
        self._store.run(PACKAGE, "collect_members", {"rewritten_rounds": sharing})

    def _name_others(self, number: int) -> int:
        """Reach the objects that events with an amount name beside those reached so far."""
        self._store.run(PACKAGE, "climb_named", {"round": number})
        return number + 1

    def _climb(self, statement: str, start: int) -> int:
        """Repeat a climb until it reaches nothing new. The first round starts from everything reached so far."""
        first = lambda number: 0 if number == start else number - 1  # noqa: E731
        return self._repeat(statement, "count_round", start, first)

    def _repeat(
        self, statement: str, count: str, start: int, from_round: Callable[[int], int] = lambda number: number - 1
    ) -> int:
        for number in range(start, start + MAX_ROUNDS):
            self._store.run(PACKAGE, statement, {"round": number, "from_round": from_round(number)})
            if not next(iter(self._store.rows(PACKAGE, count, {"round": number})[0].values())):
                return number + 1
        raise InvariantError(f"{statement} found something new for {MAX_ROUNDS} rounds")

    def _write(self, work: Work) -> None:
        """Compute the rows of the lifecycles that change and write what differs from the rows that are there."""
        version = {"version": work.upto.version}
        events = {"since": work.since.events, "upto": work.upto.events}
        self._store.run(PACKAGE, "find_strong_events")
        self._store.run(PACKAGE, "collect_events", {"is_weak": False})
        self._store.run(PACKAGE, "find_weak_events")
        self._store.run(PACKAGE, "collect_events", {"is_weak": True})
        for statement in ALLOCATE + SUMMARISE:
            self._store.run(PACKAGE, statement)
        for statement in ("write_lifecycle_events", "write_milestones", "write_lifecycle_objects"):
            self._store.run(PACKAGE, statement, version)
        self._store.run(PACKAGE, "write_lifecycles", version | {"now": work.now})
        self._store.run(PACKAGE, "delete_lifecycles", version)
        self._store.run(PACKAGE, "collect_named", events)
        self._store.run(PACKAGE, "write_objects", version)
        self._store.run(PACKAGE, "write_unmatched", events | version)

    def _read_cursors(self) -> Cursors:
        positions = {
            row["stream"]: row["position"] for row in self._store.rows(PACKAGE, "read_cursors", {"loop": LOOP})
        }
        return Cursors(positions.get("events", 0), positions.get("traces", 0), positions.get("version", 0))

    def _write_cursors(self, work: Work) -> None:
        """Note what is done: each segment, and how far. Until both are written the step counts as not done."""
        cursors, at = work.upto, self._clock.now()
        done = [(stream, segment) for stream, segments in work.segments.items() for segment in segments]
        self._store.insert("segment_ledger", [_correlated(stream, segment, at) for stream, segment in done])
        positions = {"events": cursors.events, "traces": cursors.traces, "version": cursors.version}
        self._store.insert(
            "loop_cursors",
            [{"loop": LOOP, "stream": stream, "position": to, "at": at} for stream, to in positions.items()],
        )


def _correlated(stream: str, segment: int, at: datetime) -> dict[str, object]:
    counts = dict.fromkeys(("frames", "records", "duplicates", "rejected", "bytes"), 0)
    return {"stream": stream, "segment": segment, "stage": "correlated", **counts, "at": at}
