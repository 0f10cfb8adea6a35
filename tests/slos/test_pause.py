"""A clock stands still between the milestones of a pause; time that is closed anyway is not counted twice."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from billtrail.store import Store
from slos import SlosSettings
from tests.slos.firm import JOURNEYS_WITH_MARKS, MARKS, Firm, hours, judge_for, read_clocks, write_pauses
from tests.support.clock import NOON, SteppedClock

INVOICE = "erp:invoice:INV-1"


@pytest.fixture
def firm(store: Store) -> Firm:
    firm = Firm(store, JOURNEYS_WITH_MARKS)
    firm.know("C-1")
    return firm


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    return write_pauses(tmp_path)


def reach(firm: Firm, milestone: str, after_h: float) -> None:
    firm.reach("C-1", milestone, NOON + hours(after_h), subject=INVOICE, object_type="invoice")


def tell(firm: Firm, milestone: str, after_h: float) -> None:
    firm.tell("C-1", milestone, NOON + hours(after_h), INVOICE)


def test_a_paused_clock_is_never_late_and_goes_on_where_it_stood(
    store: Store, clock: SteppedClock, firm: Firm, definitions: Path
) -> None:
    judge = judge_for(store, clock, definitions=definitions)
    reach(firm, "invoice_issued", 0)
    reach(firm, "invoice_disputed", 1)
    clock.step(hours=1.5)
    judge.step()
    assert read_clocks(store, "state, reason") == [("paused", "dispute")]
    clock.step(days=1)
    assert judge.step() == 0
    reach(firm, "dispute_settled", 25)  # Tuesday 14:00 in Berlin: open time from 14:00 to 17:00 and 9:00 to 14:00
    judge.step()
    assert read_clocks(store, "state, paused_ms, due_at, elapsed_business_ms") == [
        ("running", 8 * 3_600_000, datetime(2026, 3, 3, 16, tzinfo=UTC), 3_600_000 + 1_800_000)
    ]


def test_pauses_that_overlap_count_once(store: Store, clock: SteppedClock, firm: Firm, definitions: Path) -> None:
    judge = judge_for(store, clock, definitions=definitions)
    for milestone, after_h in zip(("invoice_issued", *MARKS), (0, 0.5, 1.5, 1, 2), strict=True):
        reach(firm, milestone, after_h)
    clock.step(hours=3)
    judge.step()
    assert read_clocks(store, "paused_ms, elapsed_business_ms") == [(5_400_000, 5_400_000)]


def test_a_stop_ends_a_pause_and_time_before_the_start_does_not_count(
    store: Store, clock: SteppedClock, firm: Firm, definitions: Path
) -> None:
    judge = judge_for(store, clock, definitions=definitions)
    reach(firm, "invoice_disputed", -1)
    reach(firm, "invoice_issued", 0)
    reach(firm, "invoice_visible_in_crm", 2)
    clock.step(hours=3)
    judge.step()
    assert read_clocks(store, "state, paused_ms, elapsed_business_ms") == [("met", 7_200_000, 0)]


def test_a_clock_may_stand_still_more_than_once(
    store: Store, clock: SteppedClock, firm: Firm, definitions: Path
) -> None:
    reach(firm, "invoice_issued", 0)
    reach(firm, "invoice_disputed", 0.5)
    reach(firm, "dispute_settled", 1)
    for milestone, after_h in (("invoice_disputed", 2), ("dispute_settled", 3), ("invoice_disputed", 3.5)):
        tell(firm, milestone, after_h)
    clock.step(hours=3.75)
    judge = judge_for(store, clock, definitions=definitions)
    judge.step()
    assert read_clocks(store, "state, paused_ms, elapsed_business_ms") == [("paused", 5_400_000, 7_200_000)]
    tell(firm, "dispute_settled", 4)
    firm.know("C-1", event_count=9)
    clock.step(hours=1)
    judge.step()
    assert read_clocks(store, "state, paused_ms, due_at") == [
        ("at_risk", 7_200_000, datetime(2026, 3, 3, 10, tzinfo=UTC))
    ]


def test_a_hold_on_the_contract_stops_the_clock_of_its_invoice(
    store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path
) -> None:
    text = (SlosSettings().definitions / "invoice-status-propagation.yaml").read_text(encoding="utf-8")
    pause = (
        "pauses: [{reason: credit_hold, from: credit_hold_placed, until: credit_hold_lifted}]\n              runbook:"
    )
    (tmp_path / "sla.yaml").write_text(text.replace("runbook:", pause), encoding="utf-8")
    judge = judge_for(store, clock, definitions=tmp_path)
    reach(firm, "invoice_issued", 0)
    firm.reach("C-1", "credit_hold_placed", NOON + hours(1))
    clock.step(hours=2)
    judge.step()
    assert read_clocks(store, "state, reason") == [("paused", "credit_hold")]
    firm.reach("C-1", "credit_hold_lifted", NOON + hours(3))
    clock.step(hours=1.5)
    judge.step()
    assert read_clocks(store, "state, paused_ms") == [("running", 7_200_000)]


def test_what_was_late_before_it_paused_stays_late_since_then(
    store: Store, clock: SteppedClock, firm: Firm, definitions: Path
) -> None:
    judge = judge_for(store, clock, definitions=definitions)
    reach(firm, "invoice_issued", 0)
    clock.step(days=1)
    judge.step()
    reach(firm, "invoice_disputed", 23)
    judge.step()
    reach(firm, "dispute_settled", 23.5)
    clock.step(hours=1)
    judge.step()
    assert read_clocks(store, "state, due_at") == [("breached", NOON + hours(4))]
