"""A dead letter as the frame it was once, or None when it cannot go back as it is.

Its id says what its body is: `<stream>-<segment>-<frame>-<item>` is one record as text, `<stream>-<segment>-<frame>` a
whole frame in base64, and `<stream>-<segment>-bytes-<start>` a stretch of the disk nobody can read.
"""

import base64
import re

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from billtrail.store import Row
from collector.journal import Frame, encode_bodies
from collector.load.rejected import has_fault
from collector.receive.otlp_json import read_otlp_json
from collector.receive.refusal import Refusal

DOOR = "replay"
_ID = re.compile(r"(events|traces)-\d+-\d+(-\d+(?:-\d+)?)?")


def open_letter(letter: Row, at_ns: int) -> Frame | None:
    """Make the frame of a row of `find_replayable`."""
    found = _ID.fullmatch(letter["dead_letter_id"])
    if not found:
        return None
    stream, is_one = found[1], bool(found[2])
    if stream == "traces":
        payload = _read_spans(letter["body"]) if is_one else _decode(letter["body"])
        # A door of its own: the same bytes were in the journal before and are not to be taken for a resent request.
        return Frame(payload, letter["source"], DOOR, at_ns, "span", 1) if payload else None
    payload = encode_bodies([letter["body"].encode()]) if is_one else _decode(letter["body"])
    record = "event" if is_one or b'"specversion"' in payload else "object"
    source, door = letter["first_source"] or letter["source"], letter["first_door"] or letter["door"]
    return Frame(payload, source, door, at_ns, record, 1) if payload else None


def _decode(body: str) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        return b""


def _read_spans(body: str) -> bytes:
    request = ExportTraceServiceRequest()
    try:
        read_otlp_json(body.encode(), request)
    except Refusal:
        return b""
    return b"" if has_fault(request) else request.SerializeToString()
