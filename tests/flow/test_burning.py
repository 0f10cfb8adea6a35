"""A budget that burns reaches people: promises decided on the engine, the workbook's alerts, a finding, an alert.

The series are made for it: promises twenty seconds apart over the longest window, a share of them late, evenly spread.
"""

from pathlib import Path

import pytest

from alerts.run import AlertLoop
from alerts.settings import AlertsSettings
from billtrail.store import Store
from slos.budget_loop import BudgetLoop
from tests.slos.firm import Firm, judge_for, settings_for
from tests.support.clock import SteppedClock

SLA = "invoice-status-propagation"
TARGET = 0.98
# A promise that is late is decided at its due time, one in time at its stop: here both are the same instant.
PUT_SERIES = """
INSERT INTO clock_rows (sla, lifecycle_id, subject_key, known_at, state, due_at, stopped_at, value_at_risk, currency)
SELECT
    'invoice-status-propagation', 'x', toString(number), now_at, state, decided_at,
    state = 'met' ? decided_at : NULL, 100, 'EUR'
FROM
(
    SELECT
        number, {now:DateTime64(3, 'UTC')} AS now_at, now_at - toIntervalSecond(number * 20) AS decided_at,
        floor((number + 1) * {late:Float64}) > floor(number * {late:Float64}) ? 'breached' : 'met' AS state
    FROM numbers(12960)
)
"""


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    """The SLA with a window of thirty days, as the workbook's table is stated for, and a target that leaves room."""
    text = (settings_for().definitions / f"{SLA}.yaml").read_text(encoding="utf-8")
    assert "duration: 28d" in text
    (tmp_path / "sla.yaml").write_text(
        text.replace("duration: 28d", "duration: 30d").replace("target: 0.97", f"target: {TARGET}"), encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def budgets(store: Store, clock: SteppedClock, definitions: Path) -> BudgetLoop:
    Firm(store)
    judge_for(store, clock, definitions=definitions).step()
    return BudgetLoop(store, clock, settings_for(definitions=definitions))


def put_series(store: Store, clock: SteppedClock, burn_rate: float) -> None:
    for table in ("clock_rows", "sla_budget_rows", "sla_burn_rows", "finding_rows"):
        store.command(f"TRUNCATE TABLE {table}")
    store.command(PUT_SERIES, {"now": clock.now(), "late": burn_rate * (1 - TARGET)})


def test_a_steady_burn_fires_the_rows_of_the_workbook_and_no_other(
    store: Store, clock: SteppedClock, budgets: BudgetLoop
) -> None:
    rates = [(0.9, []), (1.3, [72]), (5.5, [72]), (7.5, [6, 72]), (13.5, [6, 72]), (20, [1, 6, 72])]
    for burn_rate, burning in rates:
        put_series(store, clock, burn_rate)
        budgets.step()
        check_burns(store, burn_rate, burning)
        clock.step(minutes=1)


def check_burns(store: Store, burn_rate: float, burning: list[int]) -> None:
    rows = store.query("SELECT long_ms, threshold, state, long_rate FROM sla_burns ORDER BY long_ms")
    assert [(row["long_ms"] // 3_600_000, row["threshold"]) for row in rows] == [(1, 14.4), (6, 6), (72, 1)]
    assert [row["long_ms"] // 3_600_000 for row in rows if row["state"] == "burning"] == burning
    assert rows[-1]["long_rate"] == pytest.approx(burn_rate, rel=0.02)
    severities = store.query("SELECT severity FROM findings WHERE detector = 'budget_burning'")
    expected = "critical" if {1, 6} & set(burning) else "warning"
    assert severities == [{"severity": expected}] * bool(burning)


def test_a_burning_budget_is_alerted_to_its_owner_and_the_alert_ends_with_the_burning(
    store: Store, clock: SteppedClock, budgets: BudgetLoop
) -> None:
    put_series(store, clock, 8)
    alerts = AlertLoop(store, clock, AlertsSettings(receivers=("console:",)))
    budgets.step()
    alerts.step()
    clock.step(seconds=2)
    alerts.step()
    sql = "SELECT alert_id, state, severity, owner, runbook FROM alerts WHERE name = 'budget_burning'"
    [alert] = store.query(sql)
    assert (alert["state"], alert["severity"], alert["owner"]) == ("firing", "critical", "integration-team")
    assert alert["runbook"].endswith(f"{SLA}.md")
    told = {"alert_id": alert["alert_id"]}
    [notice] = store.query("SELECT outcome FROM notifications WHERE alert_id = {alert_id:String}", told)
    assert notice["outcome"] == "sent"
    clock.step(days=4)
    budgets.step()
    alerts.step()
    assert [row["state"] for row in store.query(sql)] == ["resolved"]


def test_what_burns_by_few_promises_alerts_nobody(store: Store, clock: SteppedClock, budgets: BudgetLoop) -> None:
    put_series(store, clock, 40)
    store.command("ALTER TABLE clock_rows DELETE WHERE toUInt32(subject_key) % 361 != 0 SETTINGS mutations_sync = 2")
    budgets.step()
    states = [row["state"] for row in store.query("SELECT state FROM sla_burns ORDER BY long_ms")]
    assert (states[-1], "burning" in states) == ("too_few", False)
    assert store.query("SELECT 1 FROM findings WHERE detector = 'budget_burning'") == []
