"""A calendar as a document: name, zone, hours per weekday, holidays of a country, own closing days.

    calendar: de-business
    display_name: Germany, office hours
    zone: Europe/Berlin
    hours: {mon-thu: "09:00-17:00", fri: ["09:00-12:00", "13:00-16:00"]}
    holidays: {country: DE, subdivision: BE}
    closed: [2026-12-24, "12-31"]
    half_days: [{on: ["12-23"], hours: "09:00-12:00"}]
    finance_close: {last_days: 2, first_days: 3, periods: [{from: 2026-12-21, until: 2027-01-08}]}
    days_from: company-days.csv

Days not named are closed. A closing day is a date, or month and day for every year. Hours end at 24:00 at the latest.
`finance_close` counts open days at the end and the beginning of every month, and periods of their own; a clock that
starts in one has the tighter promise. `days_from` is a CSV or iCalendar file beside the calendar (see `slos.day_file`).
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import holidays

from billtrail.document.problem import name_nearest
from slos.calendar import BusinessCalendar, HolidayRegion
from slos.day_file import read_day_file
from slos.day_list import Hours
from slos.section import Section
from slos.zone import read_zone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STRETCH = re.compile(r"^(\d{2}):(\d{2})-(\d{2}):(\d{2})$")
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]*$")

Stretch = tuple[int, int]


def read_calendar(document: Section) -> BusinessCalendar | None:
    """Read one document; what is wrong stands in its source's problems, and then there is no calendar."""
    known = len(document.source.problems)
    document.only(
        "calendar", "display_name", "zone", "hours", "holidays", "closed", "half_days", "finance_close", "days_from"
    )
    name = document.text("calendar")
    if name and not _NAME.match(name):
        document.complain("calendar", f"{name!r} is no name", "use lower-case letters, digits and dashes")
    zone = read_zone(document, "zone")
    closed = list(read_days(document, "closed"))
    short = dict(_read_half_days(document))
    listed = read_day_file(document, "days_from", zone)
    closes, close_days = _read_closes(document.section("finance_close"))
    calendar = BusinessCalendar(
        name=name,
        display_name=document.text("display_name", name) or name,
        zone=zone,
        hours=_read_hours(document.section("hours", is_required=True)),
        holidays=_read_holidays(document.section("holidays")),
        closed_on=frozenset(day for day in closed if isinstance(day, date)) | listed.closed_on,
        closed_yearly=frozenset(day for day in closed if isinstance(day, tuple)),
        short_on={**listed.short_on, **{day: hours for day, hours in short.items() if isinstance(day, date)}},
        short_yearly={day: hours for day, hours in short.items() if isinstance(day, tuple)},
        shut_on=listed.shut_on,
        closes=closes,
        close_days=close_days,
    )
    return calendar if len(document.source.problems) == known else None


def _read_hours(section: Section) -> tuple[tuple[Stretch, ...], ...]:
    known = len(section.source.problems)
    week: list[list[Stretch]] = [[] for _ in DAYS]
    for key in section.keys:
        stretches = sorted(stretch for text in section.texts(key) if (stretch := read_stretch(section, text, key)))
        if any(following[0] < before[1] for before, following in pairwise(stretches)):
            section.complain(key, "two stretches overlap")
        for day in _read_days(section, key):
            if week[day]:
                section.complain(key, f"{DAYS[day]} already has its hours")
            week[day] = stretches
    if len(section.source.problems) == known and not any(week):
        section.complain("", "the calendar is never open")
    return tuple(tuple(stretches) for stretches in week)


def _read_days(section: Section, key: str) -> range:
    first, _, last = key.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        section.complain(key, f"{key} names no days", f"use {', '.join(DAYS)} or a range such as mon-fri")
        return range(0)
    if DAYS.index(last or first) < DAYS.index(first):
        section.complain(key, f"{key} runs backwards", "a week begins on Monday; name two ranges")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def read_stretch(section: Section, text: str, key: str = "hours") -> Stretch | None:
    """Read one stretch of a day; a mistake is noted at `key`."""
    match = _STRETCH.match(text)
    if not match:
        section.complain(key, f"{text!r} is no stretch of time", 'write it as "09:00-17:00"')
        return None
    opens_hour, opens_minute, closes_hour, closes_minute = (int(group) for group in match.groups())
    opens, closes = opens_hour * 3600 + opens_minute * 60, closes_hour * 3600 + closes_minute * 60
    if max(opens_minute, closes_minute) > 59 or closes > 86400:
        section.complain(key, f"{text!r} is no time of a day")
        return None
    if opens >= closes:
        section.complain(key, f"{text!r} ends before it begins", "split hours over midnight between the two days")
        return None
    return opens, closes


def _read_holidays(section: Section) -> HolidayRegion | None:
    section.only("country", "subdivision")
    if not section.keys:
        return None
    supported = holidays.list_supported_countries(include_aliases=True)
    country = section.choice("country", supported)
    subdivision = section.text("subdivision", "")
    if country and subdivision and subdivision not in supported[country]:
        section.complain(
            "subdivision", f"{country} has no {subdivision}", name_nearest(subdivision, supported[country])
        )
    return HolidayRegion(country, subdivision)


def read_days(section: Section, key: str) -> Iterator[date | tuple[int, int]]:
    """Read a list of days: dates, or month and day for every year."""
    for text in section.scalars(key):
        try:
            if len(text) == 5:
                day = date.fromisoformat(f"2000-{text}")
                yield day.month, day.day
            else:
                yield date.fromisoformat(text)
        except ValueError:
            section.complain(key, f"{text!r} is no day", "write 2026-12-24, or 12-24 for every year")


def _read_half_days(document: Section) -> Iterator[tuple[date | tuple[int, int], Hours]]:
    for section in document.sections("half_days"):
        section.only("on", "hours")
        hours = tuple(
            sorted(
                stretch for text in section.texts("hours", is_required=True) if (stretch := read_stretch(section, text))
            )
        )
        for day in read_days(section, "on"):
            yield day, hours


def _read_closes(section: Section) -> tuple[tuple[tuple[date, date], ...], tuple[int, int]]:
    section.only("last_days", "first_days", "periods")
    counts = section.number("last_days", 0.0), section.number("first_days", 0.0)
    for key, count in zip(("last_days", "first_days"), counts, strict=True):
        if not (0 <= count <= 10 and count == int(count)):
            section.complain(key, f"expected a whole number from 0 to 10, got {count:g}")
    periods: list[tuple[date, date]] = []
    for part in section.sections("periods"):
        part.only("from", "until")
        days = [day for key in ("from", "until") for day in read_days(part, key) if isinstance(day, date)]
        if len(days) != 2:
            part.complain("", "expected a date for from and one for until")
        elif days[0] > days[1]:
            part.complain("until", "the period ends before it begins")
        elif any(days[0] <= until and since <= days[1] for since, until in periods):
            part.complain("from", "overlaps with another close period")
        else:
            periods.append((days[0], days[1]))
    return tuple(periods), (int(counts[0]), int(counts[1]))
