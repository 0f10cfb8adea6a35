"""A business calendar: when a place is open, exact to the second over every change of its clocks.

Open means: the wall clock of the zone shows an opening time, on a day that is neither a public holiday nor one of the
calendar's own closing days. So an hour that a change of clocks repeats is open twice, and one it skips is not open.
Open time is counted from a fixed first day, so that the count before an instant never changes as the years go on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo

import holidays

from slos.day_list import Hours, cut

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """A stretch of open time. `open_before_ms`: open time of the calendar from its first day up to `opens_at`."""

    opens_at: datetime
    closes_at: datetime
    open_before_ms: int


@dataclass(frozen=True, slots=True)
class HolidayRegion:
    """Whose public holidays close the place, as the `holidays` package names them."""

    country: str
    subdivision: str = ""

    def days_of(self, first: date, last: date) -> frozenset[date]:
        """Compute the public holidays, observed ones included. Raises NotImplementedError on an unknown place."""
        years = range(first.year, last.year + 1)
        return frozenset(holidays.country_holidays(self.country, subdiv=self.subdivision or None, years=years))


@dataclass(frozen=True)
class BusinessCalendar:
    """`hours`: per weekday (Monday first) the stretches (opens, closes) in seconds of local time, sorted and apart.

    `closed_on` are single days, `closed_yearly` pairs of month and day. `short_on` and `short_yearly` are half days
    with hours of their own; they open no day that is closed. `shut_on` are stretches of a day that are closed.
    `closes` are the finance-close periods that are stated, first and last day; `close_days` how many open days before
    and after the end of every month are one too.
    """

    name: str
    display_name: str
    zone: str
    hours: tuple[Hours, ...]
    holidays: HolidayRegion | None = None
    closed_on: frozenset[date] = frozenset()
    closed_yearly: frozenset[tuple[int, int]] = frozenset()
    short_on: Mapping[date, Hours] = field(default_factory=dict)
    short_yearly: Mapping[tuple[int, int], Hours] = field(default_factory=dict)
    shut_on: Mapping[date, Hours] = field(default_factory=dict)
    closes: tuple[tuple[date, date], ...] = ()
    close_days: tuple[int, int] = (0, 0)

    @cached_property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def spans(self, first: date, last: date) -> list[OpenSpan]:
        """Compile the open stretches of the local days `first` to `last`, both included, touching ones joined."""
        closed = self._closed_days(first, last)
        found: list[OpenSpan] = []
        open_ms = 0
        for opens_at, closes_at in _join(self._stretches(first, last, closed)):
            found.append(OpenSpan(opens_at, closes_at, open_ms))
            open_ms += _milliseconds(closes_at - opens_at)
        return found

    def close_periods(self, first: date, last: date) -> list[tuple[datetime, datetime]]:
        """Compile the finance-close periods of the local days `first` to `last`: from and until, apart, in order."""
        days = sorted({*self._stated_close_days(first, last), *self._monthly_close_days(first, last)})
        starts = [day for day in days if day - _DAY not in set(days)]
        ends = [day for day in days if day + _DAY not in set(days)]
        return [(self._midnight(start), self._midnight(end + _DAY)) for start, end in zip(starts, ends, strict=True)]

    def _stated_close_days(self, first: date, last: date) -> Iterator[date]:
        for since, until in self.closes:
            day = max(since, first)
            while day <= min(until, last):
                yield day
                day += _DAY

    def _monthly_close_days(self, first: date, last: date) -> Iterator[date]:
        before, after = self.close_days
        closed = self._closed_days(first, last) if before or after else frozenset()
        days = [first + number * _DAY for number in range((last - first).days + 1)] if before or after else []
        open_days = [day for day in days if self._hours_on(day, closed)]
        for _, month in groupby(open_days, key=lambda day: (day.year, day.month)):
            of_month = list(month)
            yield from _all_days(of_month[-before:] if before else [])
            yield from _all_days(of_month[:after])

    def _midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone_info).astimezone(UTC)

    def _hours_on(self, day: date, closed: frozenset[date]) -> Hours:
        month_day = (day.month, day.day)
        usual = () if day in closed or month_day in self.closed_yearly else self.hours[day.weekday()]
        hours = self.short_on.get(day, self.short_yearly.get(month_day, usual)) if usual else ()
        return cut(hours, self.shut_on.get(day, ()))

    def _closed_days(self, first: date, last: date) -> frozenset[date]:
        public = self.holidays.days_of(first, last) if self.holidays else frozenset()
        return public | self.closed_on

    def _stretches(self, first: date, last: date, closed: frozenset[date]) -> Iterator[tuple[datetime, datetime]]:
        for since, until, offset in _offset_periods(self.zone_info, first, last):
            day = max(first, (since + offset).date())
            while day <= min(last, (until + offset).date()):
                midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - offset
                for opens, closes in self._hours_on(day, closed):
                    opens_at = max(since, midnight + timedelta(seconds=opens))
                    closes_at = min(until, midnight + timedelta(seconds=closes))
                    if opens_at < closes_at:
                        yield opens_at, closes_at
                day += _DAY


def _all_days(days: list[date]) -> Iterator[date]:
    """The days from the first to the last of a list, those between them included."""
    day = days[0] if days else date.max
    while days and day <= days[-1]:
        yield day
        day += _DAY


def _offset_periods(zone: ZoneInfo, first: date, last: date) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cut the time around the days into periods of one offset from UTC, by looking once a day and halving."""
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + 2 * _DAY
    since = at = datetime(first.year, first.month, first.day, tzinfo=UTC) - _DAY
    offset = _offset(zone, at)
    while at < end:
        following = at + _DAY
        if _offset(zone, following) != offset:
            change = _find_change(zone, at, following)
            yield since, change, offset
            since, offset = change, _offset(zone, change)
        at = following
    yield since, end, offset


def _find_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the first second whose offset is not that of `before`."""
    offset, span_s = _offset(zone, before), int((after - before).total_seconds())
    low, high = 0, span_s
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, before + timedelta(seconds=middle)) == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _join(stretches: Iterator[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    pending: tuple[datetime, datetime] | None = None
    for opens_at, closes_at in stretches:
        if pending and pending[1] == opens_at:
            pending = (pending[0], closes_at)
            continue
        if pending:
            yield pending
        pending = (opens_at, closes_at)
    if pending:
        yield pending


def _milliseconds(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
