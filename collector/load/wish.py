"""A wish that a source be rebuilt: a record of the journal like any other, so that it has its place among the events.

The loader meets it in order. What was loaded before it is derived anew, what comes after it is mapped by the new
mapping, and its segment is the one the corrections appear in. What came of it stands in the audit log.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from billtrail.clock import Clock
from billtrail.errors import BilltrailError, StoreError
from billtrail.store import Store
from collector.journal import Frame, Journal, encode_bodies
from collector.load.mapper import Mappings
from collector.load.rebuild import rebuild_source

log = logging.getLogger(__name__)

ROOM = "collector"
RECORD = "rebuild"


class RebuildWish(BaseModel):
    """Which source is to be rebuilt, for whom and why. With `is_dry` it is only counted what that would change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    is_dry: bool = False
    actor: str = ""
    why: str = ""
    wish_id: str = Field(default_factory=lambda: uuid4().hex)


def ask_rebuild(journal: Journal, clock: Clock, wish: RebuildWish) -> None:
    """Ask for a source to be rebuilt, durably. Raises StoreError."""
    body = wish.model_dump_json().encode()
    at_ns = int(clock.now().timestamp() * 1000) * 1_000_000
    journal.append(Frame(encode_bodies([body]), wish.source, RECORD, at_ns, RECORD, 1))
    journal.roll()


def find_granted(store: Store, wish: RebuildWish) -> dict[str, Any] | None:
    """Answer what came of a wish; None when the loader has not come to it."""
    rows = store.rows(ROOM, "find_rebuild", {"wish_id": wish.wish_id})
    return json.loads(rows[0]["details"]) if rows else None


def grant_wishes(store: Store, mappings: Mappings, segment: int, *, spares_memory: bool = False) -> None:
    """Rebuild what a segment asks for. A mapping that cannot be used is named in the log and changes nothing.

    With `spares_memory` neither does a rebuild there is too little memory for. Raises StoreError.
    """
    for row in store.rows(ROOM, "read_rebuild_wishes", {"segment": segment}):
        wish = RebuildWish.model_validate_json(row["body"])
        try:
            outcome: Mapping[str, Any] = asdict(
                rebuild_source(store, mappings.renew(wish.source), segment, writes=True)
            )
        except BilltrailError as error:
            if isinstance(error, StoreError) and error.is_transient and not (spares_memory and error.needs_memory):
                raise
            log.warning("%s was not rebuilt: %s", wish.source, error)
            outcome = {"source": wish.source, "failed": str(error)[:1000]}
        _audit(store, wish, segment, outcome)


def _audit(store: Store, wish: RebuildWish, segment: int, outcome: Mapping[str, Any]) -> None:
    at = datetime.fromtimestamp(segment // 10**6 / 1000, UTC)
    details = json.dumps({"wish_id": wish.wish_id, **outcome}, ensure_ascii=False)
    row = {"at": at, "actor": wish.actor, "role": "operator", "action": "rebuild", "target": wish.source}
    store.insert("audit_log", [row | {"reason": wish.why, "details": details}])
