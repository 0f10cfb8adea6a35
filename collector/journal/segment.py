"""The files of a journal: naming, opening, closing, and mending what a crash left open."""

import fcntl
import logging
import mmap
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from collector.journal.frame import find_kept_length

log = logging.getLogger(__name__)

OPEN, CLOSED = ".open", ".seg"


@dataclass(frozen=True, slots=True)
class ClosedSegment:
    """A segment no longer written to. `is_ours` when this process wrote it: its frames are known to be whole."""

    number: int
    path: Path
    bytes: int
    is_ours: bool


class OpenSegment:
    """The one segment being written. Every append is on the disk when `append` returns. For one thread.

    Whatever fails raises OSError and may be tried again. The file stays open until it has its new name, so that what
    was acknowledged can be written anew where somebody took it out of its folder.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self.number = number
        self.bytes = 0
        self.frames = 0
        self._folder = folder
        self._path = folder / f"{number:020}{OPEN}"
        self._is_torn = False
        self._fd = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND, 0o600)
        try:
            sync_folder(folder)
        except OSError:
            os.close(self._fd)
            self._path.unlink(missing_ok=True)
            raise

    def append(self, parts: list[bytes], frames: int) -> None:
        """Write and sync. When the disk refuses, the file is cut back to what was acknowledged."""
        self._mend()
        self._is_torn = True
        try:
            written = 0
            for start in range(0, len(parts), 512):
                written += _write_all(self._fd, parts[start : start + 512])
            os.fdatasync(self._fd)
        except OSError:
            self._mend()
            raise
        self._is_torn = False
        self.bytes += written
        self.frames += frames

    def close(self) -> ClosedSegment:
        """Hand the file over to the loader."""
        self._mend()
        path = self._path.with_suffix(CLOSED)
        if not path.exists():
            self._rename(path)
        sync_folder(self._folder)
        os.close(self._fd)
        return ClosedSegment(self.number, path, self.bytes, is_ours=True)

    def _rename(self, path: Path) -> None:
        if not self._path.exists() or self._path.stat().st_size != self.bytes:
            _write_anew(self._path, os.pread(self._fd, self.bytes, 0))
        self._path.rename(path)

    def _mend(self) -> None:
        if self._is_torn:
            os.ftruncate(self._fd, self.bytes)
            self._is_torn = False


def find_closed(folder: Path) -> list[ClosedSegment]:
    """List the closed segments of a folder, oldest first."""
    paths = sorted(folder.glob(f"*{CLOSED}"))
    return [ClosedSegment(int(path.stem), path, path.stat().st_size, is_ours=False) for path in paths]


def close_leftovers(folder: Path, before_closing: Callable[[Path], None]) -> None:
    """Cut a torn frame off every segment a crash left open, and close it. What is cut was never acknowledged.

    Damage before its end is not cut: the loader keeps it.
    """
    for path in sorted(folder.glob(f"*{OPEN}")):
        size, kept = path.stat().st_size, find_kept_length(read_segment(path))
        if kept < size:
            log.info("%s: the last %s bytes are a torn frame, which was never acknowledged", path, size - kept)
        if not kept:
            path.unlink()
            continue
        with path.open("r+b") as file:
            file.truncate(kept)
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


def lock_folder(folder: Path) -> int:
    """Claim a folder for this process; closing the file descriptor gives it back. Raises BlockingIOError."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        raise
    return fd


def try_writing(folder: Path) -> None:
    """Write a little and take it away again. Raises OSError where the disk is full or the folder gone."""
    path = folder / "trial"
    try:
        _write_anew(path, bytes(1 << 16))
    finally:
        path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _write_anew(path: Path, data: bytes) -> None:
    fd = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        _write_all(fd, [data])
        os.fdatasync(fd)
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
