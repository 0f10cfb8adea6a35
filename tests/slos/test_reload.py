"""Documents that change while clocks run: the good ones take effect on every clock, the bad ones on none."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from billtrail.store import Store
from slos import Milestone, SlosSettings
from tests.slos.firm import JOURNEYS, Firm, hours, judge_for, read_clocks
from tests.support.clock import NOON, SteppedClock


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SlosSettings().definitions, tmp_path / "definitions"))


@pytest.fixture
def calendars(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SlosSettings().calendars, tmp_path / "calendars"))


@pytest.fixture
def firm(store: Store) -> Firm:
    firm = Firm(store)
    firm.know("C-1")
    firm.reach("C-1", "invoice_issued", NOON, subject="erp:invoice:1")
    firm.reach("C-1", "time_approved", NOON, subject="psa:time_entry:1")
    return firm


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_shorter_promise_is_due_earlier_at_once(
    store: Store, clock: SteppedClock, firm: Firm, definitions: Path
) -> None:
    judge = judge_for(store, clock, definitions=definitions)
    judge.step()
    change(definitions / "invoice-status-propagation.yaml", "duration: 4h", "duration: 90m")
    clock.step(minutes=1)
    assert judge.reload() == ()
    judge.step()
    assert read_clocks(store, "due_at")[0] == NOON + hours(1.5)


def test_a_bad_document_leaves_the_last_good_set_in_force_and_says_so(
    store: Store, clock: SteppedClock, firm: Firm, definitions: Path, caplog: pytest.LogCaptureFixture
) -> None:
    judge = judge_for(store, clock, definitions=definitions)
    judge.step()
    change(definitions / "invoice-status-propagation.yaml", "duration: 4h", "duration: 1h")
    change(definitions / "time-posting.yaml", "start: time_approved", "start: time_aproved")
    problems = judge.reload()
    assert [problem.hint for problem in problems] == ["did you mean time_approved?"]
    assert "the last good ones stay in force" in caplog.text
    assert judge.step() == 0
    assert read_clocks(store, "due_at")[0] == NOON + hours(4)
    assert judge_for(store, clock, definitions=definitions).step() == 0


def test_bad_documents_from_the_start_judge_nothing_until_they_are_mended(
    store: Store, clock: SteppedClock, firm: Firm, definitions: Path, caplog: pytest.LogCaptureFixture
) -> None:
    change(definitions / "time-posting.yaml", "start: time_approved", "start: time_aproved")
    judge = judge_for(store, clock, definitions=definitions)
    assert [judge.step() for _ in range(3)] == [0, 0, 0]
    assert caplog.text.count("no SLA is judged") == 1
    change(definitions / "time-posting.yaml", "start: time_aproved", "start: time_approved")
    assert judge.step() == 2


def test_an_sla_that_is_removed_cancels_its_open_clocks_and_keeps_the_closed_ones(
    store: Store, clock: SteppedClock, firm: Firm, definitions: Path
) -> None:
    judge = judge_for(store, clock, definitions=definitions)
    firm.reach("C-1", "invoice_issued", NOON, subject="erp:invoice:2")
    firm.reach("C-1", "invoice_visible_in_crm", NOON, subject="erp:invoice:2")
    judge.step()
    (definitions / "invoice-status-propagation.yaml").unlink()
    judge.reload()
    clock.step(minutes=1)
    judge.step()
    assert read_clocks(store, "subject_key, state, reason") == [
        ("erp:invoice:1", "cancelled", "sla_removed"),
        ("erp:invoice:2", "met", "stopped_in_time"),
        ("psa:time_entry:1", "running", "in_time"),
    ]


def test_a_filter_takes_the_clocks_it_no_longer_counts_for_away(
    store: Store, clock: SteppedClock, firm: Firm, definitions: Path
) -> None:
    judge = judge_for(store, clock, definitions=definitions)
    judge.step()
    file = definitions / "invoice-status-propagation.yaml"
    change(file, "at_risk: 0.5", "at_risk: 0.5\n              filter: {billing_model: [retainer, milestone]}")
    judge.reload()
    judge.step()
    assert read_clocks(store)[0] == "cancelled"
    firm.know("C-1", billing_model="retainer")
    judge.step()
    assert read_clocks(store)[0] == "running"


def test_a_new_closing_day_moves_the_due_times_and_its_removal_moves_them_back(
    store: Store, clock: SteppedClock, firm: Firm, calendars: Path
) -> None:
    firm.reach("C-1", "invoice_issued", NOON + hours(4), subject="erp:invoice:1")
    judge = judge_for(store, clock, calendars=calendars)
    judge.step()
    assert read_clocks(store, "due_at")[0] == datetime(2026, 3, 3, 12, tzinfo=UTC)
    change(calendars / "de-business.yaml", '"12-24",', '"12-24", 2026-03-03,')
    for day, (old, new) in ((4, ("x", "x")), (3, (" 2026-03-03,", ""))):
        if old != new:
            change(calendars / "de-business.yaml", old, new)
        clock.step(seconds=1)
        judge.reload()
        judge.step()
        assert read_clocks(store, "due_at")[0] == datetime(2026, 3, day, 12, tzinfo=UTC)


def test_a_journey_that_is_compiled_later_takes_effect(store: Store, clock: SteppedClock, firm: Firm) -> None:
    firm.reach("C-1", "contract_signed", NOON)
    judge = judge_for(store, clock)
    judge.step()
    assert "pmo" in read_clocks(store, "owner")
    store.command("TRUNCATE TABLE journey_milestones")
    assert judge.step() == 0
    milestones = dict(JOURNEYS["quote_to_cash"])
    milestones["project_in_psa"] = Milestone("contract", "delivery")
    Firm(store, {"quote_to_cash": milestones})
    clock.step(seconds=1)
    assert judge.step() == 1
    assert "delivery" in read_clocks(store, "owner")


def test_the_passing_of_years_only_adds_stretches(store: Store, clock: SteppedClock, firm: Firm) -> None:
    judge = judge_for(store, clock)
    judge.step()
    before = store.query("SELECT calendar, opens_at, open_before_ms FROM calendar_spans FINAL ORDER BY ALL")
    clock.step(days=365)
    judge.step()
    after = store.query("SELECT calendar, opens_at, open_before_ms FROM calendar_spans FINAL ORDER BY ALL")
    assert len(after) > len(before)
    assert [row for row in before if row not in after] == []
    assert max(row["opens_at"] for row in after).date() > date(2028, 12, 20)
