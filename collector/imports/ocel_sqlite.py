"""OCEL 2.0 in SQLite: a table per type, found through the two map tables. Read in place, never written to."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from billtrail.errors import PayloadError
from collector.imports.ocel import OcelEvent, OcelObject, OcelRelation, fold_values, read_instant

_TABLES = {"event", "object", "event_object", "object_object", "event_map_type", "object_map_type"}
_OWN = {"ocel_id", "ocel_time", "ocel_changed_field"}
_EPOCH = "1970-01-01T00:00:00.000Z"


class SqliteLog:
    """A log in a file. Holds the ids of its objects and their types in memory, the rest one type at a time."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self._path = path
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        self._connection.row_factory = sqlite3.Row
        self._check()
        rows = self._rows("SELECT CAST(ocel_id AS TEXT) AS id, ocel_type AS type FROM object")
        self.object_types: dict[str, str] = {row["id"]: row["type"] for row in rows}
        self.event_count: int = next(self._rows("SELECT count(*) AS n FROM event"))["n"]

    def objects(self) -> Iterator[OcelObject]:
        relations = self._relations("object_object", "ocel_source_id", "ocel_target_id")
        for object_type, rows in self._by_type("object"):
            values: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
            for row in rows:
                values[str(row["ocel_id"])] += _changes(row)
            for object_id in self._ids("object", object_type):
                attributes = fold_values(values.get(object_id, []))
                yield OcelObject(object_id, object_type, attributes, tuple(relations.get(object_id, ())))

    def events(self) -> Iterator[OcelEvent]:
        relations = self._relations("event_object", "ocel_event_id", "ocel_object_id")
        for event_type, rows in self._by_type("event"):
            told = {str(row["ocel_id"]): row for row in rows}
            for event_id in self._ids("event", event_type):
                row = told.get(event_id)
                time = row["ocel_time"] if row else None
                yield OcelEvent(
                    event_id,
                    event_type,
                    read_instant(str(time), f"event {event_id}") if time else "",
                    {name: str(value) for name, value in _own_values(row)},
                    tuple(relations.get(event_id, ())),
                )

    def _check(self) -> None:
        tables = {row["name"] for row in self._rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if missing := sorted(_TABLES - tables):
            raise PayloadError(f"{self._path}: no OCEL 2.0 log: table {', '.join(missing)} missing")
        self._tables = tables

    def _by_type(self, kind: str) -> Iterator[tuple[str, list[sqlite3.Row]]]:
        for row in list(self._rows(f"SELECT ocel_type, ocel_type_map FROM {kind}_map_type ORDER BY ocel_type")):
            table = f"{kind}_{row['ocel_type_map']}"
            rows = list(self._rows(f"SELECT * FROM {_quote(table)}")) if table in self._tables else []
            if rows and (missing := sorted({"ocel_id", "ocel_time"} - set(rows[0].keys()))):
                raise PayloadError(f"{self._path}: table {table}: column {', '.join(missing)} missing")
            yield row["ocel_type"], rows

    def _ids(self, kind: str, type_name: str) -> list[str]:
        sql = f"SELECT CAST(ocel_id AS TEXT) AS id FROM {kind} WHERE ocel_type = ? ORDER BY rowid"
        return [row["id"] for row in self._rows(sql, type_name)]

    def _relations(self, table: str, from_column: str, to_column: str) -> dict[str, list[OcelRelation]]:
        found: dict[str, list[OcelRelation]] = defaultdict(list)
        for row in self._rows(f"SELECT {from_column} AS a, {to_column} AS b, ocel_qualifier AS q FROM {table}"):
            found[str(row["a"])].append(OcelRelation(str(row["b"]), row["q"] or ""))
        return found

    def _rows(self, sql: str, *values: str) -> Iterator[sqlite3.Row]:
        try:
            yield from self._connection.execute(sql, values)
        except sqlite3.DatabaseError as error:
            raise PayloadError(f"{self._path}: not a readable OCEL 2.0 log in SQLite: {error}") from error


def _changes(row: sqlite3.Row) -> Iterator[tuple[str, str, str]]:
    """A row without `ocel_changed_field` states every attribute, one with it the one it names."""
    at = read_instant(str(row["ocel_time"]), f"object {row['ocel_id']}") if row["ocel_time"] else _EPOCH
    changed = row["ocel_changed_field"] if "ocel_changed_field" in row.keys() else None  # noqa: SIM118
    for name, value in _own_values(row):
        if changed in (None, name):
            yield name, at, str(value)


def _own_values(row: sqlite3.Row | None) -> Iterator[tuple[str, Any]]:
    for name in row.keys() if row else ():
        if row is not None and name not in _OWN and row[name] is not None:
            yield name, row[name]


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
