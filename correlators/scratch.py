"""The scratch tables of one session, where a step brings together what it needs, and what works on them."""

from collections.abc import Iterable
from typing import Any

from billtrail.errors import InvariantError
from billtrail.store import Row, Store
from correlators import backlog

PACKAGE = "correlators"
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
# Kept from step to step: what depends on the journeys only.
KEPT = ("scratch_shapes",)
VIEWS = ("scratch_placed",)
# The rows of one insert are never versions of each other: looking for such costs more than the insert itself. What a
# sort key rules out need not be read wholly before older versions are left out.
SETTINGS = {"optimize_on_insert": 0, "optimize_move_to_prewhere_if_final": 1}
# Far above the depth of any journey: a climb that goes on longer runs in a circle that the statements do not see.
MAX_ROUNDS = 1_000


class Scratch:
    """The tables of one session, empty at first: whoever had it before may have stopped in the middle of a step."""

    def __init__(self, store: Store) -> None:
        self._store = store
        for name in TABLES + backlog.SCRATCH + KEPT + VIEWS:
            store.run(PACKAGE, f"create_{name}")
        self._empty(TABLES + backlog.SCRATCH + KEPT)

    def run(self, *names: str, **params: Any) -> None:
        """Run statements one after the other, all with the same parameters."""
        for name in names:
            self._store.run(PACKAGE, name, params, settings=SETTINGS)

    def count(self, name: str, **params: Any) -> Row:
        """Answer a question of one row."""
        return self._store.rows(PACKAGE, name, params)[0]

    def repeat(self, statement: str, count: str) -> None:
        """Repeat a statement until a round finds nothing new."""
        for number in range(1, MAX_ROUNDS + 1):
            self.run(statement, round=number)
            if not next(iter(self.count(count, round=number).values())):
                return
        raise InvariantError(f"{statement} found something new for {MAX_ROUNDS} rounds")

    def has_affected(self, round: int) -> bool:
        """Answer whether a round found lifecycles that are taken whole."""
        return bool(self.count("count_affected", round=round)["found"])

    def empty(self) -> None:
        """Forget the step."""
        self._empty(TABLES)

    def empty_kept(self) -> None:
        """Forget what is kept from step to step."""
        self._empty(KEPT)

    def _empty(self, tables: Iterable[str]) -> None:
        for table in tables:
            self._store.command(f"TRUNCATE TABLE {table}")
