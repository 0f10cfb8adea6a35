"""The files of a journal: naming, opening, closing, and mending what a crash left open."""

import mmap
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from collector.journal.frame import find_whole_length

OPEN, CLOSED = ".open", ".seg"


@dataclass(frozen=True, slots=True)
class ClosedSegment:
    """A segment no longer written to. `is_ours` when this process wrote it: its frames are known to be whole."""

    number: int
    path: Path
    bytes: int
    is_ours: bool


class OpenSegment:
    """The one segment being written. Every append is on the disk when `append` returns. For one thread."""

    def __init__(self, folder: Path, number: int) -> None:
        self.number = number
        self.bytes = 0
        self.frames = 0
        self._folder = folder
        self._path = folder / f"{number:020}{OPEN}"
        self._fd = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o600)
        sync_folder(folder)

    def append(self, parts: list[bytes], frames: int) -> None:
        """Write and sync. When the disk refuses, the file is cut back to what was acknowledged and OSError raised."""
        try:
            written = 0
            for start in range(0, len(parts), 512):
                written += _write_all(self._fd, parts[start : start + 512])
            os.fdatasync(self._fd)
        except OSError:
            os.ftruncate(self._fd, self.bytes)
            raise
        self.bytes += written
        self.frames += frames

    def close(self) -> ClosedSegment:
        """Hand the file over to the loader."""
        os.close(self._fd)
        path = self._path.with_suffix(CLOSED)
        self._path.rename(path)
        sync_folder(self._folder)
        return ClosedSegment(self.number, path, self.bytes, is_ours=True)


def find_closed(folder: Path) -> list[ClosedSegment]:
    """List the closed segments of a folder, oldest first."""
    paths = sorted(folder.glob(f"*{CLOSED}"))
    return [ClosedSegment(int(path.stem), path, path.stat().st_size, is_ours=False) for path in paths]


def close_leftovers(folder: Path, before_closing: Callable[[Path], None]) -> None:
    """Cut every segment a crash left open to its whole frames and close it. What is cut was never acknowledged."""
    for path in sorted(folder.glob(f"*{OPEN}")):
        whole = find_whole_length(read_segment(path))
        if not whole:
            path.unlink()
            continue
        with path.open("r+b") as file:
            file.truncate(whole)
            os.fsync(file.fileno())
        before_closing(path)
        path.rename(path.with_suffix(CLOSED))
    sync_folder(folder)


def read_segment(path: Path) -> memoryview:
    """Map a segment into memory, for reading."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return memoryview(b"")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _write_all(fd: int, parts: list[bytes]) -> int:
    total = sum(map(len, parts))
    written = os.writev(fd, parts)
    if written == total:
        return total
    rest = memoryview(b"".join(parts))
    while written < total:
        written += os.write(fd, rest[written:])
    return total
