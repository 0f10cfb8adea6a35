"""One stream of the journal: many threads and event loops append, one writer thread makes a group durable at once.

An append is done when its frame is on the disk; only then may it be acknowledged. A caller's frames keep their order.
A request of spans that came before is acknowledged and not written again (`repeat.py`).
When the store falls behind by `max_bytes`, appends are refused with a transient StoreError, before anything is written.
A disk or folder that refuses, or a disk with too little room, is an ailment: appends are refused, nothing acknowledged
is lost, and the writer tries again every second, with or without senders, until it is well. One process at a time
writes in a folder.
"""

import asyncio
import errno
import logging
import os
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from billtrail.errors import InvariantError, StoreError
from collector.journal.disk import Disks
from collector.journal.frame import Frame, encode_frame
from collector.journal.repeat import Repeats, make_digest
from collector.journal.segment import (
    ClosedSegment,
    OpenSegment,
    close_leftovers,
    find_closed,
    lock_folder,
    try_writing,
)
from collector.journal.settle import Settle, to_loop, to_thread

log = logging.getLogger(__name__)

RETRY_S = 1.0
# As long as so many segments wait for the loader, the open one grows instead of growing old: what each segment costs by
# itself is paid less often the further the loader is behind.
ENOUGH_WAITING = 2


@dataclass(frozen=True, slots=True)
class JournalLimits:
    """When a segment is closed and how much may wait for the store.

    By size or by age, whichever comes first; by age only while the loader keeps up.
    """

    segment_bytes: int = 64 << 20
    segment_seconds: float = 0.5
    max_bytes: int = 4 << 30


class Journal:
    """The journal of one stream. `start` before use, `stop` to close what is open. `after` is a number already used.

    `disks` must have room, or nothing is written.
    """

    def __init__(
        self, folder: Path, limits: JournalLimits | None = None, *, after: int = 0, disks: Disks | None = None
    ) -> None:
        self.folder = folder
        self.stream = folder.name
        self.wakes_loader = threading.Event()
        self.wakes_drained = threading.Event()
        self.repeated = 0
        self.failures = 0
        self.ailment = ""
        """Why nothing can be written just now; empty when it can."""
        self._repeats = Repeats(folder)
        self._digests: list[bytes] = []
        self._limits = limits or JournalLimits()
        self._disks = disks or Disks()
        self._refused_bytes = 0
        self._number = after
        self._lock = threading.Condition()
        self._pending: list[tuple[Frame, Settle]] = []
        self._pending_bytes = 0
        self._closed: dict[int, ClosedSegment] = {}
        self._closed_bytes = 0
        self._taken: set[int] = set()
        self._open: OpenSegment | None = None
        self._opened_at = 0.0
        self._rolls = False
        self._stops = False
        self._thread: threading.Thread | None = None
        self._claim: int | None = None

    def start(self) -> None:
        """Mend what a crash left and begin to write. Raises StoreError when another process writes in the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_folder()
        self._repeats.load()
        close_leftovers(self.folder, self._repeats.write_down_segment)
        self._closed = {segment.number: segment for segment in find_closed(self.folder)}
        self._closed_bytes = sum(segment.bytes for segment in self._closed.values())
        self._number = max([self._number, *self._closed])
        self._thread = threading.Thread(target=self._write_forever, name=f"journal-{self.stream}", daemon=True)
        self._thread.start()
        self.wakes_loader.set()

    def stop(self) -> None:
        """Write what is pending, close the open segment and end the writer thread."""
        with self._lock:
            self._stops = True
            self._lock.notify()
        if self._thread:
            self._thread.join()
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None

    def append(self, frame: Frame) -> None:
        """Append and wait until it is durable. For threads. Raises StoreError."""
        future: Future[None] = Future()
        self._submit(frame, to_thread(future))
        future.result()

    async def append_soon(self, frame: Frame) -> None:
        """Append and wait until it is durable. For coroutines. Raises StoreError."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._submit(frame, to_loop(future))
        await future

    def find_closed(self) -> list[ClosedSegment]:
        """List what is not in the tables yet, oldest first."""
        with self._lock:
            return [self._closed[number] for number in sorted(self._closed)]

    def take_closed(self) -> ClosedSegment | None:
        """Answer the oldest closed segment that no loader has, for a loader that releases it or gives it back."""
        with self._lock:
            number = min(self._closed.keys() - self._taken, default=None)
            if number is None:
                return None
            self._taken.add(number)
            return self._closed[number]

    def give_back(self, segment: ClosedSegment) -> None:
        """Let any loader try a segment again."""
        with self._lock:
            self._taken.discard(segment.number)

    def release(self, segment: ClosedSegment) -> None:
        """Delete a segment whose rows are in the tables."""
        segment.path.unlink(missing_ok=True)
        with self._lock:
            self._taken.discard(segment.number)
            if self._closed.pop(segment.number, None):
                self._closed_bytes -= segment.bytes
            self._lock.notify()
        self.wakes_drained.set()

    def roll(self) -> None:
        """Close the open segment as soon as its pending frames are written, however young it is."""
        with self._lock:
            self._rolls = True
            self._lock.notify()

    @property
    def waiting_bytes(self) -> int:
        """How much is durable or pending and not yet in the tables."""
        with self._lock:
            return self._waiting_bytes()

    @property
    def is_drained(self) -> bool:
        """Whether everything appended so far is in the tables."""
        return self.waiting_bytes == 0

    def find_ailments(self) -> list[str]:
        """Name what keeps appends from being taken: as large as the largest refused since there was room for all."""
        with self._lock:
            if self._waiting_bytes() + self._refused_bytes <= self._limits.max_bytes:
                self._refused_bytes = 0
            is_full = self._refused_bytes or self._waiting_bytes() >= self._limits.max_bytes
        return [f"the {self.stream} journal is full"] * bool(is_full) + [self.ailment] * bool(self.ailment)

    def _submit(self, frame: Frame, settle: Settle) -> None:
        with self._lock:
            if self._stops or not self._thread:
                raise StoreError(f"the {self.stream} journal is closed", is_transient=True)
            if self._waiting_bytes() + len(frame.payload) > self._limits.max_bytes:
                self._refused_bytes = max(self._refused_bytes, min(len(frame.payload), self._limits.max_bytes))
                raise StoreError(
                    f"the {self.stream} journal is full: {self._waiting_bytes()} bytes wait for the store",
                    is_transient=True,
                    hint="try again later; the operator may raise collector.journal_max_bytes",
                )
            self._pending.append((frame, settle))
            self._pending_bytes += len(frame.payload)
            self._lock.notify()

    def _take_folder(self) -> None:
        try:
            self._claim = lock_folder(self.folder)
        except BlockingIOError as error:
            raise StoreError(
                f"another process writes in the journal {self.folder}",
                is_transient=True,
                hint="stop it, or give this one another folder with collector.journal_dir",
            ) from error

    def _waiting_bytes(self) -> int:
        return self._closed_bytes + self._pending_bytes + (self._open.bytes if self._open else 0)

    def _write_forever(self) -> None:
        while True:
            with self._lock:
                if not (self._pending or self._rolls or self._stops):
                    self._lock.wait(RETRY_S if self.ailment else self._seconds_left())
                batch, self._pending = self._pending, []
                stops = self._stops
                rolls = self._rolls or stops
                self._rolls = False
            try:
                self._recover()
                self._write(batch)
                if self._open and (rolls or self._is_due(self._open)):
                    self._close()
            except Exception as error:  # The rim: whatever it is, whoever waits is told, and it is tried again.
                self._ail(error)
            self._settle(batch)
            if stops:
                return

    def _recover(self) -> None:
        """Finish what failed, before anything else. Raises OSError: still ill.

        The open segment is closed first, so that the loader can take it and make room on a full disk.
        """
        if self.ailment:
            if self._open:
                self._close()
            self._need_room()
            try_writing(self.folder)
            log.warning("the %s journal can be written again", self.stream)
            self.ailment = ""

    def _ail(self, error: Exception) -> None:
        self.failures += 1
        known, reason = self.ailment, (error.strerror if isinstance(error, OSError) else "") or repr(error)
        self.ailment = f"the {self.stream} journal cannot be written: {reason}"
        if self.ailment != known:
            log.warning("%s; trying again", self.ailment, exc_info=not isinstance(error, OSError))

    def _write(self, batch: list[tuple[Frame, Settle]]) -> None:
        fresh, digests = self._leave_out_repeats(batch)
        if fresh:
            self._need_room()
            self._append(fresh, digests)
        self._settle(batch)

    def _need_room(self) -> None:
        if shortage := self._disks.find_shortage():
            raise OSError(errno.ENOSPC, shortage)

    def _settle(self, batch: list[tuple[Frame, Settle]]) -> None:
        """Tell those who wait, and forget them: once."""
        error = StoreError(self.ailment, is_transient=True) if self.ailment else None
        with self._lock:
            self._pending_bytes -= sum(len(frame.payload) for frame, _ in batch)
        for _, settle in batch:
            settle(error)
        batch.clear()

    def _leave_out_repeats(self, batch: list[tuple[Frame, Settle]]) -> tuple[list[Frame], list[bytes]]:
        fresh: list[Frame] = []
        digests: dict[bytes, None] = {}
        for frame, _ in batch:
            digest = make_digest(frame)
            if digest and (digest in digests or digest in self._repeats):
                self.repeated += 1
                continue
            fresh.append(frame)
            if digest:
                digests[digest] = None
        return fresh, list(digests)

    def _append(self, frames: list[Frame], digests: list[bytes]) -> None:
        segment = self._open = self._open or self._begin()
        numbered = enumerate(frames, start=segment.frames)
        segment.append([part for number, frame in numbered for part in encode_frame(frame, number)], len(frames))
        self._repeats.add(digests)
        self._digests += digests

    def _begin(self) -> OpenSegment:
        self._number = max(time.time_ns(), self._number + 1)
        self._opened_at = time.monotonic()
        return OpenSegment(self.folder, self._number)

    def _close(self) -> None:
        if self._open is None:
            raise InvariantError(f"the {self.stream} journal has no open segment to close")
        self._repeats.write_down(self._digests)
        self._digests = []
        closed = self._open.close()
        with self._lock:
            self._open = None
            if closed.bytes:
                self._closed[closed.number] = closed
                self._closed_bytes += closed.bytes
        if not closed.bytes:
            closed.path.unlink(missing_ok=True)
        self.wakes_loader.set()

    def _is_due(self, segment: OpenSegment) -> bool:
        return segment.bytes >= self._limits.segment_bytes or self._seconds_left() == 0

    def _seconds_left(self) -> float | None:
        if self._open is None or len(self._closed) >= ENOUGH_WAITING:
            return None
        return max(0.0, self._opened_at + self._limits.segment_seconds - time.monotonic())
