"""A ClickHouse server over HTTP, through clickhouse-connect. Same statements as embedded, segments sent as bodies."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from billtrail.errors import SettingsError
from billtrail.store.binding import bind_params, quote_text
from billtrail.store.engine import Segment
from billtrail.store.failure import as_store_error
from billtrail.store.settings import StoreSettings

SEGMENT_HOLE = "{{segment}}"


class ServerEngine:
    """A client of one server, bound to one database, with a session of its own for temporary tables."""

    def __init__(self, settings: StoreSettings, *, creates_database: bool = True) -> None:
        self._settings = settings
        self._client = _connect(settings)
        if creates_database:
            on_cluster = f" ON CLUSTER `{settings.cluster}`" if settings.cluster else ""
            self.command(f"CREATE DATABASE IF NOT EXISTS `{settings.database}`{on_cluster}", {}, {})
        self._client.database = settings.database

    def query(self, sql: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        try:
            return list(self._client.query(sql, parameters=bind_params(params)).named_results())
        except ClickHouseError as error:
            raise as_store_error(error, sql) from error

    def command(self, sql: str, params: Mapping[str, Any], settings: Mapping[str, Any]) -> int:
        try:
            summary = self._client.command(sql, parameters=bind_params(params), settings=dict(settings))
        except ClickHouseError as error:
            raise as_store_error(error, sql) from error
        return getattr(summary, "written_rows", 0)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        try:
            self._client.insert(table, rows, column_names=list(columns))
        except ClickHouseError as error:
            raise as_store_error(error, f"insert into {table}") from error

    def load(self, sql: str, segment: Segment, params: Mapping[str, Any], settings: Mapping[str, Any]) -> int:
        statement = sql.replace(SEGMENT_HOLE, f"input({quote_text(segment.structure)})") + "\nFORMAT Protobuf"
        schema = {
            "format_schema_source": "string",
            "format_schema": segment.schema,
            "format_schema_message_name": segment.message,
        }
        try:
            summary = self._client.command(
                statement,
                data=segment.path.read_bytes(),
                parameters=bind_params(params),
                settings={**schema, **settings},
            )
        except ClickHouseError as error:
            raise as_store_error(error, sql) from error
        return getattr(summary, "written_rows", 0)

    def another(self) -> "ServerEngine":
        return ServerEngine(self._settings, creates_database=False)

    def close(self) -> None:
        self._client.close()


def _connect(settings: StoreSettings) -> Client:
    parts = urlsplit(settings.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"store.url: expected http(s)://host[:port], got {settings.url!r}")
    try:
        return clickhouse_connect.get_client(
            host=parts.hostname,
            port=parts.port or (8443 if parts.scheme == "https" else 8123),
            secure=parts.scheme == "https",
            username=settings.username,
            password=settings.password.get_secret_value(),
            autogenerate_session_id=True,
            tz_mode="aware",
        )
    except ClickHouseError as error:
        raise as_store_error(error, "connecting", is_transient=True) from error
