"""Migrations: applied once, in order, refused when changed."""

from contextlib import closing
from pathlib import Path

import pytest

from billtrail.errors import StoreError
from billtrail.store import Store, StoreSettings, open_store
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


def test_a_disk_with_too_little_room_leaves_no_migration_half_done(engine_path: Path) -> None:
    settings = StoreSettings(data=engine_path, database="narrow", min_free_bytes=1 << 60)
    for _ in range(2):
        with closing(open_store(settings)) as store:
            with pytest.raises(StoreError, match="enough free space"):
                store.insert("audit_log", [{"actor": "ada"}])
            assert store.migrator().plan() == []
    store = open_store(settings.model_copy(update={"min_free_bytes": 0}), migrates=False)
    store.command("DROP DATABASE narrow")
    store.close()
