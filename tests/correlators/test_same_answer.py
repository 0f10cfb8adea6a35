"""Same events, same answer: any order, any batching, everything twice, withdrawals, restarts in between."""

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billtrail.store import Store
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.stitch import Stitcher
from tests.correlators.firm import FIRM
from tests.support.clock import SteppedClock
from tests.support.events import Event, put_events

TABLES = (
    "lifecycles",
    "lifecycle_events",
    "lifecycle_objects",
    "milestones",
    "relations",
    "objects",
    "unmatched_events",
)
ORDERS = {
    "lifecycles": "lifecycle_id",
    "lifecycle_events": "lifecycle_id, source, event_id",
    "lifecycle_objects": "lifecycle_id, object_key",
    "milestones": "lifecycle_id, milestone, subject_key",
    "relations": "from_key, to_key, kind, rule",
    "objects": "object_key",
    "unmatched_events": "source, event_id",
}
EXTRA = Event(
    "extra", "time.approved", (("psa:time_entry:T2", "subject"), ("psa:project:P1", "part_of")), 7, amount="40"
)


def outcome(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Read every derived table, without the ages that move with the clock."""
    return {
        table: store.query(
            f"SELECT * {'EXCEPT age_ms' if table == 'unmatched_events' else ''} FROM {table} ORDER BY {order}"
        )
        for table, order in ORDERS.items()
    }


def correlate(store: Store, batches: list[list[Event]], *, restarts: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Correlate batches on an emptied store."""
    for row in store.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine NOT LIKE '%View'"
    ):
        if row["name"] != "schema_migrations":
            store.command(f"TRUNCATE TABLE {row['name']}")
    compile_journeys(store, read_journeys(), 1)
    clock = SteppedClock()
    stitcher = Stitcher(store, clock, 10_000)
    for segment, batch in enumerate(batches, start=1):
        put_events(store, segment, batch)
        if restarts:
            stitcher = Stitcher(store, clock, 10_000)
        stitcher.step()
        clock.step(seconds=1)
    return outcome(store)


@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_order_and_batching_do_not_matter(store: Store, data: st.DataObject) -> None:
    expected = correlate(store, [list(FIRM)])
    shuffled = data.draw(st.permutations(FIRM))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(FIRM) - 1), max_size=4)))
    edges = [0, *cuts, len(FIRM)]
    batches = [shuffled[start:end] for start, end in pairwise(edges)]
    assert correlate(store, batches, restarts=data.draw(st.booleans())) == expected


@given(data=st.data())
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_withdrawn_event_leaves_no_trace(store: Store, data: st.DataObject) -> None:
    expected = correlate(store, [list(FIRM)])
    before = data.draw(st.integers(0, len(FIRM)))
    assert correlate(store, [[*FIRM[:before], EXTRA], [*FIRM[before:], EXTRA.withdrawn()]]) == expected


def test_a_step_that_was_interrupted_is_done_again(store: Store) -> None:
    expected = correlate(store, [list(FIRM)])
    store.command("TRUNCATE TABLE loop_cursors")
    Stitcher(store, SteppedClock(), 10_000).step()
    assert outcome(store) == expected


def test_scratch_belongs_to_the_session_alone(store: Store) -> None:
    Stitcher(store, SteppedClock(), 1)
    assert store.query("SHOW TABLES LIKE 'scratch_%'") == []
