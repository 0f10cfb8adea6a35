"""Spans in the tables: nothing lost, nothing doubled, nothing bad in the way of the good."""

import json
import math
from base64 import b64decode
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis.strategies import builds, lists, sampled_from
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from billtrail.store import Store
from collector.journal import ClosedSegment, Frame
from collector.journal.frame import encode_frame
from collector.load.render import render
from collector.load.spans import SpanLoading
from tests.collector.conftest import Running

VALUES = [
    b"\x0a\x02ab",
    b"\x0a\x82\x00ab",
    b"\x0a\x00",
    b"\x0a\x28" + b"y" * 40,
    b"\x0a\x81\x00?",
    b"\x21" + b"\x00" * 7 + b"\x40",
    b"\x21\x9c\x75\x00\x88\x3c\xe4\x37\x7e\x78\x05",
    b"\x10\x01",
    b"\x10\x80\x00",
    b"\x18\x01",
    b"\x18\xff\x01",
    b"\x18\x81\x80\x00",
    b"\x18\xff\xff\xff\xff\xff\xff\x7f",
    b"\x18\xff\xff\xff\xff\xff\xff\xff\x7f",
    b"\x18" + b"\xff" * 9 + b"\x01",
    b"\x2a\x04\x0a\x02\x18\x05",
    b"\x3a\x01\xfe",
    b"\x78\x05",
]
"""Values of all kinds on the wire, with lengths and numbers longer than they need be, and a field nobody knows."""
NUMBERS = count(1)
REFERENCE = Path(__file__).parents[3] / "shared" / "logs" / "otlp"


def make_request(name: str = "a", count: int = 1) -> tuple[ExportTraceServiceRequest, Span]:
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    service = group.resource.attributes.add(key="service.name")
    service.value.string_value = "hub"
    spans = group.scope_spans.add().spans
    for number in range(count):
        span = spans.add(name=name, trace_id=b"t" * 16, span_id=number.to_bytes(7, "big") + b"s")
        span.start_time_unix_nano, span.end_time_unix_nano = 10**18, 10**18 + 5
    return request, spans[0]


def write_segment(folder: Path, number: int, *payloads: bytes) -> ClosedSegment:
    path = folder / f"{number:020}.seg"
    frames = [
        encode_frame(Frame(body, "erp", "otlp_http", 10**18, "span"), place) for place, body in enumerate(payloads)
    ]
    path.write_bytes(b"".join(part for frame in frames for part in frame))
    return ClosedSegment(number, path, path.stat().st_size, is_ours=False)


def load(store: Store, segment: ClosedSegment, loading: SpanLoading | None = None) -> int:
    return (loading or SpanLoading(store)).take(segment)


def add(span: Span, key: str) -> AnyValue:
    return span.attributes.add(key=key).value


def test_every_kind_of_attribute_is_kept(store: Store, tmp_path: Path) -> None:
    request, span = make_request()
    add(span, "text").string_value = 'a"b'
    add(span, "empty text").string_value = ""
    add(span, "false").bool_value = False
    add(span, "zero").int_value = 0
    add(span, "large").int_value = -(2**63)
    add(span, "double").double_value = 0.1
    add(span, "nan").double_value = math.nan
    add(span, "bytes").bytes_value = b"\x00\xff"
    add(span, "nothing")
    add(span, "empty list").array_value.SetInParent()
    add(span, "empty pairs").kvlist_value.SetInParent()
    deep = add(span, "deep")
    for _ in range(10):
        deep = deep.array_value.values.add()
    pair = deep.kvlist_value.values.add(key="k")
    pair.value.int_value = 7
    mixed = add(span, "mixed").array_value.values
    mixed.add().string_value = "é"
    mixed.add().bool_value = True
    mixed.add().double_value = math.inf
    mixed.add().bytes_value = b"xy"
    mixed.add()
    add(span, "twice").int_value = 1
    add(span, "twice").int_value = 2
    load(store, write_segment(tmp_path, 1, request.SerializeToString()))
    [row] = store.query("SELECT SpanAttributes AS found FROM spans")
    assert row["found"] == {
        "text": 'a"b',
        "empty text": "",
        "false": "false",
        "zero": "0",
        "large": "-9223372036854775808",
        "double": "0.1",
        "nan": "nan",
        "bytes": "AP8=",
        "nothing": "",
        "empty list": "[]",
        "empty pairs": "{}",
        "deep": "[" * 10 + '{"k":7}' + "]" * 10,
        "mixed": '["é",true,"inf","eHk=",null]',
        "twice": "2",
    }


def test_values_are_read_wherever_their_encoding_changes_its_shape(store: Store, tmp_path: Path) -> None:
    request, span = make_request()
    edges = {sign * 2**bits + step for bits in range(0, 64, 7) for step in (-1, 0, 1) for sign in (1, -1)}
    integers = sorted(edge for edge in {*edges, 2**63 - 1, -(2**63)} if -(2**63) <= edge < 2**63)
    for number in integers:
        add(span, f"integer {number}").int_value = number
    lengths = [0, 1, 126, 127, 128, 129, 130, 131, 255, 256, 16_382, 16_383, 16_384, 16_385, 40_000]
    for length in lengths:
        add(span, f"text {length}").string_value = "é" * (length // 2) + "x" * (length % 2)
        add(span, f"bytes {length}").bytes_value = b"\x18" * length
    for double in (0.0, -0.0, 1.0, -1.5, 1e300, 5e-324, -math.inf):
        add(span, f"double {double!r}").double_value = double
    load(store, write_segment(tmp_path, 1, request.SerializeToString()))
    [row] = store.query("SELECT SpanAttributes AS found FROM spans")
    found = row["found"]
    assert [found[f"integer {number}"] for number in integers] == [str(number) for number in integers]
    assert [found[f"text {length}"] for length in lengths] == [
        "é" * (length // 2) + "x" * (length % 2) for length in lengths
    ]
    assert [b64decode(found[f"bytes {length}"]) for length in lengths] == [b"\x18" * length for length in lengths]
    doubles = {key: value for key, value in found.items() if key.startswith("double")}
    assert {float(key.split()[1]) for key in doubles} == {float(value) for value in doubles.values()}


@example(raws=[b"\x0a\x00"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raws=lists(builds(bytes.__add__, sampled_from([b"", *VALUES]), sampled_from(VALUES)), min_size=1, max_size=30))
def test_values_written_as_no_library_writes_them_are_read_as_protobuf_reads_them(
    store: Store, tmp_path: Path, raws: list[bytes]
) -> None:
    loading = SpanLoading(store)
    request, span = make_request()
    for number, raw in enumerate(raws):
        add(span, f"{number}").string_value = "-" * (len(raw) - 2)
    body = request.SerializeToString()
    for number, raw in enumerate(raws):
        written = b"-" * (len(raw) - 2)
        key = b"\x0a" + bytes([len(str(number))]) + str(number).encode() + b"\x12" + bytes([len(raw)])
        assert key + b"\x0a" + bytes([len(raw) - 2]) + written in body
        body = body.replace(key + b"\x0a" + bytes([len(raw) - 2]) + written, key + raw)
    store.command("TRUNCATE TABLE span_records")
    path = write_segment(tmp_path, next(NUMBERS), body)
    loading.take(path)
    [row] = store.query("SELECT SpanAttributes AS found FROM spans")
    assert row["found"] == {f"{number}": render(raw) for number, raw in enumerate(raws)}


def test_events_links_state_and_status_are_kept(store: Store, tmp_path: Path) -> None:
    request, span = make_request()
    span.trace_state, span.flags, span.kind, span.parent_span_id = "a=b", 257, 3, b"p" * 8
    span.status.code, span.status.message = 2, "boom"
    event = span.events.add(name="exception", time_unix_nano=10**18 + 1)
    event.attributes.add(key="list").value.array_value.values.add().int_value = 1
    link = span.links.add(trace_id=b"l" * 16, span_id=b"m" * 8, trace_state="c=d")
    link.attributes.add(key="k").value.string_value = "v"
    load(store, write_segment(tmp_path, 1, request.SerializeToString()))
    [row] = store.query("SELECT * FROM spans")
    assert (row["TraceState"], row["Flags"], row["SpanKind"], row["ParentSpanId"]) == ("a=b", 257, "Client", "70" * 8)
    assert (row["StatusCode"], row["StatusMessage"], row["Duration"], row["source"]) == ("Error", "boom", 5, "erp")
    assert (row["Events.Name"], row["Events.Attributes"]) == (["exception"], [{"list": "[1]"}])
    assert (row["Links.TraceId"], row["Links.SpanId"]) == (["6c" * 16], ["6d" * 8])
    assert (row["Links.TraceState"], row["Links.Attributes"]) == (["c=d"], [{"k": "v"}])


def test_impossible_instants_and_enums_do_not_stop_the_others(store: Store, tmp_path: Path) -> None:
    request, span = make_request()
    span.start_time_unix_nano, span.end_time_unix_nano = 2**64 - 1, 5
    late = ExportTraceServiceRequest()
    late.CopyFrom(request)
    days = [make_request()[0] for _ in range(150)]
    for day, one in enumerate(days):
        one.resource_spans[0].scope_spans[0].spans[0].start_time_unix_nano = day * 86_400 * 10**9
    load(store, write_segment(tmp_path, 1, *(one.SerializeToString() for one in [late, *days])))
    rows = store.query("SELECT count() AS n, max(Duration) AS longest, toYear(max(Timestamp)) AS y FROM spans")
    assert (rows[0]["n"], rows[0]["y"]) == (151, 2262)


def test_a_segment_loaded_again_is_there_once(store: Store, tmp_path: Path) -> None:
    request, span = make_request(count=3)
    add(span, "billtrail.correlation_id").string_value = "run-1"
    add(span, "list").array_value.values.add().int_value = 1
    segment = write_segment(tmp_path, 1, request.SerializeToString(), request.SerializeToString())
    for _ in range(3):
        load(store, segment)
    [row] = store.query("SELECT (SELECT count() FROM span_records) AS spans, (SELECT count() FROM span_links) AS links")
    assert row == {"spans": 6, "links": 1}


def test_spans_without_valid_ids_become_dead_letters_and_the_rest_is_loaded(store: Store, tmp_path: Path) -> None:
    request, span = make_request(count=4)
    spans = request.resource_spans[0].scope_spans[0].spans
    spans[1].trace_id, spans[2].span_id, spans[3].trace_id = b"short", b"", bytes(16)
    add(span, "list").array_value.values.add().int_value = 1
    segment = write_segment(tmp_path, 1, request.SerializeToString())
    loading = SpanLoading(store)
    assert [load(store, segment, loading) for _ in range(2)] == [3, 3]
    assert store.query("SELECT count() AS n FROM span_records") == [{"n": 1}]
    letters = store.query("SELECT * FROM dead_letters ORDER BY dead_letter_id")
    assert [letter["detail"] for letter in letters] == [
        "resourceSpans[0].scopeSpans[0].spans[1].traceId: expected 16 bytes, got 5",
        "resourceSpans[0].scopeSpans[0].spans[2].spanId: expected 8 bytes, got 0",
        "resourceSpans[0].scopeSpans[0].spans[3].traceId: all zero",
    ]
    written = json.loads(letters[0]["body"])["resourceSpans"][0]
    assert written["scopeSpans"][0]["spans"][0]["traceId"] == b"short".hex()
    assert written["resource"]["attributes"] == [{"key": "service.name", "value": {"stringValue": "hub"}}]


def test_span_links_take_bare_ids_and_full_keys(store: Store, tmp_path: Path) -> None:
    request, span = make_request()
    add(span, "billtrail.system").string_value = "erp"
    add(span, "billtrail.object.invoice").string_value = "INV-1"
    add(span, "billtrail.object.project").string_value = "psa:project:P-1"
    load(store, write_segment(tmp_path, 1, request.SerializeToString()))
    [row] = store.query("SELECT object_keys, system FROM span_links")
    assert (row["object_keys"], row["system"]) == (["erp:invoice:INV-1", "psa:project:P-1"], "erp")


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference material beside the project")
def test_the_official_example_is_taken(running: Running) -> None:
    body: Any = json.loads((REFERENCE / "trace.json").read_text(encoding="utf-8"))
    assert running.client.post("/v1/traces", json=body).status_code == 200
    running.drain()
    [row] = running.store.query("SELECT * FROM spans")
    assert (row["SpanName"], row["ServiceName"], row["ScopeName"]) == ("I'm a server span", "my.service", "my.library")
    assert row["TraceId"] == "5b8efff798038103d269b633813fc60c"


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference material beside the project")
@pytest.mark.parametrize(
    ("name", "spans"),
    [("traces_deep_nesting", 1), ("traces_large_attrs", 1), ("traces_nulls", 3), ("traces_simple", None)],
)
def test_edge_cases_are_taken(running: Running, name: str, spans: int | None) -> None:
    lines = (REFERENCE / "edge-cases" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    for line in filter(str.strip, lines):
        answer = running.client.post("/v1/traces", content=line, headers={"content-type": "application/json"})
        assert answer.status_code == 200, answer.text
    running.drain()
    [row] = running.store.query("SELECT count() AS n FROM spans")
    assert row["n"] == spans if spans is not None else row["n"] > 0


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference material beside the project")
def test_malformed_lines_are_refused_and_leave_nothing(running: Running) -> None:
    lines = (REFERENCE / "edge-cases" / "malformed.jsonl").read_text(encoding="utf-8").splitlines()
    headers = {"content-type": "application/json"}
    found = [running.client.post("/v1/traces", content=line, headers=headers).status_code for line in lines]
    assert found == [200, 400, 400, 400]  # the first is an object with an unknown field only: an empty request
    running.drain()
    assert running.store.query("SELECT count() AS n FROM spans") == [{"n": 0}]


def test_schema_urls_and_what_the_sender_left_out_are_kept(store: Store, tmp_path: Path) -> None:
    request, span = make_request()
    group = request.resource_spans[0]
    scoped = group.scope_spans[0]
    group.schema_url, scoped.schema_url = "https://resource.example/1.0", "https://scope.example/1.1"
    group.resource.dropped_attributes_count, scoped.scope.dropped_attributes_count = 1, 2
    span.dropped_attributes_count, span.dropped_events_count, span.dropped_links_count = 3, 4, 5
    span.events.add(name="e", dropped_attributes_count=6)
    span.links.add(trace_id=b"l" * 16, span_id=b"l" * 8, dropped_attributes_count=7, flags=0x301)
    load(store, write_segment(tmp_path, 1, request.SerializeToString()))
    [row] = store.query(
        "SELECT ResourceSchemaUrl, ScopeSchemaUrl, ResourceDroppedAttrCount, ScopeDroppedAttrCount, DroppedAttrCount,"
        " DroppedEventsCount, DroppedLinksCount, `Events.DroppedAttrCount`, `Links.DroppedAttrCount`, `Links.Flags`"
        " FROM spans"
    )
    urls = ["https://resource.example/1.0", "https://scope.example/1.1"]
    assert list(row.values()) == [*urls, 1, 2, 3, 4, 5, [6], [7], [0x301]]


def test_a_history_of_spans_makes_a_partition_a_month(store: Store, tmp_path: Path) -> None:
    request, _ = make_request(count=60)
    for day, span in enumerate(request.resource_spans[0].scope_spans[0].spans):
        span.start_time_unix_nano = 1_767_225_600_000_000_000 + day * 86_400_000_000_000
    load(store, write_segment(tmp_path, 1, request.SerializeToString()))
    question = "SELECT uniqExact(partition) AS n FROM system.parts WHERE table = 'span_records' AND active"
    assert store.query(question + " AND database = currentDatabase()") == [{"n": 3}]
