"""The PSA's books: projects, time and milestones. Ids look like `PRJ-7010042` and `TE-7100042`."""

from dataclasses import replace
from decimal import Decimal

from simulator.systems.books import Books, Pace
from simulator.systems.psa import (
    APPROVE_MILESTONE,
    APPROVE_TIME,
    COMPLETE_MILESTONE,
    CREATE_PROJECT,
    FIND_EXPORTABLE,
    MARK_EXPORTED,
    READ_MILESTONE,
    SUBMIT_TIME,
    SYSTEM,
    ApproveMilestone,
    ApproveTime,
    CompleteMilestone,
    FindExportable,
    Marked,
    MarkExported,
    Milestone,
    NewProject,
    NewSheet,
    Project,
    ReadMilestone,
    TimeEntries,
    TimeEntry,
)


class Psa(Books):
    """The PSA's records."""

    system = SYSTEM

    def __init__(self, pace: Pace, seed: int) -> None:
        super().__init__(pace, seed)
        self.projects: dict[str, Project] = {}
        self.time_entries: dict[str, TimeEntry] = {}
        self.milestones: dict[str, Milestone] = {}
        self._outbox: dict[tuple[str, str], dict[str, None]] = {}
        """Approved entries not exported yet, by project and week."""
        self.offer(CREATE_PROJECT, self.create_project)
        self.offer(SUBMIT_TIME, self.submit_time)
        self.offer(APPROVE_TIME, self.approve_time)
        self.offer(FIND_EXPORTABLE, self.find_exportable)
        self.offer(MARK_EXPORTED, self.mark_exported)
        self.offer(COMPLETE_MILESTONE, self.complete_milestone)
        self.offer(APPROVE_MILESTONE, self.approve_milestone)
        self.offer(READ_MILESTONE, self.read_milestone)

    def create_project(self, ask: NewProject) -> Project:
        project = Project(
            id=f"PRJ-{self.first_number + 10_001 + len(self.projects)}",
            contract_id=ask.contract_id,
            name=ask.name,
            region=ask.region,
            legal_entity=ask.legal_entity,
            currency=ask.currency,
            created_at=self.pace.now(),
        )
        self.projects[project.id] = project
        return project

    def submit_time(self, ask: NewSheet) -> TimeEntries:
        return TimeEntries(tuple(self._submit_entry(ask, hours) for hours in ask.hours))

    def _submit_entry(self, ask: NewSheet, hours: Decimal) -> TimeEntry:
        entry = TimeEntry(
            id=f"TE-{self.first_number + 100_001 + len(self.time_entries)}",
            project_id=ask.project_id,
            worker=ask.worker,
            week=ask.week,
            hours=hours,
            value=(hours * ask.rate).quantize(Decimal("0.01")),
            currency=self.projects[ask.project_id].currency,
            submitted_at=self.pace.now(),
        )
        self.time_entries[entry.id] = entry
        return entry

    def approve_time(self, ask: ApproveTime) -> TimeEntry:
        entry = replace(self.time_entries[ask.entry_id], approved_at=self.pace.now())
        self.time_entries[entry.id] = entry
        if not self.is_losing:
            self._outbox.setdefault((entry.project_id, entry.week), {})[entry.id] = None
        return entry

    def find_exportable(self, ask: FindExportable) -> TimeEntries:
        waiting = self._outbox.get((ask.project_id, ask.week), {})
        return TimeEntries(tuple(self.time_entries[id] for id in waiting))

    def mark_exported(self, ask: MarkExported) -> Marked:
        for id in ask.entry_ids:
            entry = self.time_entries[id]
            self._outbox[entry.project_id, entry.week].pop(id, None)
        return Marked(len(ask.entry_ids))

    def complete_milestone(self, ask: CompleteMilestone) -> Milestone:
        milestone = Milestone(
            id=f"MS-{self.first_number + 7_001 + len(self.milestones)}",
            project_id=ask.project_id,
            name=ask.name,
            value=ask.value,
            currency=self.projects[ask.project_id].currency,
            completed_at=self.pace.now(),
        )
        self.milestones[milestone.id] = milestone
        return milestone

    def approve_milestone(self, ask: ApproveMilestone) -> Milestone:
        milestone = replace(self.milestones[ask.milestone_id], approved_at=self.pace.now())
        self.milestones[milestone.id] = milestone
        return milestone

    def read_milestone(self, ask: ReadMilestone) -> Milestone:
        return self.milestones[ask.milestone_id]
