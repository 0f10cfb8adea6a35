"""How the engine reads a journal segment: the protobuf messages and the columns they become.

OTLP's `AnyValue` is recursive, a column type is not: it is declared as bytes, which is the same on the wire and half
the cost of a column for each kind. `sql/parts/any_value.sql` reads what is common, `load/render.py` the rest. The
header's field numbers are those of `journal/frame.py`. A field that is written twice, which protobuf allows and no
sender is known to do, is read as its second writing, or as empty, rather than merged.
"""

from pathlib import Path

from billtrail.store import Segment

_HEADER = """
  fixed64 received_at_ns = 15002;
  fixed32 number = 15003;
  string source = 15004;
  string door = 15005;
  string record = 15006;
"""
_HEADER_COLUMNS = "received_at_ns UInt64, number UInt32, source String, door String"

_EVENTS_SCHEMA = f'syntax = "proto3";\nmessage Frame {{ repeated bytes body = 1; {_HEADER} }}'
_EVENTS_COLUMNS = f"{_HEADER_COLUMNS}, record String, body Array(String)"

_SPANS_SCHEMA = f"""syntax = "proto3";
message KeyValue {{ string key = 1; bytes value = 2; }}
message Resource {{ repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }}
message Scope {{
  string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4;
}}
message Event {{
  fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4;
}}
message Link {{
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4;
  uint32 dropped_attributes_count = 5; fixed32 flags = 6;
}}
message Status {{ string message = 2; int32 code = 3; }}
message Span {{
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; fixed32 flags = 16;
  string name = 5; int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10; repeated Event events = 11;
  uint32 dropped_events_count = 12; repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15;
}}
message ScopeSpans {{ Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }}
message ResourceSpans {{ Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }}
message Frame {{ repeated ResourceSpans resource_spans = 1; {_HEADER} }}
"""
_PAIRS = "Array(Tuple(key String, value String))"
_EVENT = f"Tuple(time_unix_nano UInt64, name String, attributes {_PAIRS}, dropped_attributes_count UInt32)"
_LINK = (
    f"Tuple(trace_id String, span_id String, trace_state String, attributes {_PAIRS},"
    " dropped_attributes_count UInt32, flags UInt32)"
)
_SPAN = (
    "Tuple(trace_id String, span_id String, trace_state String, parent_span_id String, flags UInt32, name String,"
    f" kind Int32, start_time_unix_nano UInt64, end_time_unix_nano UInt64, attributes {_PAIRS},"
    f" dropped_attributes_count UInt32, events Array({_EVENT}), dropped_events_count UInt32, links Array({_LINK}),"
    " dropped_links_count UInt32, status Tuple(message String, code Int32))"
)
_SPANS_COLUMNS = (
    f"{_HEADER_COLUMNS}, resource_spans Array(Tuple("
    f"resource Tuple(attributes {_PAIRS}, dropped_attributes_count UInt32), scope_spans Array(Tuple("
    f"scope Tuple(name String, version String, attributes {_PAIRS}, dropped_attributes_count UInt32),"
    f" spans Array({_SPAN}), schema_url String)), schema_url String))"
)


def events_segment(path: Path) -> Segment:
    """Describe a segment of business records."""
    return Segment(path, _EVENTS_SCHEMA, "Frame", _EVENTS_COLUMNS)


def spans_segment(path: Path) -> Segment:
    """Describe a segment of OTLP trace requests."""
    return Segment(path, _SPANS_SCHEMA, "Frame", _SPANS_COLUMNS)
