"""Deriving everything anew from the events: asked for by anyone, done by whoever correlates, between two of its steps.

The wish and how far it is granted stand among the cursors under a name of their own. So a wish outlives a crash, it is
met in every topology, and those who judge and notify can see that a rebuild is under way and hold still until it is
done. What people decided is no part of what is derived: it stays, and is followed again.
"""

import json
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field

from billtrail.clock import Clock
from billtrail.store import Store

PACKAGE = "correlators"
LOOP = "rebuild"


class RebuildWish(BaseModel):
    """Who wants everything derived anew, and why. With `is_dry` it is only said what that means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: str = Field(min_length=1, max_length=200)
    reason: str = Field(default="", max_length=2000)
    is_dry: bool = False


class RebuildReport(BaseModel):
    """What is there to derive anew: the events that are read again, and what was derived from them so far.

    `asked` names the rebuild; 0 for one that was not asked for.
    """

    model_config = ConfigDict(frozen=True)

    asked: int
    events: int
    declarations: int
    decisions: int
    lifecycles: int
    objects: int


class RebuildProgress(BaseModel):
    """How far a rebuild is, in records, and how many segments are left."""

    model_config = ConfigDict(frozen=True)

    total: int
    done: int
    left: int
    has_begun: bool
    is_over: bool


def carry_out(store: Store, clock: Clock, wish: RebuildWish) -> RebuildReport:
    """Ask that everything be derived anew, with a line in the audit log. Who correlates does it at its next step."""
    counts = store.rows(PACKAGE, "count_derived")[0]
    if wish.is_dry:
        return RebuildReport(asked=0, **counts)
    now = clock.now()
    asked = int(now.timestamp() * 1000) * 1_000_000
    row = {"at": now, "actor": wish.actor, "role": "operator", "action": "rebuild", "target": "lifecycles"}
    store.insert("audit_log", [row | {"reason": wish.reason, "details": json.dumps(counts)}])
    _note(store, clock, "asked", asked)
    return RebuildReport(asked=asked, **counts)


def read_progress(store: Store, asked: int) -> RebuildProgress:
    """Say how far a rebuild is. Cost: the ledger."""
    return RebuildProgress(**store.rows(PACKAGE, "read_rebuild", {"asked": asked})[0])


class Rebuild:
    """Grants wishes between the steps of one who correlates.

    `may_begin` is asked first: whether everybody who reads what is derived holds still.
    """

    def __init__(self, store: Store, clock: Clock, may_begin: Callable[[], bool] = lambda: True) -> None:
        self._store = store
        self._clock = clock
        self._may_begin = may_begin

    def begin(self, forget: Callable[[], None]) -> bool:
        """Forget what was derived if that is wished and was not done yet. Answers whether a rebuild is under way.

        Interrupted while it forgets, it forgets again: that it has begun is noted afterwards.
        """
        positions = self._read()
        asked = positions.get("asked", 0)
        if asked > positions.get("begun", 0) and self._may_begin():
            forget()
            _note(self._store, self._clock, "begun", asked)
        return asked > positions.get("done", 0)

    def end(self) -> bool:
        """Note that it is done once all that was there when it was asked for is derived. Answers whether it is."""
        asked = self._read()["asked"]
        progress = read_progress(self._store, asked)
        if progress.has_begun and not progress.left:
            _note(self._store, self._clock, "done", asked)
            return True
        return False

    def _read(self) -> dict[str, int]:
        return {row["stream"]: row["position"] for row in self._store.rows(PACKAGE, "read_cursors", {"loop": LOOP})}


def _note(store: Store, clock: Clock, stream: str, position: int) -> None:
    store.insert("loop_cursors", [{"loop": LOOP, "stream": stream, "position": position, "at": clock.now()}])
