"""Fixtures every room's tests share: one engine per process, a database per test, a clock that is stepped."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from billtrail.store import Store
from tests.support.clock import SteppedClock
from tests.support.store import drop_test_store, open_test_store


@pytest.fixture(scope="session")
def engine_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine")


@pytest.fixture
def store(engine_path: Path) -> Iterator[Store]:
    opened = open_test_store(engine_path)
    yield opened
    drop_test_store(opened)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what runs against reference material beside the project out of continuous integration."""
    if os.environ.get("CI") == "true":
        for item in items:
            if item.get_closest_marker("reference"):
                item.add_marker(pytest.mark.skip(reason="reference material is not part of the project"))
