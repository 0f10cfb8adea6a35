"""An SLA as an OpenSLO v1 document of kind SLO, checked to the last key.

The indicator is a precomputed ratio (`ratioMetric.raw`, `rawType: success`) whose `metricSource.type` is `billtrail`:
the share of clocks that were met. Valid OpenSLO that asks for something else (other sources, other kinds, thresholds)
is refused with the reason, never guessed at. A document without an indicator of its own whose objectives refer to those
of others is a composite objective (see `slos.composite`).
Source: OpenSLO v1 specification, "SLO", "Objectives", "SLI".
"""

import re

from slos.definition import SlaDefinition
from slos.metric_source import Promise, read_promise
from slos.objective import BudgetMethod, Component, Objective
from slos.objective_section import read_burn_windows, read_fiscal, read_method, read_slices, read_target, read_window
from slos.section import Section
from slos.vocabulary import Vocabulary

API_VERSION = "openslo/v1"
KINDS = ("AlertCondition", "AlertNotificationTarget", "AlertPolicy", "DataSource", "SLI", "SLO", "Service")
_NAME = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
_LONGEST_DESCRIPTION = 1050


def read_sla(document: Section, vocabulary: Vocabulary) -> SlaDefinition | None:
    """Read one document; what is wrong stands in its source's problems, and then there is no definition."""
    known = len(document.source.problems)
    if not is_slo(document):
        return None
    metadata, spec = read_frame(document)
    promise = _read_indicator(spec, vocabulary)
    definition = _assemble(metadata, spec, promise, _read_burn_windows(spec, vocabulary))
    return definition if len(document.source.problems) == known else None


def read_frame(document: Section) -> tuple[Section, Section]:
    """Read what every SLO document has: its metadata and its spec, both checked for unknown keys."""
    document.only("apiVersion", "kind", "metadata", "spec")
    metadata = document.section("metadata", is_required=True).only("name", "displayName", "labels", "annotations")
    name = metadata.text("name")
    if name and not _NAME.match(name):
        metadata.complain("name", f"{name!r} is no DNS label", "lower-case letters, digits and dashes, at most 63")
    spec = document.section("spec", is_required=True).only(
        "description", "service", "indicator", "indicatorRef", "timeWindow", "budgetingMethod", "objectives",
        "alertPolicies",
    )  # fmt: skip
    if spec.has("alertPolicies") and list(spec.sections("alertPolicies")):
        spec.complain("alertPolicies", "alert policies are not read from here", "route on sla and severity in [alerts]")
    return metadata, spec


def is_slo(document: Section) -> bool:
    """Say whether a document is an SLO of the version that is read; anything else is complained about."""
    version = document.text("apiVersion")
    if version and version != API_VERSION:
        document.complain("apiVersion", f"{version} is not read, only {API_VERSION}")
    kind = document.choice("kind", KINDS)
    if kind and kind != "SLO":
        document.complain("kind", f"OpenSLO kind {kind} has no meaning here", "one file per SLA, of kind SLO")
    return version == API_VERSION and kind == "SLO"


def _assemble(metadata: Section, spec: Section, promise: Promise, burn_windows: str) -> SlaDefinition:
    description = spec.text("description", "")
    if len(description) > _LONGEST_DESCRIPTION:
        spec.complain("description", f"has {len(description)} characters, OpenSLO allows {_LONGEST_DESCRIPTION}")
    name = metadata.text("name", "")
    return SlaDefinition(
        sla=name,
        display_name=metadata.text("displayName", name) or name,
        description=description,
        service=spec.text("service"),
        **promise,
        indicator=spec.section("indicator").section("metadata").text("name", ""),
        objective=_read_objective(metadata, spec, promise, burn_windows),
    )


def _read_objective(metadata: Section, spec: Section, promise: Promise, burn_windows: str) -> Objective:
    name = metadata.text("name", "")
    notes = metadata.section("annotations")
    fiscal = read_fiscal(notes)
    method = read_method(spec)
    objectives = list(spec.sections("objectives", is_required=True))
    if len(objectives) > 1:
        spec.complain("objectives", f"has {len(objectives)} objectives, expected one", "one file per SLA")
    if not objectives and spec.has("objectives"):
        spec.complain("objectives", "expected one objective")
    target_ratio, slices = 0.0, (0, 0.0)
    for objective in objectives[:1]:
        target_ratio, slices = read_target(objective), read_slices(objective, method)
        for key in ("op", "value", "indicator", "indicatorRef", "compositeWeight"):
            if objective.has(key):
                objective.complain(key, "has no meaning for a ratio of kept promises", "remove it")
    return Objective(
        sla=name,
        display_name=metadata.text("displayName", name) or name,
        components=(Component(name, 1.0, *slices),),
        target_ratio=target_ratio,
        window=read_window(spec, fiscal),
        severity=promise["severity"],
        owner=promise["owner"],
        runbook=promise["runbook"],
        method=method or BudgetMethod.OCCURRENCES,
        burn_windows=burn_windows,
    )


def _read_burn_windows(spec: Section, vocabulary: Vocabulary) -> str:
    ratio = spec.section("indicator").section("spec").section("ratioMetric")
    section = ratio.section("raw").section("metricSource").section("spec")
    return read_burn_windows(section, "burn_windows", vocabulary.burn_windows, spec)


def _read_indicator(spec: Section, vocabulary: Vocabulary) -> Promise:
    if spec.has("indicatorRef"):
        spec.complain("indicatorRef", "references between documents are not followed", "write the indicator here")
        return read_promise(Section(spec.source, None, ""), vocabulary)
    indicator = spec.section("indicator", is_required=True).only("metadata", "spec")
    indicator.section("metadata").only("name", "displayName", "labels", "annotations")
    sli = indicator.section("spec", is_required=True).only("description", "thresholdMetric", "ratioMetric")
    metric = (
        sli.section("thresholdMetric") if sli.has("thresholdMetric") else sli.section("ratioMetric", is_required=True)
    )
    _refuse_other_sources(metric)
    if sli.has("thresholdMetric"):
        sli.complain("thresholdMetric", "a promise is kept or not: there is no threshold", "use ratioMetric with raw")
        return read_promise(Section(spec.source, None, ""), vocabulary)
    metric.only("counter", "raw", "rawType", "good", "bad", "total")
    counted = [part for part in ("good", "bad", "total") if metric.has(part)]
    for part in counted:
        metric.complain(part, "the ratio is counted from the clocks", "use raw with rawType: success")
    if counted and not metric.has("raw"):
        return read_promise(Section(spec.source, None, ""), vocabulary)
    if metric.choice("rawType", ("success", "failure")) == "failure":
        metric.complain("rawType", "the ratio is that of kept promises", "use success")
    source = metric.section("raw", is_required=True).only("metricSource").section("metricSource", is_required=True)
    source.only("type", "spec", "metricSourceRef")
    if source.has("metricSourceRef"):
        source.complain("metricSourceRef", "references between documents are not followed", "name the type instead")
    source.text("type")
    return read_promise(source.section("spec", is_required=True), vocabulary)


def _refuse_other_sources(metric: Section) -> None:
    for part in [metric, *(metric.section(key) for key in ("good", "bad", "total", "raw"))]:
        source = part.section("metricSource")
        kind = source.text("type", "")
        if kind and kind != "billtrail":
            source.complain("type", f"metric source {kind} is not judged here", "only type billtrail is")
