"""The shape of an ordinary event, checked by msgspec in C while it parses: a tenth of the cost of rule after rule.

It answers yes or "look closer", never no: it says yes only to what `event_check` takes, and knows neither places nor
texts for a refusal. Whatever it does not say yes to (also what is fine but rare: leap seconds, data that is no object,
a byte order mark) goes through the rules in `cloudevents.py` and `event_check.py`, which decide.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, DecodeError, Meta, Raw, Struct, UnsetType
from msgspec.json import Decoder, decode

_Text = Annotated[str, Meta(min_length=1)]
_Maybe = str | None
_Amount = str | Annotated[float, Meta(gt=-1e15, lt=1e15)]
# What instants look like with every digit as 0. Those of `event_check.is_instant` without leap seconds, lower case and
# the years at the edges.
_INSTANTS = {
    f"0000-00-00T00:00:00{'.' * (digits > 0)}{'0' * digits}{zone}".encode()
    for digits in range(10)
    for zone in ("Z", "+00:00", "-00:00")
}
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
# An event that is ordinary is never shorter.
_LEAST_BYTES = len('{"specversion":"1.0","id":"1","source":"1","type":"1"}')
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
    if len(body) > limit * _LEAST_BYTES and _count_at_most(body) > limit:
        return None
    try:
        # First what it says: that ends where something is not ordinary, before there are parts of it to hold.
        if not _are_ordinary(_read_batch(body)):
            return None
        parts = list(map(bytes, _split(body)))
        return parts if len(parts) <= limit and _is_readable(body, parts) else None
    except (DecodeError, ValueError, RecursionError):
        return None


def _count_at_most(body: bytes) -> int:
    """Count the ordinary events before they are built: each has this key, plain or with a letter of it escaped."""
    return body.count(b"specversion") + body.count(b"\\u006") + body.count(b"\\u007")


def is_ordinary(body: bytes) -> bool:
    """Tell whether a structured event needs no closer look."""
    try:
        return _are_ordinary([_read_one(body)]) and _is_readable(body, [body])
    except (DecodeError, ValueError, RecursionError):
        return False


def _are_ordinary(events: Iterable[_Event]) -> bool:
    """Tell whether all are ordinary. What needs another look is gathered first: one look at many is the cheapest."""
    times: list[str] = []
    amounts: list[str | float | None] = []
    objects: list[_Object] = []
    for event in events:
        if event.type == "event.withdrawn":
            return False
        if (time := event.time) is not None:
            times.append(time)
        if (data := event.data) is None:
            continue
        amounts.append(data.amount)
        if data.objects:
            objects += data.objects
        if data.relations:
            objects += [end for one in data.relations for end in (one.source, one.target)]
        if data.lines:
            amounts += [one.amount for one in data.lines]
            objects += [one.object for one in data.lines]
    texts = [one for one in amounts if type(one) is str]
    return _are_named(objects) and _are_instants(times) and all(map(_is_amount, _find_shapes(texts)))


def _are_named(objects: list[_Object]) -> bool:
    for one in objects:  # noqa: SIM110 (the loop is faster, and this is the door)
        if ":" in one.type or ((system := one.system) and ":" in system):
            return False
    return True


def _find_shapes(texts: list[str]) -> set[bytes]:
    """Answer what texts look like, with every digit as 0: many at once, because most look alike. Raises ValueError."""
    shapes = "\n".join(texts).encode().translate(_DIGITS).split(b"\n") if texts else []
    if len(shapes) != len(texts):
        raise ValueError("a text has several lines")
    return set(shapes)


def _are_instants(times: list[str]) -> bool:
    """Tell whether all are ordinary instants. Raises ValueError for those that are on no calendar or clock."""
    if not times:
        return True
    shapes = _find_shapes(times)
    if not shapes <= _INSTANTS or min(times) < "1910" or max(times) >= "2290":
        return False
    for _ in map(datetime.fromisoformat, times):
        pass
    # It takes an offset of 60 minutes and more.
    return all(shape.endswith(b"Z") for shape in shapes) or all(one[-1] == "Z" or one[-2:] < "60" for one in times)


def _is_amount(shape: bytes) -> bool:
    return len(shape) < 16 and shape.replace(b".", b"", 1).isdigit()


def _is_readable(body: bytes, parts: list[bytes]) -> bool:
    """Look at what msgspec passes over: texts that are not UTF-8, numbers of thousands of digits. Raises ValueError."""
    if not body.isascii():
        body.decode()
    if len(body) > _LONG_BYTES and max(map(len, parts), default=0) > _LONG_BYTES:
        for part in parts:
            if len(part) > _LONG_BYTES:
                _: Any = decode(part)
    return True
