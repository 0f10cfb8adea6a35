"""A clock stands still between the milestones of a pause; time that is closed anyway is not counted twice."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from billtrail.store import Store
from slos import SlosSettings
from slos.vocabulary import Milestone
from tests.slos.firm import JOURNEYS, Firm, hours, judge_for, read_clocks
from tests.support.clock import NOON, SteppedClock

PAUSES = """
              pauses:
                - {reason: dispute, from: invoice_disputed, until: dispute_settled}
                - {reason: credit_hold, from: hold_placed, until: hold_lifted}
              runbook:"""
MARKS = ("invoice_disputed", "dispute_settled", "hold_placed", "hold_lifted")
INVOICE = "erp:invoice:INV-1"


@pytest.fixture
def firm(store: Store) -> Firm:
    milestones = {**JOURNEYS["quote_to_cash"], **{name: Milestone("invoice", "finance") for name in MARKS}}
    firm = Firm(store, {"quote_to_cash": milestones})
    firm.know("C-1")
    return firm


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    text = (SlosSettings().definitions / "invoice-status-propagation.yaml").read_text(encoding="utf-8")
    (tmp_path / "sla.yaml").write_text(text.replace("\n              runbook:", PAUSES), encoding="utf-8")
    return tmp_path


def reach(firm: Firm, milestone: str, after_h: float) -> None:
    firm.reach("C-1", milestone, NOON + hours(after_h), subject=INVOICE, object_type="invoice")


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
