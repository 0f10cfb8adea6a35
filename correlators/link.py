"""What people decide about two objects: link, merge, unlink, and take back. At once, and with a line in the audit log.

A decision stands until it is taken back or replaced by another about the same two objects; taken back, the one that
it replaced stands again. It is kept beside the events, not among what is derived from them: a rebuild and events that
come later follow it, too.

Two that are parted may hang together through others, as when each has a twin and the twins are related. To part them
takes several decisions then, so each is kept, and each answers with what still ties the two.
"""

import json
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from billtrail.clock import Clock
from billtrail.errors import SettingsError
from billtrail.model.chain import find_chain
from billtrail.store import Row, Store

PACKAGE = "correlators"
Decision = Literal["link", "merge", "unlink"]


class LinkWish(BaseModel):
    """What a person wants: that `from_key` is part of `to_key`, is the same as it, or has nothing to do with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Decision
    from_key: str = Field(min_length=5, max_length=500)
    to_key: str = Field(min_length=5, max_length=500)
    reason: str = Field(min_length=1, max_length=2000)
    actor: str = Field(min_length=1, max_length=200)
    is_undone: bool = False


class LinkReport(BaseModel):
    """What was done; `is_changed` is False when it was so already. `lifecycles`: those that it may change.

    `still`: of an unlink, the relations that tie the two nevertheless, step by step; empty: they are parted.
    `instead`: pairs of these, of which one has to be unlinked, too.
    """

    model_config = ConfigDict(frozen=True)

    decision: Decision
    from_key: str
    to_key: str
    kind: str
    is_undone: bool
    is_changed: bool
    lifecycles: list[str]
    still: list[dict[str, str]] = []
    instead: list[tuple[str, str]] = []


def carry_out(store: Store, clock: Clock, wish: LinkWish) -> LinkReport:
    """Note a decision, or take it back. The correlators follow at their next step.

    Raises SettingsError on objects nobody knows, on types no journey relates, and where nothing was decided.
    """
    keys = [wish.from_key, wish.to_key]
    known = {row["object_key"]: row for row in store.rows(PACKAGE, "find_objects", {"keys": keys})}
    for key in keys:
        if key not in known:
            raise SettingsError(
                f"no event has named {key}", hint="an object is written system:type:id; billtrail trace ID finds it"
            )
    before = next(iter(store.rows(PACKAGE, "find_decision", {"keys": keys})), None)
    kind = _kind_of(store, wish, known)
    is_changed = _is_change(wish, before, kind)
    still = _find_still(store, wish) if wish.decision == "unlink" and not wish.is_undone else []
    if is_changed:
        _write(store, wish, {"kind": kind, "before": before, "still": still}, clock.now())
    lifecycles = sorted({one for row in known.values() for one in row["lifecycle_ids"]})
    report: dict[str, Any] = {"kind": kind, "is_changed": is_changed, "lifecycles": lifecycles, "still": still}
    return LinkReport(**wish.model_dump(exclude={"reason", "actor"}), **report, instead=_choose_instead(still))


def _find_still(store: Store, wish: LinkWish) -> list[Row]:
    """Find the relations that tie two objects beside those between them; none when there are none."""
    pair = {wish.from_key, wish.to_key}
    for start, end in ((wish.from_key, wish.to_key), (wish.to_key, wish.from_key)):
        found, seen, waiting = list[Row](), set[str](), {start}
        while waiting:
            steps = store.rows(PACKAGE, "read_steps", {"keys": sorted(waiting)})
            found += [row for row in steps if {row["from_key"], row["to_key"]} != pair]
            seen |= waiting
            waiting = {row[side] for row in found for side in ("from_key", "to_key")} - seen
        if chain := find_chain(found, start, end):
            return chain
    return []


def _choose_instead(still: list[Row]) -> list[tuple[str, str]]:
    """Name what may be unlinked: where a whole hangs on a part, rather than the twins on the way."""
    chosen = [step for step in still if step["kind"] != "same_as"] or still
    return [(step["from_key"], step["to_key"]) for step in chosen]


def _kind_of(store: Store, wish: LinkWish, known: dict[str, Row]) -> str:
    if wish.from_key == wish.to_key:
        raise SettingsError("that is one object, not two")
    types = [known[key]["object_type"] for key in (wish.from_key, wish.to_key)]
    if wish.decision == "unlink":
        return ""
    if wish.decision == "merge":
        if types[0] != types[1]:
            raise SettingsError(f"a {types[0]} and a {types[1]} cannot be one thing", hint="link them, or name others")
        return "same_as"
    rules = store.rows(PACKAGE, "find_rules", {"from_type": types[0], "to_type": types[1]})
    if not rules:
        raise SettingsError(
            f"no journey knows a {types[0]} that belongs to a {types[1]}",
            hint=f"the part comes first: billtrail link {wish.to_key} {wish.from_key}; two ids of one thing are merged",
        )
    return str(rules[0]["kind"])


def _is_change(wish: LinkWish, before: Row | None, kind: str) -> bool:
    if not wish.is_undone:
        return before is None or (before["decision"], before["kind"], before["from_key"]) != (
            wish.decision, kind, wish.from_key,
        )  # fmt: skip
    if before is None or before["decision"] != wish.decision:
        raise SettingsError(
            f"no {wish.decision} of {wish.from_key} and {wish.to_key} is in force", hint="billtrail links lists them"
        )
    return True


def _write(store: Store, wish: LinkWish, told: dict[str, Any], now: datetime) -> None:
    """Write the audit log first: a decision without a line there must not be. Taken back, what it replaced returns."""
    action = f"object.{wish.decision}" + (".undo" if wish.is_undone else "")
    audit = {"at": now, "actor": wish.actor, "role": "", "action": action, "target": f"{wish.from_key} {wish.to_key}"}
    store.insert("audit_log", [{**audit, "reason": wish.reason, "details": json.dumps(told, default=str)}])
    said = {"reason": wish.reason, "decided_by": wish.actor, "decided_at": now}
    version = _next_version(store, now)
    before, rows = told["before"], []
    if before:
        rows.append({**before, **said, "version": version, "is_deleted": 1})
    decided = {**wish.model_dump(include={"from_key", "to_key", "decision"}), "kind": told["kind"], **said}
    if after := _find_replaced(store, before) if before and wish.is_undone else decided:
        rows.append({**after, "version": version + 1, "is_deleted": 0})
    store.insert("people_links", rows)


def _next_version(store: Store, now: datetime) -> int:
    """Name a version later than all there are, though this machine's clock may be behind another's."""
    newest: int = store.rows(PACKAGE, "count_people_links", {"since": 0})[0]["upto"]
    return max(int(now.timestamp() * 1_000_000), newest + 1)


def _find_replaced(store: Store, decided: Row) -> Row | None:
    """Find the decision that another replaced, as it stood then."""
    pair = (decided["from_key"], decided["to_key"])
    line = {"decided_at": decided["decided_at"], "action": f"object.{decided['decision']}"}
    for row in store.rows(PACKAGE, "find_replaced", {**line, "targets": [" ".join(pair), " ".join(pair[::-1])]}):
        if told := json.loads(row["details"])["before"]:
            return {**told, "decided_at": datetime.fromisoformat(told["decided_at"])}
    return None
