"""One migrated database for all tests of this room; each test finds its tables empty and has a lane of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from billtrail.store import Store
from tests.support.store import drop_test_store, open_test_store

# How long an example takes says more about the machine than about the code.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

FILLED = (
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'"
    " AND total_rows > 0 AND name != 'schema_migrations'"
)


@pytest.fixture(scope="session")
def migrated(engine_path: Path) -> Iterator[Store]:
    opened = open_test_store(engine_path)
    yield opened
    drop_test_store(opened)


@pytest.fixture
def store(migrated: Store) -> Iterator[Store]:
    for row in migrated.query(FILLED):
        migrated.command(f"TRUNCATE TABLE `{row['name']}`")
    lane = migrated.another()
    yield lane
    lane.close()
