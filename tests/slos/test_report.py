"""Reports of a period as known then and now; documents tried on the history; rules for Prometheus."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from billtrail.errors import SettingsError
from billtrail.store import Store
from slos import SlosSettings
from slos.backtest import Backtest, StandingClock, compare, judge_history
from slos.burn_document import read_burn_table
from slos.catalogue import read_catalogue, read_folder
from slos.history import read_history
from slos.metrics import SloMetrics
from slos.objective_row import read_objectives
from slos.prometheus_rules import write_rules
from slos.report import parse_period, report
from tests.slos.firm import JOURNEYS, Firm, hours, judge_for, settings_for
from tests.support.clock import NOON, SteppedClock
from tests.support.store import drop_test_store, open_test_store

SLA = "invoice-status-propagation"


@pytest.fixture
def firm(store: Store) -> Firm:
    firm = Firm(store)
    firm.know("C-1")
    for number, visible_after_h in enumerate((1, 2, 3, None, None)):
        firm.reach("C-1", "invoice_issued", NOON, subject=f"erp:invoice:{number}")
        if visible_after_h:
            at = NOON + hours(visible_after_h)
            firm.reach("C-1", "invoice_visible_in_crm", at, subject=f"erp:invoice:{number}")
    return firm


def read(store: Store, now: datetime, **asked: object) -> list[object]:
    row = next(row for row in report(store, now, **asked) if row["sla"] == SLA)  # type: ignore[arg-type]
    return [row[f"{name}_{when}"] for when in ("then", "now") for name in ("met", "late")]


def test_a_report_says_what_was_known_then_and_what_is_known_now(
    store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path
) -> None:
    definitions = Path(shutil.copytree(SlosSettings().definitions, tmp_path / "definitions"))
    judge = judge_for(store, clock, definitions=definitions)
    clock.step(days=1)
    judge.step()
    clock.step(days=40)
    firm.reach("C-1", "invoice_visible_in_crm", NOON + hours(1), subject="erp:invoice:3")
    judge.step()
    for _ in range(2):
        assert read(store, clock.now(), period="2026-03") == [3, 2, 4, 1]
        assert read(store, clock.now(), period="2026-Q1", known_at=NOON + hours(5)) == [0, 0, 4, 1]
        assert read(store, clock.now(), period="2026-02") == [0, 0, 0, 0]
        clock.step(days=100)
    (definitions / f"{SLA}.yaml").unlink()
    assert judge.reload() == ()
    clock.step(days=1)
    assert read(store, clock.now(), period="2026-03", known_at=NOON + timedelta(days=2)) == [3, 2, 4, 1]
    [of_then] = [row for row in report(store, clock.now(), known_at=NOON + timedelta(days=2)) if row["sla"] == SLA]
    assert (of_then["known_at"] - of_then["starts_at"]).days == 28
    assert SLA not in {row["sla"] for row in report(store, clock.now(), period="2026-03")}
    with pytest.raises(SettingsError, match="no period"):
        report(store, clock.now(), period="2026-13")


@pytest.mark.parametrize(
    ("text", "starts_at", "ends_at"),
    [
        ("2026", datetime(2026, 1, 1), datetime(2027, 1, 1)),
        ("2026-10", datetime(2026, 10, 1), datetime(2026, 11, 1)),
        ("2026-Q4", datetime(2026, 10, 1), datetime(2027, 1, 1)),
        ("2026-W01", datetime(2025, 12, 29), datetime(2026, 1, 5)),
    ],
)
def test_a_period_is_read_as_it_is_written(text: str, starts_at: datetime, ends_at: datetime) -> None:
    assert parse_period(text) == (starts_at.replace(tzinfo=UTC), ends_at.replace(tzinfo=UTC))


def test_a_shorter_promise_and_a_closed_day_over_history_show_which_pages_come_and_move(
    store: Store,
    clock: SteppedClock,
    firm: Firm,
    *,
    tmp_path: Path,
    engine_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("slos.history.ROWS_PER_PART", 2)
    judge_for(store, clock).step()
    clock.step(days=1)
    judge_for(store, clock).step()
    settings = settings_for(definitions=Path(shutil.copytree(SlosSettings().definitions, tmp_path / "d")))
    file = settings.definitions / f"{SLA}.yaml"
    file.write_text(file.read_text("utf-8").replace("duration: 4h", "duration: 150m"), "utf-8")
    history = list(read_history(store, read_catalogue(settings, JOURNEYS)))
    assert sum(table == "milestone_rows" for table, _ in history) > 2
    objectives = read_objectives(store)
    before = store.rows("slos", "read_decided")

    def compare_with(settings: SlosSettings) -> Backtest:
        elsewhere = open_test_store(engine_path)
        after = judge_history(elsewhere, history, settings, StandingClock(clock.now()))
        drop_test_store(elsewhere)
        return compare(before, after, (objectives, objectives), settings)

    found = compare_with(settings)
    due_at = NOON + timedelta(minutes=150)
    assert [(one.change, one.subject, one.page_at, one.was_at) for one in found.changes] == [
        ("came", "erp:invoice:2", due_at, None),
        ("moved", "erp:invoice:3", due_at, NOON + hours(4)),
        ("moved", "erp:invoice:4", due_at, NOON + hours(4)),
    ]
    assert found.slas == ({"sla": SLA, "kept_before": 3, "late_before": 2, "kept_after": 2, "late_after": 3},)
    calendars = Path(shutil.copytree(SlosSettings().calendars, tmp_path / "c"))
    file = calendars / "de-business.yaml"
    file.write_text(file.read_text("utf-8").replace('"12-24",', '"12-24", 2026-03-02,'), "utf-8")
    closed = compare_with(settings_for(calendars=calendars))
    assert [(one.change, one.subject) for one in closed.changes] == [
        ("gone", "erp:invoice:3"),
        ("gone", "erp:invoice:4"),
    ]
    assert compare(before, before, (objectives, objectives), settings).changes == ()


def test_the_rules_for_prometheus_name_only_metrics_there_are_and_the_numbers_of_the_table() -> None:
    catalogue = read_catalogue(SlosSettings(), JOURNEYS)
    tables = {table.name: table for table in read_folder(SlosSettings().burn_windows, read_burn_table)}
    registry = CollectorRegistry()
    SloMetrics(registry)
    known = {metric.name for metric in registry.collect()}
    groups = yaml.safe_load(write_rules(catalogue.objectives, tables, "https://wiki.example"))["groups"]
    assert len(groups) == len(catalogue.objectives)
    assert {frozenset(group) for group in groups} == {frozenset({"name", "rules"})}
    all_rules = [rule for group in groups for rule in group["rules"]]
    assert {frozenset(rule) for rule in all_rules} == {frozenset({"alert", "expr", "labels", "annotations"})}
    assert {name for rule in all_rules for name in re.findall(r"(\w+){", rule["expr"])} <= known
    rules = next(group["rules"] for group in groups if group["name"] == f"billtrail-{SLA}")
    assert rules[0]["expr"] == (
        f'billtrail_sla_burn_rate{{sla="{SLA}",window="1h"}} >= 13.44'
        f' and ignoring(window) billtrail_sla_burn_rate{{sla="{SLA}",window="5m"}} >= 13.44'
        f' and ignoring(window) billtrail_sla_burn_promises{{sla="{SLA}",window="1h"}} >= 40'
    )
    assert rules[-1]["expr"] == f'billtrail_sla_clocks{{sla="{SLA}",state="breached"}} > 0'
    assert {rule["labels"]["severity"] for rule in rules} == {"critical", "warning"}


def find_promtool() -> str | None:
    return os.environ.get("BILLTRAIL_PROMTOOL") or shutil.which("promtool")


RULE_TEST = """
rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {{series: 'billtrail_sla_burn_rate{{sla="{sla}",window="1h"}}', values: '{rate}x20'}}
      - {{series: 'billtrail_sla_burn_rate{{sla="{sla}",window="5m"}}', values: '{rate}x20'}}
      - {{series: 'billtrail_sla_burn_promises{{sla="{sla}",window="1h"}}', values: '{promises}x20'}}
    alert_rule_test:
      - eval_time: 10m
        alertname: BilltrailBudgetBurning
        exp_alerts: [{alerts}]
"""
FIRING = (
    "{exp_labels: {severity: critical, sla: invoice-status-propagation, owner: integration-team, window: 1h},"
    " exp_annotations: {summary: 'Invoice visible in CRM: 2% of the error budget in 1h',"
    " runbook_url: 'https://wiki.example/invoice-status-propagation.md'}}"
)


@pytest.mark.skipif(find_promtool() is None, reason="!! no promtool here (Debian: apt-get install prometheus)")
@pytest.mark.parametrize(("rate", "promises", "alerts"), [(13.4, 50, ""), (13.5, 39, ""), (13.5, 40, FIRING)])
def test_prometheus_takes_the_rules_and_alerts_by_them(tmp_path: Path, rate: float, promises: int, alerts: str) -> None:
    catalogue = read_catalogue(SlosSettings(), JOURNEYS)
    tables = {table.name: table for table in catalogue.burn_tables}
    (tmp_path / "rules.yaml").write_text(
        write_rules(catalogue.objectives, tables, "https://wiki.example"), encoding="utf-8"
    )
    text = RULE_TEST.format(sla=SLA, rate=rate, promises=promises, alerts=alerts)
    (tmp_path / "test.yaml").write_text(text, encoding="utf-8")
    for words in (("check", "rules", "rules.yaml"), ("test", "rules", "test.yaml")):
        said = subprocess.run(
            [str(find_promtool()), *words], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert said.returncode == 0, said.stdout + said.stderr
