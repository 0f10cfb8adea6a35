"""The route of replays: like an import it changes data, and pages of the web are no callers."""

from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette

from billtrail.clock import SystemClock
from billtrail.replaying import PATH, build_replay_route
from billtrail.store import Store
from collector.settings import CollectorSettings
from tests.support.asgi_server import serving


@pytest.fixture
def door(store: Store) -> Iterator[str]:
    route = build_replay_route(store, dict, CollectorSettings(), SystemClock())
    with serving(Starlette(routes=[route])) as address:
        yield f"{address}{PATH}"


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"origin": "https://evil.example"}, {"origin": "null"}])
def test_without_a_token_a_page_of_the_web_is_refused(door: str, headers: dict[str, str]) -> None:
    answer = httpx.post(door, content=b"{}", headers=headers)
    assert (answer.status_code, "without a token" in answer.json()["detail"]) == (403, True)


def test_a_caller_of_this_machine_needs_no_token(door: str) -> None:
    assert httpx.post(door, content=b"{}").json()["replayed"] == 0
