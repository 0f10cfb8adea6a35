"""Putting exclusions in force and taking them back, each with a line in the audit log.

The log is written first: an exclusion without its line would be time that vanished without a word.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from billtrail.store import Row, Store
from slos.exclusion import Exclusion

PACKAGE = "slos"
ORIGIN = "file"


def compile_exclusions(store: Store, exclusions: tuple[Exclusion, ...], now: datetime) -> int:
    """Bring the table in line with the documents. Answers how many exclusions came, changed or went."""
    before = {row["exclusion"]: row for row in store.rows(PACKAGE, "read_exclusions") if row["origin"] == ORIGIN}
    changed = list(_differing(before, {exclusion.exclusion: _row(exclusion) for exclusion in exclusions}))
    store.insert("audit_log", [audit(row, before.get(row["exclusion"]), now) for row in changed])
    version = int(now.timestamp() * 1000)
    store.insert("sla_exclusions", [{**row, "version": version} for row in changed])
    return len(changed)


def _differing(before: dict[str, Row], after: dict[str, Row]) -> Iterator[Row]:
    for name, row in after.items():
        if before.get(name) != row:
            yield {**row, "is_deleted": 0}
    for name in before.keys() - after.keys():
        yield {**before[name], "is_deleted": 1}


def _row(exclusion: Exclusion) -> Row:
    lists = ("slas", "legal_entities", "regions")
    return {key: list(value) if key in lists else value for key, value in asdict(exclusion).items()} | {
        "origin": ORIGIN
    }


def audit(row: Row, before: Row | None, now: datetime) -> dict[str, Any]:
    """Write what was done as a row of the audit log."""
    action = "sla.include" if row["is_deleted"] else "sla.exclude"
    details = {"now": row, "before": before}
    return {
        "at": now,
        "actor": row["decided_by"],
        "role": "",
        "action": action,
        "target": row["exclusion"],
        "reason": row["reason"],
        "details": json.dumps(details, default=str),
    }
