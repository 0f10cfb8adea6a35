"""Saving what can be saved of a segment: damaged frames and frames the engine refuses become dead letters.

Nothing is given up because the store itself is unwell: as long as it refuses even an empty segment, the error goes up
and the segment is tried again later. An engine that has too little memory for a segment again and again may have enough
for its halves.
"""

import base64
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from google.protobuf.message import DecodeError

from billtrail.errors import InvariantError, StoreError
from billtrail.model.vocabulary import DeadLetterReason
from billtrail.store import Store
from collector.journal import ClosedSegment
from collector.journal.frame import StoredFrame, read_frames
from collector.journal.segment import read_segment

Take = Callable[[ClosedSegment, str], int]
Ranges = Sequence[tuple[int, int]]


class Salvage:
    """For the segments of one stream. `take` loads a file whose name it is given as a part of the segment.

    `spares_memory` means that what needs too much memory is taken for refused for good.
    """

    def __init__(self, store: Store, stream: str, take: Take, *, spares_memory: bool = False) -> None:
        self._store = store
        self._stream = stream
        self._take = take
        self._spares_memory = spares_memory

    def take(self, segment: ClosedSegment, *, is_damaged: bool) -> int:
        """Load a segment, whole where possible; answer how many records were rejected. Raises StoreError."""
        if not is_damaged:
            try:
                return self._try(segment, "")
            except StoreError as error:
                if error.is_transient:
                    raise
        return self._take_apart(segment)

    def keep_damaged(self, segment: ClosedSegment, ranges: Ranges) -> int:
        """Write damaged stretches of a segment to the dead letters, in base64: they cannot be read, only kept."""
        data = read_segment(segment.path)
        rows = [
            self._letter(segment, f"bytes-{start}", "", "", f"damaged in the journal: bytes {start} to {end}")
            | {"body": base64.b64encode(data[start:end]).decode()}
            for start, end in ranges
        ]
        self._store.insert("dead_letter_rows", rows)
        return len(rows)

    def _take_apart(self, segment: ClosedSegment) -> int:
        data = read_segment(segment.path)
        frames = [stored for stored in read_frames(data) if isinstance(stored, StoredFrame)]
        with tempfile.TemporaryDirectory(dir=segment.path.parent) as folder:
            part = Path(folder) / "part"
            self._take_frames(segment, data, [], part)  # Raises where the store itself is unwell.
            return self._take_halves(segment, data, frames, part)

    def _take_halves(self, segment: ClosedSegment, data: memoryview, frames: list[StoredFrame], part: Path) -> int:
        if not frames:
            return 0
        try:
            return self._take_frames(segment, data, frames, part)
        except StoreError as error:
            if error.is_transient:
                raise
            if len(frames) == 1:
                return self._keep_refused(segment, data, frames[0], error)
        middle = len(frames) // 2
        first = self._take_halves(segment, data, frames[:middle], part)
        return first + self._take_halves(segment, data, frames[middle:], part)

    def _take_frames(self, segment: ClosedSegment, data: memoryview, frames: list[StoredFrame], part: Path) -> int:
        part.write_bytes(b"".join(data[one.start : one.end] for one in frames))
        name = f"{frames[0].number}-{frames[-1].number}" if frames else "none"
        return self._try(replace(segment, path=part), name)

    def _try(self, segment: ClosedSegment, part: str) -> int:
        """Take a file. What Python cannot read of it is as much its own fault as what the engine cannot."""
        try:
            return self._take(segment, part)
        except (InvariantError, DecodeError, ValueError, RecursionError) as error:
            raise StoreError(f"{type(error).__name__}: {error}") from error
        except StoreError as error:
            if self._spares_memory and error.needs_memory:
                raise StoreError(str(error)) from error
            raise

    def _keep_refused(self, segment: ClosedSegment, data: memoryview, stored: StoredFrame, error: StoreError) -> int:
        row = self._letter(segment, str(stored.number), stored.frame.door, stored.frame.source, str(error)[:1000])
        body = base64.b64encode(data[stored.payload_start : stored.end]).decode()
        self._store.insert("dead_letter_rows", [row | {"body": body}])
        return stored.frame.count

    def _letter(self, segment: ClosedSegment, place: str, door: str, source: str, detail: str) -> dict[str, object]:
        return {
            "dead_letter_id": f"{self._stream}-{segment.number}-{place}",
            "door": door,
            "source": source,
            "reason": DeadLetterReason.UNREADABLE.value,
            "detail": detail,
            "received_at": datetime.fromtimestamp(segment.number / 1e9, UTC),
            "replayed_at": None,
            "version": segment.number,
        }
