"""Moments as SQL: the forms of time that vendors send, read into UTC with milliseconds. What does not fit is NULL.

`iso` needs an offset, with or without a colon, and takes any number of fraction digits; `local` has none and takes the
zone; `dotnet` is `/Date(ms)/`, whose offset only says where it was written.
"""

from collector.mapping.quote import quote_text

_HAS_OFFSET = r"^\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?\\s?([Zz]|[+-]\\d\\d:?\\d\\d)$"
_IS_LOCAL = r"^\\d{4}-\\d\\d-\\d\\d([Tt ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?)?$"


def parse_moment(text: str, formats: tuple[str, ...], zone: str) -> str:
    """Write the moment a text tells, in the first of some forms that fits."""
    readings = [_READERS[name](text, zone) for name in formats]
    return readings[0] if len(readings) == 1 else f"coalesce({', '.join(readings)})"


def format_moment(moment: str) -> str:
    """Write a moment as RFC 3339 text with milliseconds."""
    return f"concat(replaceOne(toString(toTimeZone({moment}, 'UTC')), ' ', 'T'), 'Z')"


def _read_iso(text: str, zone: str) -> str:
    return f"if(match({text}, '{_HAS_OFFSET}'), parseDateTime64BestEffortOrNull(upper({text}), 3, 'UTC'), NULL)"


def _read_local(text: str, zone: str) -> str:
    moment = f"toTimeZone(parseDateTime64BestEffortOrNull(upper({text}), 3, {quote_text(zone)}), 'UTC')"
    return f"if(match({text}, '{_IS_LOCAL}'), {moment}, NULL)"


def _read_epoch_ms(text: str, zone: str) -> str:
    return f"fromUnixTimestamp64Milli(toInt64OrNull({text}), 'UTC')"


def _read_epoch_s(text: str, zone: str) -> str:
    return f"fromUnixTimestamp64Milli(toInt64(toDecimal64OrNull({text}, 3) * 1000), 'UTC')"


def _read_dotnet(text: str, zone: str) -> str:
    return _read_epoch_ms(rf"extract({text}, '^/Date\\((-?\\d{{1,15}})([+-]\\d{{4}})?\\)/$')", zone)


_READERS = {
    "iso": _read_iso,
    "local": _read_local,
    "epoch_ms": _read_epoch_ms,
    "epoch_s": _read_epoch_s,
    "dotnet": _read_dotnet,
}
