"""Correlation: a rebuild, steps among many stored events, and one contract found by any of its ids.

The log is a simulated firm told over and over, each time with ids of its own, in the order in which things happened; so
whatever is taken next concerns lifecycles that are open. BENCH_MILLIONS are the sizes, in millions of stored events.

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
STEP_EVENTS = 1_000
STEPS = 20
SEGMENT_EVENTS = 100_000
MILLIONS = [float(size) for size in os.environ.get("BENCH_MILLIONS", "1").split(",")]
CLONE = """
INSERT INTO event_versions
(
    source, event_id, system, event_type, occurred_at, received_at, correlation_id, objects, links, lines, amount,
    currency, client, region, legal_entity, billing_model, owner, outcome, attributes, segment
)
WITH concat('-', toString(copy)) AS mark
SELECT
    source, concat(event_id, mark), system, event_type, occurred_at, received_at,
    if(correlation_id = '', '', concat(correlation_id, mark)),
    arrayMap(o -> (o.1, o.2, concat(o.3, if(o.1 IN ('client', 'worker', 'legal_entity'), '', mark)), o.4), objects),
    arrayMap(l -> (concat(l.1, mark), concat(l.2, mark), l.3), links),
    arrayMap(l -> (concat(l.1, mark), l.2), lines),
    amount, currency, client, region, legal_entity, billing_model, owner, outcome, attributes, {segment:UInt64}
FROM one_firm ARRAY JOIN range({copies:UInt32}) AS copy
WHERE place >= {first:UInt64} AND place < {stop:UInt64}
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
        log.tell(log.copies * (len(events) - 1) - STEPS * STEP_EVENTS, SEGMENT_EVENTS)
        stitcher, stored = Stitcher(store, SystemClock(), CorrelatorsSettings().batch_events), log.told
        rebuild_s = timed(lambda: drain(stitcher))
        steps_ms = sorted(1000 * log.tell_and(STEP_EVENTS, stitcher) for _ in range(STEPS))
        lookups_ms = sorted(lookups(store))
        store.close()
    size = f"{stored / 1e6:.1f} M events stored"
    p95, middle = steps_ms[len(steps_ms) * 95 // 100], steps_ms[len(steps_ms) // 2]
    beside = ("networkx components of one firm, in memory", reference)
    return [
        Figure(f"rebuild of lifecycles ({size})", stored / rebuild_s, "events/s", "400,000", *beside),
        Figure(f"a step of {STEP_EVENTS:,} new events, median ({size})", middle, "ms"),
        Figure(f"a step of {STEP_EVENTS:,} new events, p95 ({size})", p95, "ms", "p95 < 2,000"),
        Figure(f"a contract by any id, p95 ({size})", lookups_ms[len(lookups_ms) * 95 // 100], "ms", "p95 < 50"),
        Figure(f"peak memory ({size})", _peak_bytes() / 2**30, "GiB", "under 4"),
    ]


class Log:
    """The firm's events in the order of time, told `copies` times side by side."""

    def __init__(self, store: Store, events: list[BusinessEvent], copies: int) -> None:
        self._store = store
        self.copies = copies
        self.told = 0
        self._place = 0
        self._segment = 0
        in_order = sorted(events, key=lambda event: (event.occurred_at, event.id))
        for start in range(0, len(in_order), 20_000):
            store.insert("event_versions", [row_of(event, 1) for event in in_order[start : start + 20_000]])
        store.command(
            "CREATE TABLE one_firm ENGINE = MergeTree ORDER BY place AS SELECT *, rowNumberInAllBlocks() AS place"
            " FROM (SELECT * FROM event_versions ORDER BY occurred_at, event_id)"
        )
        store.command("TRUNCATE TABLE event_versions")

    def tell(self, count: int, at_once: int) -> None:
        """Put about so many of the next events where the collector would, in segments of about `at_once`."""
        stop = self._place + max(1, count // self.copies)
        while self._place < stop:
            upto = min(stop, self._place + max(1, at_once // self.copies))
            self._segment += 1
            params = {"segment": self._segment, "copies": self.copies, "first": self._place, "stop": upto}
            self._store.command(CLONE, params)
            records = (upto - self._place) * self.copies
            put_ledger(self._store, "events", self._segment, records)
            self._place, self.told = upto, self.told + records

    def tell_and(self, count: int, stitcher: Stitcher) -> float:
        """Tell the next events and correlate them; answer how many seconds that took."""
        self.tell(count, count)
        return timed(stitcher.step)


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
