"""A look at a segment before the engine reads it: are its frames whole, and how many records do they hold."""

from dataclasses import dataclass

from collector.journal import ClosedSegment
from collector.journal.frame import Gap, read_frames
from collector.journal.segment import read_segment


@dataclass(frozen=True, slots=True)
class Contents:
    """What the headers of a segment say. `damaged` are the byte ranges between whole frames."""

    frames: int
    records: int
    damaged: tuple[tuple[int, int], ...] = ()


def inspect_segment(segment: ClosedSegment) -> Contents:
    """Walk the headers; check the checksums too when another process wrote them."""
    frames, records = 0, 0
    damaged: list[tuple[int, int]] = []
    for stored in read_frames(read_segment(segment.path), checks=not segment.is_ours):
        if isinstance(stored, Gap):
            damaged.append((stored.start, stored.end))
        else:
            frames += 1
            records += stored.frame.count
    return Contents(frames, records, tuple(damaged))
