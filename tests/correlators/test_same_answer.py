"""Same events, same answer: any order, any batching, everything twice, withdrawals, restarts in between."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billtrail.store import Store
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.stitch import Stitcher
from tests.correlators.firm import PROJECT_2
from tests.correlators.firm import WHOLE_FIRM as FIRM
from tests.correlators.random_firm import RandomFirm
from tests.support.clock import SteppedClock
from tests.support.events import Event, put_declarations, put_events

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
    "relations": "from_key, to_key, kind, rule, event_id",
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
        "SELECT name FROM system.tables"
        " WHERE database = currentDatabase() AND engine NOT LIKE '%View' AND total_rows > 0"
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


@given(seed=st.integers(0, 2**32))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_firm_comes_out_the_same_however_it_is_told(store: Store, seed: int) -> None:
    firm = RandomFirm(seed)
    assert correlate(store, firm.draw_batches()) == correlate(store, [firm.events])


@example(seed=132747, batch_events=3, restarts=True)
@given(seed=st.integers(0, 2**32), batch_events=st.integers(2, 15), restarts=st.booleans())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_backlog_comes_out_the_same_in_batches(store: Store, seed: int, batch_events: int, restarts: bool) -> None:
    """All is there before anything is correlated, and is more than one step takes."""
    firm = RandomFirm(seed)
    expected = correlate(store, [firm.events])
    correlate(store, [])
    clock = SteppedClock()
    for segment, batch in enumerate(firm.draw_batches(), start=1):
        put_events(store, segment, batch)
    stitcher = Stitcher(store, clock, batch_events)
    stitcher.step()
    if restarts:
        stitcher = Stitcher(store, clock, batch_events)
    while stitcher.step():
        clock.step(seconds=1)
    assert outcome(store) == expected


class Interrupted(Exception):
    """What a step dies of in these tests."""


class Breaking:
    """A store that dies before its n-th statement, once."""

    def __init__(self, store: Store, before: int) -> None:
        self._store = store
        self._left = before

    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Interrupted

    def run(self, *args: Any, **keywords: Any) -> int:
        self._count()
        return self._store.run(*args, **keywords)

    def rows(self, *args: Any, **keywords: Any) -> list[dict[str, Any]]:
        return self._store.rows(*args, **keywords)

    def insert(self, *args: Any) -> None:
        self._count()
        self._store.insert(*args)

    def command(self, sql: str) -> int:
        return self._store.command(sql)


# Time entry T1 was booked on the wrong project and is moved to the other contract.
MOVED = replace(
    next(event for event in FIRM if event.event_id == "approved-1"),
    objects=(("psa:time_entry:T1", "subject"), (PROJECT_2, "part_of")),
    revision=1,
)
STATEMENTS_OF_A_STEP = 60


NEW_CONTRACT = [
    Event("signed-9", "contract.signed", (("crm:contract:C9", "subject"),), 1, amount="100"),
    Event("made-9", "project.created", (("psa:project:P9", "subject"), ("crm:contract:C9", "part_of")), 3),
]


@given(before=st.integers(1, STATEMENTS_OF_A_STEP), is_new=st.booleans())
@example(before=3, is_new=False)
@example(before=34, is_new=True)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_step_that_was_interrupted_is_done_again(store: Store, before: int, is_new: bool) -> None:
    last = NEW_CONTRACT if is_new else [MOVED]
    expected = correlate(store, [list(FIRM), last])
    correlate(store, [list(FIRM)])
    clock = SteppedClock()
    clock.step(minutes=1)
    breaking = Stitcher(store, clock, 10_000)
    breaking._store = cast("Store", Breaking(store, before))
    put_events(store, 2, last)
    with suppress(Interrupted):
        breaking.step()
    clock.step(seconds=1)
    Stitcher(store, clock, 10_000).step()
    assert outcome(store) == expected


def test_a_correction_moves_an_event_to_another_contract(store: Store) -> None:
    moved = correlate(store, [list(FIRM), [MOVED]])
    members = {(row["lifecycle_id"], row["event_id"]) for row in moved["lifecycle_events"]}
    assert ("crm:contract:C2", "approved-1") in members
    assert moved == correlate(store, [[event for event in FIRM if event.event_id != "approved-1"], [MOVED]])


def test_work_told_before_its_contract_comes_home_through_the_other_name_of_its_project(store: Store) -> None:
    project, twin, contract = "psa:project:P1", "erp:project:9", "crm:contract:C1"
    made = Event("made", "project.created", ((project, "subject"),), 5)
    approved = Event(
        "approved", "time.approved", (("psa:time_entry:T1", "subject"), (project, "part_of")), 6, amount="10"
    )
    signed = Event("signed", "contract.signed", ((contract, "subject"),), 1, amount="100")
    linked = Event("linked", "project.created", ((twin, "subject"), (project, "same_as"), (contract, "part_of")), 7)
    expected = correlate(store, [[made, approved, signed, linked]])
    for batches in ([made, approved], [signed, linked]), ([signed, made, approved], [linked]):
        assert correlate(store, list(batches)) == expected


def test_a_segment_that_turns_up_late_is_still_taken(store: Store) -> None:
    expected = correlate(store, [list(FIRM)])
    correlate(store, [])
    clock = SteppedClock()
    stitcher = Stitcher(store, clock, 10_000)
    for segment, events in ((7, FIRM[::2]), (3, FIRM[1::2])):
        put_events(store, segment, events)
        assert stitcher.step() == len(events)
        clock.step(seconds=1)
    assert stitcher.step() == 0
    assert outcome(store) == expected


def test_what_came_after_a_late_segment_is_not_counted_twice(store: Store) -> None:
    """The late segment is about another contract: the first one only grows, and was taken before."""
    base, work, late = list(FIRM[:6]), FIRM[6], EXTRA.changed(objects=(*EXTRA.objects[:1], (PROJECT_2, "part_of")))
    expected = correlate(store, [[*base, work, late]])
    correlate(store, [])
    clock = SteppedClock()
    stitcher = Stitcher(store, clock, 10_000)
    for segment, events in ((5, base), (7, [work]), (6, [late])):
        put_events(store, segment, events)
        stitcher.step()
        clock.step(seconds=1)
    assert outcome(store) == expected


def test_an_object_declared_anew_loses_its_old_relations(store: Store) -> None:
    declared = {"psa:project:P4": (("psa:project:P4", "crm:contract:C1", "part_of"),)}
    again = {"psa:project:P4": (("psa:project:P4", "crm:contract:C2", "part_of"),)}
    correlate(store, [list(FIRM)])
    clock = SteppedClock()
    stitcher = Stitcher(store, clock, 10_000)
    for segment, links in ((2, declared), (3, again)):
        clock.step(minutes=1)
        put_declarations(store, segment, links)
        stitcher.step()
    rows = store.query("SELECT to_key FROM relations WHERE from_key = 'psa:project:P4'")
    assert [row["to_key"] for row in rows] == ["crm:contract:C2"]


@given(order=st.permutations(range(4)), is_decided=st.booleans())
@example(order=[0, 1, 2, 3], is_decided=False)
@example(order=[0, 2, 1, 3], is_decided=True)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_relation_may_come_before_or_after_what_it_relates(store: Store, order: list[int], is_decided: bool) -> None:
    """One after the other, or all at once: work is found in the contract that only the relation leads to."""
    project, contract = "psa:project:P9", "crm:contract:C9"
    told: list[Event | None] = [
        None,
        Event("made", "project.created", ((project, "subject"),), 3),
        Event("approved", "time.approved", (("psa:time_entry:T9", "subject"), (project, "part_of")), 5, amount="10"),
        Event("signed", "contract.signed", ((contract, "subject"),), 1, amount="100"),
    ]

    link = {"from_key": project, "to_key": contract, "decision": "link", "kind": "part_of", "reason": "as agreed"}

    def correlate_in(steps: list[list[Event | None]]) -> dict[str, list[dict[str, Any]]]:
        correlate(store, [])
        clock = SteppedClock()
        stitcher = Stitcher(store, clock, 10_000)
        for segment, step in enumerate(steps):
            put_events(store, 2 * segment + 1, [event for event in step if event])
            if None in step and is_decided:
                store.insert("people_links", [{**link, "decided_at": clock.now(), "version": segment + 1}])
            elif None in step:
                put_declarations(store, 2 * segment + 2, {project: ((project, contract, "part_of"),)})
            stitcher.step()
            clock.step(seconds=1)
        return outcome(store)

    at_once = correlate_in([told])
    assert [(row["lifecycle_id"], row["event_count"]) for row in at_once["lifecycles"]] == [(contract, 3)]
    assert correlate_in([[told[place]] for place in order]) == at_once


@pytest.mark.parametrize("amount", ["9999999999999998.99", "-9999999999999998.99"])
def test_no_amount_stops_correlation(store: Store, amount: str) -> None:
    huge = replace(next(event for event in FIRM if event.event_id == "issued"), amount=amount, lines=())
    correlated = correlate(store, [[*(event for event in FIRM if event.event_id != "issued"), huge]])
    parts = [row["amount"] for row in correlated["lifecycle_events"] if row["event_id"] == "issued"]
    assert len(parts) == 2
    assert sum(parts) == Decimal(amount)


@given(data=st.data())
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_money_is_counted_once_however_it_arrives(store: Store, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(FIRM))
    cut = data.draw(st.integers(0, len(FIRM)))
    rows = correlate(store, [shuffled[:cut], shuffled[cut:]])["lifecycle_events"]
    for event in FIRM:
        parts = [
            row["amount"]
            for row in rows
            if row["event_id"] == event.event_id and "opportunity" not in row["lifecycle_id"]
        ]
        if parts and event.objects and event.event_type != "opportunity.won":
            assert sum(parts) == Decimal(event.amount), event.event_id


def test_scratch_belongs_to_the_session_alone(store: Store) -> None:
    Stitcher(store, SteppedClock(), 1)
    assert store.query("SHOW TABLES LIKE 'scratch_%'") == []
