"""An SLA as an OpenSLO v1 document of kind SLO, checked to the last key.

The indicator is a precomputed ratio (`ratioMetric.raw`, `rawType: success`) whose `metricSource.type` is `billtrail`:
the share of clocks that were met. Valid OpenSLO that asks for something else (other sources, other kinds, time slices,
composite objectives) is refused with the reason, never guessed at.
Source: OpenSLO v1 specification, "SLO", "Objectives", "SLI".
"""

import re

from slos.definition import SlaDefinition
from slos.duration import parse_window_days
from slos.metric_source import Promise, read_promise
from slos.section import Section
from slos.vocabulary import Vocabulary

API_VERSION = "openslo/v1"
KINDS = ("AlertCondition", "AlertNotificationTarget", "AlertPolicy", "DataSource", "SLI", "SLO", "Service")
_NAME = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
_LONGEST_DESCRIPTION = 1050


def read_sla(document: Section, vocabulary: Vocabulary) -> SlaDefinition | None:
    """Read one document; what is wrong stands in its source's problems, and then there is no definition."""
    known = len(document.source.problems)
    if not _is_slo(document):
        return None
    document.only("apiVersion", "kind", "metadata", "spec")
    metadata = document.section("metadata", is_required=True).only("name", "displayName", "labels", "annotations")
    name = metadata.text("name")
    if name and not _NAME.match(name):
        metadata.complain("name", f"{name!r} is no DNS label", "lower-case letters, digits and dashes, at most 63")
    spec = document.section("spec", is_required=True).only(
        "description", "service", "indicator", "indicatorRef", "timeWindow", "budgetingMethod", "objectives",
        "alertPolicies",
    )  # fmt: skip
    promise = _read_indicator(spec, vocabulary)
    definition = _assemble(metadata, spec, promise)
    return definition if len(document.source.problems) == known else None


def _is_slo(document: Section) -> bool:
    version = document.text("apiVersion")
    if version and version != API_VERSION:
        document.complain("apiVersion", f"{version} is not read, only {API_VERSION}")
    kind = document.choice("kind", KINDS)
    if kind and kind != "SLO":
        document.complain("kind", f"OpenSLO kind {kind} has no meaning here", "one file per SLA, of kind SLO")
    return version == API_VERSION and kind == "SLO"


def _assemble(metadata: Section, spec: Section, promise: Promise) -> SlaDefinition:
    description = spec.text("description", "")
    if len(description) > _LONGEST_DESCRIPTION:
        spec.complain("description", f"has {len(description)} characters, OpenSLO allows {_LONGEST_DESCRIPTION}")
    method = spec.choice("budgetingMethod", ("Occurrences", "Timeslices", "RatioTimeslices"))
    if method not in ("", "Occurrences"):
        spec.complain("budgetingMethod", f"{method} cannot be judged: every clock counts once", "use Occurrences")
    if spec.has("alertPolicies") and list(spec.sections("alertPolicies")):
        spec.complain("alertPolicies", "alert policies are not read from here", "route on sla and severity in [alerts]")
    name = metadata.text("name", "")
    return SlaDefinition(
        sla=name,
        display_name=metadata.text("displayName", name) or name,
        description=description,
        service=spec.text("service"),
        **promise,
        target_ratio=_read_target(spec),
        window_days=_read_window(spec),
    )


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
    for part in ("good", "bad", "total"):
        if metric.has(part):
            metric.complain(part, "the ratio is counted from the clocks", "use raw with rawType: success")
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


def _read_target(spec: Section) -> float:
    objectives = list(spec.sections("objectives", is_required=True))
    if len(objectives) > 1:
        spec.complain("objectives", f"has {len(objectives)} objectives, expected one", "one file per SLA")
    for objective in objectives[:1]:
        objective.only("displayName", "target", "targetPercent", "op", "value", "timeSliceTarget", "timeSliceWindow",
                       "indicator", "indicatorRef", "compositeWeight")  # fmt: skip
        for key in (
            "op",
            "value",
            "timeSliceTarget",
            "timeSliceWindow",
            "indicator",
            "indicatorRef",
            "compositeWeight",
        ):
            if objective.has(key):
                objective.complain(key, "has no meaning for a ratio of kept promises", "remove it")
        if objective.has("target") == objective.has("targetPercent"):
            objective.complain("", "expected exactly one of target and targetPercent")
            return 0.0
        percent = objective.has("targetPercent")
        key, whole = ("targetPercent", 100.0) if percent else ("target", 1.0)
        if not 0 < (target := objective.number(key)) < whole:
            objective.complain(key, f"expected more than 0 and less than {whole:g}, got {target:g}")
        return round(target / whole, 9)
    if not objectives and spec.has("objectives"):
        spec.complain("objectives", "expected one objective")
    return 0.0


def _read_window(spec: Section) -> int:
    windows = list(spec.sections("timeWindow", is_required=True))
    if len(windows) != 1 and spec.has("timeWindow"):
        spec.complain("timeWindow", f"expected exactly one window, got {len(windows)}")
    for window in windows[:1]:
        window.only("duration", "isRolling", "calendar")
        if window.has("calendar") or not window.flag("isRolling"):
            window.complain("", "only rolling windows are judged", "set isRolling: true and a duration such as 28d")
            return 0
        try:
            return parse_window_days(duration) if (duration := window.text("duration")) else 0
        except ValueError as error:
            window.complain("duration", str(error))
    return 0
