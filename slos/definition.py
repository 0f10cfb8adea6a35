"""A promise: between which milestones of which object, in how much open time of which calendar, and for whom."""

from dataclasses import dataclass

LEGAL_ENTITY = "legal_entity:"
REGION = "region:"
FILTER_KEYS = ("legal_entity", "region", "billing_model", "client", "currency")
SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class Pause:
    """While `start_milestone` is reached and `stop_milestone` is not yet, the clock stands still."""

    reason: str
    start_milestone: str
    stop_milestone: str


@dataclass(frozen=True, slots=True)
class SlaDefinition:
    """One SLA as its document states it. `calendars` keys begin with `legal_entity:` or `region:`; the first wins."""

    sla: str
    display_name: str
    description: str
    service: str
    journey: str
    object_type: str
    start_milestone: str
    stop_milestones: tuple[str, ...]
    duration_ms: int
    at_risk_ratio: float
    default_calendar: str
    calendars: tuple[tuple[str, str], ...]
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    pauses: tuple[Pause, ...]
    target_ratio: float
    window_days: int
    severity: str
    owner: str
    runbook: str
