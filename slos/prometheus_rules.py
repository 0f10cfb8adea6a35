"""Rules for those who alert in Prometheus: burning budgets and late promises, from the metrics of this room.

The rules hold the numbers of the documents at the time they were written: write them again when a document changes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import yaml

from slos.burn import BurnTable, BurnWindow
from slos.compile import link_runbook
from slos.duration import format_open_time
from slos.objective import Objective


def write_rules(objectives: Iterable[Objective], tables: Mapping[str, BurnTable], runbook_base_url: str) -> str:
    """Write a rule file, one group per objective."""
    linked = [
        replace(objective, runbook=link_runbook(objective.runbook, runbook_base_url))
        if objective.runbook
        else objective
        for objective in objectives
    ]
    groups = [
        {"name": f"billtrail-{objective.sla}", "rules": list(_rules(objective, tables[objective.burn_windows]))}
        for objective in linked
    ]
    return yaml.safe_dump({"groups": groups}, sort_keys=False, width=200, allow_unicode=True)


def _rules(objective: Objective, table: BurnTable) -> Iterator[dict[str, Any]]:
    for window in table.windows:
        yield _burn_rule(objective, table, window)
    if len(objective.components) == 1:
        yield {
            "alert": "BilltrailPromiseLate",
            "expr": f'billtrail_sla_clocks{{sla="{objective.sla}",state="breached"}} > 0',
            "labels": _labels(objective, objective.severity),
            "annotations": {"summary": f"{objective.display_name}: {{{{ $value }}}} late", **_runbook(objective)},
        }


def _burn_rule(objective: Objective, table: BurnTable, window: BurnWindow) -> dict[str, Any]:
    long, short = format_open_time(window.long_ms), format_open_time(window.short_ms)
    rate = f"{window.rate_for(objective.window.nominal_days):.6g}"
    expressions = [
        f'billtrail_sla_burn_rate{{sla="{objective.sla}",window="{long}"}} >= {rate}',
        f'billtrail_sla_burn_rate{{sla="{objective.sla}",window="{short}"}} >= {rate}',
        f'billtrail_sla_burn_promises{{sla="{objective.sla}",window="{long}"}} >= {table.minimum_sample}',
    ]
    return {
        "alert": "BilltrailBudgetBurning",
        "expr": " and ignoring(window) ".join(expressions),
        "labels": _labels(objective, window.severity) | {"window": long},
        "annotations": {
            "summary": f"{objective.display_name}: {window.budget_consumed_ratio:.0%} of the error budget in {long}",
            **_runbook(objective),
        },
    }


def _labels(objective: Objective, severity: str) -> dict[str, str]:
    return {"severity": severity, "sla": objective.sla} | ({"owner": objective.owner} if objective.owner else {})


def _runbook(objective: Objective) -> dict[str, str]:
    return {"runbook_url": objective.runbook} if objective.runbook else {}
