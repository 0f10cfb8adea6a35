"""Exclusions put in force and taken back by a person, at once and with a line in the audit log.

For what is decided after the fact, by whoever may; what is known beforehand stands better in a file
(`slos/exclusions/README.md`). What a file puts in force, the file alone takes back. The judge sees the change at its
next step and restates what it touches; the old verdicts stay on record.
"""

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from billtrail.clock import Clock
from billtrail.document.problem import name_nearest
from billtrail.errors import SettingsError
from billtrail.store import Row, Store
from slos.compile_exclusions import audit

PACKAGE = "slos"
ORIGIN = "command"


class ExclusionWish(BaseModel):
    """What a person wants. `slas`, `legal_entities` and `regions` empty mean all of them; `include` needs none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Literal["exclude", "include"]
    exclusion: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=2000)
    actor: str = Field(min_length=1, max_length=200)
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    slas: tuple[str, ...] = ()
    legal_entities: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class ExclusionReport(BaseModel):
    """What was done; `is_changed` is False when everything was so already. `clocks`: how many ran in that time."""

    model_config = ConfigDict(frozen=True)

    exclusion: str
    action: str
    is_changed: bool
    clocks: int


def carry_out(store: Store, clock: Clock, wish: ExclusionWish) -> ExclusionReport:
    """Put an exclusion in force, change it, or take it back. Raises SettingsError on a wish that cannot be."""
    known = {row["exclusion"]: row for row in store.rows(PACKAGE, "read_exclusions")}
    before = known.get(wish.exclusion)
    if before and before["origin"] != ORIGIN:
        raise SettingsError(f"{wish.exclusion} is put in force by a file", hint="change or remove the file")
    row = _exclude(store, wish) if wish.action == "exclude" else _include(wish, known)
    is_deleted = int(wish.action == "include")
    if is_changed := bool(is_deleted) or row != before:
        now = clock.now()
        said = {**row, "is_deleted": is_deleted, "decided_by": wish.actor, "reason": wish.reason}
        store.insert("audit_log", [audit(said, before, now)])
        store.insert("sla_exclusions", [{**row, "is_deleted": is_deleted, "version": _version(store, now)}])
    clocks = store.rows(PACKAGE, "count_excluded", {key: row[key] for key in _ASKED})[0]["clocks"]
    return ExclusionReport(exclusion=wish.exclusion, action=wish.action, is_changed=is_changed, clocks=clocks)


_ASKED = ("starts_at", "ends_at", "slas", "legal_entities", "regions")


def _exclude(store: Store, wish: ExclusionWish) -> dict[str, Any]:
    if not (wish.starts_at and wish.ends_at):
        raise SettingsError("an exclusion has a beginning and an end", hint="--from and --until")
    if wish.starts_at >= wish.ends_at:
        raise SettingsError(f"the exclusion ends before it begins: {wish.starts_at} to {wish.ends_at}")
    names = [row["sla"] for row in store.rows(PACKAGE, "read_definitions")]
    for sla in wish.slas:
        if sla not in names:
            raise SettingsError(f"there is no SLA {sla}", hint=name_nearest(sla, names))
    return {
        "exclusion": wish.exclusion,
        "starts_at": _whole(wish.starts_at),
        "ends_at": _whole(wish.ends_at),
        "reason": wish.reason,
        "decided_by": wish.actor,
        "origin": ORIGIN,
        "slas": list(wish.slas),
        "legal_entities": list(wish.legal_entities),
        "regions": list(wish.regions),
    }


def _include(wish: ExclusionWish, known: dict[str, Row]) -> dict[str, Any]:
    if wish.exclusion not in known:
        raise SettingsError(f"there is no exclusion {wish.exclusion}", hint=name_nearest(wish.exclusion, known))
    return known[wish.exclusion]


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)


def _version(store: Store, now: datetime) -> int:
    """Later than every version there is, even when two are wished for in one millisecond."""
    newest = int(store.rows(PACKAGE, "read_newest_exclusion")[0]["version"])
    return max(int(now.timestamp() * 1000), newest + 1)
