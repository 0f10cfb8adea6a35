"""OTLP/JSON to OTLP/protobuf, at the door (OTLP specification, "JSON Protobuf Encoding").

OTLP/JSON departs from protobuf's own JSON mapping: trace and span ids are hex, not base64; snake_case keys are unknown
fields. Everything else (64-bit integers as text, unknown fields ignored) is protobuf's. An id of the wrong length is
read as it is: what holds it may be refused, not its neighbours.
"""

import base64
import json
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message

from collector.receive.refusal import malformed

_IDS = frozenset({"traceId", "spanId", "parentSpanId"})


def read_otlp_json(body: bytes, message: Message) -> None:
    """Fill `message` from OTLP/JSON. Raises Refusal naming the place."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise malformed(f"the body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise malformed("expected a JSON object")
    try:
        json_format.ParseDict(_adapt(document, ""), message, ignore_unknown_fields=True)
    except (json_format.ParseError, RecursionError) as error:
        raise malformed(str(error)[:300]) from error


def _adapt(value: Any, where: str) -> Any:
    if isinstance(value, dict):
        return {key: _adapt_field(key, item, f"{where}.{key}" if where else key) for key, item in value.items()
                if "_" not in key}  # fmt: skip
    if isinstance(value, list):
        return [_adapt(item, f"{where}[{place}]") for place, item in enumerate(value)]
    return value


def _adapt_field(key: str, value: Any, where: str) -> Any:
    if key not in _IDS or value is None:
        return _adapt(value, where)
    if not isinstance(value, str):
        raise malformed("expected an id in hex", where)
    try:
        raw = bytes.fromhex(value)
    except ValueError as error:
        raise malformed(f"expected an id in hex, got {value[:40]!r}", where) from error
    return base64.b64encode(raw).decode()
