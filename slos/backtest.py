"""Changed documents over the history that is stored: which pages would have come, gone or moved.

The history is copied into a store of its own in a process of its own and judged there by the very judge that judges
today, with the documents to be tried; the data that is asked stays untouched, and may belong to a running platform.
For changed journeys the events are copied, and whoever asks brings what makes lifecycles of them. A page is a clock
that was late (at its due time), or an alert on a burning budget.
"""

import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from billtrail.clock import Clock
from billtrail.errors import SettingsError
from billtrail.store import Row, Store, StoreSettings, open_store
from slos.budget_loop import read_burn_tables
from slos.burn_history import Decided, find_burn_pages
from slos.catalogue import Journeys, read_catalogue
from slos.history import COPIED, Part, Progress, put_parts, read_history, take_parts
from slos.judge import Judge
from slos.objective import Objective
from slos.objective_row import read_objectives
from slos.settings import SlosSettings

PACKAGE = "slos"


@dataclass(frozen=True, slots=True)
class PageChange:
    """`change`: came, gone or moved. `page_at` is the instant with the new documents, `was_at` that of before."""

    change: str
    sla: str
    subject: str
    page_at: datetime | None
    was_at: datetime | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """The pages that differ, how many do not, and per SLA how many promises were kept and late before and after."""

    changes: tuple[PageChange, ...]
    same: int
    slas: tuple[Row, ...]


class Correlate(Protocol):
    """Makes lifecycles of the events of a history. Is sent to another process, so it has to be picklable."""

    @property
    def tables(self) -> tuple[str, ...]: ...

    def __call__(self, store: Store, clock: Clock) -> None: ...


class StandingClock:
    """A clock that shows one instant."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


def backtest(
    store: Store,
    settings: SlosSettings,
    journeys: Journeys,
    now: datetime,
    *,
    correlate: Correlate | None = None,
    on_progress: Progress | None = None,
) -> Backtest:
    """Judge the history of a store again by the documents of `settings`, and by other journeys with `correlate`.

    `on_progress` hears how many parts of the history were copied, of how many. Raises SettingsError on a bad document.
    """
    catalogue = read_catalogue(settings, journeys)
    if catalogue.problems:
        raise SettingsError("the documents cannot be used", hint="; ".join(map(str, catalogue.problems[:5])))
    history = read_history(store, catalogue, correlate.tables if correlate else COPIED, on_progress)
    with tempfile.TemporaryDirectory(prefix="billtrail-backtest-") as folder:
        put_parts(Path(folder), history)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            after = pool.submit(_judge_elsewhere, Path(folder), settings, now, correlate).result()
    before = store.rows(PACKAGE, "read_decided")
    return compare(before, after, (read_objectives(store), list(catalogue.objectives)), settings)


def judge_history(
    store: Store,
    history: Iterable[Part],
    settings: SlosSettings,
    clock: Clock,
    correlate: Correlate | None = None,
) -> list[Row]:
    """Judge a history in an empty store that is nobody's. Shape: the promises that were decided."""
    for table, rows in history:
        store.insert(table, rows)
    if correlate:
        correlate(store, clock)
    Judge(store, clock, settings).step()
    return store.rows(PACKAGE, "read_decided")


def compare(
    before: list[Row], after: list[Row], objectives: tuple[list[Objective], list[Objective]], settings: SlosSettings
) -> Backtest:
    """Say which pages differ between two sets of decided clocks, judged by the objectives of before and after."""
    pages = [
        {**_clock_pages(rows), **_burn_pages(rows, wanted, settings)}
        for rows, wanted in zip((before, after), objectives, strict=True)
    ]
    changes = [_change(key, pages[0].get(key), pages[1].get(key)) for key in sorted(pages[0].keys() | pages[1].keys())]
    differing = tuple(change for change in changes if change)
    return Backtest(differing, len(changes) - len(differing), tuple(_sum_up(before, after)))


def _judge_elsewhere(folder: Path, settings: SlosSettings, now: datetime, correlate: Correlate | None) -> list[Row]:
    store = open_store(StoreSettings(data=folder / "data"))
    try:
        return judge_history(store, take_parts(folder), settings, StandingClock(now), correlate)
    finally:
        store.close()


def _clock_pages(rows: list[Row]) -> dict[tuple[str, str], datetime]:
    return {(row["sla"], row["subject"]): row["decided_at"] for row in rows if not row["is_kept"]}


def _burn_pages(
    rows: list[Row], objectives: list[Objective], settings: SlosSettings
) -> dict[tuple[str, str], datetime]:
    tables = read_burn_tables(settings)
    promises: dict[str, list[Decided]] = {}
    for row in rows:
        promises.setdefault(row["sla"], []).append(Decided(row["decided_at"], bool(row["is_kept"])))
    found: dict[tuple[str, str], datetime] = {}
    for objective in objectives:
        if objective.burn_windows not in tables:
            continue
        counts: dict[int, int] = {}
        for page in find_burn_pages(objective, tables[objective.burn_windows], promises):
            number = counts[page.window.long_ms] = counts.get(page.window.long_ms, 0) + 1
            name = f"budget burning, {page.window.long_ms / 3_600_000:g} h, {page.window.severity}, number {number}"
            found[objective.sla, name] = page.starts_at
    return found


def _change(key: tuple[str, str], was_at: datetime | None, page_at: datetime | None) -> PageChange | None:
    if was_at == page_at:
        return None
    change = "came" if was_at is None else "gone" if page_at is None else "moved"
    return PageChange(change, *key, page_at, was_at)


def _sum_up(before: list[Row], after: list[Row]) -> list[dict[str, Any]]:
    counts = [Counter((row["sla"], bool(row["is_kept"])) for row in rows) for rows in (before, after)]
    return [
        {
            "sla": sla,
            "kept_before": counts[0][sla, True],
            "late_before": counts[0][sla, False],
            "kept_after": counts[1][sla, True],
            "late_after": counts[1][sla, False],
        }
        for sla in sorted({sla for one in counts for sla, _ in one})
    ]
