"""Ordinary OTLP/JSON is read in C, and what comes of it is what the long way makes of it, field for field."""

import json
from typing import Any

import pytest
from hypothesis import given
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1 import common_pb2 as common
from opentelemetry.proto.resource.v1 import resource_pb2 as resource
from opentelemetry.proto.trace.v1 import trace_pb2 as trace

from collector.receive import span_shape
from collector.receive.otlp_json import read_otlp_json
from collector.receive.refusal import Refusal
from collector.receive.span_shape import write_ordinary_spans
from tests.collector.test_fuzz import broken

SPAN: dict[str, Any] = {
    "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174", "parentSpanId": "EEE19B7EC3C1B173",
    "traceState": "a=b", "flags": 257, "name": "é", "kind": 2,
    "startTimeUnixNano": "1544712660000000001", "endTimeUnixNano": 1544712661000000000,
    "attributes": [
        {"key": "text", "value": {"stringValue": ""}}, {"key": "no", "value": {"boolValue": False}},
        {"key": "int", "value": {"intValue": "-42"}}, {"key": "zero", "value": {"intValue": 0}},
        {"key": "half", "value": {"doubleValue": -0.5}}, {"key": "empty", "value": {}}, {"key": "absent"},
        {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "a"}, {"kvlistValue": {"values": []}}]}}},
        {"key": "pairs", "value": {"kvlistValue": {"values": [{"key": "k", "value": {"boolValue": True}}]}}},
    ],
    "events": [{"timeUnixNano": "1", "name": "e", "attributes": [{"key": "a", "value": {"intValue": 1}}],
                "droppedAttributesCount": 3}, {}],
    "links": [{"traceId": "ab" * 16, "spanId": "cd" * 8, "traceState": "c=d", "flags": 1, "droppedAttributesCount": 4}],
    "status": {"code": 2, "message": "no"}, "droppedAttributesCount": 5, "droppedEventsCount": 6,
    "droppedLinksCount": 7, "future": [1, {"x": None}],
}  # fmt: skip
GROUP: dict[str, Any] = {
    "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "hub"}}], "droppedAttributesCount": 1},
    "scopeSpans": [{
        "scope": {"name": "lib", "version": "1", "attributes": [{"key": "s", "value": {}}],
                  "droppedAttributesCount": 2},
        "spans": [SPAN, {}], "schemaUrl": "https://scope",
    }, {}],
    "schemaUrl": "https://resource",
}  # fmt: skip
VALUES: list[Any] = [
    None, "", "1", "-1", "01", "1.5", " 1", "1e3", "٣", "ab", "abc", "ab cd", "zz", "SPAN_KIND_CLIENT",
    "STATUS_CODE_OK", "NaN", "9" * 18, "9" * 19, "9" * 20, 0, 1, -1, 3, 6, 1.0, 1.5, 1e300, 2**32 - 1, 2**32, 2**63 - 1,
    2**63, 2**64, True, False, [], [None], [{}], [1], {}, {"x": 1}, {"stringValue": "a", "intValue": 1},
    {"bytesValue": "AA=="},
    {"stringValue": None}, {"doubleValue": "NaN"}, {"doubleValue": 1}, {"intValue": "x"}, {"intValue": 2**63},
    {"arrayValue": {}}, {"arrayValue": {"values": [{"bytesValue": ""}]}}, {"string_value": "snake"},
]  # fmt: skip


def read_long(body: bytes) -> ExportTraceServiceRequest | None:
    """Read the long way; None when it is refused."""
    request = ExportTraceServiceRequest()
    try:
        read_otlp_json(body, request)
    except Refusal:
        return None
    return request


def check_alike(body: bytes) -> None:
    written = write_ordinary_spans(body, 1000)
    if written is not None:
        assert ExportTraceServiceRequest.FromString(written) == read_long(body)


def test_every_field_is_written_as_the_long_way_does() -> None:
    body = json.dumps({"resourceSpans": [GROUP, {}]}).encode()
    assert write_ordinary_spans(body, 1000) is not None
    check_alike(body)


@pytest.mark.parametrize("name", ["traceId", "spanId", "parentSpanId"])
@pytest.mark.parametrize("value", ["no hex", 5, {"traceId": "no hex"}, [None]])
def test_an_id_is_one_where_the_protocol_has_it_and_unknown_elsewhere(name: str, value: Any) -> None:
    plain = json.dumps({"resourceSpans": [GROUP]}).encode()
    for path in (["resource"], ["scopeSpans", 0], ["scopeSpans", 0, "scope"], ["scopeSpans", 0, "spans", 0, "status"],
                 ["scopeSpans", 0, "spans", 0, "attributes", 0, "value"]):  # fmt: skip
        group = json.loads(json.dumps(GROUP))
        inner = group
        for key in path:
            inner = inner[key]
        inner |= {name: value, "future": {name: value}}
        body = json.dumps({"resourceSpans": [group], name: value}).encode()
        assert read_long(body) == read_long(plain) != ExportTraceServiceRequest()
        check_alike(body)


def test_an_id_that_is_no_hex_is_refused_and_named() -> None:
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [{}, {"links": [{"spanId": "zz"}]}]}]}]}).encode()
    with pytest.raises(Refusal) as caught:
        read_otlp_json(body, ExportTraceServiceRequest())
    assert caught.value.where == "resourceSpans[0].scopeSpans[0].spans[1].links[0].spanId"


def find_places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Name every place in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in find_places(one, (*path, key)))]


def test_any_value_in_any_place_is_read_alike_or_looked_at_closer() -> None:
    document = {"resourceSpans": [GROUP]}
    for *path, last in find_places(document)[1:]:
        for value in VALUES:
            changed = json.loads(json.dumps(document))
            inner = changed
            for key in path:
                inner = inner[key]
            inner[last] = value
            check_alike(json.dumps(changed).encode())


@given(broken(json.dumps({"resourceSpans": [GROUP]}, ensure_ascii=False).encode()))
def test_broken_bodies_are_read_alike(body: bytes) -> None:
    check_alike(body)


@pytest.mark.parametrize(
    ("message", "shape"),
    [
        (ExportTraceServiceRequest, "_Request"), (trace.ResourceSpans, "_ResourceSpans"),
        (trace.ScopeSpans, "_ScopeSpans"), (trace.Span, "_Span"), (trace.Span.Event, "_Event"),
        (trace.Span.Link, "_Link"), (trace.Status, "_Status"), (common.AnyValue, "_Value"), (common.KeyValue, "_Pair"),
        (common.ArrayValue, "_Values"), (common.KeyValueList, "_Pairs"), (common.InstrumentationScope, "_Scope"),
        (resource.Resource, "_Resource"),
    ],
)  # fmt: skip
def test_no_field_of_the_protocol_is_taken_for_unknown(message: Any, shape: str) -> None:
    known = {field.json_name for field in message.DESCRIPTOR.fields}
    assert known <= set(getattr(span_shape, shape).__struct_fields__)
