"""The server topology: each room by itself beside a ClickHouse server, meeting in its tables only."""

import threading
from contextlib import ExitStack
from pathlib import Path

import httpx

from billtrail.app import open_room, start_alerts, start_collector, start_correlators, start_slos
from billtrail.clock import SystemClock
from billtrail.configuration import Configuration
from billtrail.store import StoreSettings, open_store
from collector.run import Collector
from tests.support.clickhouse_http import clickhouse_server

EVENT = {
    "specversion": "1.0",
    "id": "e1",
    "source": "/crm",
    "type": "contract.signed",
    "time": "2026-02-02T09:00:00Z",
    "data": {"system": "crm", "objects": [{"type": "contract", "id": "C-1"}], "amount": "100.00", "currency": "EUR"},
}
TRIES = 900


def test_an_event_passes_through_rooms_that_do_not_know_each_other(tmp_path: Path) -> None:
    with ExitStack() as teardown:
        url = teardown.enter_context(clickhouse_server(tmp_path / "server"))
        flags = {
            "store": {"url": url, "data": tmp_path / "data"},
            "collector": {"http_port": 0, "segment_seconds": 0.05},
            "correlators": {"interval_ms": 50},
        }
        configuration = Configuration.read(flags=flags)
        opened: list[Collector] = []
        store = open_store(configuration.of(StoreSettings))
        teardown.callback(store.close)
        for start in (start_alerts, start_slos, start_correlators):
            teardown.enter_context(open_room(start, configuration, SystemClock()))
        teardown.enter_context(
            open_room(
                lambda platform, lane: opened.append(start_collector(platform, lane)), configuration, SystemClock()
            )
        )
        door = f"http://127.0.0.1:{opened[0].http_port}/v1/events"
        answer = httpx.post(door, json=EVENT, headers={"content-type": "application/cloudevents+json"})
        assert answer.status_code == 204
        pause = threading.Event()
        for _ in range(TRIES):
            if rows := store.query("SELECT sla, lifecycle_id FROM sla_clocks"):
                break
            pause.wait(0.1)
        assert ("project-setup", "crm:contract:C-1") in [(row["sla"], row["lifecycle_id"]) for row in rows]
