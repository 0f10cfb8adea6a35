"""Vendors' messages: how fast a history is mapped anew, and how long a webhook waits for its acknowledgement.

The history is that of one system, stored as it came. The webhooks are signed, one message each, sent at a fixed rate
whether or not the answers keep up, by a process of its own on the same cores.
"""

import asyncio
import json
import multiprocessing
import tempfile
import time
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from billtrail.cli.process import keep_what_is_loaded
from billtrail.clock import SystemClock
from billtrail.store import Store, StoreSettings, open_store
from collector.load.rebuild import rebuild_source
from collector.mapping import compile_source, read_source
from collector.mapping.catalogue import SHIPPED
from collector.run import Collector
from collector.settings import CollectorSettings
from tests.bench.figure import Figure
from tests.collector.webhook.signed import sign_jira

SOURCE = "netsuite"
EVENTS = 1_000_000
PER_SEGMENT = 50_000
RATE = 500
SECONDS = 10.0
CONNECTIONS = 64
SECRET = "a secret of the bench"

Connections = asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        mapped, decided = measure_mapping(Path(folder), EVENTS)
    with tempfile.TemporaryDirectory() as folder:
        waits = measure_webhooks(Path(folder), SECONDS)
    return [
        Figure(f"{EVENTS:,} stored events of {SOURCE} mapped anew", mapped, "events/s", "300,000"),
        Figure("the same rebuilt: mapped, decided, compared", decided, "events/s"),
        Figure(f"webhook at {RATE}/s to durable acknowledgement, p99", _pick(waits, 0.99) * 1000, "ms", "under 25"),
        Figure(f"webhook at {RATE}/s to durable acknowledgement, p50", _pick(waits, 0.5) * 1000, "ms"),
    ]


def measure_mapping(folder: Path, events: int) -> tuple[float, float]:
    """Answer events per second: mapped into nothing, and rebuilt with nothing to change in the end."""
    store = open_store(StoreSettings(data=folder, database="history"))
    store_history(store, events)
    compiled = compile_source(read_source(SHIPPED / SOURCE))
    params = {"since": 0, "upto": 2**63, "first": 0, "last": 2**64 - 1, "mends": 0}
    hashed = f"SELECT sum(content_hash) AS hashes FROM ({compiled.history})"
    started = time.monotonic()
    store.query(hashed, params)
    mapped = time.monotonic() - started
    rebuild_source(store, compiled, 2**62, writes=True)
    started = time.monotonic()
    rebuild_source(store, compiled, 2**62 + 1, writes=True)
    rebuilt = time.monotonic() - started
    store.close()
    return events / mapped, events / rebuilt


def store_history(store: Store, events: int) -> None:
    """Store the samples over and over, each with an id of its own."""
    samples = [
        json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"id": "#ID#"})
        for path in sorted((SHIPPED / SOURCE / "samples").glob("in-*.json"))
        if not path.read_text(encoding="utf-8").startswith("[")
    ]
    store.command(
        "INSERT INTO raw_events (source, door, record, received_at, segment, frame, item, body)"
        " SELECT {source:String}, 'webhook', 'event', toDateTime64('2026-05-01 00:00:00', 3, 'UTC'),"
        " 1 + intDiv(number, {size:UInt64}), number % {size:UInt64}, 0,"
        " replaceAll({samples:Array(String)}[1 + number % length({samples:Array(String)})], '#ID#', toString(number))"
        " FROM numbers({events:UInt64})",
        {"source": SOURCE, "size": PER_SEGMENT, "samples": samples, "events": events},
    )


def measure_webhooks(folder: Path, seconds: float) -> list[float]:
    """Answer how long each request waited, in seconds, sorted."""
    settings: Any = {"http_port": 0, "journal_dir": folder / "journal", "sources": {"jira": {"secrets": [SECRET]}}}
    store = open_store(StoreSettings(data=folder / "data", database="hooks"))
    collector = Collector(CollectorSettings(**settings), store, SystemClock(), CollectorRegistry())
    collector.start()
    keep_what_is_loaded()
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    sender = context.Process(target=send, args=(collector.http_port, seconds, answers))
    sender.start()
    waits: list[float] = sorted(answers.get(timeout=seconds + 120))
    sender.join()
    collector.stop()
    [row] = store.query("SELECT count() AS n FROM raw_events")
    store.close()
    if row["n"] != len(waits):
        raise AssertionError(f"{len(waits)} acknowledged, {row['n']} stored")
    return waits


def send(port: int, seconds: float, answers: Any) -> None:
    """Send signed messages at the rate, each when its moment has come, over a few connections."""
    requests = [make_request(number) for number in range(int(seconds * RATE))]
    waits: list[float] = []

    async def knock(idle: Connections, request: bytes, due: float) -> None:
        reader, writer = await idle.get()
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise AssertionError(answer)
        waits.append(time.perf_counter() - due)
        idle.put_nowait((reader, writer))

    async def run() -> None:
        idle: Connections = asyncio.Queue()
        for _ in range(CONNECTIONS):
            idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))
        started = time.perf_counter() + 0.5
        async with asyncio.TaskGroup() as group:
            for number, request in enumerate(requests):
                due = started + number / RATE
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(knock(idle, request, due))

    asyncio.run(run())
    answers.put(waits)


def make_request(number: int) -> bytes:
    told = json.loads((SHIPPED / "jira" / "samples" / "in-milestone-done.json").read_text(encoding="utf-8"))
    body = json.dumps(told | {"timestamp": told["timestamp"] + number}).encode()
    headers = {"host": "x", "content-type": "application/json", "content-length": len(body), **sign_jira(SECRET, body)}
    lines = [b"POST /v1/sources/jira HTTP/1.1", *(f"{name}: {value}".encode() for name, value in headers.items())]
    return b"\r\n".join([*lines, b"", body])


def _pick(waits: list[float], part: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * part))]
