"""A composite objective: several SLAs that are wanted together, as an SLO document without an indicator of its own.

Its objectives refer to the indicators of SLAs (`indicatorRef`), each with its target and `compositeWeight`. Target and
error ratio are the means of theirs, by weight; with time slices each counts its own. `metadata.annotations` may hold
the keys of `ANNOTATIONS`, which mean what they do in the spec of an SLA.
Source: OpenSLO v1 specification, "Objectives", "compositeWeight".
"""

from billtrail.document.problem import name_nearest
from slos.definition import SEVERITIES
from slos.document import read_frame
from slos.metric_source import read_runbook
from slos.objective import BudgetMethod, Component, Objective
from slos.objective_section import (
    read_burn_windows,
    read_fiscal,
    read_method,
    read_slices,
    read_target,
    read_window,
)
from slos.section import Section
from slos.vocabulary import Vocabulary

ANNOTATIONS = (
    "billtrail.owner",
    "billtrail.runbook",
    "billtrail.severity",
    "billtrail.fiscal_pattern",
    "billtrail.burn_windows",
)


def is_composite(document: Section) -> bool:
    """Say whether a document is meant as one."""
    spec = document.quietly().section("spec")
    return not (spec.has("indicator") or spec.has("indicatorRef")) and any(
        objective.has("indicatorRef") for objective in spec.sections("objectives")
    )


def read_composite(document: Section, vocabulary: Vocabulary) -> Objective | None:
    """Read one; what is wrong stands in its source's problems, and then there is none."""
    known = len(document.source.problems)
    metadata, spec = read_frame(document)
    method = read_method(spec)
    parts = [_read_part(part, method, vocabulary) for part in spec.sections("objectives")]
    weight = sum(component.weight for component, _ in parts)
    notes = metadata.section("annotations").only(*ANNOTATIONS)
    names = [component.sla for component, _ in parts]
    if len(set(names)) != len(names):
        spec.complain("objectives", "refers to an indicator twice")
    name = metadata.text("name", "")
    objective = Objective(
        sla=name,
        display_name=metadata.text("displayName", name) or name,
        components=tuple(component for component, _ in parts),
        target_ratio=sum(part.weight * target for part, target in parts) / weight if weight else 0.0,
        window=read_window(spec, read_fiscal(notes)),
        severity=notes.choice("billtrail.severity", SEVERITIES, "warning"),
        owner=notes.text("billtrail.owner", ""),
        runbook=read_runbook(notes, "billtrail.runbook", vocabulary.runbooks, ""),
        method=method or BudgetMethod.OCCURRENCES,
        burn_windows=read_burn_windows(notes, "billtrail.burn_windows", vocabulary.burn_windows, spec),
    )
    return objective if len(document.source.problems) == known else None


def _read_part(section: Section, method: BudgetMethod | None, vocabulary: Vocabulary) -> tuple[Component, float]:
    target = read_target(section)
    slices = read_slices(section, method)
    name = section.text("indicatorRef")
    if name and name not in vocabulary.indicators:
        section.complain("indicatorRef", f"there is no indicator {name}", name_nearest(name, vocabulary.indicators))
    if (weight := section.number("compositeWeight", 1.0)) <= 0:
        section.complain("compositeWeight", f"expected more than 0, got {weight:g}")
    return Component(vocabulary.indicators.get(name, ""), weight, *slices), target
