"""Closing days and closed hours from an iCalendar file (RFC 5545), as calendar programs export them.

An all-day event closes its days, an event with times closes those hours, in the zone of the calendar that names the
file. Recurring events count up to `HORIZON`, with their exceptions (EXDATE), additions (RDATE) and single changes
(RECURRENCE-ID); cancelled events do not count, whether an event shows its owner as busy or free does not matter.
Refused with the line of the event: what cannot be parsed, recurrence by the hour or faster, periods, changes to "this
and all following", zones nobody knows, a file that breaks off, one that closes more than `MAX_STRETCHES` days.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar

from slos.day_list import DayList, Hours

HORIZON = date(2070, 1, 1)
MAX_STRETCHES = 30_000
_SLOW_ENOUGH = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_ONCE = ("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "STATUS")
_DAY = timedelta(days=1)
_WHOLE = (0, 86_400)

Moment: TypeAlias = date | datetime
Stretch = tuple[Moment, Moment]
Event: TypeAlias = Any
"""A component of the parser: a mapping of properties, whose values depend on what the file says."""


class IcalMistake(ValueError):
    """What is wrong with the file, and in which line; 0 is the file as a whole."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)


def read_ical(text: str, zone: ZoneInfo) -> DayList:
    """Read the days of a file for a calendar in `zone`. Raises IcalMistake."""
    events = _read_events(text)
    changed = {
        (str(event.get("UID")), _changed_start(event, line)) for event, line in events if "RECURRENCE-ID" in event
    }
    closed: set[date] = set()
    shut: dict[date, list[tuple[int, int]]] = defaultdict(list)
    count = 0
    for event, line in events:
        for stretch in _stretches(event, line, changed):
            for day, hours in _days(stretch, zone):
                if (count := count + 1) > MAX_STRETCHES:
                    raise IcalMistake(f"closes more than {MAX_STRETCHES} days", line)
                if hours == _WHOLE:
                    closed.add(day)
                else:
                    shut[day].append(hours)
    return DayList(frozenset(closed), shut_on={day: _sorted(hours) for day, hours in shut.items()})


def _read_events(text: str) -> list[tuple[Event, int]]:
    """Parse. Shape: every event that counts and the line it begins in."""
    lines = [line.strip().upper() for line in text.splitlines()]
    begins = [number for number, line in enumerate(lines, start=1) if line == "BEGIN:VEVENT"]
    if "BEGIN:VCALENDAR" not in lines:
        raise IcalMistake("is no iCalendar file: it has no BEGIN:VCALENDAR")
    _check_nesting(lines)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError) as error:
        raise IcalMistake(f"cannot be parsed: {error}") from error
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if len(events) != len(begins):
        raise IcalMistake(f"has {len(begins)} events, of which {len(events)} can be read")
    found = list(zip(events, begins, strict=True))
    for event, line in found:
        for name, message in event.errors:
            raise IcalMistake(f"{name or 'the event'}: {message}", _find_line(lines, line, name))
        for name in _ONCE:
            if isinstance(event.get(name), list):
                raise IcalMistake(f"{name} stands there twice", _find_line(lines, line, name))
    return [(event, line) for event, line in found if str(event.get("STATUS", "")).upper() != "CANCELLED" or
            "RECURRENCE-ID" in event]  # fmt: skip


def _check_nesting(lines: list[str]) -> None:
    """The parser takes what breaks off for a shorter file."""
    inside: list[str] = []
    for number, line in enumerate(lines, start=1):
        word, _, name = line.partition(":")
        if word == "BEGIN":
            inside.append(name)
        elif word == "END" and (not inside or inside.pop() != name):
            raise IcalMistake(f"END:{name} ends nothing that began", number)
    if inside:
        raise IcalMistake(f"breaks off: BEGIN:{inside[-1]} has no END", len(lines))


def _find_line(lines: list[str], begin: int, name: str | None) -> int:
    after = enumerate(lines[begin:], start=begin + 1)
    return next((number for number, line in after if name and line.startswith(name)), begin)


def _changed_start(event: Event, line: int) -> Moment:
    recurrence = event["RECURRENCE-ID"]
    if recurrence.params.get("RANGE"):
        raise IcalMistake("RECURRENCE-ID: a change to this and all following is not read, end the old event", line)
    moment: Moment = recurrence.dt
    return _instant(moment)


def _stretches(event: Event, line: int, changed: set[tuple[str, Moment]]) -> Iterator[Stretch]:
    if "RECURRENCE-ID" in event and str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    start, length = _bounds(event, line)
    uid, is_master = str(event.get("UID")), "RECURRENCE-ID" not in event
    for begin in _starts(event, start, line) if is_master else [start]:
        if not (is_master and (uid, _instant(begin)) in changed):
            yield begin, begin + length


def _bounds(event: Event, line: int) -> tuple[Moment, timedelta]:
    if "DTSTART" not in event:
        raise IcalMistake("the event has no DTSTART", line)
    start = _known(event["DTSTART"], line)
    is_day = not isinstance(start, datetime)
    if "DTEND" in event:
        end = _known(event["DTEND"], line)
        if isinstance(end, datetime) == is_day or (isinstance(start, datetime) and _is_naive(start) != _is_naive(end)):
            raise IcalMistake("DTSTART and DTEND are not of one kind", line)
        length: timedelta = end - start
    else:
        length = event["DURATION"].dt if "DURATION" in event else _DAY if is_day else timedelta()
    if length <= timedelta():
        raise IcalMistake("the event ends when it begins, or before", line)
    if is_day and length % _DAY:
        raise IcalMistake("an event of whole days has a part of a day as its length", line)
    return start, length


def _known(value: Any, line: int) -> Moment:
    moment = value.dt
    if not isinstance(moment, date):
        raise IcalMistake("expected a date or an instant", line)
    zone = value.params.get("TZID")
    if zone and isinstance(moment, datetime) and moment.tzinfo is None:
        raise IcalMistake(f"nobody knows the time zone {zone}", line)
    return moment


def _is_naive(moment: Moment) -> bool:
    return isinstance(moment, datetime) and moment.tzinfo is None


def _starts(event: Event, start: Moment, line: int) -> Iterable[Moment]:
    """Every start of an event up to the horizon, in the wall time of its own zone."""
    removed = {_instant(moment) for moment in _listed(event, "EXDATE", line)}
    found: dict[Moment, None] = {start: None, **dict.fromkeys(_listed(event, "RDATE", line))}
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        found.update(dict.fromkeys(_expand(rule, start, line)))
    return [moment for moment in found if _instant(moment) not in removed]


def _listed(event: Event, key: str, line: int) -> Iterator[Moment]:
    lists = event.get(key, [])
    for one in lists if isinstance(lists, list) else [lists]:
        for value in one.dts:
            if not isinstance(value.dt, date):
                raise IcalMistake(f"{key}: periods are not read", line)
            yield value.dt


def _expand(rule: Any, start: Moment, line: int) -> Iterator[Moment]:
    if (pace := str(rule.get("FREQ", ["?"])[0]).upper()) not in _SLOW_ENOUGH:
        raise IcalMistake(f"RRULE: {pace} is not read, only {', '.join(_SLOW_ENOUGH)}", line)
    zone = start.tzinfo if isinstance(start, datetime) else None
    local = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime.combine(start, time())
    rule = {**rule, "UNTIL": [_local_end(rule.get("UNTIL", [HORIZON])[0], zone)]}
    if "COUNT" in rule:
        del rule["UNTIL"]
    try:
        moments = islice(rrulestr(_write_rule(rule), dtstart=local), MAX_STRETCHES + 1)
        for moment in moments:
            if moment.date() >= HORIZON:
                return
            yield moment.replace(tzinfo=zone) if isinstance(start, datetime) else moment.date()
    except (ValueError, TypeError) as error:
        raise IcalMistake(f"RRULE: {error}", line) from error


def _local_end(until: Moment, zone: Any) -> datetime:
    if not isinstance(until, datetime):
        return min(datetime.combine(until, time.max), datetime.combine(HORIZON, time()))
    local = until.astimezone(zone) if until.tzinfo and zone else until
    return min(local.replace(tzinfo=None), datetime.combine(HORIZON, time()))


def _write_rule(rule: dict[str, Any]) -> str:
    def write(value: Any) -> str:
        return f"{value:%Y%m%dT%H%M%S}" if isinstance(value, datetime) else str(value)

    return ";".join(f"{key}={','.join(map(write, values))}" for key, values in rule.items())


def _instant(moment: Moment) -> Moment:
    """What tells two starts apart: the instant where there is a zone."""
    return moment.astimezone(UTC) if isinstance(moment, datetime) and moment.tzinfo else moment


def _days(stretch: Stretch, zone: ZoneInfo) -> Iterator[tuple[date, tuple[int, int]]]:
    """Cut a stretch into its local days: each with the seconds of that day."""
    begin, end = (_local(moment, zone) for moment in stretch)
    day = begin.date()
    while datetime.combine(day, time()) < end:
        midnight = datetime.combine(day, time())
        seconds = [(min(max(at, midnight), midnight + _DAY) - midnight).total_seconds() for at in (begin, end)]
        yield day, (int(seconds[0]), int(seconds[1]))
        day += _DAY


def _local(moment: Moment, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


def _sorted(hours: list[tuple[int, int]]) -> Hours:
    return tuple(sorted(set(hours)))
