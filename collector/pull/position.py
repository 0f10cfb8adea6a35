"""Positions as times, numbers or texts: which of two is later, and how one is written into a request."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from collector.mapping.pull import CursorRule

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def find_latest(rule: CursorRule, positions: list[str]) -> str:
    """Answer the latest of some positions; empty when none of them is one."""
    readable = [one for one in positions if one and _rank(rule, one) is not None]
    return max(readable, key=lambda one: _rank(rule, one) or (), default="")


def write_cursor(rule: CursorRule, position: str, now: datetime) -> str:
    """Write what to ask from on: the position less the overlap, or the beginning where there is none."""
    if rule.form != "time":
        return position or rule.start
    at = _read_time(position)
    if at is None:
        at = now - timedelta(seconds=rule.first_s) if rule.first_s else _read_time(rule.start) or _BEGINNING
    else:
        at -= timedelta(seconds=rule.overlap_s)
    return write_time(at, rule.write)


def write_time(at: datetime, form: str) -> str:
    """Write an instant in UTC, as RFC 3339 with milliseconds or in a form of strftime."""
    if form:
        return at.astimezone(UTC).strftime(form)
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _rank(rule: CursorRule, position: str) -> tuple[datetime | Decimal | str] | None:
    if rule.form == "time":
        at = _read_time(position)
        return (at,) if at else None
    if rule.form == "number":
        try:
            return (Decimal(position),)
        except InvalidOperation:
            return None
    return (position,)


def _read_time(text: str) -> datetime | None:
    """Read an instant; one without an offset is UTC, as the request that asked for it was."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
