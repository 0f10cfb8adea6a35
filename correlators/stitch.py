"""One step of correlation: take the new events, find every lifecycle they may change, write those anew.

A lifecycle is a pure function of the events and relations that lead to it, so the same statements serve a step and a
rebuild, and the same events give the same rows whatever their order. Every statement may be repeated; the cursors are
written last, so a step that was interrupted is simply done again. One instance is active at a time.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from billtrail.clock import Clock
from billtrail.errors import InvariantError
from billtrail.store import Row, Store
from correlators import backlog
from correlators.backlog import EVERYTHING, Batch

PACKAGE = "correlators"
LOOP = "correlators"
TABLES = (
    "scratch_events",
    "scratch_stored",
    "scratch_replaced",
    "scratch_mentions",
    "scratch_doubted",
    "scratch_found",
    "scratch_affected",
    "scratch_grown",
    "scratch_untouched",
    "scratch_unlinked",
    "scratch_runs",
    "scratch_nodes",
    "scratch_outside",
    "scratch_edges",
    "scratch_labels",
    "scratch_clusters",
    "scratch_parents",
    "scratch_members",
    "scratch_owners",
    "scratch_weak",
    "scratch_told_amounts",
    "scratch_priced",
    "scratch_shares",
    "scratch_parts",
    "scratch_rows",
    "scratch_reached",
    "scratch_milestones",
    "scratch_facts",
    "scratch_spans",
    "scratch_candidates",
    "scratch_relations",
    "scratch_told",
    "scratch_changes",
)
DERIVED = (
    "pending_lifecycles",
    "weak_events",
    "span_keys",
    "declared_edges",
    "relation_rows",
    "object_rows",
    "run_lifecycles",
    "lifecycle_object_rows",
    "lifecycle_event_rows",
    "milestone_rows",
    "lifecycle_rows",
    "unmatched_event_rows",
)
# Kept from step to step: what depends on the journeys only.
KEPT = ("scratch_shapes",)
VIEWS = ("scratch_placed",)
# Far above what any firm sends: a sender who makes up qualifiers shall not fill the memory.
MAX_SHAPES = 100_000
# The rows of one insert are never versions of each other: looking for such costs more than the insert itself. What a
# sort key rules out need not be read wholly before older versions are left out.
SETTINGS = {"optimize_on_insert": 0, "optimize_move_to_prewhere_if_final": 1}
# A segment may be loaded this long after younger ones, by another collector, and is still taken.
LATE_SEGMENT_NS = 3_600 * 10**9
# Far above the depth of any journey: a climb that goes on longer runs in a circle that the statements do not see.
MAX_ROUNDS = 1_000
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


class Stitcher:
    """Correlates in steps. Not for two threads, nor for two processes on one store."""

    def __init__(self, store: Store, clock: Clock, batch_events: int) -> None:
        self._store = store
        self._clock = clock
        self._batch_events = batch_events
        self._was_interrupted = False
        self._backlog: tuple[Row, list[Batch]] | None = None
        self._is_resumed = False
        for name in TABLES + backlog.SCRATCH + KEPT + VIEWS:
            store.run(PACKAGE, f"create_{name}")
        # Whoever had this session before may have had other journeys, or stopped in the middle of a step.
        self._empty(TABLES + backlog.SCRATCH + KEPT)

    @property
    def is_behind(self) -> bool:
        """Whether a backlog is under way."""
        return self._backlog is not None

    def step(self) -> int:
        """Correlate what came since the last step, up to a batch. Answers with how many records that were."""
        work = self._find_work()
        if work is None:
            return 0
        if self._was_interrupted:
            self._empty(TABLES)
        self._was_interrupted = True
        stored = self._collect(work)
        self._resolve()
        has_weak = self._place(bool(stored["objects"]))
        self._write(work, stored, has_weak)
        self._write_cursors(work)
        self._empty(TABLES)
        self._leave_batch()
        self._was_interrupted = False
        return work.records

    def forget(self) -> None:
        """Drop everything that was derived, so that the next steps derive it anew. What people decided is kept.

        Done in an order that may be interrupted: as long as the cursors stand, nothing is derived again half.
        """
        self._backlog = None
        self._empty(DERIVED)
        self._store.run(PACKAGE, "forget_segments")
        self._store.run(PACKAGE, "forget_cursors", {"loop": LOOP})

    def _empty(self, tables: Iterable[str]) -> None:
        for table in tables:
            self._store.command(f"TRUNCATE TABLE {table}")

    def _find_work(self) -> Work | None:
        cursors = self._read_cursors()
        rows = self._find_waiting(cursors, self._batch_events)
        now = self._clock.now()
        effects = self._store.rows(PACKAGE, "find_taking_effect", {"now": now})[0]["lifecycles"]
        decided = self._count("count_people_links", since=cursors.people)
        if not rows and not effects and not decided["decisions"]:
            return None
        version = max(cursors.version + 4, int(now.timestamp() * 1_000_000))
        batch = self._next_batch(cursors, rows)
        since, upto = {}, {}
        for stream, position in (("events", cursors.events), ("traces", cursors.traces)):
            since[stream] = rows[stream]["since"] if stream in rows else position
            upto[stream] = max(rows[stream]["upto"], position) if stream in rows else position
        changes = self._count("count_revisions", since=since["events"], upto=upto["events"])
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

    def _leave_batch(self) -> None:
        """Go on to the next batch of a backlog."""
        if self._backlog is not None:
            del self._backlog[1][0]
            if not self._backlog[1]:
                self._backlog = None
                backlog.empty(self._store)

    def _run(self, *names: str, **params: Any) -> None:
        for name in names:
            self._store.run(PACKAGE, name, params, settings=SETTINGS)

    def _count(self, name: str, **params: Any) -> Row:
        return self._store.rows(PACKAGE, name, params)[0]

    def _collect(self, work: Work) -> Row:
        """Bring together what is new, every lifecycle it may change, and all that those hold.

        Answers how much is stored of what, as it was before.
        """
        self._note_relations(work)
        stored = self._count("count_stored")
        self._take_events(work)
        self._mention(work, stored)
        self._collect_shapes()
        self._run("put_weak_events")
        self._run("collect_edges", is_new=True)
        if stored["objects"]:
            self._find_affected(work, stored)
        self._collect_weak(work)
        if stored["objects"]:
            self._collect_stored(work)
        if work.has_revisions or (work.has_declarations and self._count("count_renewed")["found"]):
            self._run("collect_doubted", upto=work.upto.events)
        self._run("collect_nodes", "collect_outside", "collect_untouched")
        return stored

    def _note_relations(self, work: Work) -> None:
        """Note what declarations, people and spans relate, whichever events name it."""
        version = work.upto.version
        if work.has_declarations and (work.batch is None or work.batch.is_first):
            events = {"since": work.since.events, "upto": work.upto.events}
            self._run("retract_declared_edges", **events, version=version - 1)
            self._run("collect_declared_edges", **events, version=version)
        if work.has_decisions:
            self._run("collect_people_links", since=work.since.people, version=version)
        if work.has_spans:
            self._run("collect_span_keys", since=work.since.traces, upto=work.upto.traces, version=version)

    def _take_events(self, work: Work) -> None:
        if work.batch is None:
            self._run("collect_new_events", since=work.since.events, upto=work.upto.events)
            return
        self._run("take_batch", **asdict(work.batch))
        if self._count("count_taken")["events"] != work.batch.records:
            raise InvariantError("the backlog changed while it was taken", hint="only one may correlate at a time")

    def _mention(self, work: Work, stored: Row) -> None:
        """Name every object that something new speaks of, and those that are known to be related to it."""
        self._run("collect_mentions")
        if work.has_declarations:
            batch = asdict(work.batch or EVERYTHING)
            self._run("mention_declared", since=work.since.events, upto=work.upto.events, **batch)
        if work.has_decisions:
            self._run("mention_decided", since=work.since.people)
        if stored["decisions"]:
            self._run("collect_unlinked")
        if stored["edges"]:
            self._repeat("mention_peers", "count_mentions", 1)

    def _find_affected(self, work: Work, stored: Row) -> None:
        """Find the lifecycles in which something settled changes. They are taken whole; others only grow."""
        self._run("collect_found")
        if self._count("count_known")["known"]:
            self._run("affect_changed")
        if work.has_declarations or work.has_decisions:
            self._run("affect_named")
        if stored["pending"]:
            self._run("affect_pending", version=work.since.version)
        if work.is_again:
            self._run("affect_again")
        if work.has_revisions:
            self._run("collect_replaced", since=work.since.events, upto=work.upto.events)
            self._run("affect_replaced")
        if work.has_revisions or work.has_decisions:
            self._run("collect_held_runs")

    def _collect_weak(self, work: Work) -> None:
        """Bring in the events without objects that share a run with what is new, and those who share theirs."""
        spans = {"since": work.since.traces, "upto": work.upto.traces}
        self._run("collect_runs", **spans)
        if self._count("count_runs")["found"]:
            self._run("collect_weak_events", upto=work.upto.events)
            self._run("collect_runs", **spans)
            self._run("affect_run")

    def _collect_stored(self, work: Work) -> None:
        if self._has_affected(0):
            self._run("collect_stored", round=0)
            self._run("affect_sharing")
            if self._has_affected(1):
                self._run("collect_stored", round=1)
            self._run("collect_stored_events")
            self._collect_shapes()
            self._run("collect_edges", is_new=False)
        self._run("collect_grown")
        if work.has_effects:
            self._run("grow_taking_effect", now=work.now)
        if work.has_spans:
            self._run("grow_spanned", since=work.since.traces, upto=work.upto.traces)

    def _has_affected(self, round: int) -> bool:
        return bool(self._count("count_affected", round=round)["found"])

    def _collect_shapes(self) -> None:
        shapes = self._count("count_new_shapes")
        if shapes["known"] > MAX_SHAPES:
            self._empty(KEPT)
        if shapes["found"] or shapes["known"] > MAX_SHAPES:
            self._run("collect_shapes")

    def _resolve(self) -> None:
        """Find out which ids are one thing, what is part of what, and which lifecycles hold each object."""
        self._run("collect_declared_relations", "seed_labels")
        self._repeat("merge_labels", "count_labels", 1)
        self._run("name_clusters", "collect_parents", "seed_members")
        self._repeat("climb_down", "count_members", 1)
        self._run("seed_circles", "collect_owners")

    def _place(self, has_stored: bool) -> bool:
        """Place every event, divide its amount, see what it reaches. Answers whether any names nothing that glues."""
        kinds = self._count("count_kinds")
        if kinds["weak"]:
            self._run("resolve_weak")
        if kinds["takers"]:
            self._run("collect_told_amounts")
        self._run("collect_priced")
        self._divide()
        self._run("collect_rows", "collect_facts")
        if has_stored:
            self._run("collect_reached")
        self._run("collect_milestones")
        return bool(kinds["weak"])

    def _divide(self) -> None:
        """Divide what several lifecycles hold, and the amounts of such events."""
        found = self._count("count_priced")
        if found["shared"]:
            self._run("collect_line_shares", "collect_kept_shares")
            while self._count("count_inheriting")["found"]:
                self._run("inherit_shares")
        if found["priced"]:
            self._run("allocate_amounts")

    def _repeat(self, statement: str, count: str, start: int) -> None:
        """Repeat a statement until a round finds nothing new."""
        for number in range(start, start + MAX_ROUNDS):
            self._run(statement, round=number)
            if not next(iter(self._count(count, round=number).values())):
                return
        raise InvariantError(f"{statement} found something new for {MAX_ROUNDS} rounds")

    def _write(self, work: Work, stored: Row, has_weak: bool) -> None:
        """Write what differs from the rows that are there.

        First which lifecycles, then everything, last the events of the lifecycles: a step that is done again after an
        interruption begins with those and finds them as they were.
        """
        version = {"version": work.upto.version}
        is_first = not stored["objects"]
        self._run("write_pending", **version)
        if not is_first:
            self._run("collect_candidates", has_revisions=work.has_revisions)
        self._run("collect_relations", is_first=is_first)
        self._run("write_relations", **version, is_first=is_first)
        if work.has_revisions:
            self._run("delete_relations", **version)
        self._run("collect_told")
        self._run("collect_changes", is_redone=stored["pending"] > 0)
        self._run("write_lifecycle_objects", **version)
        self._run("write_objects", **version, has_declarations=stored["declarations"] > 0)
        self._run("write_milestones", **version, is_first=is_first)
        has_affected = self._has_affected(0)
        if has_affected:
            self._run("delete_milestones", **version)
        if stored["spans"]:
            self._run("collect_span_facts")
        self._run("write_lifecycles", **version, now=work.now)
        if has_affected:
            self._run("delete_lifecycles", **version)
        if has_weak or work.has_revisions:
            self._run("write_unmatched", **version)
        self._run("write_lifecycle_events", **version, is_first=is_first)
        if has_affected:
            self._run("delete_lifecycle_events", **version)

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
