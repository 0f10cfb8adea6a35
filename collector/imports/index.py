"""Which objects a log declares, of which type: kept beside memory, because a log may have more than fit in it."""

import sqlite3
from typing import NamedTuple

_CACHE_KIB = 64 << 10


class Place(NamedTuple):
    """What a reference to an object means in the store."""

    type: str
    system: str
    id: str


class ObjectIndex:
    """Filled once, then asked. In a temporary database that is gone when it is closed."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("CREATE TABLE objects (name TEXT PRIMARY KEY, type, system, id) WITHOUT ROWID")
        self._connection.execute("CREATE TABLE missing (name TEXT PRIMARY KEY) WITHOUT ROWID")
        self._connection.execute("CREATE TABLE events (name TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, name: str, place: Place) -> bool:
        """Answer whether the name is new. The last place of a name counts."""
        is_new = not self._count("SELECT count(*) FROM objects WHERE name = ?", name)
        self._connection.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)", (name, *place))
        return is_new

    def add_event(self, name: str) -> bool:
        """Answer whether the name is new."""
        return self._connection.execute("INSERT OR IGNORE INTO events VALUES (?)", (name,)).rowcount == 1

    def find(self, name: str) -> Place | None:
        row = self._connection.execute("SELECT type, system, id FROM objects WHERE name = ?", (name,)).fetchone()
        return Place(*row) if row else None

    def note_missing(self, name: str) -> None:
        self._connection.execute("INSERT OR IGNORE INTO missing VALUES (?)", (name,))

    @property
    def missing_count(self) -> int:
        return self._count("SELECT count(*) FROM missing")

    def close(self) -> None:
        self._connection.close()

    def _count(self, sql: str, *values: str) -> int:
        return int(self._connection.execute(sql, values).fetchone()[0])


class Counters:
    """Numbers of names, counted up: how often a case came so far. Kept beside memory as well."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("CREATE TABLE counts (name TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID")

    def next(self, name: str) -> int:
        """Count a name once more. The first time is 1."""
        sql = "INSERT INTO counts VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1 RETURNING n"
        return int(self._connection.execute(sql, (name,)).fetchone()[0])

    def close(self) -> None:
        self._connection.close()
