"""The doors at other sizes and in other protocols: 1, 50 and 5,000 spans a request, gRPC, gzip, JSON, single events.

BENCH_ONLY is a word of the names to measure, such as gRPC; BENCH_SECONDS how long each lasts.
"""

import os
from collections.abc import Callable

from tests.bench.figure import Figure
from tests.bench.ingest import SECONDS, run
from tests.bench.load import (
    Load,
    events_over_http,
    spans_in_gzip,
    spans_in_json,
    spans_over_grpc,
    spans_over_http,
)

KINDS: tuple[Callable[[], Load], ...] = (
    lambda: spans_over_http(1),
    lambda: spans_over_http(1, name="spans over HTTP, 1 a request, 32 connections", connections=32),
    lambda: spans_over_http(50),
    lambda: spans_over_http(5000),
    lambda: spans_over_grpc(50),
    lambda: spans_over_grpc(500),
    lambda: spans_in_gzip(500),
    lambda: spans_in_json(500),
    lambda: events_over_http(1),
)


def measure() -> list[Figure]:
    figures = []
    for make in KINDS:
        load = make()
        if os.environ.get("BENCH_ONLY", "") not in load.name:
            continue
        seen = run(load, SECONDS)
        kind = "spans" if load.is_spans else "events"
        figures.append(Figure(f"{load.name}, durable and queryable", seen.stored, f"{kind}/s"))
        figures.append(Figure(f"{load.name}, acknowledged", seen.requests, "requests/s"))
        figures.append(Figure(f"{load.name}, a processor-second", seen.a_cpu_second, kind))
    return figures
