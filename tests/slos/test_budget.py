"""Error budgets: the arithmetic by its properties, then on the engine, from clocks to what is left and who is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from billtrail.store import Store
from slos import Judge, SlosSettings
from slos.budget import BudgetState, Count, judge_budget, weigh
from slos.budget_loop import BudgetLoop
from slos.interval import wilson
from slos.metrics import SloMetrics
from tests.slos.firm import Firm, hours, judge_for, settings_for
from tests.support.clock import NOON, SteppedClock

counts = st.integers(0, 100_000)
targets = st.floats(0.5, 0.9999)
SLA = "invoice-status-propagation"


@given(good=counts, bad=counts, target=targets)
def test_a_budget_never_grows_by_a_late_promise(good: int, bad: int, target: float) -> None:
    before = judge_budget(Count(good, bad, good + bad), target, 1)
    after = judge_budget(Count(good, bad + 1, good + bad + 1), target, 1)
    assert after.remaining_ratio <= before.remaining_ratio
    assert after.allowed - after.count.bad < before.allowed - before.count.bad


@given(good=counts, bad=counts, target=targets)
def test_a_budget_never_shrinks_by_a_kept_promise(good: int, bad: int, target: float) -> None:
    before = judge_budget(Count(good, bad, good + bad), target, 1)
    after = judge_budget(Count(good + 1, bad, good + bad + 1), target, 1)
    assert after.remaining_ratio >= before.remaining_ratio - 1e-9


@given(parts=st.lists(st.tuples(st.floats(0.1, 9), counts, counts), min_size=1, max_size=5), at=st.integers(0, 4))
def test_a_composite_never_gains_by_a_late_promise_where_promises_were_decided(
    parts: list[tuple[float, int, int]], at: int
) -> None:
    at %= len(parts)
    before = [(weight, Count(good, bad, good + bad)) for weight, good, bad in parts]
    weight, count = before[at]
    after = [*before]
    after[at] = (weight, Count(count.good, count.bad + 1, count.promises + 1))
    if count.promises:
        assert weigh(after).error_ratio >= weigh(before).error_ratio - 1e-12


@given(hits=counts, more=counts)
def test_the_interval_holds_the_share_and_narrows_with_the_sample(hits: int, more: int) -> None:
    trials = hits + more
    low, high = wilson(hits, trials)
    assert 0 <= low <= (hits / trials if trials else 0.5) + 1e-12
    assert (hits / trials if trials else 0.5) - 1e-12 <= high <= 1
    wider = wilson(hits, trials)
    narrower = wilson(hits * 4, trials * 4)
    assert narrower.high - narrower.low <= wider.high - wider.low + 1e-12


def test_the_interval_is_that_of_the_literature() -> None:
    """Two of twenty at 95 percent: 0.0279 to 0.3010 (Newcombe, Statistics in Medicine 17 (1998), method 3)."""
    assert wilson(2, 20) == pytest.approx((0.0279, 0.3010), abs=5e-5)


def test_few_promises_are_counted_and_not_judged() -> None:
    budget = judge_budget(Count(18, 2, 20), 0.95, 40)
    assert budget.state is BudgetState.TOO_FEW
    assert (budget.allowed, budget.remaining_ratio) == pytest.approx((1.0, -1.0))
    assert judge_budget(Count(), 0.95, 40).state is BudgetState.NOTHING_DECIDED


@pytest.fixture
def firm(store: Store) -> Firm:
    firm = Firm(store)
    firm.know("C-1")
    return firm


def issue(firm: Firm, first: int, how_many: int, *, late: int, at: datetime = NOON) -> None:
    """Issue invoices at once, of which the first `late` never become visible."""
    for number in range(first, first + how_many):
        subject = f"erp:invoice:{number}"
        firm.reach("C-1", "invoice_issued", at, subject=subject)
        if number >= first + late:
            firm.reach("C-1", "invoice_visible_in_crm", at + hours(1), subject=subject)


def read(store: Store, columns: str) -> tuple[object, ...]:
    (row,) = store.query(f"SELECT {columns} FROM sla_budgets WHERE sla = '{SLA}'")
    return tuple(row.values())


def test_a_budget_counts_what_was_decided_keeps_its_history_and_tells_when_it_burns(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    registry = CollectorRegistry()
    metrics = SloMetrics(registry)
    judge, budgets = Judge(store, clock, settings_for(), metrics), BudgetLoop(store, clock, SlosSettings(), metrics)
    issue(firm, 0, 60, late=24)
    clock.step(hours=1.5)
    judge.step()
    assert budgets.step() > 0
    assert read(store, "state, good, bad, remaining_ratio") == ("too_few", 36, 0, 1)
    clock.step(hours=2.51)
    judge.step()
    budgets.step()
    assert read(store, "state, good, bad, attainment_ratio < 0.61") == ("spent", 36, 24, 1)
    burning = store.query("SELECT long_ms FROM sla_burns WHERE state = 'burning' ORDER BY long_ms")
    assert [row["long_ms"] // 3_600_000 for row in burning] == [6, 72]
    few = store.query(f"SELECT state FROM sla_burns WHERE sla = '{SLA}' AND long_ms = 3600000")
    assert few == [{"state": "too_few"}]
    assert store.query("SELECT severity, owner FROM findings WHERE resolved_at IS NULL") == [
        {"severity": "critical", "owner": "integration-team"}
    ]
    labels = {"sla": SLA}
    assert registry.get_sample_value("billtrail_sla_budget_remaining_ratio", labels) == pytest.approx(
        read(store, "remaining_ratio")[0]
    )
    assert registry.get_sample_value("billtrail_sla_burn_promises", labels | {"window": "6h"}) == 60
    written = store.query("SELECT count() AS n FROM sla_budget_rows")
    clock.step(seconds=20)
    assert budgets.step() == 0
    assert store.query("SELECT count() AS n FROM sla_budget_rows") == written
    clock.step(days=4)
    budgets.step()
    assert store.query("SELECT 1 FROM findings WHERE resolved_at IS NULL") == []
    assert store.query(f"SELECT count() AS n FROM sla_budget_rows WHERE sla = '{SLA}'") == [{"n": 2}]


def change(folder: Path, old: str, new: str) -> Path:
    text = (SlosSettings().definitions / f"{SLA}.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "sla.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_slices_of_time_count_each_once_however_many_promises_they_hold(
    store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path
) -> None:
    text = (SlosSettings().definitions / f"{SLA}.yaml").read_text(encoding="utf-8")
    text = text.replace("budgetingMethod: Occurrences", "budgetingMethod: Timeslices")
    (tmp_path / "sla.yaml").write_text(
        text.rstrip() + "\n      timeSliceWindow: 24h\n      timeSliceTarget: 0.5\n", encoding="utf-8"
    )
    issue(firm, 0, 20, late=20)
    issue(firm, 100, 3, late=1, at=NOON + timedelta(days=1))
    issue(firm, 200, 3, late=2, at=NOON + timedelta(days=2))
    clock.step(days=4)
    judge_for(store, clock, definitions=tmp_path).step()
    BudgetLoop(store, clock, SlosSettings()).step()
    assert read(store, "promises, good, bad") == (26, 1, 2)


def test_a_fiscal_month_counts_only_its_own(store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path) -> None:
    calendar = "{startTime: 2025-04-01 00:00:00, timeZone: Europe/Berlin}"
    window = f"duration: 1M\n      isRolling: false\n      calendar: {calendar}"
    change(tmp_path, "duration: 28d\n      isRolling: true", window)
    issue(firm, 0, 3, late=1, at=NOON - timedelta(days=5))
    issue(firm, 100, 4, late=0)
    clock.step(days=1)
    judge_for(store, clock, definitions=tmp_path).step()
    BudgetLoop(store, clock, SlosSettings()).step()
    assert read(store, "good, bad, starts_at") == (4, 0, datetime(2026, 2, 28, 23, tzinfo=UTC))
