"""The judge: keeps every clock's newest verdict true, one step at a time.

A step has two parts. Where milestones or lifecycles changed, the clocks of those lifecycles are computed anew: start,
warning point, due time, stop, value; so are the open clocks of an SLA whose prediction changed. Where only time went
on, the open clocks that passed their warning point or due time get a new verdict. Only a verdict that differs from the
newest one is written, so a step done again writes nothing.
All verdicts of one step share their `known_at`; no two steps that wrote anything share one. One instance at a time.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from billtrail.clock import Clock
from billtrail.document.problem import Problem
from billtrail.store import Row, Store
from slos.catalogue import Journeys, read_catalogue
from slos.compile import compile_catalogue
from slos.metrics import SloMetrics
from slos.prediction import Predictor
from slos.settings import SlosSettings
from slos.standing import Standing
from slos.vocabulary import Milestone

PACKAGE = "slos"
LOOP = "slos"
STREAMS = ("milestone", "lifecycle")
CATALOGUE = "catalogue"
SCRATCH = ("scratch_touched", "scratch_clocks", "scratch_pauses")
NEVER = 2**64 - 1
RUNNING_LATE_MS = 60_000
LOOK_AT_SOURCES_EVERY = timedelta(seconds=10)
ROWS_PER_PART = 500_000
BULK_CROSSINGS = 20_000
# A step writes no key twice, so nothing is to be replaced before it is written; both tables are written side by side.
# Together this halves the time of writing a million verdicts.
WRITING = {"optimize_on_insert": 0, "parallel_view_processing": 1, "max_insert_threads": 2}
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_LOG = logging.getLogger(__name__)


class Reach(NamedTuple):
    """How far a table was judged: its newest version, and how many rows of that were there. More of them may follow."""

    stream: str
    version: int = 0
    records: int = 0


class Judge:
    """Judges in steps. Not for two threads, nor for two processes on one store."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: SlosSettings,
        metrics: SloMetrics | None = None,
        standing: Standing | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._metrics = metrics or SloMetrics()
        for table in SCRATCH:
            store.run(PACKAGE, f"create_{table}")
        self._reach = self._read_reach()
        self._is_full = CATALOGUE not in self._reach
        self._last_known_at = self._read_last_known_at()
        self._judged_until = _LONG_AGO
        self._journeys: Journeys = {}
        self._compiled_in = 0
        self._predictor = Predictor(store, settings)
        self._exclusions_at = 0
        self._blind: list[Row] = []
        self._blind_judged: list[Row] | None = None
        self._blind_at = _LONG_AGO
        self._predicted = self._predictor.find_newer(self._reach.get(CATALOGUE, Reach(CATALOGUE)).version)
        self.standing = standing or Standing()

    def step(self) -> int:
        """Judge what changed and where time has passed. Answers how many verdicts were written. Raises StoreError."""
        if not self.standing.is_in_force or self._has_year_changed() or self._have_journeys_changed():
            self.reload()
        if not self.standing.is_in_force:
            return 0
        judged_at = self._instant()
        if self._has_exclusion_turned(judged_at):
            self.rejudge()
        self._predicted += self._predictor.refresh(judged_at)
        with self._metrics.step_seconds.time():
            has_judged = self._judge_changes(judged_at)
            has_judged = self._judge_time(judged_at) or has_judged
        written = self._count(judged_at) if has_judged else 0
        if written:
            self._last_known_at = judged_at
            self._predictor.note_verdicts()
        self._metrics.note_verdicts(written)
        self._metrics.show_clocks(self._store, self._clock.now())
        return written

    def reload(self) -> tuple[Problem, ...]:
        """Read the documents again and put them in force if all of them are good; else the last good ones stay.

        Does nothing while no journey is known yet. Answers with the problems found.
        """
        journeys = self._read_journeys()
        if not journeys:
            return ()
        self._journeys, self._compiled_in = journeys, self._clock.now().year
        catalogue = read_catalogue(self._settings, journeys)
        self._metrics.problems.set(len(catalogue.problems))
        is_repeated, self.standing.problems = catalogue.problems == self.standing.problems, catalogue.problems
        if catalogue.problems:
            self.standing.is_in_force = bool(self._store.rows(PACKAGE, "read_definitions"))
            if not is_repeated:
                _LOG.error("%s\nAll of them:\n%s", self.standing.describe(), "\n".join(map(str, catalogue.problems)))
            return catalogue.problems
        if compile_catalogue(self._store, catalogue, self._settings, journeys, self._clock.now()):
            self.rejudge()
        self.standing.is_in_force = True
        return ()

    def rejudge(self) -> None:
        """Let the next step look at every clock: after a rebuild, a repair or a change of the documents."""
        self._is_full = True

    def _judge_changes(self, judged_at: datetime) -> bool:
        changes = self._find_changes()
        if not changes and not self._is_full and not self._predicted:
            return False
        since = {f"{stream}s_since": 0 if self._is_full else self._first_change(stream, changes) for stream in STREAMS}
        is_wide = self._is_full or bool(self._predicted)
        rows = self._count_milestones() if is_wide else sum(change.records for change in changes)
        parts = 1 + rows // ROWS_PER_PART
        for part in range(parts):
            for table in SCRATCH:
                self._store.command(f"TRUNCATE TABLE {table}")
            share = {"is_full": self._is_full, "slas": self._predicted, "buckets": parts, "bucket": part}
            self._store.run(PACKAGE, "collect_touched", since | share)
            self._store.run(PACKAGE, "collect_clocks", {"judged_at": judged_at})
            if self._store.rows(PACKAGE, "count_pauses")[0]["causes"]:
                self._store.run(PACKAGE, "collect_pauses")
            self._store.run(PACKAGE, "write_verdicts", self._at(judged_at), settings=WRITING)
        for change in sorted(changes):
            self._reach[change.stream] = change
        self._reach[CATALOGUE] = Reach(CATALOGUE, int(judged_at.timestamp() * 1000))
        self._is_full, self._predicted = False, []
        self._write_reach(judged_at)
        return True

    def _find_changes(self) -> list[Reach]:
        """Find the versions that came, or got more rows, since they were last judged. Shape: empty when none did."""
        known = {stream: self._reach.get(f"{stream}_rows", Reach(stream)) for stream in STREAMS}
        since = {f"{stream}s_since": reach.version for stream, reach in known.items()}
        found = [Reach(**row) for row in self._store.rows(PACKAGE, "find_changes", since)]
        return [reach for reach in found if reach > self._reach.get(reach.stream, Reach(reach.stream))]

    @staticmethod
    def _first_change(stream: str, changes: list[Reach]) -> int:
        return min((change.version for change in changes if change.stream == f"{stream}_rows"), default=NEVER)

    def _judge_time(self, judged_at: datetime) -> bool:
        window = {"judged_since": self._judged_until, "judged_at": judged_at}
        found = self._store.rows(PACKAGE, "count_crossings", window)[0]
        crossings, unknown = int(found["crossings"]), int(found["unknown"])
        blind = self._find_blind(judged_at)
        has_passed = crossings > 0 or (unknown > 0 and blind != self._blind_judged)
        if has_passed:
            parameters = window | {"is_bulk": crossings + unknown > BULK_CROSSINGS}
            self._store.run(PACKAGE, "judge_open_clocks", parameters | self._at(judged_at), settings=WRITING)
        self._judged_until, self._blind_judged = judged_at, blind
        return has_passed

    def _has_exclusion_turned(self, judged_at: datetime) -> bool:
        """Say whether an exclusion began, ended, came, changed or went since clocks were last judged."""
        window = {"judged_since": self._judged_until, "judged_at": judged_at}
        found = self._store.rows(PACKAGE, "count_exclusion_edges", window)[0]
        before, self._exclusions_at = self._exclusions_at, int(found["version"])
        if self._judged_until > _LONG_AGO:
            return bool(found["edges"]) or before != self._exclusions_at
        # What people excluded while no judge ran, and a little more: to judge everything once too often is harmless.
        judged_ms = self._reach.get(CATALOGUE, Reach(CATALOGUE)).version
        return self._exclusions_at > judged_ms - RUNNING_LATE_MS

    def _at(self, judged_at: datetime) -> dict[str, object]:
        blind = self._find_blind(judged_at)
        slas, until_ms = [row["sla"] for row in blind], [row["watermark_ms"] for row in blind]
        return {"judged_at": judged_at, "blind_slas": slas, "blind_until_ms": until_ms}

    def _find_blind(self, judged_at: datetime) -> list[Row]:
        """Find whose sources are silent, every now and then: that costs a look at all events."""
        if self._settings.unknown_when_silent and judged_at - self._blind_at >= LOOK_AT_SOURCES_EVERY:
            self._blind, self._blind_at = self._store.rows(PACKAGE, "find_blind", {"judged_at": judged_at}), judged_at
        return self._blind

    def _instant(self) -> datetime:
        now = self._clock.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        return max(now, self._last_known_at + timedelta(milliseconds=1))

    def _count(self, judged_at: datetime) -> int:
        return int(self._store.rows(PACKAGE, "count_verdicts", {"known_at": judged_at})[0]["verdicts"])

    def _count_milestones(self) -> int:
        return int(self._store.rows(PACKAGE, "count_milestones")[0]["milestones"])

    def _has_year_changed(self) -> bool:
        """Say whether calendars were last compiled in another year: they reach only some years ahead of it."""
        return self._clock.now().year != self._compiled_in

    def _have_journeys_changed(self) -> bool:
        return (found := self._read_journeys()) != self._journeys and bool(found)

    def _read_journeys(self) -> Journeys:
        journeys: dict[str, dict[str, Milestone]] = {}
        for row in self._store.rows(PACKAGE, "read_journeys"):
            milestone = Milestone(row["object_type"], row["owner"], tuple(row["systems"]))
            journeys.setdefault(row["journey"], {})[row["milestone"]] = milestone
        return journeys

    def _read_last_known_at(self) -> datetime:
        found = self._store.rows(PACKAGE, "read_newest")[0]["known_at"]
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found  # type: ignore[no-any-return]

    def _read_reach(self) -> dict[str, Reach]:
        return {
            row["stream"]: Reach(row["stream"], row["position"]) for row in self._store.rows(PACKAGE, "read_cursors")
        }

    def _write_reach(self, at: datetime) -> None:
        self._store.insert(
            "loop_cursors",
            [
                {"loop": LOOP, "stream": stream, "position": reach.version, "at": at}
                for stream, reach in self._reach.items()
            ],
        )
