"""How fast records come in, end to end: generator, HTTP, journal, loader, tables; all on this machine.

Reference: the engine alone, loading the same bytes from a file. The generator is a process of its own that makes every
request unlike every other; its processor time counts against the same cores.

BENCH_SECONDS is how long each load lasts (the promise is for 60); BENCH_COLLECTOR are settings of the collector as
JSON, such as {"segment_seconds": 1}, to choose them by measurement.
"""

import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from billtrail.clock import SystemClock
from billtrail.store import Store, StoreSettings, open_store
from collector.journal import ClosedSegment, Frame, encode_bodies
from collector.journal.frame import encode_frame
from collector.load.events import EventLoading
from collector.load.loader import Loading
from collector.load.spans import SpanLoading
from collector.receive.cloudevents import read_events
from collector.run import Collector
from collector.settings import CollectorSettings
from tests.bench.figure import Figure
from tests.bench.load import MANY_EVENTS, Generator, Load, events_over_http, spans_over_http

SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
PER_REQUEST = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a load, in records per second; bytes on the disk per stored record, raw included for events."""

    acknowledged: float
    stored: float
    alone: float
    requests: float
    bytes_a_record: float
    peak_bytes: int
    a_cpu_second: float
    """Records stored per processor-second of this process: doors, journal, loader and engine, without generator."""


def measure() -> list[Figure]:
    figures, peak_bytes = [], 0
    for load, promise, least_bytes in (
        (spans_over_http(PER_REQUEST), "400,000; ratio 0.7", "under 60"),
        (events_over_http(PER_REQUEST), "200,000", "under 150"),
    ):
        seen = run(load, SECONDS, has_reference=True)
        peak_bytes = max(peak_bytes, seen.peak_bytes)
        kind = "spans" if load.is_spans else "events"
        figures += [
            Figure(
                f"{load.name}, durable and queryable", seen.stored, f"{kind}/s", promise, "engine alone", seen.alone
            ),
            Figure(f"{load.name}, acknowledged", seen.acknowledged, f"{kind}/s"),
            Figure(f"{load.name}, stored size", seen.bytes_a_record, "bytes each", least_bytes),
        ]
    return [*figures, Figure("peak memory of the process that took them in", peak_bytes / 2**30, "GiB", "under 2")]


def collector_settings(folder: Path) -> CollectorSettings:
    chosen = json.loads(os.environ.get("BENCH_COLLECTOR", "{}"))
    return CollectorSettings(**{"http_port": 0, "journal_dir": folder / "journal", **chosen})


def run(load: Load, seconds: float, *, has_reference: bool = False) -> Seen:
    """Run doors, journal and loader under load, and count what is in the tables. Raises when one record is missing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(StoreSettings(data=folder / "data", database="bench"))
        collector = Collector(collector_settings(folder), store, SystemClock(), CollectorRegistry())
        collector.start()
        port = collector.grpc_port if load.is_grpc else collector.http_port
        journal = collector.intake.traces if load.is_spans else collector.intake.events
        generator = Generator(port, load, seconds)
        while not journal.waiting_bytes:
            time.sleep(0.005)
        started, spent = time.monotonic(), time.process_time()
        requests = generator.wait()
        answered = time.monotonic() - started
        collector.stop()
        stored, spent, peak_bytes = time.monotonic() - started, time.process_time() - spent, _peak_bytes()
        count = requests * load.per_request
        size = _check(store, load, count)
        alone = measure_alone(store, load, folder) if has_reference else 0.0
        store.close()
    return Seen(
        count / answered, count / stored, alone, requests / answered, size / max(1, count), peak_bytes, count / spent
    )


def _check(store: Store, load: Load, wanted: int) -> int:
    """Count the rows; answer what they take on the disk after all merges."""
    tables = ("span_records",) if load.is_spans else ("event_versions", "raw_events")
    [row] = store.query(f"SELECT count() AS n FROM {tables[0]}")
    if row["n"] != wanted:
        raise AssertionError(f"{load.name}: {wanted} acknowledged, {row['n']} stored")
    for table in tables:
        store.command(f"OPTIMIZE TABLE {table} FINAL")
    names = ", ".join(f"'{table}'" for table in tables)
    sql = f"SELECT sum(bytes_on_disk) AS n FROM system.parts WHERE active AND database = 'bench' AND table IN ({names})"
    return int(store.query(sql)[0]["n"])


def measure_alone(store: Store, load: Load, folder: Path) -> float:
    """Let the engine load the same bytes from a file, with nothing else going on; records per second."""
    loading: Loading = SpanLoading(store) if load.is_spans else EventLoading(store)
    best, start = 0.0, 10**9
    for attempt in range(3):
        path = folder / f"alone-{attempt}.seg"
        path.write_bytes(b"".join(_encode(load, start + attempt * 200 + number) for number in range(200)))
        segment = ClosedSegment(attempt + 1, path, path.stat().st_size, is_ours=True)
        started = time.monotonic()
        loading.take(segment, "")
        loading.derive(segment.number)
        best = max(best, 200 * load.per_request / (time.monotonic() - started))
        path.unlink()
    return best


def _encode(load: Load, number: int) -> bytes:
    body: Any = load.write(number)
    if load.media_type == MANY_EVENTS:
        body = encode_bodies(read_events({"content-type": MANY_EVENTS}, body, load.per_request))
    record = "span" if load.is_spans else "event"
    return b"".join(encode_frame(Frame(body, "", "bench", time.time_ns(), record, load.per_request), number % 200))


def _peak_bytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024
