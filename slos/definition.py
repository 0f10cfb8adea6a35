"""A promise: between which milestones of which object, in how much open time of which calendar, and for whom."""

from dataclasses import dataclass

from slos.objective import Objective

LEGAL_ENTITY = "legal_entity:"
REGION = "region:"
FILTER_KEYS = ("legal_entity", "region", "billing_model", "client", "currency")
SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class Pause:
    """From `start_milestone` until the next `stop_milestone` the clock stands still, as often as that happens.

    `object_type`: whose milestones they are; where it is not the clock's own, those of every such object of the
    lifecycle count.
    """

    reason: str
    start_milestone: str
    stop_milestone: str
    object_type: str


@dataclass(frozen=True, slots=True)
class SlaDefinition:
    """One SLA as its document states it. `calendars` keys begin with `legal_entity:` or `region:`; the first wins.

    `close_duration_ms`: what it may take when it starts in a finance-close period of its calendar, 0: as ever.
    `at_risk_chance`: at risk, too, once fewer than this share of those that took as long were still kept, 0: never.
    """

    sla: str
    display_name: str
    description: str
    service: str
    journey: str
    object_type: str
    start_milestone: str
    stop_milestones: tuple[str, ...]
    duration_ms: int
    close_duration_ms: int
    at_risk_ratio: float
    at_risk_chance: float
    default_calendar: str
    calendars: tuple[tuple[str, str], ...]
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    pauses: tuple[Pause, ...]
    severity: str
    owner: str
    runbook: str
    indicator: str
    objective: Objective
