"""A look at a segment before the engine reads it: are its frames whole, and how many records do they hold."""

from dataclasses import dataclass

from collector.journal import ClosedSegment, FrameError, scan_frames
from collector.journal.segment import read_segment


@dataclass(frozen=True, slots=True)
class Contents:
    """What the headers of a segment say. `damaged` are the byte ranges of frames whose checksum does not fit."""

    frames: int
    records: int
    damaged: tuple[tuple[int, int], ...] = ()


def inspect_segment(segment: ClosedSegment) -> Contents:
    """Walk the headers; check the checksums too when another process wrote them."""
    data = read_segment(segment.path)
    frames, records, at = 0, 0, 0
    damaged: list[tuple[int, int]] = []
    while at < len(data):
        try:
            for stored in scan_frames(data, checks=not segment.is_ours, start=at):
                frames += 1
                records += stored.frame.count
                at = stored.end
        except FrameError as error:
            at = error.end if error.end > error.offset else len(data)
            damaged.append((error.offset, at))
    return Contents(frames, records, tuple(damaged))
