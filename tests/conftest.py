"""Fixtures every room's tests share: one engine per process, a database per test, a clock that is stepped."""

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
