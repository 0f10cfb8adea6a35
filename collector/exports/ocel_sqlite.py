"""Writes OCEL 2.0 in SQLite, the same bytes for the same records: one connection, one order, one page size, no vacuum.

Tables have no keys: a log may refer to what it does not declare, and say a thing twice. An object has a row for what it
was first and one for each change after that.
"""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from billtrail.errors import PayloadError
from collector.exports.layout import Layout
from collector.imports.record import LoggedEvent, LoggedObject, Reference, Schema, Value
from collector.imports.value import BOOLEAN, EPOCH, FLOAT, INTEGER, TIME

_TYPES = {"string": "TEXT", TIME: "TIMESTAMP", INTEGER: "INTEGER", FLOAT: "REAL", BOOLEAN: "BOOLEAN"}
_OWN = {"ocel_id", "ocel_time", "ocel_changed_field"}
# event_object, object_object, event_map_type and object_map_type are tables of the format.
_RESERVED = {"object", "map_type"}
_LARGEST_INTEGER = 2**63
_MOST_COLUMNS = 1900
_TABLES = (
    "event_map_type (ocel_type TEXT, ocel_type_map TEXT)",
    "object_map_type (ocel_type TEXT, ocel_type_map TEXT)",
    "event (ocel_id TEXT, ocel_type TEXT)",
    "object (ocel_id TEXT, ocel_type TEXT)",
    "event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT)",
    "object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT)",
)
# The version of the library is written into the header (SQLite, file format, 1.2.19) and says nothing about the log.
_LIBRARY_VERSION_AT = 96


def fits_not(name: str, value: Value) -> bool:
    """A float has only so many digits and no negative zero, an integer 64 bits; a text does not end in its middle."""
    match value.type:
        case "float":
            kept, told = Decimal(repr(float(value.text or 0))), Decimal(value.text or 0)
            return bool(value.text) and (kept != told or told.is_signed() != (told < 0))
        case "integer":
            return bool(value.text) and not -_LARGEST_INTEGER <= int(value.text) < _LARGEST_INTEGER
    return "\0" in value.text


def choose_names(names: Iterable[str]) -> set[str]:
    """Which attributes can be columns: the case of letters does not tell two apart, and there is no end of them."""
    chosen: dict[str, str] = dict.fromkeys(_OWN, "")
    for name in sorted(names):
        if name and "\0" not in name and len(chosen) < _MOST_COLUMNS:
            chosen.setdefault(name.lower(), name)
    return set(chosen.values())


def write_log(path: Path, layout: Layout, objects: Iterable[LoggedObject], events: Iterable[LoggedEvent]) -> None:
    """Write a whole log into a file that must not be there yet. Raises OSError and PayloadError."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        _Writer(connection, layout).write(objects, events)
    except (sqlite3.Error, UnicodeEncodeError) as error:
        raise PayloadError(f"{path}: SQLite cannot hold the log: {error}", hint="export as JSON or XML") from error
    finally:
        connection.close()
    with path.open("r+b") as file:
        file.seek(_LIBRARY_VERSION_AT)
        file.write(bytes(4))


class _Writer:
    def __init__(self, connection: sqlite3.Connection, layout: Layout) -> None:
        self._connection, self._layout = connection, layout
        self._tables: dict[tuple[str, str], tuple[str, list[str]]] = {}

    def write(self, objects: Iterable[LoggedObject], events: Iterable[LoggedEvent]) -> None:
        self._run("PRAGMA page_size = 4096")
        self._run("PRAGMA journal_mode = OFF")
        self._run("PRAGMA synchronous = OFF")
        self._run("BEGIN")
        for table in _TABLES:
            self._run(f"CREATE TABLE {table}")
        self._create("event", self._layout.event_types)
        self._create("object", self._layout.object_types)
        for one in objects:
            self._write_object(one)
        for event in events:
            self._write_event(event)
        self._run("COMMIT")

    def _create(self, kind: str, types: Schema) -> None:
        taken: set[str] = set()
        for type_name, attributes in types.items():
            plain = _find_free(type_name, taken)
            table = f'"{kind}_{plain}"'
            columns = list(attributes)
            own = ["ocel_id TEXT", "ocel_time TIMESTAMP", *(["ocel_changed_field TEXT"] if kind == "object" else [])]
            told = [*own, *(f"{_quote(name)} {_TYPES[attributes[name]]}" for name in columns)]
            self._run(f"CREATE TABLE {table} ({', '.join(told)})")
            self._run(f"INSERT INTO {kind}_map_type VALUES (?, ?)", type_name, plain)
            self._tables[kind, type_name] = table, columns

    def _write_object(self, one: LoggedObject) -> None:
        values = self._layout.arrange_object(one)
        table, columns = self._tables["object", one.type]
        self._run("INSERT INTO object VALUES (?, ?)", one.id, one.type)
        first_at = min((value.at for value in values), default=EPOCH)
        first = {value.name: value.value for value in values if value.at == first_at}
        self._insert(table, [one.id, first_at, None, *(_write(first.get(name)) for name in columns)])
        for value in sorted((value for value in values if value.at != first_at), key=lambda value: value.at):
            row = [_write(value.value) if name == value.name else None for name in columns]
            self._insert(table, [one.id, value.at, value.name, *row])
        self._refer("object_object", one.id, one.references)

    def _write_event(self, one: LoggedEvent) -> None:
        values = self._layout.arrange_event(one)
        table, columns = self._tables["event", one.type]
        self._run("INSERT INTO event VALUES (?, ?)", one.id, one.type)
        self._insert(table, [one.id, one.time, *(_write(values.get(name)) for name in columns)])
        self._refer("event_object", one.id, one.references)

    def _refer(self, table: str, id: str, references: Iterable[Reference]) -> None:
        rows = [(id, one.object_id, one.qualifier) for one in references]
        self._connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)

    def _insert(self, table: str, values: Sequence[Any]) -> None:
        self._run(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", *values)

    def _run(self, sql: str, *values: Any) -> None:
        self._connection.execute(sql, values)


def _write(value: Value | None) -> Any:
    if value is None:
        return None
    match value.type:
        case "float":
            return float(value.text)
        case "integer":
            return int(value.text)
        case "boolean":
            return int(value.text == "true")
    return value.text


def _find_free(type_name: str, taken: set[str]) -> str:
    """A name for the table of a type: its words run together, numbered where another has the same."""
    words = re.findall(r"[A-Za-z0-9]+", type_name)
    plain = "".join(word[0].upper() + word[1:] for word in words) or "Type"
    number, free = 1, plain
    while free.lower() in taken or free.lower() in _RESERVED:
        number += 1
        free = f"{plain}_{number}"
    taken.add(free.lower())
    return free


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
