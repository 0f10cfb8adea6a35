"""The shape of an ordinary event, checked by msgspec in C while it parses: a tenth of the cost of rule after rule.

It answers yes or "look closer", never no: it says yes only to what `event_check` takes, and knows neither places nor
texts for a refusal. Whatever it does not say yes to (also what is fine but rare: leap days, data that is no object, a
byte order mark) goes through the rules in `cloudevents.py` and `event_check.py`, which decide.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from msgspec import UNSET, DecodeError, Meta, Raw, Struct, UnsetType
from msgspec.json import Decoder, decode

_Text = Annotated[str, Meta(min_length=1)]
_Maybe = str | None
_Amount = str | Annotated[float, Meta(gt=-1e15, lt=1e15)]
# The instants of `event_check.is_instant` without leap days, leap seconds and the years at the edges.
_INSTANT = re.compile(
    r"(?:19[1-9]|2[01]\d|22[0-8])\d-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    r"|02-(?:0[1-9]|1\d|2[0-8]))[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
).fullmatch
# Below this length no number can have more digits than Python reads (sys.get_int_max_str_digits), which msgspec passes
# over in what it does not look at.
_LONG_BYTES = 4300


class _Object(Struct, gc=False):
    type: _Text
    id: _Text | Annotated[int, Meta(ge=1)]
    system: _Maybe = None


class _Relation(Struct, gc=False, rename={"source": "from", "target": "to"}):
    source: _Object
    target: _Object


class _Line(Struct, gc=False):
    object: _Object
    amount: _Amount


class _Pairs(Struct, gc=False):
    """Any JSON object."""


class _Data(Struct, gc=False):
    objects: list[_Object] | None = None
    relations: list[_Relation] | None = None
    lines: list[_Line] | None = None
    amount: _Amount | None = None
    attributes: _Pairs | None = None
    outcome: Literal["", "success", "failure"] | None = None


class _Event(Struct, gc=False, kw_only=True):
    """In the order in which most senders write: msgspec looks for the next field first."""

    specversion: Literal["1.0"]
    id: _Text
    source: _Text
    type: _Text
    time: _Maybe = None
    subject: _Maybe = None
    datacontenttype: _Maybe = None
    dataschema: _Maybe = None
    correlationid: _Maybe = None
    traceparent: _Maybe = None
    data: _Data | None = None
    data_base64: UnsetType = UNSET


_split, _read_batch, _read_one = Decoder(list[Raw]).decode, Decoder(list[_Event]).decode, Decoder(_Event).decode


def split_ordinary(body: bytes, limit: int) -> list[bytes] | None:
    """Answer the events of a batch as they were sent, or None: look closer."""
    try:
        parts = [bytes(part) for part in _split(body)]
        if len(parts) > limit or not _are_ordinary(_read_batch(body)) or not _is_readable(body, parts):
            return None
    except (DecodeError, ValueError, RecursionError):
        return None
    return parts


def is_ordinary(body: bytes) -> bool:
    """Tell whether a structured event needs no closer look."""
    try:
        return _are_ordinary([_read_one(body)]) and _is_readable(body, [body])
    except (DecodeError, ValueError, RecursionError):
        return False


def _are_ordinary(events: Iterable[_Event]) -> bool:
    for event in events:
        if event.type == "event.withdrawn" or ((time := event.time) is not None and not _INSTANT(time)):
            return False
        if (data := event.data) is None:
            continue
        if data.objects and not _are_named(data.objects):
            return False
        if (amount := data.amount) is not None and not _is_amount(amount):
            return False
        if data.relations and not _are_named([end for one in data.relations for end in (one.source, one.target)]):
            return False
        if data.lines and not (
            _are_named([one.object for one in data.lines]) and all(_is_amount(one.amount) for one in data.lines)
        ):
            return False
    return True


def _are_named(objects: list[_Object]) -> bool:
    for one in objects:  # noqa: SIM110 (the loop is faster, and this is the door)
        if ":" in one.type or ((system := one.system) and ":" in system):
            return False
    return True


def _is_amount(value: str | float) -> bool:
    if not isinstance(value, str):
        return True
    return len(value) < 16 and value.isascii() and value.replace(".", "", 1).isdigit()


def _is_readable(body: bytes, parts: list[bytes]) -> bool:
    """Look at what msgspec passes over: texts that are not UTF-8, numbers of thousands of digits. Raises ValueError."""
    if not body.isascii():
        body.decode()
    if len(body) > _LONG_BYTES:
        for part in parts:
            if len(part) > _LONG_BYTES:
                _: Any = decode(part)
    return True
