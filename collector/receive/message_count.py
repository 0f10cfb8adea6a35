"""How many messages a protobuf body holds, counted before the protobuf library builds them.

An empty span takes two bytes and becomes 170: a body of 64 MiB, a gzip of 64 KB, would become five gigabytes. Counting
in Python costs 0.8 µs a message, so only bodies large enough to matter are counted, and those beside the event loop.
"""

from functools import cache
from typing import Any

from google.protobuf.message import Message

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def has_more_messages(body: bytes, kind: type[Message], limit: int) -> bool:
    """Tell whether a body of this kind holds more than `limit` messages, at any depth.

    What is broken ends the count: the library says what is wrong with it.
    """
    count, at, end, fields = 0, 0, len(body), _message_fields(kind.DESCRIPTOR)
    outside: list[tuple[int, dict[int, Any]]] = []
    try:
        while True:
            while at >= end:
                if not outside:
                    return False
                end, fields = outside.pop()
            tag, at = _read_varint(body, at)
            wire = tag & 7
            if wire == _VARINT:
                _, at = _read_varint(body, at)
            elif wire == _BYTES:
                size, at = _read_varint(body, at)
                inner = fields.get(tag >> 3)
                if inner is None or at + size > end:
                    at += size
                    continue
                count += 1
                if count > limit:
                    return True
                outside.append((end, fields))
                end, fields = at + size, _message_fields(inner)
            elif wire in (_FIXED32, _FIXED64):
                at += 4 if wire == _FIXED32 else 8
            else:
                return False
    except IndexError:
        return False


@cache
def _message_fields(kind: Any) -> dict[int, Any]:
    """Answer the fields of a descriptor that are messages, by number."""
    return {field.number: field.message_type for field in kind.fields if field.message_type is not None}


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = data[at]
    if value < 0x80:
        return value, at + 1
    value &= 0x7F
    for shift in range(7, 70, 7):
        at += 1
        byte = data[at]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value, at + 1
