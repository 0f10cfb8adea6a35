"""Calendar arithmetic against an independent count: minute by minute, by what the clock on the wall shows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slos.calendar import BusinessCalendar, HolidayRegion

# Zones that change their clocks, by an hour or by half of one, in the north and in the south, and some that do not.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
)
MINUTE = timedelta(minutes=1)
QUARTERS = st.integers(0, 96)

stretch = st.tuples(QUARTERS, QUARTERS).filter(lambda pair: pair[0] < pair[1]).map(lambda p: (p[0] * 900, p[1] * 900))
week = st.lists(st.one_of(st.just(()), stretch.map(lambda one: (one,))), min_size=7, max_size=7).map(tuple)
calendars = st.builds(
    BusinessCalendar,
    name=st.just("any"),
    display_name=st.just("any"),
    zone=st.sampled_from(ZONES),
    hours=week,
    closed_on=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=4),
)


def is_open(calendar: BusinessCalendar, at: datetime) -> bool:
    """Say whether the minute that begins at `at` is open, by nothing but the local clock."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    seconds = local.hour * 3600 + local.minute * 60
    hours = calendar.hours[local.weekday()]
    return local.date() not in calendar.closed_on and any(opens <= seconds < closes for opens, closes in hours)


@settings(max_examples=60, deadline=None)
@given(calendar=calendars, first=st.dates(date(2026, 1, 1), date(2026, 12, 20)))
def test_open_minutes_are_those_the_wall_clock_shows(calendar: BusinessCalendar, first: date) -> None:
    last = first + timedelta(days=8)
    open_minutes: set[datetime] = set()
    for span in calendar.spans(first, last):
        count = (span.closes_at - span.opens_at) // MINUTE
        open_minutes |= {span.opens_at + number * MINUTE for number in range(count)}
    start = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)
    counted = {start + number * MINUTE for number in range(8 * 1440) if is_open(calendar, start + number * MINUTE)}
    end = start + timedelta(days=8)
    assert {minute for minute in open_minutes if start <= minute < end} == counted


@settings(max_examples=100, deadline=None)
@given(calendar=calendars, first=st.dates(date(2026, 1, 1), date(2026, 12, 1)))
def test_stretches_are_apart_in_order_and_counted(calendar: BusinessCalendar, first: date) -> None:
    open_ms = 0
    closed_at = datetime(2000, 1, 1, tzinfo=UTC)
    for span in calendar.spans(first, first + timedelta(days=30)):
        assert closed_at < span.opens_at < span.closes_at
        assert span.open_before_ms == open_ms
        open_ms += (span.closes_at - span.opens_at) // timedelta(milliseconds=1)
        closed_at = span.closes_at


@settings(max_examples=20, deadline=None)
@given(calendar=calendars, more_days=st.integers(1, 400))
def test_a_later_end_changes_nothing_before_it(calendar: BusinessCalendar, more_days: int) -> None:
    first, last = date(2026, 1, 1), date(2026, 3, 31)
    short, long = calendar.spans(first, last), calendar.spans(first, last + timedelta(days=more_days))
    assert long[: len(short) - 1] == short[:-1]


@pytest.mark.parametrize(
    ("zone", "day", "open_hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Asia/Kolkata", date(2026, 3, 29), 24),
    ],
)
def test_a_day_around_the_clock_is_as_long_as_its_zone_makes_it(zone: str, day: date, open_hours: float) -> None:
    calendar = BusinessCalendar("always", "always", zone, (((0, 86400),),) * 7)
    spans = calendar.spans(day, day)
    assert len(spans) == 1
    assert spans[0].closes_at - spans[0].opens_at == timedelta(hours=open_hours)


def test_an_hour_that_is_skipped_is_not_open_and_one_that_is_repeated_is_open_twice() -> None:
    night = BusinessCalendar("night", "night", "Europe/Berlin", (((7200, 10800),),) * 7)
    assert night.spans(date(2026, 3, 29), date(2026, 3, 29)) == []
    twice = night.spans(date(2026, 10, 25), date(2026, 10, 25))
    assert [(span.opens_at.hour, span.closes_at.hour) for span in twice] == [(0, 2)]


def test_public_holidays_and_own_days_are_closed() -> None:
    office = BusinessCalendar(
        "office",
        "office",
        "Europe/London",
        (((32400, 61200),),) * 5 + ((), ()),
        holidays=HolidayRegion("GB", "ENG"),
        closed_on=frozenset({date(2026, 12, 29)}),
        closed_yearly=frozenset({(12, 30)}),
    )
    days = [span.opens_at.date() for span in office.spans(date(2026, 12, 21), date(2026, 12, 31))]
    assert [day.day for day in days] == [21, 22, 23, 24, 31]  # 28: Boxing Day observed
