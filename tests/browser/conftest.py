"""A real browser before real pages over a real store. Without a browser these tests are skipped, but not in CI."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from billtrail.store import Store, StoreSettings
from billtrail.store.endpoint import ReadSettings, build_read_app
from dashboards.run import health_url, start_dashboards, stop_dashboards
from dashboards.settings import DashboardsSettings
from tests.dashboards.conftest import SeededFirm, firm
from tests.support.asgi_server import serving
from tests.support.store import drop_test_store, open_test_store

__all__ = ["firm"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Serve = Callable[..., str]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed with the last of these tests: while it is open, a loop runs in this thread, where others start theirs."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = f"NO BROWSER: none of {', '.join(NAMES)} is installed, the pages have not been looked at"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all, so that the pages' scripts are loaded once; a page is a visit of its own all the same."""
    opened = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def serve() -> Iterator[Serve]:
    """Start the pages over a store's address and answer theirs."""
    with ExitStack() as ends:

        def start(store: StoreSettings, **settings: object) -> str:
            told = DashboardsSettings(port=_free_port(), **settings)  # type: ignore[arg-type]
            process = start_dashboards(told, store)
            ends.callback(stop_dashboards, process)
            _await_answer(health_url(told))
            return f"http://127.0.0.1:{told.port}"

        yield start


@pytest.fixture(scope="package")
def pages(serve: Serve, firm: SeededFirm) -> str:
    """The address of the pages over the seeded firm."""
    return serve(firm.reader.settings)


@pytest.fixture(scope="package")
def empty_store(engine_path: Path) -> Iterator[Store]:
    opened = open_test_store(engine_path)
    yield opened
    drop_test_store(opened)


@pytest.fixture(scope="package")
def empty_pages(serve: Serve, empty_store: Store, engine_path: Path) -> Iterator[str]:
    """The address of the pages over a store that nothing has come to."""
    database = empty_store.settings.database
    with serving(build_read_app(engine_path / "store", database, ReadSettings())) as url:
        yield serve(StoreSettings(url=url, database=database))


@pytest.fixture(scope="package")
def lost_pages(serve: Serve) -> str:
    """The address of pages whose store is away."""
    return serve(StoreSettings(url="http://127.0.0.1:1"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(url: str) -> None:
    """Ask until the pages are served, for a minute."""
    with httpx.Client(timeout=1) as client:
        for _ in range(600):
            try:
                if client.get(url).status_code == 200:
                    return
            except httpx.TransportError:
                threading.Event().wait(0.1)
    raise RuntimeError(f"{url} did not answer")
