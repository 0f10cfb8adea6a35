"""One store for all sources: payloads that are only tried leave nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from billtrail.store import Store
from tests.support.store import drop_test_store, open_test_store


@pytest.fixture(scope="package")
def trials(engine_path: Path) -> Iterator[Store]:
    opened = open_test_store(engine_path)
    yield opened
    drop_test_store(opened)
