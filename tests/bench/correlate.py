"""Correlation: a rebuild, a step among many stored events, and one contract found by any of its ids.

Reference: connected components over the same event-object pairs with networkx, in memory: what a batch tool does before
it knows anything of contracts, milestones or money.
"""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import networkx

from billtrail.clock import SystemClock
from billtrail.store import Store, StoreSettings, open_store
from billtrail.telemetry.event import BusinessEvent
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.stitch import Stitcher
from simulator.direct import tell_firm
from simulator.settings import SimulatorSettings
from tests.bench.figure import Figure
from tests.support.events import put_ledger

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CONTRACTS = 600
STEP_EVENTS = 1_000


def measure() -> list[Figure]:
    told, _ = tell_firm(SimulatorSettings(contracts=CONTRACTS), NOW)
    events = list({(event.source, event.id): event for event in told}.values())
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(StoreSettings(data=Path(folder)))
        compile_journeys(store, read_journeys(), 1)
        stored, rest = events[:-STEP_EVENTS], events[-STEP_EVENTS:]
        put(store, 1, stored)
        stitcher = Stitcher(store, SystemClock(), len(events))
        rebuild_s = timed(stitcher.step)
        reference_s = timed(lambda: components(stored))
        put(store, 2, rest)
        step_s = timed(stitcher.step)
        lookup_ms = sorted(lookups(store, events))
        store.close()
    size = f"{len(stored):,} events stored"
    return [
        Figure(
            f"rebuild of lifecycles ({size})",
            len(stored) / rebuild_s,
            "events/s",
            "400,000",
            "networkx components",
            len(stored) / reference_s,
        ),
        Figure(f"a step of {STEP_EVENTS:,} new events ({size})", step_s * 1000, "ms", "p95 < 2,000"),
        Figure(f"a contract by any id, p95 ({size})", lookup_ms[len(lookup_ms) * 95 // 100], "ms", "p95 < 50"),
    ]


def put(store: Store, segment: int, events: list[BusinessEvent]) -> None:
    for start in range(0, len(events), 20_000):
        store.insert("event_versions", [row_of(event, segment) for event in events[start : start + 20_000]])
    put_ledger(store, "events", segment, len(events))


def row_of(event: BusinessEvent, segment: int) -> dict[str, Any]:
    """Write an event as the collector would, without its doors: only correlation is measured here."""
    data = event.to_cloudevent()["data"]
    return {
        "source": event.source,
        "event_id": event.id,
        "system": event.system,
        "event_type": event.type,
        "occurred_at": event.occurred_at,
        "received_at": event.occurred_at,
        "correlation_id": event.correlation_id,
        "objects": [(o.key.object_type, o.key.system, o.key.id, str(o.qualifier)) for o in event.objects],
        "lines": [(str(line.key), str(line.amount)) for line in event.lines],
        "amount": str(event.amount or 0),
        "outcome": event.outcome,
        "attributes": dict(event.attributes or {}),
        "segment": segment,
        **{
            name: data.get(name, "")
            for name in ("currency", "client", "region", "legal_entity", "billing_model", "owner")
        },
    }


def components(events: list[BusinessEvent]) -> int:
    graph = networkx.Graph()
    for event in events:
        keys = [str(one.key) for one in event.objects if one.qualifier != "reference"]
        graph.add_edges_from((keys[0], key) for key in keys[1:])
    return sum(1 for _ in networkx.connected_components(graph))


def lookups(store: Store, events: list[BusinessEvent]) -> Iterator[float]:
    """Time finding a lifecycle and its events by ids taken from all over the log."""
    for event in events[:: max(1, len(events) // 100)]:
        if event.objects:
            yield 1000 * timed(lambda key=str(event.objects[0].key): find(store, key))


def find(store: Store, key: str) -> None:
    rows = store.query(
        "SELECT arrayJoin(lifecycle_ids) AS lifecycle_id FROM objects WHERE object_key = {key:String}", {"key": key}
    )
    for row in rows:
        store.query("SELECT * FROM lifecycles WHERE lifecycle_id = {id:String}", {"id": row["lifecycle_id"]})


def timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
