"""A real store for a test: the embedded engine, one path per process, a database of its own.

Making the tables takes most of a second, so a database that was left as it was made is emptied and given to the next
test, which has a session of its own.
"""

import itertools
from collections import defaultdict
from pathlib import Path

from billtrail.store import Store, StoreSettings, open_store

_numbers = itertools.count(1)
_free: dict[Path, list[str]] = defaultdict(list)
_made: dict[str, object] = {}


def open_test_store(path: Path) -> Store:
    """Open a migrated database without rows on the engine at `path`."""
    if _free[path]:
        return open_store(StoreSettings(data=path, database=_free[path].pop()))
    opened = open_store(StoreSettings(data=path, database=f"test_{next(_numbers)}"))
    _made[opened.settings.database] = _look_at_tables(opened)
    return opened


def drop_test_store(store: Store) -> None:
    """End the session. The database is emptied, or dropped where a test changed its tables.

    It is dropped, too, where parts were put away: the engine still knows the tokens of the inserts that made them.
    """
    database, path = store.settings.database, store.settings.data
    put_away = store.query("SELECT name FROM system.detached_parts WHERE database = currentDatabase()")
    if _look_at_tables(store) == _made.pop(database) and not put_away:
        _empty(store)
        _made[database] = _look_at_tables(store)
        _free[path].append(database)
    else:
        store.command(f"DROP DATABASE IF EXISTS `{database}`")
    store.close()


def _look_at_tables(store: Store) -> object:
    return (
        store.query(
            "SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase() ORDER BY name"
        ),
        store.query("SELECT number, checksum FROM schema_migrations ORDER BY number"),
    )


def _empty(store: Store) -> None:
    for row in store.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase()"
        " AND engine LIKE '%MergeTree' AND total_rows > 0 AND name != 'schema_migrations'"
    ):
        store.command(f"TRUNCATE TABLE `{row['name']}`")
