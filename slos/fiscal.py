"""Fiscal years of whole weeks: quarters of thirteen, each of months that have 4, 4 and 5 weeks, in some order.

A year begins on one weekday, the one nearest to the beginning of a calendar month, or the last one on or before it; so
it has 52 weeks and now and then 53. The extra week belongs to its last month. A year is named after the calendar year
in which it ends, or would end if it began with that month.
Source of the two rules: 26 CFR § 1.441-2, "Election of taxable year consisting of 52-53 weeks", paragraph (a)(1).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WEEKS = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}
_WEEK = timedelta(weeks=1)


class YearStart(StrEnum):
    """Which day of its weekday a year begins on: nearest to the first of the month, or the last one by then."""

    NEAREST = "nearest"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class FiscalPattern:
    """How the weeks of a quarter make its months, and where a year begins."""

    weeks: str
    year_start: YearStart = YearStart.NEAREST

    def month_starts(self, first: date, number: int) -> list[date]:
        """Compute where the months begin of the fiscal year `number` years after the one that begins on `first`.

        Shape: twelve days and the one on which the next year begins. `first`: the first day of some fiscal year.
        """
        start, end = self._year_start(first, number), self._year_start(first, number + 1)
        starts = [start]
        for weeks in WEEKS[self.weeks] * 4:
            starts.append(starts[-1] + weeks * _WEEK)
        return [*starts[:12], end]

    def month_of(self, first: date) -> date:
        """The first of the calendar month that the years begin at."""
        reach = timedelta(days=3 if self.year_start is YearStart.NEAREST else 6)
        return (first + reach).replace(day=1)

    def is_year_start(self, first: date) -> bool:
        """Say whether a fiscal year can begin on a day by this rule."""
        return self._year_start(first, 0) == first

    def _year_start(self, first: date, number: int) -> date:
        boundary = self.month_of(first)
        day = boundary.replace(year=boundary.year + number)
        back = (day.weekday() - first.weekday()) % 7
        if self.year_start is YearStart.NEAREST and back > 3:
            back -= 7
        return day - timedelta(days=back)

    def __str__(self) -> str:
        return f"{self.weeks} {self.year_start}"


def read_pattern(text: str) -> FiscalPattern:
    """Read a pattern as it is written: 4-4-5, 4-5-4 or 5-4-4, and `nearest` or `last`. Raises ValueError."""
    weeks, _, rule = text.partition(" ")
    if weeks not in WEEKS or rule not in ("", *YearStart):
        raise ValueError(f"{text!r} is no fiscal pattern: expected {', '.join(WEEKS)}, with nearest or last behind it")
    return FiscalPattern(weeks, YearStart(rule or YearStart.NEAREST))
