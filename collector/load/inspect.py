"""A look at a segment before the engine reads it: are its frames whole, and how many records do they hold."""

from dataclasses import dataclass

from collector.journal import ClosedSegment, scan_frames
from collector.journal.segment import read_segment


@dataclass(frozen=True, slots=True)
class Contents:
    """What the headers of a segment say."""

    frames: int
    records: int


def inspect_segment(segment: ClosedSegment) -> Contents:
    """Walk the headers; check the checksums too when another process wrote them. Raises FrameError on a damaged one."""
    frames = records = 0
    for stored in scan_frames(read_segment(segment.path), checks=not segment.is_ours):
        frames += 1
        records += stored.frame.count
    return Contents(frames, records)
