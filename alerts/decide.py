"""The decision which alerts open, change and resolve. Pure: what is seen, what is open, now; nothing else.

Every answer carries a named reason. Deciding twice on the same picture changes nothing the second time. What cannot be
told (a source that is behind) neither opens nor resolves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.alert import Alert, AlertState, alert_id_of, version_at
from alerts.condition import Condition, Kind, Observation, Picture, Reason


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one fingerprint. `alert` is the version to write, None when there is nothing to write."""

    fingerprint: str
    reason: Reason
    alert: Alert | None = None


def decide(picture: Picture, open_alerts: Mapping[str, Alert], now: datetime) -> list[Decision]:
    """Decide on everything seen, and on open alerts whose condition is gone. `open_alerts` is keyed by fingerprint."""
    seen = {observation.fingerprint: observation for observation in picture.observations}
    decisions = [_decide_one(observation, open_alerts.get(key), now) for key, observation in seen.items()]
    return decisions + list(_gone(picture, seen, open_alerts.values(), now))


def _decide_one(observation: Observation, alert: Alert | None, now: datetime) -> Decision:
    condition = observation.condition
    if condition is not None:
        return _open(observation, condition, now) if alert is None else _refresh(alert, condition, now)
    if alert is None:
        return Decision(observation.fingerprint, Reason.NOTHING_OPEN)
    if observation.reason is Reason.SOURCE_BEHIND:
        return Decision(observation.fingerprint, Reason.SOURCE_BEHIND)
    return _resolve(alert, observation.reason, now)


def _open(observation: Observation, condition: Condition, now: datetime) -> Decision:
    alert = Alert(
        alert_id=alert_id_of(observation.fingerprint, now),
        fingerprint=observation.fingerprint,
        name=condition.name,
        severity=condition.severity,
        state=AlertState.FIRING,
        reason=observation.reason,
        subject=condition.subject,
        lifecycle_id=condition.lifecycle_id,
        summary=condition.summary,
        labels=condition.labels,
        owner=condition.owner,
        runbook=condition.runbook,
        value_at_risk=condition.value_at_risk,
        currency=condition.currency,
        started_at=now,
        acknowledged_by="",
        assigned_to="",
        resolved_at=None,
        version=version_at(now),
    )
    return Decision(observation.fingerprint, observation.reason, alert)


def _refresh(alert: Alert, condition: Condition, now: datetime) -> Decision:
    details: dict[str, Any] = {
        "severity": condition.severity,
        "summary": condition.summary,
        "labels": condition.labels,
        "owner": condition.owner,
        "runbook": condition.runbook,
        "value_at_risk": condition.value_at_risk,
        "currency": condition.currency,
    }
    if all(getattr(alert, name) == value for name, value in details.items()):
        return Decision(alert.fingerprint, Reason.UNCHANGED)
    return Decision(alert.fingerprint, Reason.DETAILS_CHANGED, alert.next_version(now, **details))


def _resolve(alert: Alert, reason: Reason, now: datetime) -> Decision:
    resolved = alert.next_version(now, state=AlertState.RESOLVED, reason=reason, resolved_at=now)
    return Decision(alert.fingerprint, reason, resolved)


def _gone(
    picture: Picture, seen: Mapping[str, Observation], alerts: Iterable[Alert], now: datetime
) -> Iterator[Decision]:
    for alert in alerts:
        kind = Kind.SLA if Kind.SLA in alert.labels else Kind.DETECTOR
        if kind in picture.complete and alert.fingerprint not in seen:
            yield _resolve(alert, Reason.WITHDRAWN, now)
