"""The firm, seeded once, behind a read endpoint: pages and questions see it the way they do in earnest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from billtrail.store import Store, StoreSettings, open_reader
from billtrail.store.endpoint import ReadSettings, build_read_app
from tests.dashboards.firm import seed_firm
from tests.support.asgi_server import serving
from tests.support.store import drop_test_store, open_test_store


@dataclass(frozen=True)
class SeededFirm:
    """A store to read, the lifecycles as they were written, and when."""

    reader: Store
    lifecycles: list[dict[str, Any]]
    now: datetime


def read_through_endpoint(store: Store, url: str) -> Store:
    return open_reader(StoreSettings(url=url, database=store.settings.database))


@pytest.fixture(scope="session")
def firm(engine_path: Path) -> Iterator[SeededFirm]:
    store = open_test_store(engine_path)
    now = datetime.now(UTC)
    lifecycles = seed_firm(store, now)
    with serving(build_read_app(engine_path / "store", store.settings.database, ReadSettings())) as url:
        reader = read_through_endpoint(store, url)
        yield SeededFirm(reader, lifecycles, now)
        reader.close()
    drop_test_store(store)


@pytest.fixture
def bare(store: Store, engine_path: Path) -> Iterator[Store]:
    """A reader of a store that nothing has come to yet."""
    with serving(build_read_app(engine_path / "store", store.settings.database, ReadSettings())) as url:
        reader = read_through_endpoint(store, url)
        yield reader
        reader.close()
