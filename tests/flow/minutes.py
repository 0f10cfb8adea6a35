"""Every minute of a year as the wall clock of a place shows it: open or not, in a finance close or not.

Counted one by one from the calendar documents, which are read here anew; nothing of the code under test is used.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import holidays
import numpy as np
import pandas as pd
import yaml

from tests.flow.office import CALENDARS

SINCE, UNTIL = datetime(2025, 12, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Flags = "np.ndarray[tuple[int], np.dtype[np.bool_]]"


class Minutes:
    """The minutes of one calendar. `is_open` and `is_close` hold a flag for each, from SINCE on."""

    def __init__(self, calendar: str) -> None:
        document = read_document(CALENDARS / f"{calendar}.yaml")
        local = pd.date_range(SINCE, UNTIL, freq="min", inclusive="left").tz_convert(document["zone"])
        [hours] = document["hours"].values()
        opens, closes = (_seconds(text) for text in hours.split("-"))
        seconds = (local.hour * 3600 + local.minute * 60).to_numpy()
        days = local.tz_localize(None).normalize()
        open_days = {day for day in days.unique().date if _is_working_day(day, document)}
        is_day = np.isin(days.to_numpy(), np.array(sorted(open_days), dtype="datetime64[ns]"))
        self.is_open = is_day & (seconds >= opens) & (seconds < closes)
        close = np.array(sorted(_close_days(open_days, document.get("finance_close"))), dtype="datetime64[ns]")
        self.is_close = np.isin(days.to_numpy(), close)

    def after(self, start: int, minutes: int, still: Any = None) -> int:
        """The first position at which so many open minutes are over since `start`, those in `still` not counted."""
        counts = self.is_open if still is None else self.is_open & ~still
        gone = np.cumsum(counts[start:])
        found = int(np.searchsorted(gone, minutes)) + 1 if minutes else 0
        return start + found


def position(at: datetime) -> int:
    return (at - SINCE) // MINUTE


def instant(position: int) -> datetime:
    return SINCE + position * MINUTE


@cache
def read_document(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _is_working_day(day: date, document: Any) -> bool:
    public = document.get("holidays")
    closed = {str(one) for one in document.get("closed", ())}
    [days] = document["hours"]
    return (
        day.weekday() < {"mon-fri": 5, "mon-sun": 7}[days]
        and not (public and day in _public_days(public["country"], public.get("subdivision")))
        and not {str(day), f"{day:%m-%d}"} & closed
    )


@cache
def _public_days(country: str, subdivision: str | None) -> Any:
    return holidays.country_holidays(country, subdiv=subdivision, years=range(2025, 2028))


def _close_days(open_days: set[date], counts: Any) -> set[date]:
    """From the last open days of a month to its last one, and from its first open day to the first few."""
    found: set[date] = set()
    for year, month in {(day.year, day.month) for day in open_days}:
        days = sorted(day for day in open_days if (day.year, day.month) == (year, month))
        if not counts or len(days) < 5:  # a month of which the minutes hold only an edge
            continue
        for first, last in ((days[-counts["last_days"]], days[-1]), (days[0], days[counts["first_days"] - 1])):
            found |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return found


def _seconds(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60
