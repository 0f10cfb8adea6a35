"""One record of the journal: a length, a header, the payload as it came in.

    varint(len(header) + len(payload)) + header + payload

The header is written as protobuf fields with numbers no payload uses, so that header and payload together are one
message and ClickHouse reads both at once (concatenated protobuf messages are merged: protobuf.dev, Encoding,
"Last One Wins"). Its first field is its own length, its second the checksum of all that follows it, payload included.
"""

import re
import struct
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import xxhash

from billtrail.errors import BilltrailError

Bytes = bytes | memoryview


class FrameError(BilltrailError):
    """A frame that is not whole, or whose checksum does not fit. From `offset` to `end`, as far as it says itself."""

    def __init__(self, message: str, offset: int, end: int) -> None:
        super().__init__(message)
        self.offset = offset
        self.end = end


@dataclass(frozen=True, slots=True)
class Frame:
    """What a door hands to the journal. `payload` is one protobuf message, or several to be merged.

    `record` tells what the records in it are: `span`, `event` or `object`; `count` how many.
    """

    payload: bytes
    source: str
    door: str
    received_at_ns: int
    record: str = "event"
    count: int = 1


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """A frame as it lies in a segment: `start` to `end` with its length prefix, `payload` without its header."""

    start: int
    end: int
    payload_start: int
    frame: Frame
    number: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of a segment without a whole frame. `is_torn` where its first frame has not all its bytes."""

    start: int
    end: int
    is_torn: bool


def varint(value: int) -> bytes:
    """Encode an unsigned number the protobuf way."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


class _Prefixes(dict[int, bytes]):
    """Tag and length of a body, by its length; those of usual lengths are remembered."""

    def __missing__(self, length: int) -> bytes:
        prefix = b"\x0a" + varint(length)
        if length < 1 << 14:
            self[length] = prefix
        return prefix


_PREFIXES = _Prefixes()


def _tag(number: int, wire: int) -> bytes:
    return varint(number << 3 | wire)


# Field numbers of the header, as in load/schema.py.
_SIZE, _CHECKSUM, _RECEIVED, _NUMBER = _tag(15000, 5), _tag(15001, 5), _tag(15002, 1), _tag(15003, 5)
_COUNT = _tag(15007, 5)
_SOURCE, _DOOR, _RECORD = _tag(15004, 2), _tag(15005, 2), _tag(15006, 2)
_FIXED = struct.Struct(f"<{len(_SIZE)}sI{len(_CHECKSUM)}sI{len(_RECEIVED)}sQ{len(_NUMBER)}sI{len(_COUNT)}sI")
_AFTER_CHECKSUM = len(_SIZE) + 4 + len(_CHECKSUM) + 4
_HEADER = re.compile(re.escape(_SIZE) + b".{4}" + re.escape(_CHECKSUM), re.DOTALL)
_LONGEST_PREFIX = 5
_TEXTS = ((_SOURCE, "source"), (_DOOR, "door"), (_RECORD, "record"))


def encode_frame(frame: Frame, number: int) -> tuple[bytes, bytes]:
    """Write a frame as its head (length and header) and its payload, which is not copied."""
    texts = b"".join(_text(tag, getattr(frame, name)) for tag, name in _TEXTS)
    size = _FIXED.size + len(texts)
    numbers = _RECEIVED + struct.pack("<Q", frame.received_at_ns) + _NUMBER + struct.pack("<I", number)
    rest = numbers + _COUNT + struct.pack("<I", frame.count) + texts
    head = _SIZE + struct.pack("<I", size) + _CHECKSUM + struct.pack("<I", _sum_up(rest, frame.payload)) + rest
    return varint(size + len(frame.payload)) + head, frame.payload


def encode_bodies(bodies: Sequence[bytes]) -> bytes:
    """Write business records as the payload of one event frame: `repeated bytes body = 1`."""
    return b"".join([part for body in bodies for part in (_PREFIXES[len(body)], body)])


def scan_frames(data: Bytes, *, checks: bool = True, start: int = 0) -> Iterator[StoredFrame]:
    """Walk the frames of a segment. Raises FrameError at the first that is torn or, with `checks`, damaged."""
    offset = start
    while offset < len(data):
        stored = _read_frame(data, offset, checks)
        yield stored
        offset = stored.end


def read_frames(data: Bytes, *, checks: bool = True) -> Iterator[StoredFrame | Gap]:
    """Walk the whole frames of a segment, damaged as it may be, and what lies between them."""
    offset = 0
    while offset < len(data):
        try:
            stored: StoredFrame | Gap = _read_frame(data, offset, checks)
        except FrameError as error:
            # A zero where a length should be was never written: a crash may leave room that nothing came into.
            is_torn = error.end > len(data) or not data[offset]
            stored = Gap(offset, _find_next(data, offset, error.end), is_torn)
        yield stored
        offset = stored.end


def find_kept_length(data: Bytes) -> int:
    """Measure what is to be kept of a segment whose writer died: all but a torn frame at its end.

    A last frame that has all its bytes and is damaged may have been acknowledged, so it is kept.
    """
    last = deque(read_frames(data), maxlen=1)
    return last[0].start if last and isinstance(last[0], Gap) and last[0].is_torn else len(data)


def _find_next(data: Bytes, offset: int, end: int) -> int:
    """Find the next whole frame: where the damaged one says it ends, or else before any mark of a header."""
    if end > offset and _is_whole(data, end):
        return end
    for mark in _HEADER.finditer(data, offset + 1):
        for start in range(mark.start() - 1, max(offset, mark.start() - 1 - _LONGEST_PREFIX), -1):
            if _is_whole(data, start):
                return start
    return len(data)


def _is_whole(data: Bytes, offset: int) -> bool:
    try:
        _read_frame(data, offset, checks=True)
    except FrameError:
        return False
    return True


def _read_frame(data: Bytes, offset: int, checks: bool) -> StoredFrame:
    length, at = _read_varint(data, offset)
    end = at + length
    if end > len(data) or length < _FIXED.size:
        raise FrameError(f"frame at byte {offset} is not whole", offset, end)
    size_tag, size, sum_tag, checksum, _, received_at_ns, _, number, _, count = _FIXED.unpack_from(data, at)
    if size_tag != _SIZE or sum_tag != _CHECKSUM or not _FIXED.size <= size <= length:
        raise FrameError(f"frame at byte {offset} has no header", offset, end)
    if checks and _sum_up(data[at + _AFTER_CHECKSUM : end]) != checksum:
        raise FrameError(f"frame at byte {offset}: its checksum does not fit", offset, end)
    texts = _read_texts(bytes(data[at + _FIXED.size : at + size]), offset, end)
    payload = bytes(data[at + size : end]) if checks else b""
    return StoredFrame(
        offset, end, at + size, Frame(payload, received_at_ns=received_at_ns, count=count, **texts), number
    )


def _read_texts(data: bytes, offset: int, end: int) -> dict[str, str]:
    texts, at = {}, 0
    for tag, name in _TEXTS:
        length, start = _read_varint(data, at + len(tag))
        at = start + length
        texts[name] = data[start:at]
    if at != len(data):
        raise FrameError(f"frame at byte {offset}: its header does not end where it says", offset, end)
    return {name: text.decode() for name, text in texts.items()}


def _sum_up(*parts: Bytes) -> int:
    """Half of XXH3: 3 µs for 138 KB, where a CRC takes 48."""
    checksum = xxhash.xxh3_64()
    for part in parts:
        checksum.update(part)
    return checksum.intdigest() & 0xFFFFFFFF


def _text(tag: bytes, text: str) -> bytes:
    data = text.encode()
    return tag + varint(len(data)) + data


def _read_varint(data: Bytes, offset: int) -> tuple[int, int]:
    value = shift = 0
    for at in range(offset, min(offset + 10, len(data))):
        byte = data[at]
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at + 1
        shift += 7
    raise FrameError(f"frame at byte {offset} is not whole", offset, len(data) + 1)
