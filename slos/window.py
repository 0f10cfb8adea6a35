"""The time a target is measured over: rolling, or periods that follow one another from an anchor in a time zone.

Periods begin at the anchor's local time of day, so a fiscal year that starts on 1 April is `1Y` with that day as its
anchor, its quarters `1Q`, and a year of thirteen periods `4w`. With a fiscal pattern `1M`, `1Q` and `1Y` are months,
quarters and years of whole weeks, and the anchor is the first day of one of the years (see `slos.fiscal`). Exact over
changes of clocks. An anchor in the future counts backwards.
Source: OpenSLO v1 specification, "SLO", "timeWindow".
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from slos.fiscal import FiscalPattern

_DAYS = {"d": 1, "w": 7}
_MONTHS = {"M": 1, "Q": 3, "Y": 12}
_NOMINAL_DAYS = {"d": 1, "w": 7, "M": 30, "Q": 91, "Y": 365}


class Period(NamedTuple):
    """From `starts_at`, included, to `ends_at`, not included."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """`anchor`: the local start of one of the periods, without a zone; None for a rolling window."""

    amount: int
    unit: str
    anchor: datetime | None = None
    zone: str = "UTC"
    pattern: FiscalPattern | None = None

    @property
    def is_rolling(self) -> bool:
        return self.anchor is None

    @property
    def nominal_days(self) -> int:
        """How many days it has, a month counted as 30."""
        return self.amount * _NOMINAL_DAYS[self.unit]

    def around(self, at: datetime) -> Period:
        """Find the window that holds an instant; a rolling one ends with it."""
        if self.anchor is None:
            return Period(at - timedelta(days=self.amount * _DAYS[self.unit]), at)
        number = self._guess(at)
        while self._start(number) > at:
            number -= 1
        while self._start(number + 1) <= at:
            number += 1
        return Period(self._start(number), self._start(number + 1))

    def before(self, period: Period) -> Period:
        """Find the window that ends where another begins."""
        return self.around(period.starts_at - (timedelta() if self.is_rolling else timedelta(microseconds=1)))

    def fiscal(self, year: int, first_month: int = 1, months: int = 12) -> Period | None:
        """Find months of the fiscal year that ends in a calendar year. None when the window has no such years.

        Years begin where the window's own do; with windows of months or quarters, where the anchor is.
        """
        if self.anchor is None or self.unit in _DAYS:
            return None
        first = self._months_since_anchor(year) + first_month - 1
        return Period(self._month_start(first), self._month_start(first + months))

    def _months_since_anchor(self, year: int) -> int:
        """How many months after the anchor the fiscal year begins that ends in a calendar year."""
        assert self.anchor is not None
        start = self.pattern.month_of(self.anchor.date()) if self.pattern else self.anchor.date()
        ends_in = start.year + ((start.month, start.day) > (1, 1))
        return (year - ends_in) * 12

    def _guess(self, at: datetime) -> int:
        assert self.anchor is not None
        days = (at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None) - self.anchor).days
        return days // self.nominal_days

    def _start(self, number: int) -> datetime:
        assert self.anchor is not None
        if self.unit in _DAYS:
            return self._instant(self.anchor + timedelta(days=number * self.amount * _DAYS[self.unit]))
        return self._month_start(number * self.amount * _MONTHS[self.unit])

    def _month_start(self, months: int) -> datetime:
        return self._instant(self._local_month_start(months))

    def _local_month_start(self, months: int) -> datetime:
        assert self.anchor is not None
        if self.pattern is None:
            return _add_months(self.anchor, months)
        starts: list[date] = self.pattern.month_starts(self.anchor.date(), months // 12)
        return datetime.combine(starts[months % 12], self.anchor.time())

    def _instant(self, local: datetime) -> datetime:
        return local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(ZoneInfo("UTC"))


def _add_months(start: datetime, months: int) -> datetime:
    """The same day months later, or the last day of a month that is shorter."""
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))
