"""OCEL 2.0 logs (www.ocel-standard.org): what every encoding of them offers, and choosing the reader for a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from billtrail.errors import PayloadError


@dataclass(frozen=True, slots=True)
class OcelRelation:
    """To which object, and as what."""

    object_id: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class OcelEvent:
    """`time` is RFC 3339 in UTC, empty when the log has none."""

    id: str
    type: str
    time: str
    attributes: dict[str, str]
    relations: tuple[OcelRelation, ...]


@dataclass(frozen=True, slots=True)
class OcelObject:
    """`attributes` are the latest values; an earlier one bears its instant: `price@2023-04-03T12:00:00.000Z`."""

    id: str
    type: str
    attributes: dict[str, str]
    relations: tuple[OcelRelation, ...]


class OcelLog(Protocol):
    """One log. Both iterators may be asked for repeatedly and answer in the same order each time."""

    name: str
    object_types: dict[str, str]
    event_count: int

    def objects(self) -> Iterator[OcelObject]: ...

    def events(self) -> Iterator[OcelEvent]: ...


def open_log(path: Path) -> OcelLog:
    """Open a log by what is in the file, not by its name. Raises PayloadError when it is no OCEL 2.0 log."""
    from collector.imports.ocel_json import JsonLog
    from collector.imports.ocel_sqlite import SqliteLog

    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise PayloadError(f"{path}: cannot be read: {error.strerror}") from error
    if start.startswith(b"SQLite format 3"):
        return SqliteLog(path)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return JsonLog(path)
    raise PayloadError(f"{path}: expected an OCEL 2.0 log in JSON or SQLite")


def read_instant(text: str, where: str) -> str:
    """Turn an instant of a log into RFC 3339 in UTC; one without a zone is taken as UTC. Raises PayloadError."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise PayloadError(f"{where}: expected an instant, got {text[:40]!r}", where=where) from error
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fold_values(values: list[tuple[str, str, str]]) -> dict[str, str]:
    """Fold (name, instant, value) into attributes: the latest value by name, earlier ones by name and instant."""
    folded: dict[str, str] = {}
    latest: dict[str, tuple[str, str]] = {}
    for name, at, value in sorted(values, key=lambda one: one[1]):
        if name in latest:
            before_at, before = latest[name]
            folded[f"{name}@{before_at}"] = before
        latest[name] = (at, value)
    return folded | {name: value for name, (_, value) in latest.items()}
