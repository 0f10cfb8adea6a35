"""Gaps a person closes, because what was missed was loaded otherwise or matters no more; audited, taken back."""

import json
import time

from pydantic import BaseModel, ConfigDict, Field

from billtrail.clock import Clock
from billtrail.errors import SettingsError
from billtrail.store import Store

ROOM = "collector"


class GapWish(BaseModel):
    """Which gap is to be closed, or with `is_undone` opened again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gap_id: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=2000)
    actor: str = Field(min_length=1, max_length=200)
    is_undone: bool = False


class GapReport(BaseModel):
    """What was done; `is_changed` is False when it was so already. `what` is the record or the stretch of time."""

    model_config = ConfigDict(frozen=True)

    gap_id: str
    source: str
    stream: str
    what: str
    is_undone: bool
    is_changed: bool


def carry_out(store: Store, clock: Clock, wish: GapWish) -> GapReport:
    """Close a gap, or open it again. Raises SettingsError: there is none of this id."""
    rows = store.rows(ROOM, "find_gap", {"gap": wish.gap_id})
    if not rows:
        raise SettingsError(f"no gap has the id {wish.gap_id}", hint="billtrail sources gaps lists them")
    row, now = rows[0], clock.now()
    is_changed = (row["resolved_at"] is None) != wish.is_undone
    if is_changed:
        resolved_at = None if wish.is_undone else now
        store.insert("source_gap_rows", [row | {"resolved_at": resolved_at, "version": time.time_ns()}])
        action = "gap opened again" if wish.is_undone else "gap closed"
        details = json.dumps({"stream": row["stream"], "gap_id": wish.gap_id, "record": row["record"]})
        audited = {"at": now, "actor": wish.actor, "role": "operator", "action": action, "target": row["source"]}
        store.insert("audit_log", [audited | {"reason": wish.reason, "details": details}])
    what = row["record"] or f"{row['since'] or 'the beginning'} to {row['until'] or 'now'}"
    return GapReport(
        gap_id=wish.gap_id, source=row["source"], stream=row["stream"], what=what, is_undone=wish.is_undone,
        is_changed=is_changed,
    )  # fmt: skip
