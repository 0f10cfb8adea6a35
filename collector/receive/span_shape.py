"""Ordinary spans in OTLP/JSON: read by msgspec in C and written as protobuf straight away, a twentieth of the cost.

Like `event_shape.py` it answers yes or "look closer", never no: what is rare (enum names, numbers as texts that are no
plain digits, base64, nulls, fields not named here) goes through `otlp_json.py`, which knows every rule and every place.
What it does write is what that would write, field for field.
"""

import re
import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated

from msgspec import UNSET, DecodeError, Meta, Struct, UnsetType
from msgspec.json import Decoder
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from collector.journal.frame import varint
from collector.receive.refusal import too_large

_Count = Annotated[int, Meta(ge=0, le=2**32 - 1)]
_Wide = str | Annotated[int, Meta(ge=0, le=2**63 - 1)]
_Signed = str | Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_DIGITS = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII).fullmatch
_VARINTS = [varint(number) for number in range(1 << 12)]
_KINDS: dict[str, int] = {name: int(number) for name, number in Span.SpanKind.items()}
_CODES: dict[str, int] = {name: int(number) for name, number in Status.StatusCode.items()}
_FIXED32, _FIXED64, _DOUBLE = struct.Struct("<I").pack, struct.Struct("<Q").pack, struct.Struct("<d").pack


class _Rare(Exception):
    """Something that only the long way knows how to read."""


class _Value(Struct, gc=False):
    stringValue: str | UnsetType = UNSET  # noqa: N815
    boolValue: bool | UnsetType = UNSET  # noqa: N815
    intValue: _Signed | UnsetType = UNSET  # noqa: N815
    doubleValue: float | UnsetType = UNSET  # noqa: N815
    arrayValue: "_Values | UnsetType" = UNSET  # noqa: N815
    kvlistValue: "_Pairs | UnsetType" = UNSET  # noqa: N815
    bytesValue: UnsetType = UNSET  # noqa: N815
    stringValueStrindex: UnsetType = UNSET  # noqa: N815


class _Pair(Struct, gc=False):
    key: str = ""
    value: _Value | UnsetType = UNSET
    keyStrindex: UnsetType = UNSET  # noqa: N815


class _Values(Struct, gc=False):
    values: list[_Value] = []


class _Pairs(Struct, gc=False):
    values: list[_Pair] = []


class _Event(Struct, gc=False):
    timeUnixNano: _Wide = 0  # noqa: N815
    name: str = ""
    attributes: list[_Pair] = []
    droppedAttributesCount: _Count = 0  # noqa: N815


class _Link(Struct, gc=False):
    traceId: str = ""  # noqa: N815
    spanId: str = ""  # noqa: N815
    traceState: str = ""  # noqa: N815
    attributes: list[_Pair] = []
    droppedAttributesCount: _Count = 0  # noqa: N815
    flags: _Count = 0


class _Status(Struct, gc=False):
    message: str = ""
    code: Annotated[int, Meta(ge=0, le=2)] | str = 0


class _Span(Struct, gc=False):
    traceId: str = ""  # noqa: N815
    spanId: str = ""  # noqa: N815
    traceState: str = ""  # noqa: N815
    parentSpanId: str = ""  # noqa: N815
    flags: _Count = 0
    name: str = ""
    kind: Annotated[int, Meta(ge=0, le=5)] | str = 0
    startTimeUnixNano: _Wide = 0  # noqa: N815
    endTimeUnixNano: _Wide = 0  # noqa: N815
    attributes: list[_Pair] = []
    droppedAttributesCount: _Count = 0  # noqa: N815
    events: list[_Event] = []
    droppedEventsCount: _Count = 0  # noqa: N815
    links: list[_Link] = []
    droppedLinksCount: _Count = 0  # noqa: N815
    status: _Status | UnsetType = UNSET


class _Scope(Struct, gc=False):
    name: str = ""
    version: str = ""
    attributes: list[_Pair] = []
    droppedAttributesCount: _Count = 0  # noqa: N815


class _ScopeSpans(Struct, gc=False):
    scope: _Scope | UnsetType = UNSET
    spans: list[_Span] = []
    schemaUrl: str = ""  # noqa: N815


class _Resource(Struct, gc=False):
    attributes: list[_Pair] = []
    droppedAttributesCount: _Count = 0  # noqa: N815
    entityRefs: UnsetType = UNSET  # noqa: N815


class _ResourceSpans(Struct, gc=False):
    resource: _Resource | UnsetType = UNSET
    scopeSpans: list[_ScopeSpans] = []  # noqa: N815
    schemaUrl: str = ""  # noqa: N815


class _Request(Struct, gc=False):
    resourceSpans: list[_ResourceSpans] = []  # noqa: N815


_read = Decoder(_Request).decode


def write_ordinary_spans(body: bytes, limit: int) -> bytes | None:
    """Answer an ExportTraceServiceRequest as protobuf, or None: look closer. Raises Refusal when it is too large."""
    try:
        if not body.isascii():
            body.decode()
        groups = _read(body).resourceSpans
        if sum(len(scoped.spans) for group in groups for scoped in group.scopeSpans) > limit:
            raise too_large("the number of spans in the request", limit)
        return b"".join([_field(b"\x0a", _resource_spans(group)) for group in groups])
    except (_Rare, DecodeError, ValueError, RecursionError):
        return None


def _resource_spans(group: _ResourceSpans) -> bytes:
    parts = []
    if (resource := group.resource) is not UNSET:
        said = _pairs(b"\x0a", resource.attributes) + _number(b"\x10", resource.droppedAttributesCount)
        parts.append(_field(b"\x0a", said))
    parts += [_field(b"\x12", _scope_spans(scoped)) for scoped in group.scopeSpans]
    return b"".join(parts) + _text(b"\x1a", group.schemaUrl)


def _scope_spans(scoped: _ScopeSpans) -> bytes:
    parts = []
    if (scope := scoped.scope) is not UNSET:
        said = _text(b"\x0a", scope.name) + _text(b"\x12", scope.version) + _pairs(b"\x1a", scope.attributes)
        parts.append(_field(b"\x0a", said + _number(b"\x20", scope.droppedAttributesCount)))
    parts += [_field(b"\x12", _span(span)) for span in scoped.spans]
    return b"".join(parts) + _text(b"\x1a", scoped.schemaUrl)


def _span(span: _Span) -> bytes:
    parts = [
        _text_of(b"\x0a", bytes.fromhex(span.traceId)),
        _text_of(b"\x12", bytes.fromhex(span.spanId)),
        _text(b"\x1a", span.traceState),
        _text_of(b"\x22", bytes.fromhex(span.parentSpanId)),
        _text(b"\x2a", span.name),
        _number(b"\x30", _enum(_KINDS, span.kind)),
        _instant(b"\x39", span.startTimeUnixNano),
        _instant(b"\x41", span.endTimeUnixNano),
        _pairs(b"\x4a", span.attributes),
        _number(b"\x50", span.droppedAttributesCount),
    ]
    if span.events:
        parts += [_field(b"\x5a", _event(event)) for event in span.events]
    if span.links:
        parts += [_field(b"\x6a", _link(link)) for link in span.links]
    if (status := span.status) is not UNSET:
        parts.append(_field(b"\x7a", _text(b"\x12", status.message) + _number(b"\x18", _enum(_CODES, status.code))))
    parts.append(_number(b"\x60", span.droppedEventsCount) + _number(b"\x70", span.droppedLinksCount))
    if span.flags:
        parts.append(b"\x85\x01" + _FIXED32(span.flags))
    return b"".join(parts)


def _event(event: _Event) -> bytes:
    said = _instant(b"\x09", event.timeUnixNano) + _text(b"\x12", event.name) + _pairs(b"\x1a", event.attributes)
    return said + _number(b"\x20", event.droppedAttributesCount)


def _link(link: _Link) -> bytes:
    ids = _text_of(b"\x0a", bytes.fromhex(link.traceId)) + _text_of(b"\x12", bytes.fromhex(link.spanId))
    said = ids + _text(b"\x1a", link.traceState) + _pairs(b"\x22", link.attributes)
    flags = b"\x35" + _FIXED32(link.flags) if link.flags else b""
    return said + _number(b"\x28", link.droppedAttributesCount) + flags


def _pairs(tag: bytes, pairs: Iterable[_Pair]) -> bytes:
    parts: list[bytes] = []
    for pair in pairs:
        said = _key(pair.key)
        if (value := pair.value) is not UNSET:
            held = _value(value)
            said += b"\x12" + _length(len(held)) + held
        parts += (tag, _length(len(said)), said)
    return b"".join(parts)


def _value(value: _Value) -> bytes:
    """Write a value. Raises _Rare when it is two at once."""
    parts = []
    if (text := value.stringValue) is not UNSET:
        data = text.encode()
        parts.append(b"\x0a" + _length(len(data)) + data)
    if (truth := value.boolValue) is not UNSET:
        parts.append(b"\x10\x01" if truth else b"\x10\x00")
    if (whole := value.intValue) is not UNSET:
        parts.append(b"\x18" + varint(_integer(whole) & (2**64 - 1)))
    if (half := value.doubleValue) is not UNSET:
        parts.append(b"\x21" + _DOUBLE(half))
    if (array := value.arrayValue) is not UNSET:
        parts.append(_field(b"\x2a", b"".join([_field(b"\x0a", _value(one)) for one in array.values])))
    if (pairs := value.kvlistValue) is not UNSET:
        parts.append(_field(b"\x32", _pairs(b"\x0a", pairs.values)))
    if len(parts) > 1:
        raise _Rare
    return parts[0] if parts else b""


@lru_cache(maxsize=2048)
def _key(key: str) -> bytes:
    if len(key) > 200:  # Not worth the memory.
        raise _Rare
    return _text(b"\x0a", key)


def _enum(names: dict[str, int], value: str | int) -> int:
    if isinstance(value, int):
        return value
    if value not in names:
        raise _Rare
    return names[value]


def _integer(value: str | int) -> int:
    if isinstance(value, int):
        return value
    if not _DIGITS(value):
        raise _Rare
    return int(value)


def _instant(tag: bytes, value: str | int) -> bytes:
    if not value:
        if value == "":
            raise _Rare
        return b""
    if isinstance(value, str):
        if len(value) > 19 or not (value.isascii() and value.isdigit()):
            raise _Rare
        value = int(value)
    return tag + _FIXED64(value) if value else b""


def _number(tag: bytes, value: int) -> bytes:
    return tag + varint(value) if value else b""


def _text(tag: bytes, text: str) -> bytes:
    return _text_of(tag, text.encode()) if text else b""


def _text_of(tag: bytes, data: bytes) -> bytes:
    return tag + _length(len(data)) + data if data else b""


def _field(tag: bytes, data: bytes) -> bytes:
    return tag + _length(len(data)) + data


def _length(length: int) -> bytes:
    return _VARINTS[length] if length < 1 << 12 else varint(length)
