"""Correlation: a rebuild, steps among many stored events, and one contract found by any of its ids.

The log is many firms like a simulated one, each with ids of its own and some hours or days behind the others, told in
the order in which things happened; so whatever is taken next concerns lifecycles that are open. BENCH_MILLIONS are the
sizes, in millions of stored events. Each step takes what comes in at 5,000 events a second while the one before it ran.

Reference: connected components over the event-object pairs of one firm with networkx, in memory: what a batch tool does
before it knows anything of contracts, milestones or money.
"""

import os
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
from correlators.settings import CorrelatorsSettings
from correlators.stitch import Stitcher
from simulator.direct import tell_firm
from simulator.settings import SimulatorSettings
from tests.bench.figure import Figure
from tests.support.events import put_ledger

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CONTRACTS = 600
EVENTS_A_SECOND = 5_000
LEAST_EVENTS, MOST_EVENTS = 1_000, 50_000
STEPS = 40
SEGMENT_EVENTS = 100_000
MILLIONS = [float(size) for size in os.environ.get("BENCH_MILLIONS", "1").split(",")]
WEEK_MINUTES = 10_080
CLONE = """
CREATE TABLE firms ENGINE = MergeTree ORDER BY (occurred_at, event_id) AS
WITH concat('-', toString(copy)) AS mark
SELECT
    source, concat(event_id, mark) AS event_id, system, event_type,
    occurred_at + toIntervalMinute(modulo(cityHash64(copy), {week:UInt64})) AS occurred_at, received_at,
    if(correlation_id = '', '', concat(correlation_id, mark)) AS correlation_id,
    arrayMap(
        o -> (o.1, o.2, concat(o.3, if(o.1 IN ('client', 'worker', 'legal_entity'), '', mark)), o.4), e.objects
    ) AS objects,
    arrayMap(l -> (concat(l.1, mark), concat(l.2, mark), l.3), e.links) AS links,
    arrayMap(l -> (concat(l.1, mark), l.2), e.lines) AS lines,
    amount, currency, client, region, legal_entity, billing_model, owner, outcome, attributes
FROM event_versions AS e ARRAY JOIN range({copies:UInt32}) AS copy
"""
TELL = """
INSERT INTO event_versions
(
    source, event_id, system, event_type, occurred_at, received_at, correlation_id, objects, links, lines, amount,
    currency, client, region, legal_entity, billing_model, owner, outcome, attributes, segment
)
SELECT
    source, event_id, system, event_type, occurred_at, received_at, correlation_id, objects, links, lines, amount,
    currency, client, region, legal_entity, billing_model, owner, outcome, attributes, {segment:UInt64}
FROM firms
WHERE (occurred_at, event_id) > ({at:DateTime64(3, 'UTC')}, {id:String})
ORDER BY occurred_at, event_id
LIMIT {count:UInt64}
"""


def measure() -> list[Figure]:
    told, _ = tell_firm(SimulatorSettings(contracts=CONTRACTS), NOW)
    events = list({(event.source, event.id): event for event in told}.values())
    reference = len(events) / timed(lambda: components(events))
    return [figure for millions in MILLIONS for figure in measure_size(events, millions, reference)]


def measure_size(events: list[BusinessEvent], millions: float, reference: float) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(StoreSettings(data=Path(folder)))
        compile_journeys(store, read_journeys(), 1)
        log = Log(store, events, max(1, round(millions * 1_000_000 / len(events))))
        log.tell(log.copies * len(events) * 7 // 8, SEGMENT_EVENTS)
        stitcher, stored = Stitcher(store, SystemClock(), CorrelatorsSettings().batch_events), log.told
        rebuild_s = timed(lambda: drain(stitcher))
        steps_ms = sorted(1000 * step_s for step_s in take_steps(log, stitcher))
        lookups_ms = sorted(lookups(store))
        store.close()
    size = f"{stored / 1e6:.1f} M events stored"
    p95, middle = steps_ms[len(steps_ms) * 95 // 100], steps_ms[len(steps_ms) // 2]
    beside = ("networkx components of one firm, in memory", reference)
    return [
        Figure(f"rebuild of lifecycles ({size})", stored / rebuild_s, "events/s", "400,000", *beside),
        Figure(f"a step at {EVENTS_A_SECOND:,} events/s, median ({size})", middle, "ms"),
        Figure(f"a step at {EVENTS_A_SECOND:,} events/s, p95 ({size})", p95, "ms", "p95 < 2,000"),
        Figure(f"a contract by any id, p95 ({size})", lookups_ms[len(lookups_ms) * 95 // 100], "ms", "p95 < 50"),
        Figure(f"peak memory ({size})", _peak_bytes() / 2**30, "GiB", "under 4"),
    ]


class Log:
    """The events of `copies` firms in the order of time."""

    def __init__(self, store: Store, events: list[BusinessEvent], copies: int) -> None:
        self._store = store
        self.copies = copies
        self.left = copies * len(events)
        self.told = 0
        self._segment = 0
        self._last: dict[str, Any] = {"at": datetime(1970, 1, 1, tzinfo=UTC), "id": ""}
        for start in range(0, len(events), 20_000):
            store.insert("event_versions", [row_of(event, 1) for event in events[start : start + 20_000]])
        store.command(CLONE, {"copies": copies, "week": WEEK_MINUTES})
        store.command("TRUNCATE TABLE event_versions")

    def tell(self, count: int, at_once: int) -> None:
        """Put the next events where the collector would, in segments of `at_once`."""
        for start in range(0, count, at_once):
            self._segment += 1
            part = {"segment": self._segment, "count": min(at_once, count - start)}
            self._store.command(TELL, {**part, **self._last})
            [self._last] = self._store.query(
                "SELECT tupleElement(max((occurred_at, event_id)) AS last, 1) AS at, tupleElement(last, 2) AS id"
                " FROM event_versions WHERE segment = {segment:UInt64}",
                {"segment": self._segment},
            )
            put_ledger(self._store, "events", self._segment, part["count"])
            self.told += part["count"]
            self.left -= part["count"]


def take_steps(log: Log, stitcher: Stitcher) -> Iterator[float]:
    """Correlate what comes in, as long as there is something, and say how many seconds each step took."""
    took_s = 1.0
    for _ in range(STEPS):
        count = min(MOST_EVENTS, max(LEAST_EVENTS, round(EVENTS_A_SECOND * took_s)))
        if count > log.left:
            return
        log.tell(count, count)
        took_s = timed(stitcher.step)
        yield took_s


def drain(stitcher: Stitcher) -> None:
    while stitcher.step():
        pass


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


def lookups(store: Store) -> Iterator[float]:
    """Time finding a lifecycle by ids taken from all over the log."""
    rows = store.query(
        "SELECT object_key FROM object_rows WHERE notEmpty(lifecycle_ids) ORDER BY sipHash64(object_key) LIMIT 100"
    )
    for row in rows:
        yield 1000 * timed(lambda key=row["object_key"]: find(store, key))


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


def _peak_bytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024
