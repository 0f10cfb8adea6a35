"""Ten years of calendars in five zones against a count of every single minute by what the clock on the wall shows.

The count knows nothing of stretches or offsets: pandas turns each UTC minute into local time, which is then looked at.
"""

from datetime import date, datetime, timedelta

import holidays
import numpy as np
import pandas as pd
import pytest

from slos.calendar import BusinessCalendar, HolidayRegion

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
HALF_DAYS = {(12, 24): ((9 * 3600, 12 * 3600),), (3, 29): ((1 * 3600, 4 * 3600),)}


@pytest.mark.parametrize(("zone", "region"), PLACES, ids=[zone for zone, _ in PLACES])
def test_every_minute_of_ten_years_is_open_or_closed_as_the_wall_clock_says(zone: str, region: HolidayRegion) -> None:
    calendar = BusinessCalendar(
        "any",
        "any",
        zone,
        (OFFICE, OFFICE, OFFICE, OFFICE, NIGHT, NIGHT, ((0, 86_400),)),
        region,
        closed_on=frozenset({date(2024, 2, 29)}),
        closed_yearly=frozenset({(12, 31)}),
        short_yearly=HALF_DAYS,
    )
    since = pd.Timestamp(FIRST, tz=zone).tz_convert("UTC")
    until = pd.Timestamp(LAST + timedelta(days=1), tz=zone).tz_convert("UTC")
    minutes = pd.date_range(since, until, freq="min", inclusive="left")
    counted = count_by_wall_clock(calendar, minutes.tz_convert(zone))
    open_before = np.concatenate([[0], counted.cumsum()])
    told = np.zeros(len(minutes) + 1, dtype=np.int8)
    for span in calendar.spans(FIRST, LAST):
        first, last = (position(at, since) for at in (span.opens_at, span.closes_at))
        assert span.open_before_ms == open_before[first] * 60_000
        told[first] += 1
        told[last] -= 1
    assert np.array_equal(told.cumsum()[:-1].astype(bool), counted)


def count_by_wall_clock(
    calendar: BusinessCalendar, local: pd.DatetimeIndex
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Say of every minute whether it is open."""
    assert calendar.holidays
    seconds = (local.hour * 3600 + local.minute * 60).to_numpy()
    weekday = local.day_of_week.to_numpy()
    month_day = (local.month * 100 + local.day).to_numpy()
    days = local.tz_localize(None).normalize().to_numpy().astype("datetime64[D]")
    years = range(FIRST.year, LAST.year + 1)
    public = holidays.country_holidays(
        calendar.holidays.country, subdiv=calendar.holidays.subdivision or None, years=years
    )
    closed = np.array([*public, *calendar.closed_on], dtype="datetime64[D]")
    is_open = np.zeros(len(local), dtype=bool)
    for number, hours in enumerate(calendar.hours):
        for opens, closes in hours:
            is_open |= (weekday == number) & (seconds >= opens) & (seconds < closes)
    for (month, day), hours in HALF_DAYS.items():
        is_day = month_day == month * 100 + day
        is_open[is_day] = False
        for opens, closes in hours:
            is_open |= is_day & (seconds >= opens) & (seconds < closes)
    is_closed = np.isin(days, closed) | np.isin(month_day, [month * 100 + day for month, day in calendar.closed_yearly])
    return is_open & ~is_closed


def position(at: datetime, since: pd.Timestamp) -> int:
    return int((at - since.to_pydatetime()) / timedelta(minutes=1))
