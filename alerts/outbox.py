"""The outbox: what is to be said is written down before it is said, and every attempt's outcome after it.

A process that dies between saying and writing says it again after its restart: at least once. The table is the truth;
this object is its reading, made once at the start, because one loop alone writes it. While a notification for a group
is pending on a channel, no other is planned for the two.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from alerts.alert import version_at
from alerts.group import GroupLog, Memory, Plan, Telling
from billtrail.store import Store


class Outcome(StrEnum):
    """How an attempt stands. A failed one has a successor; a given up one has none."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Notification:
    """One attempt of one message about one group to one channel. `reason`: why it is said, or how it failed."""

    notification_id: str
    group_key: str
    group_labels: Mapping[str, str]
    channel: str
    kind: str
    firing_ids: tuple[str, ...]
    resolved_ids: tuple[str, ...]
    attempt: int
    outcome: Outcome
    reason: str
    planned_at: datetime
    due_at: datetime
    sent_at: datetime | None
    version: int

    @classmethod
    def planned(cls, plan: Plan, channel: str, now: datetime) -> Self:
        text = f"{plan.group.key}\xff{channel}\xff{now.isoformat()}"
        return cls(
            notification_id=f"{version_at(now) // 1000:012x}-{hashlib.sha256(text.encode()).hexdigest()[:12]}",
            group_key=plan.group.key,
            group_labels=plan.group.labels,
            channel=channel,
            kind=_kind(plan.reason),
            firing_ids=tuple(alert.alert_id for alert in plan.firing),
            resolved_ids=tuple(alert.alert_id for alert in plan.resolved),
            attempt=1,
            outcome=Outcome.PENDING,
            reason=plan.reason,
            planned_at=now,
            due_at=now,
            sent_at=None,
            version=version_at(now),
        )

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        values = {field.name: row[field.name] for field in fields(cls)}
        ids = {name: tuple(row[name]) for name in ("firing_ids", "resolved_ids")}
        return cls(**{**values, **ids, "outcome": Outcome(row["outcome"])})

    def to_row(self) -> dict[str, Any]:
        row = {field.name: getattr(self, field.name) for field in fields(self)}
        ids = {"firing_ids": list(self.firing_ids), "resolved_ids": list(self.resolved_ids)}
        return {
            **row,
            **ids,
            "outcome": str(self.outcome),
            "reason": str(self.reason),
            "group_labels": dict(self.group_labels),
        }

    def ended(self, outcome: Outcome, now: datetime, reason: str = "") -> Self:
        """Return this attempt with its outcome; a given up one keeps in `due_at` when that was."""
        return replace(
            self,
            outcome=outcome,
            reason=reason or self.reason,
            sent_at=now if outcome is Outcome.SENT else None,
            due_at=now if outcome is Outcome.GIVEN_UP else self.due_at,
            version=max(self.version + 1, version_at(now)),
        )

    def again(self, due_at: datetime, now: datetime) -> Self:
        """Return the next attempt."""
        return replace(self, attempt=self.attempt + 1, due_at=due_at, version=version_at(now))


class Outbox:
    """What is pending, and what every channel was told. Not for two threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.pending = {
            row["notification_id"]: Notification.from_row(row) for row in store.rows("alerts", "notifications_pending")
        }
        self._told: dict[str, set[str]] = {}
        for row in store.rows("alerts", "notifications_told"):
            self._told.setdefault(row["channel"], set()).add(row["alert_id"])
        self._groups: dict[str, dict[str, GroupLog]] = {}
        for row in store.rows("alerts", "notifications_groups"):
            log = GroupLog(row["told_at"], row["tried_at"])
            self._groups.setdefault(row["channel"], {})[row["group_key"]] = log

    def memory(self, channel: str) -> Memory:
        """What a channel was told and what it is still to be told."""
        pending = {one.group_key for one in self.pending.values() if one.channel == channel}
        return Memory(self._told.get(channel, set()), self._groups.get(channel, {}), pending)

    def mentioned(self) -> set[str]:
        """The alerts somebody was told of or is to be told of and whose end is not told yet."""
        ids: set[str] = set().union(*self._told.values()) if self._told else set()
        return ids.union(*((*one.firing_ids, *one.resolved_ids) for one in self.pending.values()))

    def put(self, notifications: Iterable[Notification]) -> None:
        """Write notifications down before anybody says them."""
        new = list(notifications)
        self._store.insert("notification_rows", [one.to_row() for one in new])
        self.pending.update({one.notification_id: one for one in new})

    def record_sent(self, notification: Notification, now: datetime) -> Notification:
        """Write down that it was said."""
        ended = notification.ended(Outcome.SENT, now)
        self._write(ended)
        told = self._told.setdefault(ended.channel, set())
        told.update(ended.firing_ids)
        told.difference_update(ended.resolved_ids)
        self._log(ended, GroupLog(ended.planned_at, ended.planned_at))
        return ended

    def record_failed(
        self, notification: Notification, now: datetime, why: str, retry_at: datetime | None
    ) -> Notification:
        """Write down that it was not said, and when it will be tried again; None gives up."""
        if retry_at is None:
            ended = notification.ended(Outcome.GIVEN_UP, now, why)
            self._write(ended)
            told_at = self._groups.get(ended.channel, {}).get(ended.group_key, GroupLog()).told_at
            self._log(ended, GroupLog(told_at, now))
            return ended
        ended = notification.ended(Outcome.FAILED, now, why)
        self._write(ended, notification.again(retry_at, now))
        return ended

    def _write(self, ended: Notification, successor: Notification | None = None) -> None:
        rows = [ended, successor] if successor else [ended]
        self._store.insert("notification_rows", [one.to_row() for one in rows])
        del self.pending[ended.notification_id]
        if successor:
            self.pending[successor.notification_id] = successor

    def _log(self, ended: Notification, log: GroupLog) -> None:
        self._groups.setdefault(ended.channel, {})[ended.group_key] = log


def _kind(reason: Telling) -> str:
    if reason is Telling.REPEAT_INTERVAL_ELAPSED:
        return "repeat"
    return "resolved" if reason in (Telling.SOME_RESOLVED, Telling.ALL_RESOLVED) else "firing"
