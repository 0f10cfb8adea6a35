"""A report of a period: how the promises were kept as it was known then, and as it is known now.

Late data and corrections restate verdicts; the difference between the two is what they changed. Target, parts and the
way of counting are those that were in force at the instant. A report of a past `known_at` comes out the same whenever
it is asked for. Composites are counted as their budgets are: by weight.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from billtrail.errors import SettingsError
from billtrail.store import Row, Store
from slos.budget import Count, judge_budget, weigh
from slos.objective import Component, Objective
from slos.objective_row import read_objectives
from slos.window import Period, TimeWindow

PACKAGE = "slos"
THEN, NOW = "then", "now"
HINT = "write 2026, 2026-10, 2026-Q3 or 2026-W40, or FY2026, FY2026-Q3 or FY2026-P10 for fiscal ones"
_UNITS = {"": "Y", "Q": "Q", "W": "w"}
_PERIOD = re.compile(r"^(\d{4})(?:-(Q|W)?(\d{1,2}))?$")
_FISCAL = re.compile(r"^FY(\d{4})(?:-(?:Q([1-4])|P(0?[1-9]|1[0-2])))?$")
_COUNTED = ("met", "late", "open", "unknown")

Found = Mapping[tuple[str, str], Row]


def report(store: Store, now: datetime, *, period: str = "", known_at: datetime | None = None) -> list[Row]:
    """Report on every objective: its last full period, or the one given (2026, 2026-10, 2026-Q3, 2026-W40, FY2026-P10).

    A fiscal period is that of each objective's own window; objectives without one are left out. With `known_at` the
    last full period is that of then, and so are the objectives: those removed since are counted as they were.
    Shape: sla, starts_at, ends_at, target_ratio, and met, late, open, unknown, attainment_ratio, remaining_ratio with
    `_then` (at the end of the period, or at `known_at`) and `_now`. Raises SettingsError on a period that is none.
    Cost: all verdicts.
    """
    before = {one.sla: one for one in read_objectives(store, known_at)} if known_at else {}
    current = before | {one.sla: one for one in read_objectives(store)}
    periods = find_periods([before.get(sla, one) for sla, one in current.items()], period, known_at or now)
    wanted = [one for sla, one in sorted(current.items()) if sla in periods]
    instants = {one.sla: known_at or min(periods[one.sla].ends_at, now) for one in wanted}
    known = {at: {one.sla: one for one in read_objectives(store, at)} for at in set(instants.values())}
    before = {one.sla: known[instants[one.sla]].get(one.sla, one) for one in wanted}
    asked = [(before[one.sla], THEN, instants[one.sla]) for one in wanted] + [(one, NOW, now) for one in wanted]
    found = _ask(store, asked, periods)
    return [
        {"sla": one.sla, "starts_at": periods[one.sla].starts_at, "ends_at": periods[one.sla].ends_at}
        | {"known_at": instants[one.sla], "target_ratio": one.target_ratio}
        | _columns(found, before[one.sla], THEN)
        | _columns(found, one, NOW)
        for one in wanted
    ]


def find_periods(objectives: Iterable[Objective], text: str, now: datetime) -> dict[str, Period]:
    """Find the period of each objective. Raises SettingsError on one that is none, or that none of them has."""
    if not text:
        return {one.sla: last_full(one.window, now) for one in objectives}
    if not (match := _FISCAL.match(text)):
        asked = parse_period(text)
        return {one.sla: asked for one in objectives}
    first, months = (int(match[2]) * 3 - 2, 3) if match[2] else (int(match[3]), 1) if match[3] else (1, 12)
    try:
        found = {one.sla: one.window.fiscal(int(match[1]), first, months) for one in objectives}
    except (ValueError, OverflowError) as error:
        raise SettingsError(f"{text!r} is no period", hint=HINT) from error
    periods = {sla: period for sla, period in found.items() if period}
    if not periods:
        hint = "the timeWindow of a document says when its years begin: isRolling: false with 1M, 1Q or 1Y"
        raise SettingsError(f"no SLA has fiscal years, so there is no {text}", hint=hint)
    return periods


def parse_period(text: str) -> Period:
    """Read a year, month, quarter or ISO week, in UTC. Raises SettingsError."""
    match = _PERIOD.match(text)
    try:
        if not match:
            raise ValueError(text)
        year, kind, number = int(match[1]), match[2] or "", int(match[3] or 1)
        if kind == "W":
            start = datetime.fromisocalendar(year, number, 1)
        else:
            start = datetime(year, (number - 1) * 3 + 1 if kind == "Q" else number, 1)
        unit = "M" if match[3] and not kind else _UNITS[kind]
        return TimeWindow(1, unit, start).around(start.replace(tzinfo=UTC))
    except ValueError as error:
        raise SettingsError(f"{text!r} is no period", hint=HINT) from error


def last_full(window: TimeWindow, now: datetime) -> Period:
    """The last period that is over; of a rolling window the one that ends now."""
    around = window.around(now)
    return (
        Period(around.starts_at, around.ends_at + timedelta(milliseconds=1))
        if window.is_rolling
        else window.before(around)
    )


def _ask(store: Store, asked: list[tuple[Objective, str, datetime]], periods: Mapping[str, Period]) -> Found:
    """Count every component of every objective. Shape: (its SLA, label) to its row."""
    parts = [(objective, part, which, at) for objective, which, at in asked for part in objective.components]
    if not parts:
        return {}
    parameters = {
        "slas": [part.sla for _, part, _, _ in parts],
        "labels": [_label(objective, part, which) for objective, part, which, _ in parts],
        "since_ms": [_ms(periods[objective.sla].starts_at) for objective, _, _, _ in parts],
        "until_ms": [_ms(periods[objective.sla].ends_at) for objective, _, _, _ in parts],
        "known_ms": [_ms(at) for _, _, _, at in parts],
        "methods": [objective.method.value for objective, _, _, _ in parts],
        "slice_ms": [part.slice_ms for _, part, _, _ in parts],
        "slice_targets": [part.slice_target_ratio for _, part, _, _ in parts],
    }
    return {(row["sla"], row["label"]): row for row in store.rows(PACKAGE, "report_periods", parameters)}


def _label(objective: Objective, part: Component, which: str) -> str:
    return f"{objective.sla}/{part.sla}/{which}"


def _columns(found: Found, objective: Objective, which: str) -> Row:
    rows = [
        (part, row) for part in objective.components if (row := found.get((part.sla, _label(objective, part, which))))
    ]
    count = weigh([(part.weight, Count(row["good"], row["bad"], int(row["met"] + row["late"]))) for part, row in rows])
    budget = judge_budget(count, objective.target_ratio, 1)
    return {f"{name}_{which}": sum(int(row[name]) for _, row in rows) for name in _COUNTED} | {
        f"attainment_ratio_{which}": budget.attainment_ratio,
        f"remaining_ratio_{which}": budget.remaining_ratio if count.total else None,
    }


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
