"""The journal: what a door acknowledged is here first, in segments ClickHouse reads as they are.

One folder per stream. `<number>.open` is being written, `<number>.seg` is closed and belongs to the loader, which
deletes it when its rows are in the tables. Numbers rise strictly within a stream.
"""

from collector.journal.disk import Disks
from collector.journal.frame import Frame, FrameError, encode_bodies, scan_frames
from collector.journal.journal import Journal, JournalLimits
from collector.journal.segment import ClosedSegment

__all__ = ["ClosedSegment", "Disks", "Frame", "FrameError", "Journal", "JournalLimits", "encode_bodies", "scan_frames"]
