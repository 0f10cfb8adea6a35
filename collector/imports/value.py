"""Values of a log, each in one spelling, and how they are kept as attributes, which are texts and know neither type nor
history.

    price                               the latest value
    price@2023-04-03T12:00:00.000Z      what it was from that instant on; absent where there was only one value
    billtrail.since                     the instant of the values without one; absent for 1970-01-01T00:00:00.000Z
    billtrail.types                     JSON: the type of each attribute that is no `string`; `price@…` is of the type
                                        of `price` where it says nothing else

One spelling: a float as Python writes it, an integer without leading zeros, `true` or `false`, an instant as RFC 3339
in UTC. What does not fit its declared type is kept as it is, as a `string`. So every encoding of a log gives the same
texts.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from billtrail.errors import PayloadError
from collector.imports.record import Dated, Value

TYPES, SINCE, PRECISE_TIME = "billtrail.types", "billtrail.since", "billtrail.time"
EPOCH = "1970-01-01T00:00:00.000Z"
STRING, TIME, INTEGER, FLOAT, BOOLEAN = "string", "time", "integer", "float", "boolean"

_ALIASES = {
    "str": STRING, "date": TIME, "datetime": TIME, "timestamp": TIME, "int": INTEGER, "long": INTEGER, "double": FLOAT,
    "real": FLOAT, "number": FLOAT, "bool": BOOLEAN,
}  # fmt: skip
_TRUTH = {"true": "true", "false": "false", "1": "true", "0": "false", "1.0": "true", "0.0": "false"}
_DATED = re.compile(r"(?P<name>.*)@(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}Z)", re.DOTALL)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_MILLISECOND = 1000
_LONGEST_INTEGER = 4_000


def read_type(name: str) -> str:
    """Answer one of the five types for what tools call them; what is unknown is a string."""
    known = name.strip().lower()
    known = _ALIASES.get(known, known)
    return known if known in (TIME, INTEGER, FLOAT, BOOLEAN) else STRING


def read_value(text: str, type_name: str, zone: tzinfo = UTC) -> Value:
    """Spell a text of a type in the one way. A text that does not fit becomes a string."""
    match type_name:
        case "float" | "integer":
            return _read_number(text, type_name)
        case "boolean" if text.strip().lower() in _TRUTH:
            return Value(_TRUTH[text.strip().lower()], BOOLEAN)
        case "time":
            try:
                return Value(read_instant(text, "", zone), TIME)
            except PayloadError:
                return Value(text)
    return Value(text)


def read_instant(text: str, where: str, zone: tzinfo = UTC) -> str:
    """Turn an instant of a log into RFC 3339 in UTC; one without a zone is in `zone`. Raises PayloadError."""
    try:
        return _spell_instant(text, zone)
    except (ValueError, OverflowError) as error:
        raise PayloadError(
            f"{where}: expected an instant such as 2026-11-01T10:00:00Z, got {text[:40]!r}", where=where
        ) from error


@lru_cache(maxsize=4096)
def _spell_instant(text: str, zone: tzinfo) -> str:
    at = datetime.fromisoformat(text.strip())
    at = (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)
    unit = "microseconds" if at.microsecond % _MILLISECOND else "milliseconds"
    return at.isoformat(timespec=unit).replace("+00:00", "Z")


def fold_values(values: Iterable[Dated]) -> dict[str, str]:
    """Write the values an object ever had as attributes. Of two for one instant the last is taken."""
    history: dict[str, dict[str, Value]] = defaultdict(dict)
    for one in sorted(values, key=lambda one: _order(one.at)):
        history[one.name][one.at] = one.value
    since = min((at for by_instant in history.values() for at in by_instant), key=_order, default=EPOCH)
    folded: dict[str, Value] = {}
    for name, by_instant in history.items():
        # A name that looks like one with an instant is never written without.
        looks_dated = bool(_DATED.fullmatch(name))
        if not looks_dated:
            folded[name] = list(by_instant.values())[-1]
        if list(by_instant) != [since] or looks_dated:
            folded |= {f"{name}@{at}": value for at, value in by_instant.items()}
    return write_values(folded) | ({SINCE: since} if since != EPOCH else {})


def write_values(values: Mapping[str, Value]) -> dict[str, str]:
    """Write values as attributes: their texts, and the types of those that are no strings."""
    texts = {name: value.text for name, value in values.items()}
    types = {name: value.type for name, value in values.items() if value.type != _expected_type(name, values)}
    return texts | ({TYPES: json.dumps(types, sort_keys=True, ensure_ascii=False)} if types else {})


def read_values(attributes: Mapping[str, str]) -> dict[str, Value]:
    """The opposite of `write_values`."""
    types = _read_types(attributes.get(TYPES, ""))
    found = {name: Value(text, types.get(name, STRING)) for name, text in attributes.items() if name != TYPES}
    return {
        name: value if name in types else Value(value.text, _expected_type(name, found))
        for name, value in found.items()
    }


def unfold_values(attributes: Mapping[str, str]) -> Iterator[Dated]:
    """The opposite of `fold_values`, by name and instant."""
    values = read_values(attributes)
    since = values.pop(SINCE, Value(EPOCH)).text
    dated = {match["name"] for name in values if (match := _DATED.fullmatch(name))}
    found = []
    for name, value in values.items():
        if match := _DATED.fullmatch(name):
            found.append(Dated(match["name"], match["at"], value))
        elif name not in dated:
            found.append(Dated(name, since, value))
    return iter(sorted(found))


def _order(at: str) -> str:
    return at.removesuffix("Z")


def _expected_type(name: str, values: Mapping[str, Value]) -> str:
    match = _DATED.fullmatch(name)
    plain = match["name"] if match else ""
    return values[plain].type if match and plain in values and not _DATED.fullmatch(plain) else STRING


def _read_types(text: str) -> dict[str, str]:
    try:
        types = json.loads(text or "{}")
    except ValueError:
        return {}
    return {name: read_type(str(one)) for name, one in types.items()} if isinstance(types, dict) else {}


def _read_number(text: str, type_name: str) -> Value:
    if type_name == INTEGER and _INTEGER.fullmatch(text.strip()) and len(text) < _LONGEST_INTEGER:
        return Value(str(int(text)), INTEGER)
    spelled = _spell_float(text)
    return Value(spelled, FLOAT) if spelled else Value(text)


def _spell_float(text: str) -> str:
    """Empty for what is no finite number. What a float cannot hold to the digit keeps its own spelling."""
    try:
        exact = Decimal(text.strip())
    except InvalidOperation:
        return ""
    if not exact.is_finite() or "_" in text:
        return ""
    spelled = repr(float(exact))
    return spelled if "inf" not in spelled and Decimal(spelled) == exact else text.strip()
