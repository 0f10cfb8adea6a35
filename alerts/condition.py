"""What calls for an alert: a breached clock or an open finding, and what was observed about it.

The fingerprint is a hash of the labels that say which promise about which subject: `alertname`, `subject` and
`lifecycle_id`. The other labels (client, region, legal entity, owner, severity) describe and may be corrected later;
hashing them too, as Alertmanager does, would resolve, re-open and un-acknowledge an alert when a client's name arrives.
"""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

IDENTITY = ("alertname", "subject", "lifecycle_id")


class Kind(StrEnum):
    """What a condition comes from; also the label that carries its name."""

    SLA = "sla"
    DETECTOR = "detector"


class Reason(StrEnum):
    """Why an alert is as it is, or why nothing was done."""

    CLOCK_BREACHED = "clock_breached"
    FINDING_REPORTED = "finding_reported"
    DETAILS_CHANGED = "details_changed"
    UNCHANGED = "unchanged"
    STEP_ARRIVED_LATE = "step_arrived_late"
    STEP_WAS_IN_TIME = "step_was_in_time"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    DEADLINE_MOVED = "deadline_moved"
    FINDING_RESOLVED = "finding_resolved"
    WITHDRAWN = "withdrawn"
    SOURCE_BEHIND = "source_behind"
    NOTHING_OPEN = "nothing_open"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must be known about one subject."""

    kind: Kind
    name: str
    subject: str
    lifecycle_id: str
    severity: str
    summary: str
    owner: str
    runbook: str
    value_at_risk: Decimal
    currency: str
    client: str
    region: str
    legal_entity: str

    @property
    def labels(self) -> dict[str, str]:
        """The labels in Alertmanager's style; empty ones are left out, as there."""
        labels = {
            "alertname": self.name,
            str(self.kind): self.name,
            "subject": self.subject,
            "lifecycle_id": self.lifecycle_id,
            "client": self.client,
            "region": self.region,
            "legal_entity": self.legal_entity,
            "owner": self.owner,
            "severity": self.severity,
        }
        return {name: value for name, value in labels.items() if value}

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.name, self.subject, self.lifecycle_id)


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known now about one fingerprint. `condition` is None when nothing is wrong, or nobody can tell."""

    fingerprint: str
    reason: Reason
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """What one look at the tables showed. For a kind in `complete`, what was not seen is not there."""

    observations: tuple[Observation, ...]
    complete: frozenset[Kind] = frozenset()


def fingerprint_of(name: str, subject: str, lifecycle_id: str) -> str:
    """Hash the identifying labels: 16 hexadecimal digits, as Alertmanager shows them."""
    text = "\xff".join(
        f"{label}\xff{value}" for label, value in zip(IDENTITY, (name, subject, lifecycle_id), strict=True)
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]
