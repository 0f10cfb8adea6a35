"""The store as the rooms see it: named statements, rows as dictionaries, segments loaded once."""

from collections.abc import Mapping, Sequence
from typing import Any

from billtrail.store.embedded import EmbeddedEngine
from billtrail.store.engine import Engine, Segment
from billtrail.store.migrate import Migrator
from billtrail.store.server import ServerEngine
from billtrail.store.settings import StoreSettings, Topology
from billtrail.store.statement import read_statement

Row = dict[str, Any]

# One insert, one block order: what the engine needs to recognise a repeated insert by its token.
EXACTLY_ONCE = {"max_threads": 1, "max_insert_threads": 1}


class Store:
    """One lane to the data. Not for use by two threads at once: `another()` opens a second lane."""

    def __init__(self, engine: Engine, settings: StoreSettings) -> None:
        self._engine = engine
        self.settings = settings

    def rows(self, package: str, name: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """Answer the question of `<package>/sql/<name>.sql`. Raises StoreError."""
        return self._engine.query(read_statement(package, name), params or {})

    def run(
        self,
        package: str,
        name: str,
        params: Mapping[str, Any] | None = None,
        *,
        token: str = "",
        settings: Mapping[str, Any] | None = None,
    ) -> int:
        """Run `<package>/sql/<name>.sql`; with a `token`, an insert that was already done is skipped."""
        return self._engine.command(read_statement(package, name), params or {}, {**_once(token), **(settings or {})})

    def load(self, package: str, name: str, segment: Segment, params: Mapping[str, Any], *, token: str) -> int:
        """Load a journal file with an insert whose source is the hole `{{segment}}`."""
        return self._engine.load(read_statement(package, name), segment, params, _once(token))

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """Answer a statement given as text: for tests and for what people type."""
        return self._engine.query(sql, params or {})

    def command(
        self, sql: str, params: Mapping[str, Any] | None = None, *, settings: Mapping[str, Any] | None = None
    ) -> int:
        """Run a statement given as text: for tests, migrations and compiled mappings."""
        return self._engine.command(sql, params or {}, settings or {})

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append rows, all with the keys of the first one. Empty means nothing is done."""
        if rows:
            columns = list(rows[0])
            self._engine.insert(table, columns, [[row[column] for column in columns] for row in rows])

    def migrator(self) -> Migrator:
        """The migrations of this store: what is missing, and applying it."""
        return Migrator(self._engine, self.settings)

    def another(self) -> "Store":
        """Open a second lane, for another thread. The caller closes it."""
        return Store(self._engine.another(), self.settings)

    def close(self) -> None:
        self._engine.close()


def open_store(settings: StoreSettings, *, migrates: bool = True) -> Store:
    """Open the engine the settings name and bring its tables up to date. Raises StoreError or SettingsError."""
    engine: Engine
    if settings.topology is Topology.EMBEDDED:
        engine = EmbeddedEngine(settings.data / "store", settings.database)
    else:
        engine = ServerEngine(settings)
    if migrates:
        Migrator(engine, settings).apply()
    if isinstance(engine, EmbeddedEngine):  # From here on: a migration is done once it is written down.
        engine.keep_free(settings.engine_min_free_bytes)
    return Store(engine, settings)


def open_reader(settings: StoreSettings) -> Store:
    """Open a server or a read endpoint for reading: creates nothing, migrates nothing. May be shared by threads.

    Raises SettingsError without `store.url`, StoreError when nobody answers there.
    """
    return Store(ServerEngine(settings, creates_database=False), settings)


def _once(token: str) -> dict[str, Any]:
    return {**EXACTLY_ONCE, "insert_deduplication_token": token} if token else {}
