"""The same spans through rotel, a collector in Rust: receiving into nothing, and stored by its ClickHouse exporter.

Stored means: into the same engine behind HTTP, in the schema of the OpenTelemetry Collector's exporter. rotel answers
when it has queued a request and not when it is stored, so the time counts until the last row is there.

rotel is no part of Billtrail: it is installed at its pinned version into `.bench/` the first time this runs. Where it
cannot be, this measures nothing and says so.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.bench.figure import Figure
from tests.bench.ingest import SECONDS, run
from tests.bench.load import Generator, spans_over_http
from tests.support.clickhouse_http import clickhouse_server

ROTEL = "rotel==0.0.1a15"
PLACE = Path(__file__).parents[2] / ".bench" / "rotel"
LONGEST_DRAIN_S = 600.0
SETTLED_S = 5.0
SCHEMA = """
CREATE TABLE otel.otel_traces
(
    Timestamp DateTime64(9) CODEC(Delta, ZSTD(1)), TraceId String CODEC(ZSTD(1)), SpanId String CODEC(ZSTD(1)),
    ParentSpanId String CODEC(ZSTD(1)), TraceState String CODEC(ZSTD(1)), SpanName LowCardinality(String),
    SpanKind LowCardinality(String), ServiceName LowCardinality(String),
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)), ScopeName String, ScopeVersion String,
    SpanAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)), Duration UInt64 CODEC(ZSTD(1)),
    StatusCode LowCardinality(String), StatusMessage String CODEC(ZSTD(1)),
    Events Nested (Timestamp DateTime64(9), Name LowCardinality(String),
                   Attributes Map(LowCardinality(String), String)),
    Links Nested (TraceId String, SpanId String, TraceState String, Attributes Map(LowCardinality(String), String)),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_duration Duration TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree PARTITION BY toDate(Timestamp) ORDER BY (ServiceName, SpanName, toDateTime(Timestamp))
"""


def measure() -> list[Figure]:
    if (agent := find_agent()) is None:
        print(f"!! rotel was NOT measured: pip could not install {ROTEL} into {PLACE}", file=sys.stderr)
        return []
    received, received_cpu = _receive(agent)
    stored, stored_cpu = _store(agent)
    own = run(spans_over_http(500), SECONDS)
    return [
        Figure("Billtrail, the same spans, durable and queryable", own.stored, "spans/s", "", "rotel stored", stored),
        Figure("the same, a processor-second", own.a_cpu_second, "spans", "ratio 3", "rotel stored", stored_cpu),
        Figure("rotel, spans over HTTP, 500 a request, received into nothing", received, "spans/s"),
        Figure("the same, a processor-second of rotel", received_cpu, "spans"),
        Figure("rotel, spans over HTTP, 500 a request, stored in ClickHouse", stored, "spans/s"),
        Figure("the same, a processor-second of rotel and ClickHouse", stored_cpu, "spans"),
    ]


def find_agent() -> Path | None:
    """Find rotel's program, installing it when it is not there yet."""
    if not PLACE.exists():
        venv.create(PLACE, with_pip=True)
    if not (found := list(PLACE.glob("lib/*/site-packages/rotel/rotel-agent"))):
        command = [PLACE / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ROTEL]
        subprocess.run(command, check=False)
        found = list(PLACE.glob("lib/*/site-packages/rotel/rotel-agent"))
    return found[0] if found else None


def _receive(agent: Path) -> tuple[float, float]:
    with _running(agent, "--exporter", "blackhole") as (process, port):
        started, spent = time.monotonic(), _cpu_s(process.pid)
        count = Generator(port, spans_over_http(500), SECONDS).wait() * 500
        return count / (time.monotonic() - started), count / (_cpu_s(process.pid) - spent)


def _store(agent: Path) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder, clickhouse_server(Path(folder)) as url, httpx.Client() as client:
        for sql in ("CREATE DATABASE otel", SCHEMA):
            client.post(url, content=sql, timeout=60).raise_for_status()
        words = ("--exporter", "clickhouse", "--clickhouse-exporter-endpoint", url)
        words += ("--clickhouse-exporter-compression", "none", "--clickhouse-exporter-async-insert", "false")
        with _running(agent, *words) as (process, port):
            engine = _find_child(os.getpid(), "clickhouse_http")
            started, spent = time.monotonic(), _cpu_s(process.pid) + _cpu_s(engine)
            count = Generator(port, spans_over_http(500), SECONDS).wait() * 500
            stored, stored_at = _wait_until_stored(client, url, count)
            if stored < count:
                print(f"rotel acknowledged {count} spans and stored {stored}", file=sys.stderr)
            return stored / (stored_at - started), stored / (_cpu_s(process.pid) + _cpu_s(engine) - spent)


def _wait_until_stored(client: httpx.Client, url: str, wanted: int) -> tuple[int, float]:
    """Wait for the last row, or until no more come."""
    stored, changed_at, deadline = 0, time.monotonic(), time.monotonic() + LONGEST_DRAIN_S
    while stored < wanted and time.monotonic() < min(deadline, changed_at + SETTLED_S * 4):
        found = int(client.post(url, content="SELECT count() FROM otel.otel_traces", timeout=60).text)
        if found != stored:
            stored, changed_at = found, time.monotonic()
        time.sleep(0.05)
    return stored, changed_at


@contextmanager
def _running(agent: Path, *words: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    grpc_port, port = _find_free_port(), _find_free_port()
    ports = ("--otlp-grpc-endpoint", f"127.0.0.1:{grpc_port}", "--otlp-http-endpoint", f"127.0.0.1:{port}")
    with subprocess.Popen([agent, "start", *ports, *words], stdout=sys.stderr, stderr=sys.stderr) as process:
        try:
            while process.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.02)
            yield process, port
        finally:
            process.kill()


def _find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _find_child(parent: int, word: str) -> int:
    for path in Path("/proc").glob("[0-9]*"):
        try:
            stat, command = (path / "stat").read_text(), (path / "cmdline").read_text()
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == parent and word in command:
            return int(path.name)
    raise AssertionError(f"no child process with {word!r}")


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
