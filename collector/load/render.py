"""Attribute values as text that SQL does not read: lists, key-value lists, truths, bytes, very long texts.

The engine asks for them by their protobuf bytes. Those of real senders repeat (command lines, header names), so they
are rendered once and remembered in the loader's session.
"""

import base64
import json
import math
from collections.abc import Sequence
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from billtrail.store import Segment, Store

ROOM = "collector"
_REMEMBERED = 20_000
_AT_ONCE = 10_000
_ALWAYS_THERE = ("", "1000", "1001")
"""Nothing, false and true."""


class RenderedValues:
    """What one loader session remembers. Bound to a store lane."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._count = 0

    def prepare(self) -> None:
        """Have the table there and not too large."""
        self._store.run(ROOM, "create_rendered_values")
        if self._count > _REMEMBERED:
            self._store.run(ROOM, "clear_rendered_values")
            self._count = 0
        if not self._count:
            self._add(_ALWAYS_THERE)

    def learn(self, segment: Segment) -> int:
        """Render what a segment holds and is not known yet; answer how many."""
        self._store.run(ROOM, "create_values_to_render")
        self._store.load(ROOM, "find_values_to_render", segment, {}, token="")
        missing = [row["raw"] for row in self._store.rows(ROOM, "read_values_to_render")]
        self._add(missing)
        return len(missing)

    def _add(self, raws: Sequence[str]) -> None:
        for start in range(0, len(raws), _AT_ONCE):
            part = raws[start : start + _AT_ONCE]
            self._store.insert("rendered_values", [{"raw": raw, "text": render(bytes.fromhex(raw))} for raw in part])
        self._count += len(raws)


def render(raw: bytes) -> str:
    """Render a value, given as its protobuf bytes: texts as they are, bytes as base64, what is nested as JSON."""
    value = _plain(AnyValue.FromString(raw))
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, float):
        return repr(value).removesuffix(".0").replace("e+", "e")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
