"""The PSA as others see it: projects, time and milestones, for the people doing the work."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from simulator.systems.operation import Operation

SYSTEM = "psa"


@dataclass(frozen=True, slots=True)
class NewProject:
    contract_id: str
    name: str
    region: str
    legal_entity: str
    currency: str


@dataclass(frozen=True, slots=True)
class Project:
    id: str
    contract_id: str
    name: str
    region: str
    legal_entity: str
    currency: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A week of one worker on one project: the hours of each day, at an hourly rate."""

    project_id: str
    worker: str
    week: str
    hours: tuple[Decimal, ...]
    rate: Decimal


@dataclass(frozen=True, slots=True)
class TimeEntry:
    id: str
    project_id: str
    worker: str
    week: str
    hours: Decimal
    value: Decimal
    currency: str
    submitted_at: datetime
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimeEntries:
    entries: tuple[TimeEntry, ...]


@dataclass(frozen=True, slots=True)
class ApproveTime:
    entry_id: str


@dataclass(frozen=True, slots=True)
class FindExportable:
    """Ask for the approved entries of a week that no export has taken yet."""

    project_id: str
    week: str


@dataclass(frozen=True, slots=True)
class MarkExported:
    entry_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    count: int


@dataclass(frozen=True, slots=True)
class CompleteMilestone:
    project_id: str
    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class ApproveMilestone:
    milestone_id: str


@dataclass(frozen=True, slots=True)
class ReadMilestone:
    milestone_id: str


@dataclass(frozen=True, slots=True)
class Milestone:
    id: str
    project_id: str
    name: str
    value: Decimal
    currency: str
    completed_at: datetime
    approved_at: datetime | None = None


CREATE_PROJECT = Operation(SYSTEM, "POST", "/projects", NewProject, Project)
SUBMIT_TIME = Operation(SYSTEM, "POST", "/timesheets", NewSheet, TimeEntries)
APPROVE_TIME = Operation(SYSTEM, "POST", "/time-entries/approve", ApproveTime, TimeEntry)
FIND_EXPORTABLE = Operation(SYSTEM, "POST", "/time-entries/find-exportable", FindExportable, TimeEntries)
MARK_EXPORTED = Operation(SYSTEM, "POST", "/time-entries/mark-exported", MarkExported, Marked)
COMPLETE_MILESTONE = Operation(SYSTEM, "POST", "/milestones", CompleteMilestone, Milestone)
APPROVE_MILESTONE = Operation(SYSTEM, "POST", "/milestones/approve", ApproveMilestone, Milestone)
READ_MILESTONE = Operation(SYSTEM, "POST", "/milestones/read", ReadMilestone, Milestone)
OPERATIONS = (
    CREATE_PROJECT,
    SUBMIT_TIME,
    APPROVE_TIME,
    FIND_EXPORTABLE,
    MARK_EXPORTED,
    COMPLETE_MILESTONE,
    APPROVE_MILESTONE,
    READ_MILESTONE,
)
