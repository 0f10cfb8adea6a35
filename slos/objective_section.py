"""The parts of a document that state what is wanted: target, window, how the budget is counted.

Source: OpenSLO v1 specification, "SLO", "Objectives".
"""

from datetime import datetime

from billtrail.document.problem import name_nearest
from slos.duration import parse_open_time_ms, parse_window
from slos.fiscal import FiscalPattern, read_pattern
from slos.objective import DEFAULT_BURN_WINDOWS, BudgetMethod
from slos.section import Section
from slos.window import TimeWindow
from slos.zone import read_zone

_KEYS = ("displayName", "target", "targetPercent", "op", "value", "timeSliceTarget", "timeSliceWindow", "indicator",
         "indicatorRef", "compositeWeight")  # fmt: skip
_NO_WINDOW = TimeWindow(28, "d")


def read_method(spec: Section) -> BudgetMethod | None:
    """Read how the budget is counted; None when the document does not say it right."""
    method = spec.choice("budgetingMethod", [method.value for method in BudgetMethod])
    return BudgetMethod(method) if method else None


def read_target(objective: Section) -> float:
    """Read the target as a share between 0 and 1."""
    objective.only(*_KEYS)
    if objective.has("target") == objective.has("targetPercent"):
        objective.complain("", "expected exactly one of target and targetPercent")
        return 0.0
    percent = objective.has("targetPercent")
    key, whole = ("targetPercent", 100.0) if percent else ("target", 1.0)
    if not 0 < (target := objective.number(key)) < whole:
        objective.complain(key, f"expected more than 0 and less than {whole:g}, got {target:g}")
    return round(target / whole, 9)


def read_slices(objective: Section, method: BudgetMethod | None) -> tuple[int, float]:
    """Read length in milliseconds and target of a slice; zeros where the budget counts promises."""
    wanted = {
        BudgetMethod.TIME_SLICES: ("timeSliceWindow", "timeSliceTarget"),
        BudgetMethod.RATIO_TIME_SLICES: ("timeSliceWindow",),
    }.get(method or BudgetMethod.OCCURRENCES, ())
    for key in ("timeSliceWindow", "timeSliceTarget"):
        if objective.has(key) and key not in wanted and method:
            objective.complain(key, f"has no meaning for {method}", "remove it")
    slice_ms = _read_slice_ms(objective) if "timeSliceWindow" in wanted else 0
    target = objective.number("timeSliceTarget") if "timeSliceTarget" in wanted else 0.0
    if "timeSliceTarget" in wanted and not 0 < target <= 1:
        objective.complain("timeSliceTarget", f"expected more than 0 and at most 1, got {target:g}")
    return slice_ms, target


def read_fiscal(annotations: Section) -> FiscalPattern | None:
    """Read `billtrail.fiscal_pattern`, which OpenSLO has no key for; None where months are those of the calendar."""
    if not (text := annotations.text("billtrail.fiscal_pattern", "")):
        return None
    try:
        return read_pattern(text)
    except ValueError as error:
        annotations.complain("billtrail.fiscal_pattern", str(error))
        return None


def read_burn_windows(section: Section, key: str, known: frozenset[str], spec: Section) -> str:
    """Read the name of a table there is; the usual one has to be there, too, where none is named."""
    name = section.choice(key, known, DEFAULT_BURN_WINDOWS)
    if name == DEFAULT_BURN_WINDOWS and name not in known:
        spec.complain("", f"there is no table of burn windows {name}", name_nearest(name, known))
    return name


def read_window(spec: Section, pattern: FiscalPattern | None = None) -> TimeWindow:
    """Read the one window of a document."""
    windows = list(spec.sections("timeWindow", is_required=True))
    if len(windows) != 1 and spec.has("timeWindow"):
        spec.complain("timeWindow", f"expected exactly one window, got {len(windows)}")
    return _read_window(windows[0], pattern) if windows else _NO_WINDOW


def _read_window(section: Section, pattern: FiscalPattern | None) -> TimeWindow:
    section.only("duration", "isRolling", "calendar")
    try:
        amount, unit = parse_window(duration) if (duration := section.text("duration")) else (28, "d")
    except ValueError as error:
        section.complain("duration", str(error))
        return _NO_WINDOW
    if pattern and (section.flag("isRolling") or unit in "dw" or amount != 1):
        section.complain("duration", f"{amount}{unit}: a fiscal pattern makes periods of 1M, 1Q or 1Y")
    if section.flag("isRolling"):
        if section.has("calendar"):
            section.complain("calendar", "a rolling window has no calendar", "set isRolling: false, or remove it")
        if unit not in "dw":
            section.complain("duration", f"{amount}{unit}: a rolling window is counted in days or weeks, such as 28d")
            return _NO_WINDOW
        return TimeWindow(amount, unit)
    calendar = section.section("calendar", is_required=True)
    anchor, zone = _read_anchor(calendar)
    if pattern and calendar.has("startTime") and not pattern.is_year_start(anchor.date()):
        rule = "nearest to" if pattern.year_start == "nearest" else "that is the last by"
        hint = f"a year begins on the {anchor:%A} {rule} the first of a month"
        calendar.complain("startTime", f"no fiscal year begins on {anchor:%A, %Y-%m-%d} by {pattern}", hint)
    return TimeWindow(amount, unit, anchor, zone, pattern)


def _read_anchor(section: Section) -> tuple[datetime, str]:
    section.only("startTime", "timeZone")
    zone = read_zone(section, "timeZone")
    texts = section.scalars("startTime")
    try:
        return datetime.fromisoformat(texts[0] if texts else "").replace(tzinfo=None), zone or "UTC"
    except ValueError:
        section.complain("startTime", "expected a date and time of day", "write 2026-01-01 00:00:00")
        return datetime(2026, 1, 1), "UTC"


def _read_slice_ms(objective: Section) -> int:
    try:
        return parse_open_time_ms(text) if (text := objective.text("timeSliceWindow")) else 0
    except ValueError:
        objective.complain("timeSliceWindow", "a slice is counted in hours or minutes, such as 24h")
        return 0
