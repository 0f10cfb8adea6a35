"""Requests that came before: a client that got no answer sends the same bytes again, and they are stored once.

Spans have no id of their own that could be looked up cheaply, so the journal remembers a digest of every request of
spans (body, source and door) for ten to twenty minutes; the last 250,000 of them where that is shorter. Business events
are recognised by their ids behind the journal and are not remembered here.

The digests of a segment are written down before the segment is handed to the loader; those of a segment a crash left
open are made again from its frames. So a restart forgets nothing. XXH3 with 128 bits takes 3 µs for 138 KB, SHA-256
79. It keeps no secrets: who takes the trouble to make two requests of one source look alike loses his own second one.
"""

import logging
import os
import time
from collections.abc import Iterable
from pathlib import Path

import xxhash

from collector.journal.frame import Frame, StoredFrame, read_frames
from collector.journal.segment import read_segment

log = logging.getLogger(__name__)

SIZE = 16
_RECENT, _OLDER = "recent.digests", "older.digests"


class Repeats:
    """The digests of one journal, in two generations of which the older is forgotten. For one thread."""

    def __init__(self, folder: Path, *, keep_seconds: float = 600, keep_requests: int = 250_000) -> None:
        self._paths = folder / _RECENT, folder / _OLDER
        self._keep_seconds = keep_seconds
        self._keep_requests = keep_requests
        self._recent: set[bytes] = set()
        self._older: set[bytes] = set()
        self._since = time.monotonic()

    def load(self) -> None:
        """Remember what an earlier process wrote down."""
        self._recent, self._older = (_read(path) for path in self._paths)

    def __contains__(self, digest: bytes) -> bool:
        return digest in self._recent or digest in self._older

    def add(self, digests: Iterable[bytes]) -> None:
        """Remember requests that are durable now."""
        self._recent.update(digests)

    def write_down(self, digests: Iterable[bytes]) -> None:
        """Make the digests of a segment durable. A disk that refuses costs the memory beyond a restart, not more."""
        try:
            _append(self._paths[0], b"".join(digests))
            if time.monotonic() - self._since > self._keep_seconds or len(self._recent) >= self._keep_requests:
                self._forget()
        except OSError as error:
            log.warning("digests of requests cannot be written: %s", error.strerror)

    def write_down_segment(self, path: Path) -> None:
        """Make the digests of a segment again, from its frames, and remember them."""
        whole = (stored.frame for stored in read_frames(read_segment(path)) if isinstance(stored, StoredFrame))
        found = [digest for frame in whole if (digest := make_digest(frame))]
        self.add(found)
        self.write_down(found)

    def _forget(self) -> None:
        recent, older = self._paths
        self._recent, self._older = set(), self._recent
        self._since = time.monotonic()
        if recent.exists():
            recent.replace(older)
        else:
            older.unlink(missing_ok=True)


def make_digest(frame: Frame) -> bytes:
    """Tell a request of spans from every other; empty for what is recognised otherwise."""
    if frame.record != "span":
        return b""
    digest = xxhash.xxh3_128(f"{frame.source}\0{frame.door}\0".encode())
    digest.update(frame.payload)
    return digest.digest()


def _read(path: Path) -> set[bytes]:
    data = path.read_bytes() if path.exists() else b""
    return {data[start : start + SIZE] for start in range(0, len(data) - SIZE + 1, SIZE)}


def _append(path: Path, data: bytes) -> None:
    if not data:
        return
    fd = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        # A torn tail is overwritten, so that the next digest begins where one can begin.
        os.pwrite(fd, data, os.fstat(fd).st_size // SIZE * SIZE)
        os.fdatasync(fd)
    finally:
        os.close(fd)
