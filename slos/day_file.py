"""Closing days and half days from a file of the firm, beside the calendar that names it: CSV, or iCalendar (`.ics`).

    day,hours,name
    2026-12-24,,Christmas Eve
    2026-12-23,09:00-12:00,half day

`hours` empty means closed. A line that cannot be read refuses the calendar, with its number. What an iCalendar file
closes is said in `slos.ical_file`.
"""

import csv
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

from slos.day_list import DayList, Hours
from slos.ical_file import IcalMistake, read_ical
from slos.section import Section

MAX_LINES = 10_000
MAX_ICAL_BYTES = 4 * 1024 * 1024


def read_day_file(document: Section, key: str, zone: str) -> DayList:
    """Read the file a calendar names; what is wrong with it stands in the calendar's problems."""
    name = document.text(key, "")
    if not name:
        return DayList()
    file = Path(document.source.label).parent / name
    if file.suffix not in (".csv", ".ics"):
        document.complain(
            key, f"{name} is not read", "a CSV file with the columns day, hours and name, or iCalendar (.ics)"
        )
        return DayList()
    try:
        if file.suffix == ".ics":
            return _read_ical(file, zone)
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return _read(csv.DictReader(lines), document, key, name)
    except OSError as error:
        document.complain(key, f"{name} cannot be read: {error.strerror}")
    except IcalMistake as error:
        document.complain(key, f"{name}, {error}")
    except (UnicodeDecodeError, csv.Error) as error:
        document.complain(key, f"{name} cannot be read: {error}")
    return DayList()


def _read_ical(file: Path, zone: str) -> DayList:
    if (size := file.stat().st_size) > MAX_ICAL_BYTES:
        raise IcalMistake(f"has {size} bytes, more than {MAX_ICAL_BYTES}")
    return read_ical(file.read_bytes().decode("utf-8-sig"), ZoneInfo(zone or "UTC"))


def _read(reader: "csv.DictReader[str]", document: Section, key: str, name: str) -> DayList:
    if "day" not in (reader.fieldnames or ()):
        document.complain(key, f"{name} has no column day", "the first line names the columns: day,hours,name")
        return DayList()
    closed: set[date] = set()
    short: dict[date, Hours] = {}
    for row in reader:
        if reader.line_num > MAX_LINES:
            document.complain(key, f"{name} has more than {MAX_LINES} lines")
            break
        try:
            day, hours = date.fromisoformat((row["day"] or "").strip()), (row.get("hours") or "").strip()
            if day in closed or day in short:
                raise ValueError(f"{day} stands there twice")
            if hours:
                short[day] = (_read_hours(hours),)
            else:
                closed.add(day)
        except ValueError as error:
            document.complain(key, f"{name}, line {reader.line_num}: {error}")
    return DayList(frozenset(closed), short)


def _read_hours(text: str) -> tuple[int, int]:
    opens, _, closes = text.partition("-")
    stretch = _seconds(time.fromisoformat(opens)), _seconds(time.fromisoformat(closes))
    if stretch[0] >= stretch[1]:
        raise ValueError(f"{text} ends before it begins")
    return stretch


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60
