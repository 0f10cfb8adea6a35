"""OTLP's AnyValue as Python values. Of a key that is there twice the last counts."""

import base64
import json
import math
from collections.abc import Iterable
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

Pairs = dict[str, Any]


def read_pairs(pairs: Iterable[KeyValue]) -> Pairs:
    """Read attributes, in the order in which they came."""
    return {pair.key: read_value(pair.value) for pair in pairs}


def read_value(value: AnyValue) -> Any:
    """Read one value: a text, number, bool, list, dict, or None; bytes as base64, NaN and infinity as text."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [read_value(one) for one in value.array_value.values]
    if kind == "kvlist_value":
        return read_pairs(value.kvlist_value.values)
    if kind == "bytes_value":
        return base64.b64encode(value.bytes_value).decode()
    if kind == "double_value" and not math.isfinite(value.double_value):
        return str(value.double_value)
    return getattr(value, kind)


def write_text(value: Any) -> str:
    """Write a value as the text it has in a map of attributes; None is empty."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
