"""The embedded engine: chDB in this process, through clickhouse-connect.

One data path per process and one process per data path: the engine itself enforces the first, its lock file the second.
Handles to the same path are cheap and run in parallel with each other and with Python.
"""

import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, ProgrammingError

from billtrail.errors import StoreError
from billtrail.store.binding import bind_params, quote_text
from billtrail.store.engine import Segment
from billtrail.store.failure import as_store_error

SEGMENT_HOLE = "{{segment}}"


class EmbeddedEngine:
    """A chDB handle bound to one database, which is created when it is not there."""

    def __init__(self, path: Path, database: str) -> None:
        self._path = path.absolute()
        self._database = database
        self._min_free_bytes = 0
        self._client = _connect(self._path)
        self._run(f"CREATE DATABASE IF NOT EXISTS `{database}`")
        self._client.database = database

    def keep_free(self, size: int) -> None:
        """Refuse inserts, transiently, while less than so many bytes are free on the disk. Here and in `another`."""
        self._min_free_bytes = size
        self._run(f"SET min_free_disk_bytes_to_perform_insert = {size}")

    def query(self, sql: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        try:
            return list(self._client.query(sql, parameters=bind_params(params)).named_results())
        except ClickHouseError as error:
            raise as_store_error(error, sql) from error

    def command(self, sql: str, params: Mapping[str, Any], settings: Mapping[str, Any]) -> int:
        return self._run(sql, params, settings)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        try:
            self._client.insert(table, rows, column_names=list(columns))
        except ClickHouseError as error:
            raise as_store_error(error, f"insert into {table}") from error

    def load(self, sql: str, segment: Segment, params: Mapping[str, Any], settings: Mapping[str, Any]) -> int:
        source = f"file({quote_text(str(segment.path.absolute()))}, 'Protobuf', {quote_text(segment.structure)})"
        schema = {"format_schema": f"{self._keep_schema(segment.schema)}:{segment.message}"}
        return self._run(sql.replace(SEGMENT_HOLE, source), params, {**schema, **settings})

    def another(self) -> "EmbeddedEngine":
        other = EmbeddedEngine(self._path, self._database)
        other.keep_free(self._min_free_bytes)
        return other

    def close(self) -> None:
        self._client.close()

    def _keep_schema(self, text: str) -> Path:
        """Keep a schema text as a file: given as text, the engine would cache it in the working directory.

        The file is whole or not there, whatever happens meanwhile; one that holds anything else is replaced.
        """
        data = text.encode()
        file = self._path.parent / "schemas" / f"{hashlib.sha256(data).hexdigest()[:16]}.proto"
        if not file.exists() or file.read_bytes() != data:
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(f".{threading.get_ident()}")
            with part.open("wb") as opened:
                opened.write(data)
                opened.flush()
                os.fsync(opened.fileno())
            part.replace(file)
        return file

    def _run(self, sql: str, params: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None) -> int:
        """Run an `INSERT … SELECT` with settings, or anything without.

        Settings are a clause of the statement, added to its own last line of them if it has one. Handed to the client
        they would be looked up, set and set back around each call: three times the cost of a small statement.
        """
        clause = ", ".join(f"{name} = {_quote(value)}" for name, value in (settings or {}).items())
        if clause:
            has_own = sql.rsplit("\n", 1)[-1].startswith("SETTINGS ")
            sql = f"{sql}, {clause}" if has_own else f"{sql}\nSETTINGS {clause}"
        try:
            self._client.command(sql, parameters=bind_params(params or {}))
        except ClickHouseError as error:
            raise as_store_error(error, sql) from error
        return 0


def _quote(value: Any) -> str:
    return quote_text(value) if isinstance(value, str) else str(int(value) if isinstance(value, bool) else value)


def _connect(path: Path) -> Client:
    path.mkdir(parents=True, exist_ok=True)
    try:
        return clickhouse_connect.get_client(interface="chdb", path=str(path), tz_mode="aware")
    except (ProgrammingError, RuntimeError) as error:
        raise StoreError(
            f"the embedded store at {path} cannot be opened: {error}",
            hint="another process may own it; stop that one, or use the command while it runs",
        ) from error
