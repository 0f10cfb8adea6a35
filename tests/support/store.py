"""A real store for a test: the embedded engine, one path per process, a database of its own."""

import itertools
from pathlib import Path

from billtrail.store import Store, StoreSettings, open_store

_numbers = itertools.count(1)


def open_test_store(path: Path) -> Store:
    """Open a fresh, migrated database on the engine at `path`."""
    return open_store(StoreSettings(data=path, database=f"test_{next(_numbers)}"))


def drop_test_store(store: Store) -> None:
    store.command(f"DROP DATABASE IF EXISTS `{store.settings.database}`")
    store.close()
