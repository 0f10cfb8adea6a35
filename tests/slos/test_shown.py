"""What the room shows of its clocks: the list, the gauges; and what a silent source does to a verdict."""

import shutil
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from billtrail.store import Store
from slos import Judge, SlosSettings, list_slas, run_forever
from slos.budget_loop import BudgetLoop
from slos.metrics import SloMetrics
from tests.slos.firm import SHIPPED, Firm, hours, judge_for, read_clocks, settings_for
from tests.support.clock import NOON, SteppedClock


@pytest.fixture
def firm(store: Store) -> Firm:
    firm = Firm(store)
    firm.know("C-1")
    return firm


def issue(firm: Firm, number: int, *, visible_after_h: float | None) -> None:
    firm.reach("C-1", "invoice_issued", NOON, subject=f"erp:invoice:{number}")
    if visible_after_h is not None:
        firm.reach("C-1", "invoice_visible_in_crm", NOON + hours(visible_after_h), subject=f"erp:invoice:{number}")


def test_the_list_counts_what_came_due_in_the_window(store: Store, clock: SteppedClock, firm: Firm) -> None:
    for number, visible_after_h in enumerate((1, 2, 3, 30, None)):
        issue(firm, number, visible_after_h=visible_after_h)
    clock.step(days=2)
    judge_for(store, clock).step()
    listed = {row["sla"]: row for row in list_slas(store, clock.now())}
    assert sorted(listed) == SHIPPED
    row = listed["invoice-status-propagation"]
    assert (row["met"], row["late"], row["breached"], row["attainment_ratio"]) == (3, 2, 1, 0.6)
    assert listed["time-posting"]["attainment_ratio"] is None
    BudgetLoop(store, clock, settings_for()).step()
    budgets = store.query("SELECT sla, attainment_ratio FROM sla_budgets")
    assert {one["sla"]: one["attainment_ratio"] for one in budgets} == {
        sla: one["attainment_ratio"] for sla, one in listed.items()
    }
    assert row["runbook"] == "slos/runbooks/invoice-status-propagation.md"
    month_later = {row["sla"]: row for row in list_slas(store, clock.now() + timedelta(days=30))}
    assert month_later["invoice-status-propagation"]["attainment_ratio"] is None


def test_an_open_clock_is_not_yet_attained_nor_missed(store: Store, clock: SteppedClock, firm: Firm) -> None:
    issue(firm, 1, visible_after_h=None)
    judge_for(store, clock).step()
    row = next(row for row in list_slas(store, clock.now()) if row["sla"] == "invoice-status-propagation")
    assert (row["open"], row["met"], row["late"], row["attainment_ratio"]) == (1, 0, 0, None)


def test_an_sla_is_one_row_however_old_its_clocks(store: Store, clock: SteppedClock, firm: Firm) -> None:
    issue(firm, 1, visible_after_h=None)
    clock.step(days=60)
    firm.reach("C-1", "invoice_issued", clock.now(), subject="erp:invoice:2")
    judge_for(store, clock).step()
    rows = [row for row in list_slas(store, clock.now()) if row["sla"] == "invoice-status-propagation"]
    assert [(row["open"], row["breached"]) for row in rows] == [(1, 1)]


def test_gauges_follow_the_clocks_and_show_no_sla_that_is_gone(
    store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path
) -> None:
    registry = CollectorRegistry()
    settings = settings_for(definitions=Path(shutil.copytree(SlosSettings().definitions, tmp_path / "definitions")))
    metrics = SloMetrics(registry)
    judge, budgets = Judge(store, clock, settings, metrics), BudgetLoop(store, clock, settings, metrics)

    def target() -> float | None:
        return registry.get_sample_value("billtrail_sla_target_ratio", {"sla": "invoice-status-propagation"})

    def count(state: str) -> float | None:
        return registry.get_sample_value("billtrail_sla_clocks", {"sla": "invoice-status-propagation", "state": state})

    issue(firm, 1, visible_after_h=None)
    judge.step()
    assert (count("running"), count("breached")) == (1, 0)
    clock.step(days=1)
    judge.step()
    assert (count("running"), count("breached")) == (0, 1)
    assert registry.get_sample_value("billtrail_sla_verdicts_total") == 2
    budgets.step()
    assert target() == 0.97
    (settings.definitions / "invoice-status-propagation.yaml").unlink()
    judge.reload()
    budgets.reload()
    budgets.step()
    assert target() is None


def test_a_runbook_is_linked_where_the_settings_say(store: Store, clock: SteppedClock, firm: Firm) -> None:
    judge_for(store, clock, runbook_base_url="https://wiki.firm.example/runbooks/").step()
    assert {row["runbook"] for row in list_slas(store, clock.now())} >= {
        "https://wiki.firm.example/runbooks/project-setup.md"
    }


def hear(store: Store, source: str, system: str, at: datetime) -> None:
    """Write an event of a source that happened at noon and was received at an instant."""
    store.command(
        "INSERT INTO event_versions (source, event_id, system, event_type, occurred_at, received_at) SELECT"
        " {source:String}, 'e', {system:String}, 'x', '2026-03-02 13:00:00', {at:DateTime64(3, 'UTC')}",
        {"source": source, "system": system, "at": at},
    )


def test_a_silent_source_makes_its_late_clock_unknown_until_it_speaks_again(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    hear(store, "/crm", "crm", NOON)
    judge = judge_for(store, clock)
    issue(firm, 1, visible_after_h=None)
    clock.step(hours=20)
    judge.step()
    assert read_clocks(store, "state, reason") == [("breached", "past_due")]
    issue(firm, 2, visible_after_h=None)
    clock.step(hours=5)
    judge.step()
    assert read_clocks(store, "state, reason") == [("breached", "past_due"), ("unknown", "source_silent")]
    hear(store, "/crm", "crm", clock.now())
    clock.step(seconds=10)
    judge.step()
    assert read_clocks(store, "state, reason") == [("breached", "past_due"), ("breached", "past_due")]


def test_a_silent_source_is_no_excuse_where_that_is_not_wanted_nor_for_what_it_had_passed(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    hear(store, "/crm", "crm", NOON - timedelta(days=1))
    issue(firm, 1, visible_after_h=None)
    clock.step(days=1)
    judge_for(store, clock, unknown_when_silent=False).step()
    assert read_clocks(store) == ["breached"]
    firm.reach("C-1", "invoice_issued", NOON - timedelta(days=4), subject="erp:invoice:2")
    judge_for(store, clock).step()
    assert read_clocks(store) == ["breached", "breached"]


def test_the_loop_judges_until_it_is_told_to_stop(store: Store, clock: SteppedClock, firm: Firm) -> None:
    issue(firm, 1, visible_after_h=None)
    stop = threading.Event()
    lane = store.another()
    settings = SlosSettings(judge_every_ms=50)
    thread = threading.Thread(target=run_forever, args=(lane, clock, settings, stop))
    thread.start()
    deadline = threading.Event()
    while not read_clocks(store) and not deadline.wait(0.05):
        pass
    stop.set()
    thread.join(timeout=20)
    assert not thread.is_alive()
    lane.close()
    assert read_clocks(store) == ["running"]
