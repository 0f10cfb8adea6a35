"""OTLP files collected by others, with the oddities they met: each line answered, what is accepted stored."""

from pathlib import Path

import pytest

from tests.collector.conftest import Running

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "logs" / "otlp" / "edge-cases"
PROTOBUF, JSON = "application/x-protobuf", "application/json"
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not FOLDER.exists(), reason="no reference material beside the project"),
]
# What each line is answered with, and how many spans and business events come of the file. Metrics sent to the door of
# spans are JSON whose fields are all unknown there: accepted and empty, as the specification wants it.
CASES: dict[str, tuple[str, list[int], tuple[int, int]]] = {
    "empty.jsonl": ("traces", [], (0, 0)),
    "whitespace.jsonl": ("traces", [], (0, 0)),
    "malformed.jsonl": ("traces", [200, 400, 400, 400], (0, 0)),
    "metrics_simple.jsonl": ("traces", [200, 200, 200], (0, 0)),
    "multifile_malformed_traces.jsonl": ("traces", [400], (0, 0)),
    "multifile_valid_traces.jsonl": ("traces", [200], (1, 0)),
    "single_trace.jsonl": ("traces", [200], (1, 0)),
    "traces_deep_nesting.jsonl": ("traces", [200], (1, 0)),
    "traces_large_attrs.jsonl": ("traces", [200], (1, 0)),
    "traces_nulls.jsonl": ("traces", [200, 200, 200], (3, 0)),
    "traces_simple.jsonl": ("traces", [200, 200, 200], (3, 0)),
    "otlp_traces.pb": ("traces", [200], (1, 0)),
    "otlp_metrics.pb": ("traces", [400], (0, 0)),
    "logs_document.json": ("logs", [200], (0, 0)),
    "logs_nulls.jsonl": ("logs", [200, 200, 200], (0, 0)),
    "logs_simple.jsonl": ("logs", [200, 200, 200], (0, 1)),
    "otlp_logs.pb": ("logs", [200], (0, 0)),
    "ts_boundary_logs.jsonl": ("logs", [200], (0, 0)),
    "ts_overflow_logs.jsonl": ("logs", [200], (0, 0)),
}


def send(running: Running, name: str, signal: str) -> list[int]:
    whole = (FOLDER / name).read_bytes()
    bodies = [line for line in whole.splitlines() if line.strip()] if name.endswith(".jsonl") else [whole]
    kind = {"content-type": PROTOBUF if name.endswith(".pb") else JSON}
    return [running.client.post(f"/v1/{signal}", content=body, headers=kind).status_code for body in bodies]


def test_every_line_is_answered_and_what_is_accepted_is_stored(running: Running) -> None:
    known = (0, 0)
    for name, (signal, wanted, (spans, events)) in CASES.items():
        assert (name, send(running, name, signal)) == (name, wanted)
        running.drain()
        found = [running.store.query(f"SELECT count() AS n FROM {table}")[0]["n"] for table in ("spans", "events")]
        known = (known[0] + spans, known[1] + events)
        assert (name, *found) == (name, *known)
    assert running.store.query("SELECT * FROM dead_letters") == []


def test_many_attributes_events_and_links_survive_whole(running: Running) -> None:
    for name in ("traces_large_attrs.jsonl", "traces_deep_nesting.jsonl"):
        assert send(running, name, "traces") == [200]
    running.drain()
    counts = "length(SpanAttributes) AS own, length(ResourceAttributes) AS resource, length(`Events.Name`) AS events"
    question = f"SELECT {counts}, length(`Links.SpanId`) AS links FROM spans ORDER BY SpanName"
    assert [tuple(row.values()) for row in running.store.query(question)] == [(0, 0, 20, 10), (50, 50, 0, 0)]
