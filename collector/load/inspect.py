"""A look at a segment before the engine reads it: are its frames whole, and what kinds of record do they hold."""

from dataclasses import dataclass

from collector.journal import ClosedSegment, scan_frames
from collector.journal.segment import read_segment


@dataclass(frozen=True, slots=True)
class Contents:
    """What the headers of a segment say. `records` are the kinds of record in it: event, object."""

    frames: int
    records: frozenset[str]


def inspect_segment(segment: ClosedSegment) -> Contents:
    """Walk the headers; check the checksums too when another process wrote them. Raises FrameError on a damaged one."""
    frames, records = 0, set()
    for stored in scan_frames(read_segment(segment.path), checks=not segment.is_ours):
        frames += 1
        records.add(stored.frame.record)
    return Contents(frames, frozenset(records))
