"""Ten years of drawn calendars in five zones against a count of every minute by what the clock on the wall shows.

The count knows nothing of stretches or offsets: pandas turns each UTC minute into local time once, and a drawn calendar
says of each local day which hours it has.
"""

from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

import holidays
import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from slos.calendar import BusinessCalendar, HolidayRegion
from slos.day_list import Hours

FIRST, LAST = date(2020, 1, 1), date(2029, 12, 31)
OFFICE = ((9 * 3600, 12 * 3600), (13 * 3600, 17 * 3600))
NIGHT = ((0, 4 * 3600), (22 * 3600, 86_400))
PLACES = (
    ("Europe/Berlin", HolidayRegion("DE", "BY")),
    ("America/New_York", HolidayRegion("US")),
    ("Australia/Lord_Howe", HolidayRegion("AU", "NSW")),
    ("Asia/Kolkata", HolidayRegion("IN")),
    ("America/Sao_Paulo", HolidayRegion("BR")),
)
MINUTES_OF_A_DAY = 1440


class Wall(NamedTuple):
    """Every minute of the ten years: which local day, counted from the first, and which minute of it."""

    since: pd.Timestamp
    day: "np.ndarray[tuple[int], np.dtype[np.int16]]"
    minute: "np.ndarray[tuple[int], np.dtype[np.int16]]"


@cache
def look_at_wall(zone: str) -> Wall:
    since = pd.Timestamp(FIRST, tz=zone).tz_convert("UTC")
    until = pd.Timestamp(LAST + timedelta(days=1), tz=zone).tz_convert("UTC")
    local = pd.date_range(since, until, freq="min", inclusive="left").tz_convert(zone).tz_localize(None)
    day = ((local.normalize() - pd.Timestamp(FIRST)) // pd.Timedelta(days=1)).to_numpy().astype(np.int16)
    return Wall(since, day, (local.hour * 60 + local.minute).to_numpy().astype(np.int16))


times = st.integers(0, MINUTES_OF_A_DAY)
stretches = st.lists(times, max_size=4, unique=True).map(
    lambda drawn: tuple((a * 60, b * 60) for a, b in zip(sorted(drawn)[::2], sorted(drawn)[1::2], strict=False))
)
days = st.dates(FIRST, LAST)
month_days = days.map(lambda day: (day.month, day.day))
calendars = st.builds(
    BusinessCalendar,
    name=st.just("any"),
    display_name=st.just("any"),
    zone=st.just("UTC"),
    hours=st.tuples(*[stretches] * 7),
    closed_on=st.frozensets(days, max_size=20),
    closed_yearly=st.frozensets(month_days, max_size=5),
    short_on=st.dictionaries(days, stretches, max_size=5),
    short_yearly=st.dictionaries(month_days, stretches, max_size=3),
    shut_on=st.dictionaries(days, stretches, max_size=5),
)
USUAL = BusinessCalendar(
    "any",
    "any",
    "UTC",
    (OFFICE, OFFICE, OFFICE, OFFICE, NIGHT, NIGHT, ((0, 86_400),)),
    closed_on=frozenset({date(2024, 2, 29)}),
    closed_yearly=frozenset({(12, 31)}),
    short_yearly={(12, 24): ((9 * 3600, 12 * 3600),), (3, 29): ((1 * 3600, 4 * 3600),)},
    shut_on={date(2026, 10, 25): ((2 * 3600, 3 * 3600),)},
)


@pytest.mark.parametrize(("zone", "region"), PLACES, ids=[zone for zone, _ in PLACES])
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(drawn=calendars)
@example(drawn=USUAL)
def test_every_minute_of_ten_years_is_open_or_closed_as_the_wall_clock_says(
    zone: str, region: HolidayRegion, drawn: BusinessCalendar
) -> None:
    words = {name: getattr(drawn, name) for name in drawn.__dataclass_fields__}
    calendar = BusinessCalendar(**words | {"zone": zone, "holidays": region})
    wall = look_at_wall(zone)
    counted = hours_by_day(calendar)[wall.day, wall.minute]
    open_before = np.concatenate([[0], counted.cumsum()])
    told = np.zeros(len(counted) + 1, dtype=np.int8)
    for span in calendar.spans(FIRST, LAST):
        first, last = (position(at, wall.since) for at in (span.opens_at, span.closes_at))
        assert span.open_before_ms == open_before[first] * 60_000
        told[first] += 1
        told[last] -= 1
    assert np.array_equal(told.cumsum()[:-1].astype(bool), counted)


def hours_by_day(calendar: BusinessCalendar) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    """Say of every local day and every minute of it whether it is open."""
    assert calendar.holidays
    years = range(FIRST.year, LAST.year + 1)
    subdivision = calendar.holidays.subdivision or None
    public = holidays.country_holidays(calendar.holidays.country, subdiv=subdivision, years=years)
    number_of_days = (LAST - FIRST).days + 1
    is_open = np.zeros((number_of_days, MINUTES_OF_A_DAY), dtype=bool)
    for number in range(number_of_days):
        day = FIRST + timedelta(days=number)
        yearly = (day.month, day.day)
        if day in public or day in calendar.closed_on or yearly in calendar.closed_yearly:
            continue
        hours: Hours = calendar.hours[day.weekday()]
        if hours:  # a half day opens no day that is closed
            hours = calendar.short_on.get(day, calendar.short_yearly.get(yearly, hours))
        for opens, closes in hours:
            is_open[number, opens // 60 : closes // 60] = True
        for begins, ends in calendar.shut_on.get(day, ()):
            is_open[number, begins // 60 : ends // 60] = False
    return is_open


def position(at: datetime, since: pd.Timestamp) -> int:
    return int((at - since.to_pydatetime()) / timedelta(minutes=1))
