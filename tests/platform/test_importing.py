"""Sending a log to a running platform: who may, how much, and that the sender always hears how it ended."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from billtrail.clock import SystemClock
from billtrail.importing import PATH, build_import_route
from collector.journal import Journal, JournalLimits
from collector.settings import MIB, CollectorSettings
from tests.support.asgi_server import serving

OBJECT = {"id": "a", "type": "order"}
EVENT = {"id": "e", "type": "place order", "time": "2026-01-01T00:00:00Z"}

Open = Callable[..., httpx.Client]


@pytest.fixture
def open_door(tmp_path: Path) -> Iterator[Open]:
    """Opens a platform's import door over a real journal; answers a client of it."""
    with ExitStack() as teardown:

        def _open(**settings: Any) -> httpx.Client:
            journal = Journal(tmp_path / "events", JournalLimits(MIB, 60.0, 64 * MIB), after=0)
            journal.start()
            teardown.callback(journal.stop)
            route = build_import_route(lambda: journal, CollectorSettings(**settings), SystemClock())
            address = teardown.enter_context(serving(Starlette(routes=[route])))
            return teardown.enter_context(httpx.Client(base_url=address, timeout=20))

        yield _open


def log(**sections: Any) -> bytes:
    return json.dumps(
        {"objectTypes": [], "eventTypes": [], "objects": [OBJECT], "events": [EVENT], **sections}
    ).encode()


def last_step(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return dict(json.loads(answer.text.splitlines()[-1]))


def test_the_name_of_the_file_is_the_source_where_none_is_given(open_door: Open) -> None:
    door = open_door()
    for words, source in (
        ({"name": "shop.json"}, "shop"),
        ({"name": "shop.json", "source": "crm"}, "crm"),
        ({}, "log"),
    ):
        report = last_step(door.post(PATH, content=log(), params=words))["report"]
        assert (report["source"], report["events"], report["objects"]) == (source, 1, 1)


@pytest.mark.parametrize("name", ["..", "/", "../../etc/passwd", "a\0b", "x" * 5_000])
def test_a_name_is_no_path(open_door: Open, name: str) -> None:
    assert "report" in last_step(open_door().post(PATH, content=log(), params={"name": name, "source": "crm"}))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (log(objects=[OBJECT | {"attributes": 5}]), "objects[0].attributes: expected a list, got 5"),
        (log(objects=[OBJECT | {"relationships": {"x": 1}}]), "objects[0].relationships: expected a list, got {"),
        (log(objects=["a"]), "objects[0].id: expected a text"),
        (log(events=[EVENT | {"attributes": "x"}]), "events[0].attributes: expected a list, got x"),
        (log(events=[EVENT | {"attributes": [3]}]), "events[0].name: expected a text"),
        (log(events=[EVENT | {"relationships": 7}]), "events[0].relationships: expected a list, got 7"),
        (log(events=[EVENT | {"id": "\ud800"}]), "is no Unicode"),
        (log(events=5), "shop.json: no OCEL 2.0 log: events missing"),
        (b"{" * 10, "shop.json: not JSON"),
        (b'{"objects":' + b"[" * 200_000, "shop.json: not JSON"),
        (b"SQLite format 3\0" + b"x" * 500, "shop.json: not a readable OCEL 2.0 log in SQLite"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value,
)
def test_a_log_in_the_wrong_shape_is_told_where(open_door: Open, body: bytes, told: str) -> None:
    step = last_step(open_door().post(PATH, content=body, params={"name": "shop.json"}))
    assert told in step["error"]
    assert "billtrail-import-" not in step["error"]


def test_a_table_without_its_columns_is_named(open_door: Open, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.sqlite") as made:
        for kind in ("event", "object"):
            made.execute(f"CREATE TABLE {kind} (ocel_id TEXT, ocel_type TEXT)")
            made.execute(f"CREATE TABLE {kind}_map_type (ocel_type TEXT, ocel_type_map TEXT)")
            made.execute(f"INSERT INTO {kind}_map_type VALUES ('order', 'Order')")
            made.execute(f"CREATE TABLE {kind}_Order (ocel_id TEXT)")
            made.execute(f"INSERT INTO {kind}_Order VALUES ('a')")
        made.execute("CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT)")
        made.execute("CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT)")
    made.close()
    step = last_step(open_door().post(PATH, content=(tmp_path / "shop.sqlite").read_bytes()))
    assert step["error"].endswith("table object_Order: column ocel_time missing")


def test_an_error_that_nobody_foresaw_is_told_too() -> None:
    def find_nothing() -> Any:
        return None

    route = build_import_route(find_nothing, CollectorSettings(), SystemClock())
    with serving(Starlette(routes=[route])) as address:
        step = last_step(httpx.post(f"{address}{PATH}", content=log(), timeout=20))
    assert "AttributeError" in step["error"]
    assert step["exit_code"] == 1


def test_what_is_too_large_is_refused(open_door: Open) -> None:
    door = open_door(max_import_bytes=1_000)
    assert door.post(PATH, content=b"{" * 1_001).status_code == 413
    assert door.post(PATH, content=iter([b"{" * 600] * 2)).status_code == 413
    assert "error" in last_step(door.post(PATH, content=b"{" * 1_000))


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:4318"},
        {"host": "[::1"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9"},
        {"origin": "null"},
    ],
    ids=str,
)
def test_without_a_token_a_page_of_the_web_is_refused(open_door: Open, headers: dict[str, str]) -> None:
    assert open_door().post(PATH, content=log(), headers=headers).status_code == 403


def test_a_caller_of_this_machine_needs_no_token(open_door: Open) -> None:
    door = open_door()
    own = str(door.base_url).rstrip("/")
    for headers in ({}, {"origin": own}, {"host": "localhost:4318"}, {"host": "[::1]:4318"}):
        assert "report" in last_step(door.post(PATH, content=log(), headers=headers))


def test_with_a_token_it_is_the_token_that_counts(open_door: Open) -> None:
    door = open_door(tokens=(SecretStr("crm=s3cret"),))
    assert door.post(PATH, content=log()).status_code == 401
    known = {"authorization": "Bearer s3cret", "host": "billtrail.example", "origin": "https://portal.example"}
    assert "report" in last_step(door.post(PATH, content=log(), headers=known))
