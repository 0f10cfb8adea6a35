"""The decision who is told what about which group, and when. Pure: alerts, what was told, settings, now.

Alertmanager's rules (notify/dedup_stage.go, dispatch/dispatch.go), kept per group and channel:
a new group waits `group_wait`; a group that was told waits `group_interval` before news about it, new alerts or
resolved ones; without news it is repeated after `repeat_interval`. A resolved alert is told once, and only where it
was told as firing. Added: an acknowledged alert is neither new nor repeated, its end is still told.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from alerts.alert import Alert
from alerts.settings import AlertsSettings


class Telling(StrEnum):
    """Why a group is told now, or why not."""

    FIRST_NOTIFICATION = "first_notification"
    NEW_ALERTS = "new_alerts"
    SOME_RESOLVED = "some_resolved"
    ALL_RESOLVED = "all_resolved"
    REPEAT_INTERVAL_ELAPSED = "repeat_interval_elapsed"
    WAITING_GROUP_WAIT = "waiting_group_wait"
    WAITING_GROUP_INTERVAL = "waiting_group_interval"
    WAITING_REPEAT_INTERVAL = "waiting_repeat_interval"
    DELIVERY_PENDING = "delivery_pending"
    NOTHING_TO_TELL = "nothing_to_tell"


IS_DUE = frozenset(
    {
        Telling.FIRST_NOTIFICATION,
        Telling.NEW_ALERTS,
        Telling.SOME_RESOLVED,
        Telling.ALL_RESOLVED,
        Telling.REPEAT_INTERVAL_ELAPSED,
    }
)


@dataclass(frozen=True, slots=True)
class GroupLog:
    """When a group was last told with success and last tried at all, on one channel."""

    told_at: datetime | None = None
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What one channel was told. `told`: alert ids told as firing and not yet as resolved."""

    told: AbstractSet[str]
    groups: Mapping[str, GroupLog]
    pending: AbstractSet[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Alerts that share the values of the `group_by` labels."""

    key: str
    labels: Mapping[str, str]
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided about one group on one channel. `look_again_at` says when waiting ends, if it ever does."""

    group: Group
    reason: Telling
    firing: tuple[Alert, ...] = ()
    resolved: tuple[Alert, ...] = ()
    look_again_at: datetime | None = None

    @property
    def is_due(self) -> bool:
        return self.reason in IS_DUE


def group_alerts(alerts: Iterable[Alert], group_by: Sequence[str]) -> list[Group]:
    """Gather alerts by the values of the labels named. Empty `group_by`: one group of all."""
    members: dict[tuple[str, ...], list[Alert]] = {}
    for alert in alerts:
        members.setdefault(tuple(alert.labels.get(label, "") for label in group_by), []).append(alert)
    return [
        Group(_key(dict(zip(group_by, values, strict=True))), dict(zip(group_by, values, strict=True)), tuple(group))
        for values, group in sorted(members.items())
    ]


def plan_group(group: Group, memory: Memory, settings: AlertsSettings, now: datetime) -> Plan:
    """Decide whether one channel hears of this group now."""
    if group.key in memory.pending:
        return Plan(group, Telling.DELIVERY_PENDING)
    firing = tuple(alert for alert in group.alerts if alert.is_open and not alert.is_acknowledged)
    resolved = tuple(alert for alert in group.alerts if not alert.is_open and alert.alert_id in memory.told)
    fresh = tuple(alert for alert in firing if alert.alert_id not in memory.told)
    log = memory.groups.get(group.key, GroupLog())
    if fresh or resolved:
        return _news(Plan(group, Telling.NOTHING_TO_TELL, firing, resolved), fresh, (memory, log), (settings, now))
    if not firing:
        return Plan(group, Telling.NOTHING_TO_TELL)
    due_at = (log.tried_at or now) + timedelta(seconds=settings.repeat_interval_s)
    if now < due_at:
        return Plan(group, Telling.WAITING_REPEAT_INTERVAL, look_again_at=due_at)
    return Plan(group, Telling.REPEAT_INTERVAL_ELAPSED, firing)


def _news(
    plan: Plan, fresh: tuple[Alert, ...], log: tuple[Memory, GroupLog], setting: tuple[AlertsSettings, datetime]
) -> Plan:
    (memory, group_log), (settings, now) = log, setting
    is_alive = any(alert.alert_id in memory.told for alert in plan.group.alerts)
    due_at = min((alert.started_at for alert in fresh), default=now) + timedelta(seconds=settings.group_wait_s)
    waiting = Telling.WAITING_GROUP_WAIT
    failed_since = group_log.tried_at is not None and group_log.tried_at != group_log.told_at
    if is_alive or failed_since:
        interval_over_at = (group_log.tried_at or now) + timedelta(seconds=settings.group_interval_s)
        due_at = interval_over_at if is_alive else max(due_at, interval_over_at)
        waiting = Telling.WAITING_GROUP_INTERVAL
    if now < due_at:
        return Plan(plan.group, waiting, look_again_at=due_at)
    return Plan(plan.group, _news_reason(plan, fresh, is_alive), plan.firing, plan.resolved)


def _news_reason(plan: Plan, fresh: tuple[Alert, ...], is_alive: bool) -> Telling:
    if fresh:
        return Telling.NEW_ALERTS if is_alive else Telling.FIRST_NOTIFICATION
    return Telling.SOME_RESOLVED if any(alert.is_open for alert in plan.group.alerts) else Telling.ALL_RESOLVED


def _key(labels: Mapping[str, str]) -> str:
    """Write labels as matchers are written; values are escaped, so that no value can look like another label."""
    return "{" + ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in labels.items()) + "}"
