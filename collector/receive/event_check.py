"""Is this a CloudEvent, and can its data become a business event? Answered with the exact place of the first fault.

The rules are CloudEvents 1.0's (required attributes, `null` is absent) and, loosely, the canonical event's: what the
mapping could not use is refused here already, where the sender can still be told.
"""

import base64
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from billtrail.errors import PayloadError

_REQUIRED = ("id", "source", "type")
_TEXTS = ("time", "subject", "datacontenttype", "dataschema", "correlationid", "traceparent")
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):([0-5]\d|60)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))", re.ASCII
)
_TEXT = (str, type(None))
_AMOUNT_LIMIT = Decimal(9_999_999_999_999_999)


def check_event(event: Any, where: str = "") -> None:
    """Check one event. Raises PayloadError whose `where` starts with the given one, such as `events[3]`."""
    if not isinstance(event, dict):
        raise _fault(where, "", "expected an object")
    for name in _REQUIRED:
        value = event.get(name)
        if not isinstance(value, str) or not value:
            raise _fault(where, name, "required: expected a text that is not empty")
    if event.get("specversion") != "1.0":
        raise _fault(where, "specversion", f"expected '1.0', got {str(event.get('specversion'))[:20]!r}")
    for name in _TEXTS:
        if not isinstance(event.get(name), _TEXT):
            raise _fault(where, name, "expected a text")
    if (time := event.get("time")) is not None and not is_instant(time):
        raise _fault(where, "time", f"expected RFC 3339, got {time[:40]!r}")
    if "data" in event and "data_base64" in event:
        raise _fault(where, "data_base64", "data and data_base64 exclude each other")
    _check_base64(event.get("data_base64"), where)
    if isinstance(data := event.get("data"), dict):
        _check_data(event, data, f"{where}.data" if where else "data")
    elif event["type"] == "event.withdrawn":
        raise _fault(where, "data.event_id", "required: the id of the withdrawn event")


def is_instant(text: str) -> bool:
    """Tell whether a text is an RFC 3339 instant between 1900 and 2299, in UTC."""
    if not (found := _RFC3339.fullmatch(text)):
        return False
    sign, hours, minutes = found.group(7, 8, 9)
    offset = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta()
    year, month, day, hour, minute, second = map(int, found.group(1, 2, 3, 4, 5, 6))
    try:
        local = datetime(year, month, day, hour, minute, tzinfo=UTC) + timedelta(seconds=second)
        return 1900 <= (local + offset if sign == "-" else local - offset).year <= 2299
    except (ValueError, OverflowError):
        return False


def _check_base64(value: Any, where: str) -> None:
    if not isinstance(value, _TEXT):
        raise _fault(where, "data_base64", "expected a text")
    try:
        base64.b64decode(value or "", validate=True)
    except ValueError as error:
        raise _fault(where, "data_base64", "not base64") from error


def _check_data(event: dict[str, Any], data: dict[str, Any], where: str) -> None:
    for place, item in enumerate(_list(data, "objects", where)):
        _check_object(item, f"{where}.objects[{place}]")
    for place, item in enumerate(_list(data, "relations", where)):
        at = f"{where}.relations[{place}]"
        if not isinstance(item, dict):
            raise _fault(at, "", "expected an object")
        _check_object(item.get("from"), f"{at}.from")
        _check_object(item.get("to"), f"{at}.to")
    for place, item in enumerate(_list(data, "lines", where)):
        at = f"{where}.lines[{place}]"
        if not isinstance(item, dict):
            raise _fault(at, "", "expected an object")
        _check_object(item.get("object"), f"{at}.object")
        if item.get("amount") is None:
            raise _fault(at, "amount", "required: expected a decimal")
        _check_amount(item["amount"], f"{at}.amount")
    if data.get("amount") is not None:
        _check_amount(data["amount"], f"{where}.amount")
    if not isinstance(data.get("attributes"), (dict, type(None))):
        raise _fault(where, "attributes", "expected an object")
    if data.get("outcome") not in (None, "", "success", "failure"):
        raise _fault(where, "outcome", "expected success or failure")
    if event["type"] == "event.withdrawn" and not data.get("event_id"):
        raise _fault(where, "event_id", "required: the id of the withdrawn event")


def _check_object(item: Any, where: str) -> None:
    if not isinstance(item, dict):
        raise _fault(where, "", "expected an object with type and id")
    for name in ("type", "id"):
        value = item.get(name)
        if not value or not isinstance(value, (str, int) if name == "id" else str):
            raise _fault(where, name, "required: expected a text that is not empty")
    if not isinstance(item.get("system"), _TEXT):
        raise _fault(where, "system", "expected a text")
    for name in ("type", "system"):
        if ":" in (item.get(name) or ""):
            raise _fault(where, name, "holds a colon")


def _check_amount(value: Any, where: str) -> None:
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        raise _fault(where, "", "expected a decimal")
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise _fault(where, "", f"expected a decimal, got {str(value)[:40]!r}") from error
    if not number.is_finite() or number.copy_abs() >= _AMOUNT_LIMIT:
        raise _fault(where, "", f"expected a decimal of at most 16 digits, got {str(value)[:40]!r}")


def _list(data: dict[str, Any], name: str, where: str) -> list[Any]:
    value = data.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _fault(where, name, "expected an array")
    return value


def _fault(where: str, name: str, message: str) -> PayloadError:
    place = f"{where}.{name}" if where and name else where or name
    return PayloadError(f"{place}: {message}" if place else message, where=place)
