"""Migrations: applied once, in order, refused when changed."""

import pytest

from billtrail.errors import StoreError
from billtrail.store import Store
from billtrail.store.migrate import Migrator, read_migrations


def test_a_second_run_applies_nothing(store: Store) -> None:
    assert Migrator(store._engine, store.settings).apply() == []


def test_every_public_view_answers(store: Store) -> None:
    views = [row["name"] for row in store.query("SHOW TABLES WHERE name NOT LIKE '%_from_spans'")]
    assert {"spans", "events", "objects", "relations", "lifecycles", "sla_clocks", "alerts"} <= set(views)
    for view in views:
        assert store.query(f"SELECT * FROM `{view}` LIMIT 1") is not None


def test_a_changed_file_is_refused(store: Store) -> None:
    first = next(read_migrations())
    store.command(
        "INSERT INTO schema_migrations"
        " SELECT number, name, 'other', now64(3) + 1 FROM schema_migrations WHERE number = 1"
    )
    with pytest.raises(StoreError, match=first.name):
        Migrator(store._engine, store.settings).plan()
