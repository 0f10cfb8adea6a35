"""How fast records come in, end to end: generator, HTTP, journal, loader, tables; all on this machine.

Reference: the engine alone, loading the same bytes from a file. The generator is a process of its own that replays
prepared requests, each made unique; its processor time counts against the same cores.
"""

import multiprocessing
import random
import resource
import selectors
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client import CollectorRegistry

from billtrail.clock import SystemClock
from billtrail.store import Store, StoreSettings, open_store
from collector.journal import ClosedSegment, Frame, encode_bodies
from collector.journal.frame import encode_frame
from collector.load.events import EventLoading
from collector.load.loader import Loading
from collector.load.spans import SpanLoading
from collector.run import Collector
from collector.settings import CollectorSettings
from tests.bench.figure import Figure

SECONDS = 15.0
PER_REQUEST = 500
CONNECTIONS = 4
MARK = b"#MARK-0000000000#"
"""Stands in every prepared request and is replaced at each sending, so that no two are the same."""


def make_spans_request(chance: random.Random) -> bytes:
    """500 spans of an instrumented HTTP client: six attributes, unique ids, every tenth with a run."""
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    group.resource.attributes.add(key="service.name").value.string_value = "integration-hub"
    group.resource.attributes.add(key="host.name").value.string_value = MARK.decode()
    spans, now = group.scope_spans.add(), time.time_ns()
    spans.scope.name = "opentelemetry.instrumentation.httpx"
    for number in range(PER_REQUEST):
        span = spans.spans.add(name=f"GET /api/{number % 20}", kind=3)
        span.trace_id, span.span_id, span.parent_span_id = (chance.randbytes(size) for size in (16, 8, 8))
        span.start_time_unix_nano, span.end_time_unix_nano = now + number, now + number + 1_000_000
        texts = {
            "http.request.method": "GET",
            "url.full": f"https://erp.example/api/invoices/{chance.randrange(10**6)}",
            "server.address": "erp.example",
            "billtrail.system": "erp",
        }
        if number % 10 == 0:
            texts["billtrail.correlation_id"] = f"run-{chance.randrange(10**6)}"
        for key, text in texts.items():
            span.attributes.add(key=key).value.string_value = text
        span.attributes.add(key="http.response.status_code").value.int_value = 200
        span.attributes.add(key="server.port").value.int_value = 443
    return request.SerializeToString()


def make_event(number: int, mark: str) -> bytes:
    """One approved time entry, as the PSA reports it. `mark` is replaced in every replay, so that ids stay unique."""
    return (
        f'{{"specversion":"1.0","id":"{mark}-{number:03}","source":"/psa","type":"time.approved",'
        f'"time":"2026-11-01T10:00:00.000Z","subject":"psa:time_entry:TE-{mark}-{number:03}",'
        f'"datacontenttype":"application/json","correlationid":"run-{mark}","data":{{"system":"psa","objects":['
        f'{{"type":"time_entry","id":"TE-{mark}-{number:03}","qualifier":"subject"}},'
        f'{{"type":"project","id":"P-{number % 50}","qualifier":"part_of"}},'
        f'{{"type":"worker","id":"W-{number % 70}","qualifier":"reference"}}],"amount":"1200.00","currency":"EUR",'
        f'"attributes":{{"hours":"8"}}}}}}'
    ).encode()


def make_events_request() -> bytes:
    return b"[" + b",".join(make_event(number, MARK.decode()) for number in range(PER_REQUEST)) + b"]"


def replay(port: int, target: tuple[str, str], bodies: list[bytes], seconds: float, answers: Any) -> None:
    """Send requests over a few connections, one after the other on each, and count the acknowledged ones."""
    path, media_type = target
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: {media_type}\r\ncontent-length: "
    waiting, count, sent = selectors.DefaultSelector(), 0, 0

    def send(connection: socket.socket) -> None:
        nonlocal sent
        body = bodies[sent % len(bodies)].replace(MARK, b"#MARK-%010d#" % sent)
        sent += 1
        connection.sendall(f"{head}{len(body)}\r\n\r\n".encode() + body)

    for _ in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(connection, selectors.EVENT_READ)
        send(connection)
    deadline, open_count = time.monotonic() + seconds, CONNECTIONS
    while open_count:
        for key, _ in waiting.select():
            connection = key.fileobj  # type: ignore[assignment]
            answer = connection.recv(65536)
            if answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 204")):
                count += 1
            if time.monotonic() < deadline:
                send(connection)
            else:
                waiting.unregister(connection)
                open_count -= 1
    answers.put(count)


def measure() -> list[Figure]:
    figures = []
    for kind, promise in (("spans", "400,000; ratio 0.7"), ("events", "200,000")):
        with tempfile.TemporaryDirectory() as folder:
            found = run(kind, SECONDS, Path(folder))
        name = f"{kind} over HTTP, {PER_REQUEST} a request, durable and queryable"
        figures.append(Figure(name, found["stored"], f"{kind}/s", promise, "engine alone", found["alone"]))
        figures.append(Figure(f"{kind} over HTTP, acknowledged", found["acknowledged"], f"{kind}/s"))
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return [*figures, Figure("peak memory of the process that took them in", peak_bytes / 2**30, "GiB", "under 2")]


def run(kind: str, seconds: float, folder: Path) -> dict[str, float]:
    """Run doors, journal and loader under load; answer records per second."""
    settings = CollectorSettings(http_port=0, journal_dir=folder / "journal")
    store = open_store(StoreSettings(data=folder / "data", database=kind))
    collector = Collector(settings, store, SystemClock(), CollectorRegistry())
    collector.start()
    if kind == "spans":
        path, media_type, table = "/v1/traces", "application/x-protobuf", "span_records"
        bodies = [make_spans_request(random.Random(seed)) for seed in range(40)]
    else:
        path, media_type, table = "/v1/events", "application/cloudevents-batch+json", "event_versions"
        bodies = [make_events_request()]
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    arguments = (collector.http_port, (path, media_type), bodies, seconds, answers)
    generator = context.Process(target=replay, args=arguments)
    generator.start()
    journal = collector.intake.traces if kind == "spans" else collector.intake.events
    while not journal.waiting_bytes:
        time.sleep(0.01)
    started = time.monotonic()
    acknowledged = answers.get(timeout=seconds + 120) * PER_REQUEST
    answered = time.monotonic() - started
    generator.join()
    collector.stop()
    stored = time.monotonic() - started
    [row] = store.query(f"SELECT count() AS n FROM {table}")
    if row["n"] != acknowledged:
        raise AssertionError(f"{kind}: {acknowledged} acknowledged, {row['n']} stored")
    alone = measure_alone(store, kind, bodies, folder)
    store.close()
    return {"acknowledged": acknowledged / answered, "stored": acknowledged / stored, "alone": alone}


def measure_alone(store: Store, kind: str, bodies: list[bytes], folder: Path) -> float:
    """Let the engine load the same bytes from a file, with nothing else going on."""
    loading: Loading = SpanLoading(store) if kind == "spans" else EventLoading(store)
    best = 0.0
    for attempt in range(3):
        frames = [_encode(kind, bodies[number % len(bodies)], attempt, number) for number in range(200)]
        path = folder / f"alone-{attempt}.seg"
        path.write_bytes(b"".join(frames))
        segment = ClosedSegment(attempt + 1, path, path.stat().st_size, is_ours=True)
        started = time.monotonic()
        loading.take(segment, "")
        loading.derive(segment.number)
        best = max(best, len(frames) * PER_REQUEST / (time.monotonic() - started))
        path.unlink()
    return best


def _encode(kind: str, body: bytes, attempt: int, number: int) -> bytes:
    if kind == "events":
        mark = f"alone-{attempt}-{number}"
        body = encode_bodies([make_event(place, mark) for place in range(PER_REQUEST)])
    return b"".join(encode_frame(Frame(body, "", "bench", time.time_ns(), count=PER_REQUEST), number))
