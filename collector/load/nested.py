"""Lists and key-value lists in attributes, to JSON: the one part of OTLP that a column type cannot hold.

The engine asks for them by kind and protobuf bytes. The values of real senders repeat (command lines, header names), so
they are rendered once and remembered in the loader's session.
"""

import base64
import json
import math
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValueList

from billtrail.store import Segment, Store

ROOM = "collector"
_REMEMBERED = 20_000


class NestedValues:
    """What one loader session remembers. Bound to a store lane."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._count = 0

    def prepare(self) -> None:
        """Have the table there and not too large."""
        self._store.run(ROOM, "create_nested_values")
        if self._count > _REMEMBERED:
            self._store.run(ROOM, "clear_nested_values")
            self._count = 0
        if not self._count:
            self._add([{"raw": "-", "text": ""}])

    def learn(self, segment: Segment) -> int:
        """Render what a segment holds and is not known yet; answer how many."""
        self._store.run(ROOM, "create_missing_nested_values")
        self._store.load(ROOM, "find_nested_values", segment, {}, token="")
        missing = self._store.rows(ROOM, "read_missing_nested_values")
        self._add([{"raw": row["raw"], "text": render(row["raw"])} for row in missing])
        return len(missing)

    def _add(self, rows: list[dict[str, str]]) -> None:
        self._store.insert("nested_values", rows)
        self._count += len(rows)


def render(named: str) -> str:
    """Render a value, named by its kind (`array` or `pairs`) and its protobuf bytes in hex, as JSON."""
    kind, _, digits = named.partition(" ")
    raw, value = bytes.fromhex(digits), AnyValue()
    if kind == "array":
        value.array_value.MergeFrom(ArrayValue.FromString(raw))
    else:
        value.kvlist_value.MergeFrom(KeyValueList.FromString(raw))
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_plain(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return {pair.key: _plain(pair.value) for pair in value.kvlist_value.values}
    if kind == "bytes_value":
        return base64.b64encode(value.bytes_value).decode()
    plain = getattr(value, kind) if kind else None
    return str(plain) if isinstance(plain, float) and not math.isfinite(plain) else plain
