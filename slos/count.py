"""Asking the store how many promises were kept in many stretches of time at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billtrail.store import Store
from slos.budget import Count, weigh
from slos.objective import Objective
from slos.window import Period

PACKAGE = "slos"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time for which an objective's promises are counted; `label` tells those of one objective apart."""

    objective: Objective
    label: str
    period: Period


Counts = Mapping[tuple[str, str], Count]


def count_stretches(store: Store, stretches: Iterable[Stretch]) -> Counts:
    """Count all stretches in one question. Shape: (objective's sla, label) to its count, composites weighed."""
    wanted = list(stretches)
    if not wanted:
        return {}
    rows = store.rows(PACKAGE, "count_decided", _parameters(wanted))
    found = {(row["sla"], row["label"]): Count(row["good"], row["bad"], int(row["promises"])) for row in rows}
    return {
        (stretch.objective.sla, stretch.label): weigh(
            [
                (component.weight, found.get((component.sla, _label(stretch)), Count()))
                for component in stretch.objective.components
            ]
        )
        for stretch in wanted
    }


def _parameters(stretches: list[Stretch]) -> dict[str, object]:
    parts = [(component, stretch) for stretch in stretches for component in stretch.objective.components]
    return {
        "slas": [component.sla for component, _ in parts],
        "labels": [_label(stretch) for _, stretch in parts],
        "since_ms": [int(stretch.period.starts_at.timestamp() * 1000) for _, stretch in parts],
        "until_ms": [int(stretch.period.ends_at.timestamp() * 1000) for _, stretch in parts],
        "methods": [stretch.objective.method.value for _, stretch in parts],
        "slice_ms": [component.slice_ms for component, _ in parts],
        "slice_targets": [component.slice_target_ratio for component, _ in parts],
    }


def _label(stretch: Stretch) -> str:
    return f"{stretch.objective.sla}/{stretch.label}"
