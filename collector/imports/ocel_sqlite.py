"""OCEL 2.0 in SQLite: a table per type, found through the two map tables. Read in place, never written to.

Three sorted streams are walked side by side (what there is, what its table says of it, what it refers to), so that the
engine sorts on disk and nothing is held in memory. A row that belongs to nothing is a stray.
"""

import heapq
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

from billtrail.errors import PayloadError
from collector.imports.record import Counted, Dated, LoggedEvent, LoggedObject, Reference, Schema, Value
from collector.imports.value import EPOCH, read_instant, read_type, read_value

_TABLES = {"event", "object", "event_object", "object_object", "event_map_type", "object_map_type"}
_OWN = {"ocel_id", "ocel_time", "ocel_changed_field"}
_REFERENCES = {
    "event": ("event_object", "ocel_event_id", "ocel_object_id"),
    "object": ("object_object", "ocel_source_id", "ocel_target_id"),
}
_LAST = "\U0010ffff"


class _Told(NamedTuple):
    """A row of a type's table: of what, of which type, in which place, and its columns."""

    id: str
    type: str
    place: int
    row: dict[str, Any]


class SqliteLog:
    """A log in a file."""

    format = "ocel-sqlite"

    def __init__(self, path: Path, zone: tzinfo = UTC) -> None:
        self.name = path.stem
        self.attributes: dict[str, Value] = {}
        self.strays = Counted()
        self._path, self._zone = path, zone
        self._connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        self._check()
        self.object_types, self.event_types = self._read_types("object"), self._read_types("event")

    def objects(self) -> Iterator[LoggedObject]:
        for id, type_name, rows, references in self._walk("object"):
            values = [one for row in rows for one in self._read_changes(id, row, self.object_types.get(type_name, {}))]
            yield LoggedObject(id, type_name, tuple(values), references)

    def events(self) -> Iterator[LoggedEvent]:
        for id, type_name, rows, references in self._walk("event"):
            for row in rows[1:]:
                self._stray(f"event {type_name}", f"event {id}: told once more, at {row['ocel_time']}")
            row = rows[0] if rows else {}
            time, types = row.get("ocel_time"), self.event_types.get(type_name, {})
            yield LoggedEvent(
                id,
                type_name,
                read_instant(str(time), f"{self._path}: event {id}", self._zone) if time else "",
                {name: self._read(value, types.get(name, "")) for name, value in _own_values(row) if value is not None},
                references,
            )

    def _walk(self, kind: str) -> Iterator[tuple[str, str, list[dict[str, Any]], tuple[Reference, ...]]]:
        rows = _Stream(iter(heapq.merge(*(self._rows_of_type(kind, *names) for names in self._type_tables(kind)))))
        references = _Stream(self._references(kind))
        seen = ""
        sql = f"SELECT CAST(ocel_id AS TEXT) AS id, ocel_type AS type FROM {kind} ORDER BY 1, 2"
        for one in self._rows(sql):
            id, type_name = _text(one["id"], kind), _text(one["type"], f"{kind} {one['id']}")
            if id == seen:
                self._stray(f"{kind} twice", f"{kind} {id}: declared twice")
                continue
            seen = id
            self._note_strays(kind, rows.before(id), references.before(id))
            told = rows.of(id)
            self._note_strays(kind, [row for row in told if row[1] != type_name], [])
            named = tuple(Reference(row[3], row[2]) for row in references.of(id))
            yield id, type_name, [row[3] for row in told if row[1] == type_name], named
        self._note_strays(kind, rows.before(_LAST), references.before(_LAST))

    def _note_strays(self, kind: str, rows: Iterable[Any], references: Iterable[Any]) -> None:
        for row in rows:
            self._stray(f"{kind} {row[1]}", f"table of {kind} type {row[1]!r}: no {kind} {row[0]!r} of this type")
        for row in references:
            self._stray(_REFERENCES[kind][0], f"{_REFERENCES[kind][0]}: no {kind} {row[0]!r}")

    def _stray(self, kind: str, example: str) -> None:
        self.strays.note(kind, example)

    def _rows_of_type(self, kind: str, type_name: str, table: str) -> Iterator[_Told]:
        for place, row in enumerate(
            self._rows(f"SELECT *, CAST(ocel_id AS TEXT) AS billtrail_id FROM {_quote(table)} ORDER BY billtrail_id")
        ):
            columns = {name: row[name] for name in row.keys() if name != "billtrail_id"}  # noqa: SIM118
            yield _Told(_text(row["billtrail_id"], f"table {table}"), type_name, place, columns)

    def _references(self, kind: str) -> Iterator[tuple[str, int, str, str]]:
        table, of, to = _REFERENCES[kind]
        order = "" if self._is_without_rowid(table) else ", rowid"
        columns = f"CAST({of} AS TEXT) AS a, CAST({to} AS TEXT) AS b, ocel_qualifier AS q"
        sql = f"SELECT {columns} FROM {table} ORDER BY a{order}"
        for place, row in enumerate(self._rows(sql)):
            yield _text(row["a"], table), place, str(row["q"] or ""), _text(row["b"], table)

    def _read_changes(self, id: str, row: dict[str, Any], types: dict[str, str]) -> Iterator[Dated]:
        """A row without `ocel_changed_field` states every attribute, one with it the one it names."""
        time, changed = row.get("ocel_time"), row.get("ocel_changed_field")
        at = read_instant(str(time), f"{self._path}: object {id}", self._zone) if time else EPOCH
        for name, value in _own_values(row):
            # A change to nothing is a value, too; a first value of nothing is none.
            if changed == name or (changed is None and value is not None):
                yield Dated(name, at, self._read(value, types.get(name, "")))

    def _read(self, value: Any, declared: str) -> Value:
        own = {int: "integer", float: "float"}.get(type(value), "string")
        text = "" if value is None else value.hex() if isinstance(value, bytes) else str(value)
        return read_value(text, declared or own, self._zone)

    def _check(self) -> None:
        tables = {row["name"] for row in self._rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        if missing := sorted(_TABLES - tables):
            raise PayloadError(f"{self._path}: no OCEL 2.0 log: table {', '.join(missing)} missing")
        self._tables = tables

    def _type_tables(self, kind: str) -> Iterator[tuple[str, str]]:
        for row in list(self._rows(f"SELECT ocel_type, ocel_type_map FROM {kind}_map_type ORDER BY ocel_type")):
            if (table := f"{kind}_{row['ocel_type_map']}") in self._tables:
                yield str(row["ocel_type"]), table

    def _read_types(self, kind: str) -> Schema:
        types: Schema = {str(row["t"]): {} for row in self._rows(f"SELECT ocel_type AS t FROM {kind}_map_type")}
        for type_name, table in self._type_tables(kind):
            columns = {row["name"]: row["type"] for row in self._rows(f"PRAGMA table_info({_quote(table)})")}
            if missing := sorted({"ocel_id", "ocel_time"} - set(columns)):
                raise PayloadError(f"{self._path}: table {table}: column {', '.join(missing)} missing")
            types[type_name] = {name: read_type(one) for name, one in columns.items() if name not in _OWN}
        return types

    def _is_without_rowid(self, table: str) -> bool:
        sql = "SELECT sql FROM sqlite_master WHERE name = ?"
        return any("WITHOUT ROWID" in (row["sql"] or "").upper() for row in self._rows(sql, table))

    def _rows(self, sql: str, *values: str) -> Iterator[sqlite3.Row]:
        try:
            yield from self._connection.execute(sql, values)
        except sqlite3.DatabaseError as error:
            raise PayloadError(f"{self._path}: not a readable OCEL 2.0 log in SQLite: {error}") from error


class _Stream:
    """Rows in the order of their first field, taken along with another sorted stream."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def before(self, id: str) -> Iterator[Any]:
        """Take what comes before an id."""
        return iter(lambda: self._take_if(lambda at: at < id), None)

    def of(self, id: str) -> list[Any]:
        """Take what belongs to an id."""
        return list(iter(lambda: self._take_if(lambda at: at == id), None))

    def _take_if(self, fits: Callable[[str], bool]) -> Any:
        if self._next is None or not fits(self._next[0]):
            return None
        taken, self._next = self._next, next(self._rows, None)
        return taken


def _own_values(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name not in _OWN:
            yield name, value


def _text(value: Any, where: str) -> str:
    if value is None or value == "":
        raise PayloadError(f"{where}: expected an id or a type, got nothing", where=where)
    return str(value)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
