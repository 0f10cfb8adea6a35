"""An objective as a row of the store and back again, so that what was wanted on a day can be asked later."""

from datetime import datetime
from typing import Any

from billtrail.store import Row, Store
from slos.duration import parse_window
from slos.fiscal import read_pattern
from slos.objective import BudgetMethod, Component, Objective
from slos.window import TimeWindow

PACKAGE = "slos"
NOW = 2**63


def read_objectives(store: Store, known_at: datetime | None = None) -> list[Objective]:
    """Read the objectives in force, or those that were in force at an instant."""
    known_ms = int(known_at.timestamp() * 1000) if known_at else NOW
    return [from_row(row) for row in store.rows(PACKAGE, "read_objectives", {"known_ms": known_ms})]


def to_row(objective: Objective) -> dict[str, Any]:
    """Write an objective as the columns of `sla_objective_rows`, without its version."""
    window = objective.window
    return {
        "sla": objective.sla,
        "display_name": objective.display_name,
        "components": [
            (part.sla, part.weight, part.slice_ms, part.slice_target_ratio) for part in objective.components
        ],
        "target_ratio": objective.target_ratio,
        "method": objective.method.value,
        "window_length": f"{window.amount}{window.unit}",
        "window_anchor": window.anchor.isoformat() if window.anchor else "",
        "window_zone": window.zone,
        "window_pattern": str(window.pattern or ""),
        "burn_windows": objective.burn_windows,
        "severity": objective.severity,
        "owner": objective.owner,
        "runbook": objective.runbook,
    }


def from_row(row: Row) -> Objective:
    """Read an objective from its columns."""
    pattern = read_pattern(row["window_pattern"]) if row["window_pattern"] else None
    anchor = datetime.fromisoformat(row["window_anchor"]) if row["window_anchor"] else None
    return Objective(
        sla=row["sla"],
        display_name=row["display_name"],
        components=tuple(_read_component(component) for component in row["components"]),
        target_ratio=row["target_ratio"],
        window=TimeWindow(*parse_window(row["window_length"]), anchor, row["window_zone"], pattern),
        severity=row["severity"],
        owner=row["owner"],
        runbook=row["runbook"],
        method=BudgetMethod(row["method"]),
        burn_windows=row["burn_windows"],
    )


def _read_component(component: Any) -> Component:
    values = component.values() if isinstance(component, dict) else component
    sla, weight, slice_ms, slice_target_ratio = values
    return Component(str(sla), float(weight), int(slice_ms), float(slice_target_ratio))
