"""A table of burn windows as a document: numbers with their source, checked against each other.

A burn rate that does not follow from the share of the budget, the period and the long window is a slip of the pen and
is refused. See `slos/windows/README.md`.
"""

import math

from slos.burn import BurnTable, BurnWindow
from slos.definition import SEVERITIES
from slos.duration import parse_open_time_ms, parse_window_days
from slos.section import Section


def read_burn_table(document: Section) -> BurnTable | None:
    """Read one document; what is wrong stands in its source's problems, and then there is no table."""
    known = len(document.source.problems)
    document.only("burn_windows", "source", "period", "alerts", "minimum_sample")
    name, source = document.text("burn_windows"), document.text("source")
    period_days = _read_days(document)
    windows = tuple(_read_window(alert, period_days) for alert in document.sections("alerts", is_required=True))
    if not windows and document.has("alerts"):
        document.complain("alerts", "expected at least one alert")
    if (sample := document.number("minimum_sample")) < 1:
        document.complain("minimum_sample", f"expected at least 1, got {sample:g}")
    table = BurnTable(name, source, period_days, int(sample), windows)
    return table if len(document.source.problems) == known else None


def _read_days(document: Section) -> int:
    try:
        return parse_window_days(text) if (text := document.text("period")) else 0
    except ValueError as error:
        document.complain("period", str(error))
        return 0


def _read_window(section: Section, period_days: int) -> BurnWindow:
    section.only("severity", "budget_consumed", "long", "short", "burn_rate")
    window = BurnWindow(
        severity=section.choice("severity", SEVERITIES),
        budget_consumed_ratio=section.number("budget_consumed"),
        long_ms=_read_duration(section, "long"),
        short_ms=_read_duration(section, "short"),
    )
    if not 0 < window.budget_consumed_ratio <= 1:
        section.complain("budget_consumed", f"expected a share up to 1, got {window.budget_consumed_ratio:g}")
    if window.long_ms and window.short_ms >= window.long_ms:
        section.complain("short", "expected less than the long window")
    stated = section.number("burn_rate")
    if window.long_ms and not math.isclose(rate := window.rate_for(period_days), stated, rel_tol=1e-6):
        section.complain("burn_rate", f"is {stated:g}, but budget_consumed, period and long give {rate:g}")
    return window


def _read_duration(section: Section, key: str) -> int:
    try:
        return parse_open_time_ms(text) if (text := section.text(key)) else 0
    except ValueError as error:
        section.complain(key, str(error))
        return 0
