"""Deriving everything anew: asked for where the data is, done by whoever correlates there, watched until it is over.

Where nobody does, this process does it itself. Broken off, the rebuild goes on: in the platform, or at its next start.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import Progress

from billtrail.cli.decision import decide
from billtrail.cli.output import console, error_console, print_json
from billtrail.cli.reach import owning, reading
from billtrail.clock import SystemClock
from billtrail.configuration import Configuration
from billtrail.deciding import REBUILDS
from billtrail.errors import StoreError
from billtrail.platform.ownership import find_owner
from billtrail.store import Store, StoreSettings
from billtrail.store.settings import Topology
from correlators.rebuild import RebuildReport, RebuildWish, carry_out, read_progress
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings

LOOK_EVERY_S = 0.5
NOBODY_AFTER_LOOKS = 240


def rebuild_everything(configuration: Configuration, wish: RebuildWish, as_json: bool) -> None:
    """Ask for it, watch it, say what there was and what there is. Raises StoreError when nobody takes it up."""
    report = decide(configuration, REBUILDS, wish, carry_out, RebuildReport)
    if not wish.is_dry:
        with _working(configuration) as (store, work):
            _watch(store, work, report.asked)
            report = report.model_copy(update=store.rows("correlators", "count_derived")[0])
    if as_json:
        print_json(report.model_dump())
        return
    verb = "would be" if wish.is_dry else "were"
    console.print(
        f"{report.events} events and {report.declarations} declared objects {verb} read again;"
        f" {report.decisions} decisions of people stay"
    )
    console.print(f"{report.lifecycles} lifecycles and {report.objects} objects {verb} derived anew")


@contextmanager
def _working(configuration: Configuration) -> Iterator[tuple[Store, Callable[[], object]]]:
    """Give the data, and what to do between two looks: a step of the work, or to wait for those who do it."""
    settings = configuration.of(StoreSettings)
    if settings.topology is Topology.EMBEDDED and find_owner(settings.data) is None:
        with owning(settings, "rebuild") as store:
            room = Correlators(store, SystemClock(), configuration.of(CorrelatorsSettings))
            yield store, room.step
    else:
        with reading(configuration) as store:
            yield store, lambda: threading.Event().wait(LOOK_EVERY_S)


def _watch(store: Store, work: Callable[[], object], asked: int) -> None:
    looks = 0
    with Progress(console=error_console) as bar:
        task = bar.add_task("rebuilding", total=None)
        while not (progress := read_progress(store, asked)).is_over:
            work()
            looks += not progress.has_begun
            if looks > NOBODY_AFTER_LOOKS:
                raise StoreError(
                    "the rebuild is asked for, and nobody has begun it",
                    is_transient=True,
                    hint="whoever correlates next will do it: billtrail correlators",
                )
            if progress.has_begun:
                bar.update(task, completed=progress.done, total=progress.total)
        bar.update(task, completed=progress.total, total=progress.total)
