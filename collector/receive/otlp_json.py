"""OTLP/JSON to OTLP/protobuf, at the door (OTLP specification, "JSON Protobuf Encoding").

OTLP/JSON departs from protobuf's own JSON mapping: trace and span ids are hex, not base64; snake_case keys are unknown
fields. Everything else (64-bit integers as text, unknown fields ignored) is protobuf's. An id of the wrong length is
read as it is: what holds it may be refused, not its neighbours.
"""

import base64
import json
from functools import cache
from typing import Any

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from collector.receive.refusal import malformed

_IDS = frozenset({"trace_id", "span_id", "parent_span_id"})


def read_otlp_json(body: bytes, message: Message) -> None:
    """Fill `message` from OTLP/JSON. Raises Refusal naming the place."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise malformed(f"the body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise malformed("expected a JSON object")
    try:
        json_format.ParseDict(_adapt(document, message.DESCRIPTOR, ""), message, ignore_unknown_fields=True)
    except (json_format.ParseError, RecursionError) as error:
        raise malformed(str(error)[:300]) from error


def _adapt(value: Any, kind: Any, where: str) -> Any:
    """Keep the fields of a message, as protobuf's JSON has them. What is no message is left to protobuf to refuse."""
    if isinstance(value, list):
        return [_adapt(item, kind, f"{where}[{place}]") for place, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    known = _name_fields(kind)
    return {
        key: _adapt_field(known[key], item, f"{where}.{key}" if where else key)
        for key, item in value.items()
        if key in known
    }


@cache
def _name_fields(kind: Any) -> dict[str, FieldDescriptor]:
    """Name the fields of a kind of message as JSON does, and no other way."""
    return {field.json_name: field for field in kind.fields}


def _adapt_field(field: FieldDescriptor, value: Any, where: str) -> Any:
    if field.message_type is not None:
        return _adapt(value, field.message_type, where)
    if field.name not in _IDS or value is None:
        return value
    if not isinstance(value, str):
        raise malformed("expected an id in hex", where)
    try:
        raw = bytes.fromhex(value)
    except ValueError as error:
        raise malformed(f"expected an id in hex, got {value[:40]!r}", where) from error
    return base64.b64encode(raw).decode()
