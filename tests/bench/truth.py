"""A firm with faults, told event by event, held against what truly happened: each event in its lifecycle, and no other.

`BENCH_CONTRACTS` says how large the firm is; 10,000 contracts by default, which takes some minutes, so that
this runs only when it is named: `python -m tests.bench truth`. The firm is told without spans: what only a trace would
lead to its contract cannot be found here, and has to be among the unmatched events.
"""

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from billtrail.clock import SystemClock
from billtrail.store import Store, StoreSettings, open_store
from billtrail.telemetry.event import BusinessEvent
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.settings import CorrelatorsSettings
from correlators.stitch import Stitcher
from simulator.direct import DirectFirm
from simulator.settings import SimulatorSettings
from simulator.truth import ContractTruth, Truth, Via
from tests.bench.correlate import NOW, row_of, timed
from tests.bench.figure import Figure
from tests.support.events import put_ledger

CONTRACTS = int(os.environ.get("BENCH_CONTRACTS", "10000"))
SEGMENT_EVENTS, AT_ONCE = 20_000, 500


def measure() -> list[Figure]:
    firm = DirectFirm(SimulatorSettings(contracts=CONTRACTS), NOW)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(StoreSettings(data=Path(folder)))
        compile_journeys(store, read_journeys(), 1)
        for segment, events in enumerate(tell_once(firm), start=1):
            store.insert("event_versions", [row_of(event, segment) for event in events])
            put_ledger(store, "events", segment, len(events))
        took_s = timed(lambda: correlate(store))
        truth = firm.truth()
        right, found, expected = count_pairs(store, truth.contracts)
        lost, unmatched = find_lost(truth), read_unmatched(store)
        store.close()
    size = f"{len(truth.contracts):,} contracts, {truth.event_count:,} events"
    return [
        Figure(f"{size}: precision {right / found:.6f}, placed wrongly", found - right, "events", "0"),
        Figure(f"{size}: recall {right / expected:.6f}, missing from a contract", expected - right, "events", "0"),
        Figure(f"of {len(lost):,} lost on purpose, not told as unmatched", len(lost - unmatched), "events", "0"),
        Figure(f"of {len(unmatched):,} told as unmatched, not lost", len(unmatched - lost), "events", "0"),
        Figure("correlated in steps", truth.event_count / took_s, "events/s"),
    ]


def tell_once(firm: DirectFirm) -> Iterator[list[BusinessEvent]]:
    """Give the firm's events in the order they are sent, each once, as segments of the journal."""
    seen: set[tuple[str, str]] = set()
    segment: list[BusinessEvent] = []
    for event in firm.tell():
        if (event.source, event.id) not in seen:
            seen.add((event.source, event.id))
            segment.append(event)
        if len(segment) == SEGMENT_EVENTS:
            yield segment
            segment = []
    yield segment


def correlate(store: Store) -> None:
    stitcher = Stitcher(store, SystemClock(), CorrelatorsSettings().batch_events)
    while stitcher.step():
        pass


def count_pairs(store: Store, contracts: Sequence[ContractTruth]) -> tuple[int, int, int]:
    """Count the pairs of contract and event that are right, that were found, and that should have been."""
    right = found = expected = 0
    for start in range(0, len(contracts), AT_ONCE):
        some = contracts[start : start + AT_ONCE]
        held = read_events(store, [contract.key for contract in some])
        for contract in some:
            own = {(event.source, event.id) for event in contract.events if event.via != Via.TRACE}
            right += len(own & held[contract.key])
            found += len(held[contract.key])
            expected += len(own)
    return right, found, expected


def read_events(store: Store, keys: list[str]) -> defaultdict[str, set[tuple[str, str]]]:
    """Read the events of the lifecycles that hold these contracts."""
    rows = store.query(
        "SELECT o.object_key AS object_key, e.source AS source, e.event_id AS event_id FROM lifecycle_events AS e"
        " INNER JOIN (SELECT object_key, arrayJoin(lifecycle_ids) AS lifecycle_id FROM objects"
        " WHERE object_key IN {keys:Array(String)}) AS o ON o.lifecycle_id = e.lifecycle_id"
        " WHERE e.lifecycle_id IN"
        " (SELECT arrayJoin(lifecycle_ids) FROM objects WHERE object_key IN {keys:Array(String)})",
        {"keys": keys},
    )
    held: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        held[row["object_key"]].add((row["source"], row["event_id"]))
    return held


def find_lost(truth: Truth) -> set[tuple[str, str]]:
    """Name the events that no key leads to a lifecycle."""
    owned = [*truth.loose_events, *(event for contract in truth.contracts for event in contract.events)]
    lost = [*truth.unmatched_events, *(event for event in owned if event.via == Via.TRACE)]
    return {(event.source, event.id) for event in lost}


def read_unmatched(store: Store) -> set[tuple[str, str]]:
    return {(row["source"], row["event_id"]) for row in store.query("SELECT source, event_id FROM unmatched_events")}
