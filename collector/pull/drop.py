"""The drop folder: files somebody puts into a folder become messages of a source.

A file is taken when it is whole. By default that is when it has its name: write it as `NAME.part` or `.NAME`, then
rename it. Who cannot rename puts an empty `NAME.done` beside it (`complete: done` under `files`). A taken file goes to
`done/` when its rows are durable, a file that cannot be used to `refused/` with the reason in `NAME.reason.txt`, and
nothing of it is kept. A crash before the move takes the file again, and its rows are dropped by their ids.
"""

import logging
import os
from datetime import timedelta
from pathlib import Path

from billtrail.errors import BilltrailError, PayloadError
from collector.mapping.pull import FileRule
from collector.pull.backoff import Backoff
from collector.pull.desk import Desk
from collector.pull.table_file import read_rows
from collector.webhook.intake import SourceDoor

log = logging.getLogger(__name__)

SUFFIXES = (".csv", ".tsv", ".txt", ".jsonl")
_LOOK_EVERY_S = 5
_STREAM = "files"


class DropFolder:
    """The folder of one source, for one thread. `due_at` is when `step` has something to do again."""

    def __init__(self, desk: Desk, folder: Path, rule: FileRule, backoff: Backoff | None = None) -> None:
        self.name = f"{desk.source}/{_STREAM}"
        self.due_at = desk.clock.now()
        self.last_error = ""
        self._desk = desk
        self._folder = folder
        self._rule = rule
        self._backoff = backoff or Backoff()

    def step(self) -> int:
        """Take the first file that is whole, when it is time; answer how many messages were kept."""
        now = self._desk.clock.now()
        if now < self.due_at:
            return 0
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = next((path for path in sorted(self._folder.iterdir()) if self._is_whole(path)), None)
            kept = self._take(path) if path else 0
        except (BilltrailError, OSError) as error:
            wait_s = self._backoff.fail()
            self.last_error = f"{type(error).__name__}: {error}"
            self._count("failed")
            log.warning("%s: %s; trying again in %.0f s", self.name, self.last_error, wait_s)
            self.due_at = now + timedelta(seconds=wait_s)
            return 0
        self._backoff.succeed()
        self.last_error = ""
        self._desk.metrics.failing.labels(self._desk.source, _STREAM).set(0)
        self.due_at = now + timedelta(seconds=0 if path else _LOOK_EVERY_S)
        return kept

    def _is_whole(self, path: Path) -> bool:
        if path.name.startswith(".") or path.suffix.lower() not in SUFFIXES or path.is_symlink() or not path.is_file():
            return False
        return self._rule.complete == "rename" or _sign_of(path).exists()

    def _take(self, path: Path) -> int:
        try:
            bodies = read_rows(path, self._rule)
        except PayloadError as error:
            self._refuse(path, error)
            return 0
        if bodies:
            self._desk.intake.keep(self._desk.source, SourceDoor.FILE, bodies)
            self._desk.metrics.messages.labels(self._desk.source, _STREAM).inc(len(bodies))
        self._move(path, "done")
        self._count("good")
        self._desk.metrics.last_good.labels(self._desk.source, _STREAM).set(self._desk.clock.now().timestamp())
        log.info("%s: %s: %s messages", self.name, path.name, len(bodies))
        return len(bodies)

    def _refuse(self, path: Path, error: PayloadError) -> None:
        log.warning("%s: %s is refused: %s", self.name, path.name, error)
        moved = self._move(path, "refused")
        hint = f"\n{error.hint}" if error.hint else ""
        moved.with_name(f"{moved.name}.reason.txt").write_text(f"{error}{hint}\n", encoding="utf-8")
        self._count("refused")

    def _move(self, path: Path, to: str) -> Path:
        """Move a file out of the way; one of the same name that lies there already keeps its place."""
        folder = self._folder / to
        folder.mkdir(exist_ok=True)
        target, number = folder / path.name, 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem}.{number}{path.suffix}"
        path.rename(target)
        _sign_of(path).unlink(missing_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return target

    def _count(self, outcome: str) -> None:
        self._desk.metrics.requests.labels(self._desk.source, _STREAM, outcome).inc()
        if outcome == "failed":
            self._desk.metrics.failing.labels(self._desk.source, _STREAM).set(self._backoff.failures)


def _sign_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.done")
