"""A ClickHouse server that goes away in the middle of it: the doors stay open, nothing is lost, nothing doubled."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from prometheus_client import CollectorRegistry

from billtrail.clock import SystemClock
from billtrail.store import Store, StoreSettings, open_store
from collector.run import Collector
from collector.settings import CollectorSettings
from tests.collector.conftest import Running, make_event
from tests.collector.test_fuzz import RICH
from tests.collector.test_load_spans import make_request
from tests.support.clickhouse_http import clickhouse_server

PROTOBUF = {"content-type": "application/x-protobuf"}


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    return tmp_path / "engine"


def run_collector(store: Store, folder: Path) -> Iterator[Running]:
    settings = CollectorSettings(http_port=0, grpc_port=-1, journal_dir=folder, segment_seconds=0.05)
    collector = Collector(settings, store, SystemClock(), registry := CollectorRegistry())
    collector.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{collector.http_port}", timeout=30) as client:
        yield Running(collector, client, store, registry)
    collector.stop()


def send(running: Running, numbers: range) -> None:
    """Send an event and a request of two spans for each number; all are acknowledged."""
    for number in numbers:
        assert running.send(make_event(number)).status_code == 204
        body = make_request(f"request {number}", count=2)[0].SerializeToString()
        assert running.client.post("/v1/traces", content=body, headers=PROTOBUF).status_code == 200


def test_a_server_that_is_stopped_and_comes_back_has_everything_once(tmp_path: Path, engine: Path) -> None:
    with clickhouse_server(engine) as url:
        store = open_store(StoreSettings(data=tmp_path / "data", url=url, database="away"))
        running = next(collectors := run_collector(store, tmp_path / "journal"))
        assert running.client.post("/v1/traces", content=RICH, headers=PROTOBUF).status_code == 200
        send(running, range(10))
        running.drain(timeout_s=120)
        send(running, range(10, 20))
    send(running, range(20, 30))
    assert running.client.get("/healthz").status_code == 200
    assert not running.collector.intake.events.is_drained
    with clickhouse_server(engine, urlsplit(url).port or 0):
        send(running, range(30, 40))
        assert running.client.post("/v1/traces", content=RICH, headers=PROTOBUF | {"x": "again"}).status_code == 200
        running.drain(timeout_s=120)
        assert store.query("SELECT count() AS n, uniqExact(event_id) AS ids FROM events") == [{"n": 40, "ids": 40}]
        found = store.query(
            "SELECT count() AS n, uniqExact(SpanName) AS names FROM spans WHERE SpanName LIKE 'request %'"
        )
        assert found == [{"n": 80, "names": 40}]
        assert store.query("SELECT count() AS n FROM dead_letters") == [{"n": 0}]
        assert next(collectors, None) is None
        store.close()
