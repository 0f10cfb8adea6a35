"""One alert and its versions: the newest version of a row of `alert_rows`.

An alert is open while it is firing or acknowledged. Versions are microseconds and only rise; a person's action is
dated `PERSON_AHEAD_US` later than the machine's, so that an acknowledgement and an update written at the same moment
leave the acknowledgement standing, and the next evaluation brings the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

PERSON_AHEAD_US = 1_000_000


class AlertState(StrEnum):
    """Where an alert stands."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Severity(StrEnum):
    """How loud. Information is shown on dashboards and never alerts."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Alert:
    """`started_at` is when Billtrail began to alert; the promise was broken before, the summary says when."""

    alert_id: str
    fingerprint: str
    name: str
    severity: str
    state: AlertState
    reason: str
    subject: str
    lifecycle_id: str
    summary: str
    labels: Mapping[str, str]
    owner: str
    runbook: str
    value_at_risk: Decimal
    currency: str
    started_at: datetime
    acknowledged_by: str
    assigned_to: str
    resolved_at: datetime | None
    version: int

    @property
    def is_open(self) -> bool:
        return self.state is not AlertState.RESOLVED

    @property
    def is_acknowledged(self) -> bool:
        return self.state is AlertState.ACKNOWLEDGED

    def next_version(self, now: datetime, *, is_person: bool = False, **changes: Any) -> Self:
        """Return the alert with `changes`, in a version above this one."""
        version = max(self.version + 1, version_at(now) + (PERSON_AHEAD_US if is_person else 0))
        return replace(self, version=version, **changes)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        values = {field.name: row[field.name] for field in fields(cls)}
        return cls(**{**values, "state": AlertState(row["state"])})

    def to_row(self) -> dict[str, Any]:
        row = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**row, "state": str(self.state), "reason": str(self.reason), "labels": dict(self.labels)}


def version_at(now: datetime) -> int:
    """Number an instant in microseconds since the epoch."""
    return int(now.timestamp() * 1_000_000)


def alert_id_of(fingerprint: str, now: datetime) -> str:
    """Name the alert that opens now: the same decision taken twice names the same alert, a later one another."""
    return f"{fingerprint}-{version_at(now) // 1000:x}"


def value_by_currency(alerts: "list[Alert] | tuple[Alert, ...]") -> dict[str, Decimal]:
    """Sum the value at risk per currency. A subject with several alerts counts once, with its largest amount."""
    largest: dict[tuple[str, str], Decimal] = {}
    for alert in alerts:
        key = (alert.currency, alert.subject)
        largest[key] = max(largest.get(key, Decimal(0)), alert.value_at_risk)
    sums: dict[str, Decimal] = {}
    for (currency, _), amount in largest.items():
        if currency and amount:
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return dict(sorted(sums.items()))


def by_money(alert: Alert) -> tuple[Decimal, bool, datetime, str]:
    """Rank: most money first, then critical, then oldest. Amounts of different currencies compare as numbers."""
    return (-alert.value_at_risk, alert.severity != Severity.CRITICAL, alert.started_at, alert.alert_id)
