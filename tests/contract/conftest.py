"""One store per engine: the embedded one of this process, and a server in a process of its own."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from billtrail.store import Store, StoreSettings, open_store
from tests.support.clickhouse_http import clickhouse_server

_numbers = itertools.count(1)
Opener = Callable[[], StoreSettings]


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with clickhouse_server(tmp_path_factory.mktemp("server") / "store") as url:
        yield url


@pytest.fixture(params=["embedded", "server"])
def store(request: pytest.FixtureRequest, engine_path: Path) -> Iterator[Store]:
    """A migrated database on either engine: every test of this folder runs on both."""
    url = request.getfixturevalue("server_url") if request.param == "server" else ""
    opened = open_store(StoreSettings(data=engine_path, url=url, database=f"contract_{next(_numbers)}"))
    yield opened
    opened.command(f"DROP DATABASE `{opened.settings.database}`")
    opened.close()
