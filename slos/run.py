"""What the roof runs: the judge, step after step, until told to stop."""

import logging
import os
import threading
import time
from pathlib import Path

from prometheus_client import CollectorRegistry

from billtrail.clock import Clock
from billtrail.store import Store
from slos.budget_loop import BudgetLoop
from slos.judge import Judge
from slos.metrics import SloMetrics
from slos.settings import SlosSettings
from slos.standing import Standing

_LOG = logging.getLogger(__name__)


def run_forever(
    store: Store,
    clock: Clock,
    settings: SlosSettings,
    stop: threading.Event,
    *,
    registry: CollectorRegistry | None = None,
    standing: Standing | None = None,
) -> None:
    """Judge until `stop` is set, and read the documents again when a file of theirs changed. Owns `store` meanwhile.

    `standing` is kept up to date for others to read.
    """
    judge: Judge | None = None
    metrics = SloMetrics(registry)
    budgets = BudgetLoop(store, clock, settings, metrics)
    watch = FolderWatch(settings)
    while not stop.is_set():
        try:
            judge = judge or Judge(store, clock, settings, metrics, standing)
            if watch.has_changed():
                judge.reload()
                budgets.reload()
            judge.step()
            budgets.step()
        except Exception:
            _LOG.exception("judging step failed, it is tried again")
        stop.wait(settings.judge_every_ms / 1000)


class FolderWatch:
    """Says once when a file in the folders of the room came, went or changed; looks every `reload_every_ms`."""

    def __init__(self, settings: SlosSettings) -> None:
        self._folders = (
            settings.definitions,
            settings.calendars,
            settings.runbooks,
            settings.burn_windows,
            settings.exclusions,
        )
        self._every_s = settings.reload_every_ms / 1000
        self._seen = self._look()
        self._looked_at = time.monotonic()

    def has_changed(self) -> bool:
        if time.monotonic() - self._looked_at < self._every_s:
            return False
        self._looked_at = time.monotonic()
        before, self._seen = self._seen, self._look()
        return before != self._seen

    def _look(self) -> frozenset[tuple[Path, int, int]]:
        files = [file for folder in self._folders for file in folder.glob("*.*")]
        return frozenset((file, stat.st_mtime_ns, stat.st_size) for file in files if (stat := _stat(file)))


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:
        return None
