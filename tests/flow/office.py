"""Business time counted by hand, to check the judge against: overlap by overlap, day by day, in local time."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import yaml

CALENDARS = Path(__file__).parents[2] / "slos" / "calendars"
OFFICES = {"DE01": "de-business", "UK01": "uk-business", "US01": "us-business", "AU01": "au-business"}


class Office:
    """Opening hours of one legal entity, Monday to Friday, closed on public holidays and on its own closing days."""

    def __init__(self, legal_entity: str) -> None:
        text = (CALENDARS / f"{OFFICES[legal_entity]}.yaml").read_text(encoding="utf-8")
        document: dict[str, Any] = yaml.safe_load(text)
        self._zone = ZoneInfo(document["zone"])
        opens, closes = document["hours"]["mon-fri"].split("-")
        self._opens, self._closes = time.fromisoformat(opens), time.fromisoformat(closes)
        public = document["holidays"]
        self._holidays = holidays.country_holidays(public["country"], subdiv=public.get("subdivision"))
        self._close: dict[str, int] = document["finance_close"]
        self._closed = {str(day) for day in document.get("closed", ())}

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """Count the open time between two instants."""
        total, day = timedelta(), start.astimezone(self._zone).date()
        while day <= end.astimezone(self._zone).date():
            if self._is_open_on(day):
                opens = datetime.combine(day, self._opens, self._zone).astimezone(UTC)
                closes = datetime.combine(day, self._closes, self._zone).astimezone(UTC)
                total += max(timedelta(), min(end, closes) - max(start, opens))
            day += timedelta(days=1)
        return total

    def is_closing(self, at: datetime) -> bool:
        """Say whether the books are being closed: on the last open days of a month, and its first few."""
        today = at.astimezone(self._zone).date()
        days = [today.replace(day=1) + timedelta(days=number) for number in range(31)]
        open_days = [day for day in days if day.month == today.month and self._is_open_on(day)]
        last, first = self._close["last_days"], self._close["first_days"]
        return open_days[-last] <= today <= open_days[-1] or open_days[0] <= today <= open_days[first - 1]

    def _is_open_on(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self._holidays and not {f"{day:%m-%d}", str(day)} & self._closed
