"""Keeps the error budgets: counts what was decided, says how much is left and how fast it burns, when that changes.

What is said is kept, so the history of every budget can be read. An alert that begins to fire becomes a finding
(`budget_burning`), one that ends resolves it: people are told by the alerts room as of any finding. A step done again
writes nothing. One instance at a time.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from billtrail.clock import Clock
from billtrail.store import Row, Store
from slos.budget import Budget, Count, judge_budget
from slos.burn import Burn, BurnTable, BurnWindow, judge_burn
from slos.burn_document import read_burn_table
from slos.catalogue import read_folder
from slos.compile import link_runbook
from slos.count import Counts, Stretch, count_stretches
from slos.metrics import SloMetrics
from slos.objective import Objective
from slos.objective_row import read_objectives
from slos.settings import SlosSettings
from slos.window import Period

PACKAGE = "slos"
DETECTOR = "budget_burning"
WINDOW = "window"
_JUST_AFTER = timedelta(milliseconds=1)


class BudgetLoop:
    """Judges in steps, each over all objectives. Not for two threads, nor for two processes on one store."""

    def __init__(self, store: Store, clock: Clock, settings: SlosSettings, metrics: SloMetrics | None = None) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._metrics = metrics or SloMetrics()
        self._tables = read_burn_tables(settings)
        self._due_at: datetime | None = None

    def step(self) -> int:
        """Judge every budget when it is time to. Answers how many statements were written. Raises StoreError."""
        now = self._clock.now()
        if self._due_at and now < self._due_at:
            return 0
        self._due_at = now + timedelta(milliseconds=self._settings.budget_every_ms)
        objectives = [objective for objective in read_objectives(self._store) if objective.burn_windows in self._tables]
        counts = count_stretches(self._store, self._stretches(objectives, now))
        budgets = [self._budget_row(objective, counts, now) for objective in objectives]
        burns = [row for objective in objectives for row in self._burn_rows(objective, counts, now)]
        self._metrics.show_budgets(budgets, burns)
        return self._write(budgets, burns) + self._tell(objectives, burns, now)

    def reload(self) -> None:
        """Read the tables of burn windows again."""
        self._tables = read_burn_tables(self._settings) or self._tables
        self._due_at = None

    def _stretches(self, objectives: Iterable[Objective], now: datetime) -> Iterator[Stretch]:
        ends_at = now + _JUST_AFTER
        for objective in objectives:
            period = objective.window.around(now)
            yield Stretch(objective, WINDOW, Period(period.starts_at, ends_at))
            lengths = {length for window in self._windows(objective) for length in (window.long_ms, window.short_ms)}
            for length in sorted(lengths):
                yield Stretch(objective, str(length), Period(now - timedelta(milliseconds=length), ends_at))

    def _windows(self, objective: Objective) -> tuple[BurnWindow, ...]:
        return self._tables[objective.burn_windows].windows

    def _budget_row(self, objective: Objective, counts: Counts, now: datetime) -> Row:
        minimum = self._tables[objective.burn_windows].minimum_sample
        budget = judge_budget(counts[objective.sla, WINDOW], objective.target_ratio, minimum)
        return {"sla": objective.sla, "known_at": now, **describe_budget(objective, budget, now)}

    def _burn_rows(self, objective: Objective, counts: Counts, now: datetime) -> Iterator[Row]:
        table = self._tables[objective.burn_windows]
        for window in table.windows:
            long, short = (counts[objective.sla, str(length)] for length in (window.long_ms, window.short_ms))
            threshold = window.rate_for(objective.window.nominal_days)
            burn = judge_burn(long, short, objective.target_ratio, threshold, table.minimum_sample)
            yield _burn_row(objective, window, burn, long) | {"known_at": now}

    def _write(self, budgets: list[Row], burns: list[Row]) -> int:
        said = {row["sla"]: row for row in self._store.rows(PACKAGE, "read_budgets")}
        new = [row for row in budgets if _differs(row, said.get(row["sla"]), ("state", "good", "bad", "target_ratio"))]
        told = {_burn_key(row): row for row in self._store.rows(PACKAGE, "read_burns")}
        turned = [row for row in burns if _differs(row, told.get(_burn_key(row)), ("state", "threshold", "severity"))]
        self._store.insert("sla_budget_rows", new)
        self._store.insert("sla_burn_rows", turned)
        return len(new) + len(turned)

    def _tell(self, objectives: list[Objective], burns: list[Row], now: datetime) -> int:
        """Write a finding for every objective with a firing alert, the most severe one, and resolve the others."""
        firing: dict[str, Row] = {}
        for row in burns:  # a table lists its most severe alerts first
            if row["state"] == "burning":
                firing.setdefault(f"billtrail:sla:{row['sla']}", row)
        known = {row["subject_key"]: row for row in self._store.rows(PACKAGE, "read_burn_findings")}
        version = int(now.timestamp() * 1_000_000)
        wanted = {objective.sla: objective for objective in objectives}
        late = {row["sla"]: row for row in self._store.rows(PACKAGE, "read_late_value")} if firing else {}
        new = [
            self._finding(key, wanted[row["sla"]], row, late) | {"first_seen_at": now, "version": version}
            for key, row in firing.items()
            if key not in known or known[key]["severity"] != row["severity"]
        ]
        over = [{**row, "resolved_at": now, "version": version} for key, row in known.items() if key not in firing]
        self._store.insert("finding_rows", new)
        self._store.insert("finding_rows", over)
        return len(new) + len(over)

    def _finding(self, key: str, objective: Objective, burn: Row, late: Mapping[str, Row]) -> dict[str, Any]:
        value = late.get(objective.sla, {"amount": 0, "currency": ""})
        runbook = objective.runbook
        return {
            "detector": DETECTOR,
            "subject_key": key,
            "lifecycle_id": "",
            "severity": burn["severity"],
            "amount": value["amount"],
            "currency": value["currency"],
            "owner": objective.owner,
            "runbook": link_runbook(runbook, self._settings.runbook_base_url) if runbook else "",
            "evidence": (
                f"the error budget of {objective.display_name} burns {burn['long_rate']:.1f} times as fast as it may: "
                f"{burn['bad']:g} of {burn['promises']} late in {burn['long_ms'] / 3_600_000:g} h"
            ),
            "resolved_at": None,
        }


def read_burn_tables(settings: SlosSettings) -> dict[str, BurnTable]:
    """Read the tables of burn windows that are good, by name."""
    return {table.name: table for table in read_folder(settings.burn_windows, read_burn_table)}


def describe_budget(objective: Objective, budget: Budget, at: datetime) -> Row:
    """Write a budget as columns."""
    period, count = objective.window.around(at), budget.count
    return {
        "starts_at": period.starts_at,
        "ends_at": period.ends_at,
        "target_ratio": objective.target_ratio,
        "state": budget.state.value,
        "promises": count.promises,
        "good": count.good,
        "bad": count.bad,
        "allowed": budget.allowed,
        "attainment_ratio": budget.attainment_ratio,
        "likely_low": budget.likely.low,
        "likely_high": budget.likely.high,
        "remaining_ratio": budget.remaining_ratio,
    }


def _burn_row(objective: Objective, window: BurnWindow, burn: Burn, long: Count) -> Row:
    return {
        "sla": objective.sla,
        "long_ms": window.long_ms,
        "short_ms": window.short_ms,
        "severity": window.severity,
        "state": burn.state.value,
        "long_rate": burn.long_rate,
        "short_rate": burn.short_rate,
        "threshold": burn.threshold,
        "promises": long.promises,
        "bad": long.bad,
    }


def _burn_key(row: Row) -> tuple[str, int, int]:
    return row["sla"], row["long_ms"], row["short_ms"]


def _differs(row: Row, before: Row | None, columns: tuple[str, ...]) -> bool:
    return before is None or any(row[column] != before[column] for column in columns)
