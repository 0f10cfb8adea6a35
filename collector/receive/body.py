"""Reading a request's body within its limits: what is too large is refused while it comes in, not afterwards."""

import asyncio
import zlib
from collections.abc import Callable, Iterator
from itertools import islice

from starlette.requests import ClientDisconnect, Request

from collector.receive.refusal import Refusal, malformed, too_large, too_slow
from collector.settings import CollectorSettings

Hold = Callable[[int], None]

# How many steps of inflating the event loop does itself: together 4 ms at most. The rest of a body, and what is large
# on the wire already, is inflated beside it, so that it does not hold up all the others.
_STEPS = 4
_STEP_BYTES = 1 << 18
_LARGE_BYTES = 1 << 18
_GZIP = zlib.MAX_WBITS | 16
# zlib copies what is left of its input at the end of each member: of a piece, and not of the whole body.
_PIECE_BYTES = 1 << 16
_MOST_MEMBERS = 10_000


async def read_body(request: Request, settings: CollectorSettings, hold: Hold) -> bytes:
    """Read and inflate a body; `hold` counts what is held of it, and may refuse.

    Raises Refusal: 413 too large, 415 unknown encoding, 400 broken, 503 too slow or too much at once.
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        raise Refusal(
            415, f"content encoding {encoding!r} is not understood", where="content-encoding", hint="use gzip"
        )
    try:
        async with asyncio.timeout(settings.receive_seconds):
            body = await _read_wire(request, settings.max_body_bytes, hold)
    except TimeoutError as error:
        raise too_slow(settings.receive_seconds) from error
    if encoding != "gzip":
        return body
    parts = inflate(body, settings.max_decompressed_bytes, hold)
    begun = list(islice(parts, _STEPS)) if len(body) < _LARGE_BYTES else []
    if len(begun) in (0, _STEPS):
        inflated = await asyncio.to_thread(lambda: b"".join([*begun, *parts]))
    else:
        inflated = b"".join(begun)
    hold(-len(body))
    return inflated


def inflate(body: bytes, limit: int, hold: Hold) -> Iterator[bytes]:
    """Undo gzip, of one member or several, step by step, never to more than `limit` bytes. Raises Refusal."""
    size = at = 0
    try:
        for _ in range(_MOST_MEMBERS + 1):
            if at == len(body):
                return
            member = zlib.decompressobj(_GZIP)
            while not member.eof:
                if not (piece := body[at : at + _PIECE_BYTES]):
                    raise malformed("the gzip body ends too early")
                part = member.decompress(piece, min(_STEP_BYTES, limit - size + 1))
                size += len(part)
                if size > limit:
                    raise too_large("the decompressed body", limit)
                hold(len(part))
                at += len(piece) - len(member.unconsumed_tail) - len(member.unused_data)
                yield part
    except zlib.error as error:
        raise malformed(f"the body is not gzip: {error}") from error
    raise malformed(f"the gzip body has more than {_MOST_MEMBERS} members")


async def _read_wire(request: Request, limit: int, hold: Hold) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise too_large("the body", limit)
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise too_large("the body", limit)
            hold(len(part))
            parts.append(part)
    except ClientDisconnect as error:
        raise malformed("the sender left before the end of the body") from error
    return b"".join(parts)
