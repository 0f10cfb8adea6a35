"""How a lifecycle fares against its journey: late, failed, extra, out of order; and which ways lifecycles take."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from billtrail.store import Row, Store
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.stitch import Stitcher
from tests.correlators.firm import CONTRACT_1, CONTRACT_2, FIRM, PROJECT_1, PROJECT_2
from tests.support.clock import SteppedClock
from tests.support.events import START, Event, put_events
from tests.support.store import drop_test_store, open_test_store

ENTRY = (("psa:time_entry:T5", "subject"), (PROJECT_1, "part_of"))
ASTRAY = (
    # Approved before it was submitted, although another entry was submitted long before.
    Event("submitted-1", "time.submitted", (("psa:time_entry:T1", "subject"), (PROJECT_1, "part_of")), 5.5),
    Event("approved-5", "time.approved", ENTRY, 8, amount="10"),
    Event("submitted-5", "time.submitted", ENTRY, 9),
    Event(
        "posted-5",
        "time.posted",
        (("erp:time_entry:5", "subject"), ("psa:time_entry:T5", "same_as")),
        10,
        outcome="failure",
    ),
    # Signed twice; and time on a contract that is not paid by time.
    Event("signed-2-again", "contract.signed", ((CONTRACT_2, "subject"),), 3, amount="500"),
    Event("approved-6", "time.approved", (("psa:time_entry:T6", "subject"), (PROJECT_2, "part_of")), 9),
    # A part of the invoice is paid before it is issued: another object, so the lifecycle's first counts.
    Event("paid-early", "payment.received", (("erp:payment:Y0", "subject"), ("erp:invoice:I1", "part_of")), 19),
)


@pytest.fixture(scope="module")
def firm(engine_path: Path) -> Iterator[Store]:
    store = open_test_store(engine_path)
    compile_journeys(store, read_journeys(), 1)
    put_events(store, 1, [*FIRM, *ASTRAY])
    Stitcher(store, SteppedClock(), 10_000).step()
    yield store
    drop_test_store(store)


def steps_of(store: Store, lifecycle_id: str) -> dict[str, Row]:
    rows = store.query(
        "SELECT * FROM conformance WHERE lifecycle_id = {id:String} ORDER BY position", {"id": lifecycle_id}
    )
    return {row["milestone"]: row for row in rows}


def test_the_milestones_of_a_journey_come_in_its_order_each_once(firm: Store) -> None:
    told = list(steps_of(firm, CONTRACT_1))
    declared = firm.query(
        "SELECT milestone FROM journey_milestones FINAL WHERE journey = 'quote_to_cash' ORDER BY position"
    )
    assert told == [row["milestone"] for row in declared]


def test_what_is_of_one_type_is_compared_object_by_object(firm: Store) -> None:
    steps = steps_of(firm, CONTRACT_1)
    approved, submitted = steps["time_approved"], steps["time_submitted"]
    assert (approved["state"], approved["out_of_order"], approved["subjects"]) == ("out_of_order", 1, 2)
    assert (submitted["state"], submitted["progress"]) == ("done", "done")


def test_other_things_are_compared_by_when_the_lifecycle_first_reached_them(firm: Store) -> None:
    paid = steps_of(firm, CONTRACT_1)["payment_received"]
    assert (paid["state"], paid["out_of_order"], paid["progress"]) == ("out_of_order", 1, "done")


def test_one_object_that_failed_is_told_although_others_are_done(firm: Store) -> None:
    posted = steps_of(firm, CONTRACT_1)["time_posted"]
    assert (posted["state"], posted["failed"], posted["subjects"], posted["attempts"]) == ("failed", 1, 1, 2)


def test_what_comes_again_or_is_not_of_the_billing_model_is_extra(firm: Store) -> None:
    steps = steps_of(firm, CONTRACT_2)
    assert (steps["contract_signed"]["state"], steps["contract_signed"]["extra"]) == ("extra", 1)
    assert (steps["time_approved"]["state"], steps["time_approved"]["extra"]) == ("extra", 1)
    assert steps["time_posted"]["state"] == "not_applicable"
    assert {name: step["state"] for name, step in steps_of(firm, CONTRACT_1).items() if step["extra"]} == {}


def test_a_step_is_late_while_a_breached_clock_waits_for_it(firm: Store) -> None:
    sla = {"sla": "posting", "stop_milestones": ["time_posted"], "is_deleted": 0, "version": 1}
    firm.insert("sla_definitions", [sla])
    for hours, state, late in ((0, "running", 0), (1, "unknown", 0), (2, "breached", 1)):
        clock: dict[str, Any] = {"sla": "posting", "lifecycle_id": CONTRACT_1, "state": state}
        clock |= {"known_at": START + timedelta(hours=hours), "due_at": START + timedelta(hours=30)}
        # The one of T1 waits no more: it was posted since.
        firm.insert("clock_verdicts", [{**clock, "subject_key": f"psa:time_entry:{id}"} for id in ("T5", "T1")])
        posted = steps_of(firm, CONTRACT_1)["time_posted"]
        assert (posted["state"], posted["late"]) == ("late" if late else "failed", late)
        assert posted["due_at"] == START + timedelta(hours=30)


def test_ways_are_counted_per_journey(firm: Store) -> None:
    rows = firm.query("SELECT * FROM variants ORDER BY lifecycles DESC, length(path) DESC")
    assert sum(row["lifecycles"] for row in rows) == 2
    assert [row["share"] for row in rows] == [0.5, 0.5]
    own = next(row for row in rows if row["example"] == CONTRACT_1)
    assert own["path"][:5] == [
        "opportunity_won",
        "contract_signed",
        "project_in_psa",
        "project_in_erp",
        "time_submitted",
    ]
    assert own["path"].index("payment_received") < own["path"].index("invoice_issued")
    assert own["median_ms"] == 21 * 3_600_000
