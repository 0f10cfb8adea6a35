"""What is told piece by piece, with corrections, declarations, spans and decisions between, is what a rebuild says."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billtrail.store import Store
from correlators.stitch import Stitcher
from tests.correlators.random_telling import Telling, declaration, draw_telling, events, span
from tests.correlators.test_same_answer import correlate, outcome
from tests.support.clock import SteppedClock
from tests.support.events import Event

PROJECT = "psa:project:P4"
SUBMITTED = Event("submitted", "time.submitted", (("psa:time_entry:T3", "subject"), (PROJECT, "part_of")), 26)
MOVED = Event("moved", "time.approved", (("psa:time_entry:T9", "subject"), ("psa:project:P8", "part_of")), 28)
SIGNED = Event("signed", "contract.signed", (("crm:contract:C0", "subject"), ("crm:opportunity:O1", "origin")), 36)
TWINS = Event("twins", "opportunity.merged", (("crm:opportunity:O0", "subject"), ("crm:opportunity:O1", "same_as")), 3)
SPENT = Event(
    "spent", "time.approved", (("psa:time_entry:T5", "subject"), (PROJECT, "part_of")), 7, correlation_id="run-3"
)
TRIED = Event("tried", "time.approved", (("psa:time_entry:T1", "subject"), (PROJECT, "part_of")), 5, outcome="failure")


def assert_rebuild_agrees(store: Store, tellings: list[Telling]) -> None:
    correlate(store, [])
    clock = SteppedClock()
    clock.step(hours=2)
    stitcher = Stitcher(store, clock, 10_000)
    for segment, tell in enumerate(tellings, start=1):
        tell(store, clock, segment)
        clock.step(seconds=5)
        stitcher.step()
    drain(stitcher, clock)
    told = outcome(store)
    stitcher.forget()
    drain(stitcher, clock)
    assert told == outcome(store)
    assert told["lifecycles"]


def drain(stitcher: Stitcher, clock: SteppedClock) -> None:
    while stitcher.step():
        clock.step(seconds=1)


@pytest.mark.parametrize(
    "tellings",
    [
        pytest.param(
            [events(SUBMITTED, MOVED), events(MOVED.changed(objects=SUBMITTED.objects, revision=1))],
            id="an event corrected to name what others relate proves nothing better",
        ),
        pytest.param(
            [events(SIGNED, TWINS), span(span_id="1e", correlation_id="run-1", object_keys=["crm:opportunity:O0"])],
            id="a span on what a contract shows counts there",
        ),
        pytest.param(
            [
                events(SIGNED),
                declaration("erp:invoice:I0", ("erp:invoice:I0", PROJECT, "part_of")),
                events(SPENT),
                declaration("erp:invoice:I0", ("erp:invoice:I0", "crm:opportunity:O0", "part_of")),
                events(SPENT.changed(objects=(("psa:worker:W", "reference"),), revision=1)),
            ],
            id="what only a replaced declaration named is gone",
        ),
        pytest.param(
            [
                events(MOVED),
                events(MOVED.changed(hours=30, revision=1)),
                events(MOVED.changed(event_id="earlier", hours=29)),
            ],
            id="a proof that is later now gives way to one before it",
        ),
        pytest.param(
            [
                declaration("erp:invoice:I0", ("erp:invoice:I0", "psa:project:P2", "part_of")),
                events(
                    Event("one", "project.created", (("psa:project:P1", "subject"),), 1),
                    Event("two", "project.created", (("psa:project:P2", "subject"), ("psa:project:P1", "same_as")), 7),
                ),
                declaration("erp:invoice:I0"),
            ],
            id="what a declaration named before was not seen then",
        ),
        pytest.param(
            [
                events(SIGNED, TRIED),
                events(TRIED.changed(event_id="done", outcome="success", hours=9, amount="5")),
                events(TRIED.changed(event_id="again", outcome="success", hours=8, amount="7")),
                events(TRIED.changed(event_id="first", hours=4)),
            ],
            id="a milestone is tried and reached again, late and early",
        ),
    ],
)
def test_what_was_found_once_does_not_come_back(store: Store, tellings: list[Telling]) -> None:
    assert_rebuild_agrees(store, tellings)


@given(seed=st.integers(0, 2**32))
@example(seed=38)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_told_a_rebuild_agrees(store: Store, seed: int) -> None:
    assert_rebuild_agrees(store, draw_telling(seed))
