"""Composite objectives: budgets and reports by weight, over promises and over slices of time, in fiscal months."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from billtrail.errors import SettingsError
from billtrail.store import Store
from slos import SlosSettings
from slos.budget_loop import BudgetLoop
from slos.catalogue import read_catalogue
from slos.report import report
from tests.slos.firm import JOURNEYS, Firm, hours, judge_for, settings_for
from tests.support.clock import NOON, SteppedClock

SLAS = ("invoice-status-propagation", "time-posting")
DOCUMENT = """
apiVersion: openslo/v1
kind: SLO
metadata: {name: both, annotations: {billtrail.owner: pmo, billtrail.runbook: time-posting%(notes)s}}
spec:
  service: quote-to-cash
  timeWindow: [%(window)s]
  budgetingMethod: %(method)s
  objectives:
    - {indicatorRef: invoice-status-propagation-kept, target: 0.9, compositeWeight: 3%(slices)s}
    - {indicatorRef: time-posting-kept, target: 0.5, compositeWeight: 1%(slices)s}
"""
ROLLING = "{duration: 4w, isRolling: true}"
FISCAL = "{duration: 1M, isRolling: false, calendar: {startTime: 2026-02-01 00:00:00, timeZone: Europe/Berlin}}"


def write(folder: Path, **words: str) -> SlosSettings:
    for name in SLAS:
        text = (SlosSettings().definitions / f"{name}.yaml").read_text("utf-8")
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    usual = {"window": ROLLING, "method": "Occurrences", "slices": "", "notes": ""}
    (folder / "both.yaml").write_text(DOCUMENT % (usual | words), "utf-8")
    return settings_for(definitions=folder)


@pytest.fixture
def firm(store: Store) -> Firm:
    """Two days: on the first half of ten invoices late and 90 time entries posted, on the second two invoices kept."""
    firm = Firm(store)
    firm.know("C-1")
    with firm.at_once():
        for number in range(12):
            at = NOON + timedelta(days=number >= 10)
            firm.reach("C-1", "invoice_issued", at, subject=f"erp:invoice:{number}")
            if number >= 5:
                firm.reach("C-1", "invoice_visible_in_crm", at + hours(1), subject=f"erp:invoice:{number}")
        for number in range(90):
            for milestone in ("time_approved", "time_posted"):
                firm.reach("C-1", milestone, NOON, subject=f"psa:time_entry:{number}")
    return firm


def judge(store: Store, clock: SteppedClock, settings: SlosSettings) -> dict[str, object]:
    assert read_catalogue(settings, JOURNEYS).problems == ()
    judge_for(store, clock, definitions=settings.definitions).step()
    BudgetLoop(store, clock, settings).step()
    columns = "promises, bad / (good + bad) AS error_ratio, target_ratio"
    return store.query(f"SELECT {columns} FROM sla_budgets WHERE sla = 'both'")[0]


def read_report(store: Store, now: datetime, period: str = "", known_at: datetime | None = None) -> dict[str, object]:
    return next(row for row in report(store, now, period=period, known_at=known_at) if row["sla"] == "both")


def test_a_composite_weighs_its_parts_in_budget_and_report(
    store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path
) -> None:
    settings = write(tmp_path)
    clock.step(days=2)
    found = judge(store, clock, settings)
    share = 5 / 12 * 3 / 4
    assert (found["promises"], found["error_ratio"], found["target_ratio"]) == pytest.approx((102, share, 0.8))
    row = read_report(store, clock.now(), "2026-03")
    assert (row["met_now"], row["late_now"], row["attainment_ratio_now"]) == (97, 5, pytest.approx(1 - share))
    assert row["remaining_ratio_now"] == pytest.approx(1 - share / 0.2)
    then = read_report(store, clock.now(), "2026-03", known_at=NOON + hours(30))
    assert (then["met_then"], then["attainment_ratio_then"]) == (0, None)


def test_slices_of_time_count_in_each_part_of_a_composite(
    store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path
) -> None:
    slices = ", timeSliceWindow: 24h, timeSliceTarget: 0.9"
    settings = write(tmp_path, method="Timeslices", slices=slices)
    clock.step(days=2)
    found = judge(store, clock, settings)
    # Invoices: one slice bad, one good. Time: one slice, good. So 3/4 of a half is bad.
    assert (found["promises"], found["error_ratio"]) == pytest.approx((102, 3 / 8))
    row = read_report(store, clock.now(), "2026-03")
    assert (row["met_now"], row["late_now"], row["attainment_ratio_now"]) == (97, 5, pytest.approx(5 / 8))


def test_slices_by_their_shares_are_the_mean_of_those(
    store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path
) -> None:
    settings = write(tmp_path, method="RatioTimeslices", slices=", timeSliceWindow: 24h")
    clock.step(days=2)
    assert judge(store, clock, settings)["error_ratio"] == pytest.approx(3 / 4 * (0.5 + 0) / 2)
    assert read_report(store, clock.now(), "2026-03")["attainment_ratio_now"] == pytest.approx(1 - 3 / 16)


def test_a_fiscal_month_of_whole_weeks_is_a_window_and_a_period_of_a_report(
    store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path
) -> None:
    """The retail year from Sunday 1 February 2026: four weeks, then March from Sunday the first on, for five."""
    settings = write(tmp_path, window=FISCAL, notes=", billtrail.fiscal_pattern: 4-5-4")
    clock.step(days=2)
    assert judge(store, clock, settings)["promises"] == 102
    midnight = datetime(2026, 2, 28, 23, tzinfo=UTC)
    [budget] = store.query("SELECT starts_at, ends_at FROM sla_budgets WHERE sla = 'both'")
    assert budget == {"starts_at": midnight, "ends_at": datetime(2026, 4, 4, 22, tzinfo=UTC)}
    rows = report(store, clock.now(), period="FY2027-P02")
    assert [(row["sla"], row["starts_at"], row["met_now"]) for row in rows] == [("both", midnight, 97)]
    assert report(store, clock.now(), period="FY2027-P03")[0]["met_now"] == 0
    assert report(store, clock.now(), period="FY2027-Q1")[0]["late_now"] == 5
    assert report(store, clock.now(), period="FY2027")[0]["late_now"] == 5
    for wrong in ("FY2027-P13", "FY2027-Q5", "FY27", "FY0000"):
        with pytest.raises(SettingsError, match="no period"):
            report(store, clock.now(), period=wrong)


def test_a_fiscal_period_that_no_sla_has_is_refused(store: Store, clock: SteppedClock) -> None:
    with pytest.raises(SettingsError, match="no SLA has fiscal years"):
        report(store, clock.now(), period="FY2027")
