"""From acknowledged to queryable: small requests beside a steady load, timed one by one.

Queryable is when the loader wrote the segment into its ledger, which is just after its rows are there.
"""

import tempfile
import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client import CollectorRegistry

from billtrail.clock import SystemClock
from billtrail.store import StoreSettings, open_store
from collector.run import Collector
from tests.bench.figure import Figure
from tests.bench.ingest import SECONDS, collector_settings
from tests.bench.load import PROTOBUF, Generator, spans_over_http

EVERY_S = 0.05
QUESTION = """
SELECT SpanName AS name, min(l.at) AS at FROM span_records AS s
INNER JOIN segment_ledger AS l ON l.segment = s.segment AND l.stream = 'traces' AND l.stage = 'loaded'
WHERE SpanName LIKE 'probe %' GROUP BY name
"""


def measure() -> list[Figure]:
    figures = []
    for name, connections in (("alone", 0), ("beside a load as fast as it goes", 4)):
        waits = sorted(_probe(connections))
        for share in (0.5, 0.99):
            found = waits[min(len(waits) - 1, int(len(waits) * share))]
            figures.append(Figure(f"span acknowledged, then queryable, {name}, p{share * 100:.0f}", found, "s"))
    return figures


def _probe(connections: int) -> list[float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(StoreSettings(data=folder / "data", database="bench"))
        collector = Collector(collector_settings(folder), store, SystemClock(), CollectorRegistry())
        collector.start()
        load = replace(spans_over_http(500), connections=connections)
        generator = Generator(collector.http_port, load, SECONDS) if connections else None
        acknowledged = _send_probes(f"http://127.0.0.1:{collector.http_port}/v1/traces")
        if generator:
            generator.wait()
        collector.stop()
        visible: dict[str, datetime] = {row["name"]: row["at"] for row in store.query(QUESTION)}
        store.close()
    return [visible[name].timestamp() - at for name, at in acknowledged.items()]


def _send_probes(url: str) -> dict[str, float]:
    acknowledged, deadline, pause = {}, time.monotonic() + SECONDS, threading.Event()
    with httpx.Client(headers={"content-type": PROTOBUF}, timeout=30) as client:
        while time.monotonic() < deadline:
            number = len(acknowledged) + 1
            request = ExportTraceServiceRequest()
            spans = request.resource_spans.add().scope_spans.add().spans
            at_ns = time.time_ns()
            spans.add(
                name=f"probe {number}", trace_id=number.to_bytes(16, "big"), span_id=number.to_bytes(8, "big"),
                start_time_unix_nano=at_ns, end_time_unix_nano=at_ns + 1,
            )  # fmt: skip
            client.post(url, content=request.SerializeToString()).raise_for_status()
            acknowledged[f"probe {number}"] = time.time()
            pause.wait(EVERY_S)
    return acknowledged
