"""The time a target is measured over: rolling, or periods that follow one another from an anchor in a time zone.

Periods begin at the anchor's local time of day, so a fiscal year that starts on 1 April is `1Y` with that day as its
anchor, its quarters `1Q`, and a year of thirteen periods `4w`. Exact over changes of clocks. Nothing lies before the
first period that was asked for; an anchor in the future counts backwards.
Source: OpenSLO v1 specification, "SLO", "timeWindow".
"""

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

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

    def _guess(self, at: datetime) -> int:
        assert self.anchor is not None
        days = (at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None) - self.anchor).days
        return days // self.nominal_days

    def _start(self, number: int) -> datetime:
        assert self.anchor is not None
        if self.unit in _DAYS:
            local = self.anchor + timedelta(days=number * self.amount * _DAYS[self.unit])
        else:
            local = _add_months(self.anchor, number * self.amount * _MONTHS[self.unit])
        return local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(ZoneInfo("UTC"))


def _add_months(start: datetime, months: int) -> datetime:
    """The same day months later, or the last day of a month that is shorter."""
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))
