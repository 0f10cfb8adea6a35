"""How amounts, spans of time and names are written: the same on every page, in figures and in tables."""

import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

ACRONYMS = {"crm": "CRM", "psa": "PSA", "erp": "ERP", "sla": "SLA", "id": "ID", "hr": "HR"}
NONE = "–"
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def write_money(amount: Any, currency: str) -> str:
    """Write "EUR 1,200", with cents only where there are some. Empty without a currency and an amount."""
    value = Decimal(str(amount))
    digits = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return f"{currency} {digits}".strip()


def write_short_money(amount: Any, currency: str) -> str:
    """Write a large amount with three digits or so: "EUR 1.24 M"."""
    value = float(amount)
    for from_value, size, unit in ((999.5e6, 1e9, "bn"), (999.5e3, 1e6, "M"), (1e4, 1e3, "k")):
        if abs(value) >= from_value:
            scaled = value / size
            digits = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2
            return f"{currency} {scaled:,.{digits}f} {unit}".strip()
    return f"{currency} {value:,.0f}".strip()


def write_duration(seconds: float) -> str:
    """Write a span of time in its two largest units: "6.2 days", "5 h 20 min", "40 s"."""
    if math.isnan(seconds):
        return NONE
    size = abs(seconds)
    if size >= 2 * _DAY:
        return f"{seconds / _DAY:,.1f} days"
    if size >= _HOUR:
        hours, minutes = divmod(round(size / 60), 60)
        return f"{hours} h {minutes} min" if minutes and hours < 12 else f"{round(size / _HOUR)} h"
    return f"{round(size / _MINUTE)} min" if size >= _MINUTE else f"{size:.0f} s"


def write_hours(milliseconds: int) -> str:
    """Write open time of a calendar, in hours: its days are not a clock's days."""
    hours = milliseconds / 3_600_000
    return f"{hours:,.0f} h" if hours >= 10 else f"{hours:.1f} h" if hours >= 1 else f"{hours * 60:.0f} min"


def write_ago(at: datetime | None, now: datetime) -> str:
    """Write how long ago an instant was, or how soon it will be: "3 h ago", "in 2 days"."""
    if at is None:
        return NONE
    seconds = (now - _aware(at)).total_seconds()
    if abs(seconds) < 45:
        return "just now"
    size = abs(seconds)
    if size < _HOUR:
        text = f"{round(size / _MINUTE)} min"
    elif size < 2 * _DAY:
        text = f"{round(size / _HOUR)} h"
    elif size < 60 * _DAY:
        text = f"{round(size / _DAY)} days"
    else:
        text = f"{round(size / _DAY / 30.44)} months"
    return f"{text} ago" if seconds > 0 else f"in {text}"


def write_instant(at: datetime | None) -> str:
    """Write an instant to the minute, in UTC."""
    return NONE if at is None else _aware(at).strftime("%d %b %Y, %H:%M UTC")


def write_day(at: datetime | None) -> str:
    """Write the day of an instant, in UTC."""
    return NONE if at is None else _aware(at).strftime("%d %b %Y")


def write_name(code: str) -> str:
    """Write a code as words: `time_and_materials` → "Time and materials", `project_in_erp` → "Project in ERP"."""
    words = [ACRONYMS.get(word, word) for word in code.replace("-", "_").replace(".", "_").split("_") if word]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]]) if words else NONE


def write_count(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: "1 contract", "1,204 contracts"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
