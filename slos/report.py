"""A report of a period: how the promises were kept as it was known then, and as it is known now.

Late data and corrections restate verdicts; the difference between the two is what they changed. The target is the one
that was in force at the instant. A report of a past `known_at` comes out the same whenever it is asked for.
"""

import re
from datetime import UTC, datetime, timedelta

from billtrail.errors import SettingsError
from billtrail.store import Row, Store
from slos.budget import Count, judge_budget
from slos.objective import Objective
from slos.objective_row import read_objectives
from slos.window import Period, TimeWindow

PACKAGE = "slos"
_UNITS = {"": "Y", "Q": "Q", "W": "w"}
_PERIOD = re.compile(r"^(\d{4})(?:-(Q|W)?(\d{1,2}))?$")


def report(store: Store, now: datetime, *, period: str = "", known_at: datetime | None = None) -> list[Row]:
    """Report on every SLA: its last full period, or the one given (2026, 2026-10, 2026-Q3, 2026-W40).

    Shape: sla, starts_at, ends_at, target_ratio, and met, late, open, attainment_ratio, remaining_ratio with `_then`
    (at the end of the period, or at `known_at`) and `_now`. Raises SettingsError on a period that is none. Cost: all
    verdicts.
    """
    asked = parse_period(period) if period else None
    simple = [one for one in read_objectives(store) if len(one.components) == 1]
    periods = {one.sla: asked or last_full(one.window, now) for one in simple}
    then = {sla: known_at or min(found.ends_at, now) for sla, found in periods.items()}
    counted = [_count(store, periods, then), _count(store, periods, dict.fromkeys(periods, now))]
    targets = _targets_at(store, set(then.values()))
    return [
        {"sla": one.sla, "starts_at": periods[one.sla].starts_at, "ends_at": periods[one.sla].ends_at}
        | {"known_at": then[one.sla], "target_ratio": one.target_ratio}
        | _columns(counted[0].get(one.sla), targets[then[one.sla]].get(one.sla, one.target_ratio), "then")
        | _columns(counted[1].get(one.sla), one.target_ratio, "now")
        for one in simple
    ]


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
        raise SettingsError(f"{text!r} is no period", hint="write 2026, 2026-10, 2026-Q3 or 2026-W40") from error


def last_full(window: TimeWindow, now: datetime) -> Period:
    """The last period that is over; of a rolling window the one that ends now."""
    around = window.around(now)
    return (
        Period(around.starts_at, around.ends_at + timedelta(milliseconds=1))
        if window.is_rolling
        else window.before(around)
    )


def _count(store: Store, periods: dict[str, Period], known_at: dict[str, datetime]) -> dict[str, Row]:
    parameters = {
        "slas": list(periods),
        "since_ms": [_ms(one.starts_at) for one in periods.values()],
        "until_ms": [_ms(one.ends_at) for one in periods.values()],
        "known_ms": [_ms(known_at[sla]) for sla in periods],
    }
    return {row["sla"]: row for row in store.rows(PACKAGE, "report_periods", parameters)} if periods else {}


def _targets_at(store: Store, instants: set[datetime]) -> dict[datetime, dict[str, float]]:
    def read(at: datetime) -> list[Objective]:
        return read_objectives(store, at)

    return {at: {objective.sla: objective.target_ratio for objective in read(at)} for at in instants}


def _columns(row: Row | None, target_ratio: float, which: str) -> Row:
    found = row or {"met": 0, "late": 0, "open": 0, "unknown": 0, "value_at_risk": 0}
    count = Count(found["met"], found["late"], found["met"] + found["late"])
    budget = judge_budget(count, target_ratio, 1)
    return {
        f"met_{which}": found["met"],
        f"late_{which}": found["late"],
        f"open_{which}": found["open"],
        f"unknown_{which}": found["unknown"],
        f"attainment_ratio_{which}": budget.attainment_ratio,
        f"remaining_ratio_{which}": budget.remaining_ratio if count.total else None,
    }


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
