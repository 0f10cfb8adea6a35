"""One step of correlation: take the new events, find every lifecycle they may change, write those anew.

A lifecycle is a pure function of the events and relations that lead to it, so the same statements serve a step and a
rebuild, and the same events give the same rows whatever their order. Every statement may be repeated; the cursors are
written last, so a step that was interrupted is simply done again. One instance is active at a time.
"""

from billtrail.clock import Clock
from billtrail.store import Store
from correlators.collect import collect
from correlators.place import place, resolve
from correlators.scratch import Scratch
from correlators.work import Waiting
from correlators.write import write

DERIVED = (
    "pending_lifecycles",
    "weak_events",
    "span_keys",
    "declared_edges",
    "relation_rows",
    "object_rows",
    "run_lifecycles",
    "lifecycle_object_rows",
    "lifecycle_event_rows",
    "milestone_rows",
    "lifecycle_rows",
    "unmatched_event_rows",
)


class Stitcher:
    """Correlates in steps. Not for two threads, nor for two processes on one store."""

    def __init__(self, store: Store, clock: Clock, batch_events: int) -> None:
        self._store = store
        self._scratch = Scratch(store)
        self._waiting = Waiting(store, clock, batch_events)
        self._was_interrupted = False

    @property
    def is_behind(self) -> bool:
        """Whether a backlog is under way."""
        return self._waiting.is_behind

    def step(self) -> int:
        """Correlate what came since the last step, up to a batch. Answers with how many records that were."""
        work = self._waiting.find()
        if work is None:
            return 0
        if self._was_interrupted:
            self._scratch.empty()
        self._was_interrupted = True
        stored = collect(self._scratch, work)
        resolve(self._scratch)
        has_weak = place(self._scratch, bool(stored["objects"]))
        write(self._scratch, work, stored, has_weak)
        self._waiting.settle(work)
        self._scratch.empty()
        self._was_interrupted = False
        return work.records

    def forget(self) -> None:
        """Drop everything that was derived, so that the next steps derive it anew. What people decided is kept.

        Done in an order that may be interrupted: as long as the cursors stand, nothing is derived again half.
        """
        for table in DERIVED:
            self._store.command(f"TRUNCATE TABLE {table}")
        self._waiting.forget()
