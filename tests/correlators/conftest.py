"""A store with the shipped journeys compiled."""

import pytest

from billtrail.store import Store
from correlators.compile import compile_journeys
from correlators.journey import read_journeys


@pytest.fixture
def store_with_journeys(store: Store) -> Store:
    compile_journeys(store, read_journeys(), 1)
    return store
