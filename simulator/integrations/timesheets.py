"""Time: submitted and approved in the PSA, posted to the ERP."""

from decimal import Decimal
from typing import TypedDict

from billtrail.model.object_key import ObjectKey
from simulator.firm import intent
from simulator.integrations.projects import erp_project_key, psa_project_key
from simulator.integrations.work import Work
from simulator.systems import erp, psa
from simulator.systems.failure import SystemFailure


class _EntryFields(TypedDict):
    subject: ObjectKey
    part_of: ObjectKey
    references: ObjectKey
    amount: Decimal
    currency: str
    attributes: dict[str, str]


class _PostingFields(TypedDict):
    system: str
    part_of: ObjectKey
    amount: Decimal
    currency: str


def submit(work: Work, facts: intent.SubmitTime) -> None:
    """Hand in the week of every worker."""
    project_id = work.crosswalk.get(psa.SYSTEM, "project", facts.project)
    for sheet in facts.sheets:
        with work.run.step("submit timesheet", psa_project_key(project_id)):
            ask = psa.NewSheet(project_id, sheet.worker, facts.week, sheet.hours, sheet.rate)
            answer = work.call(psa.SUBMIT_TIME, ask)
        for entry in answer.entries:
            work.run.emit("time.submitted", occurred_at=entry.submitted_at, **_entry_fields(entry))
        work.crosswalk.note(psa.SYSTEM, "week", _week(facts), *(entry.id for entry in answer.entries))


def approve(work: Work, facts: intent.ApproveTime) -> None:
    """Approve every entry of a week."""
    for entry_id in work.crosswalk.find(psa.SYSTEM, "week", _week(facts)):
        with work.run.step("approve time entry", psa_entry_key(entry_id)):
            entry = work.call(psa.APPROVE_TIME, psa.ApproveTime(entry_id))
            work.run.emit("time.approved", occurred_at=entry.approved_at or work.pace.now(), **_entry_fields(entry))


def export(work: Work, facts: intent.ExportTime) -> None:
    """Post a week's approved entries. What the ERP rejects stays in the PSA's outbox; an outage ends the run."""
    project_id = work.crosswalk.get(psa.SYSTEM, "project", facts.project)
    erp_project_id = work.crosswalk.get(erp.SYSTEM, "project", facts.project)
    waiting = work.call(psa.FIND_EXPORTABLE, psa.FindExportable(project_id, facts.week))
    posted: list[str] = []
    try:
        for entry in waiting.entries:
            if _post(work, entry, erp_project_id):
                posted.append(entry.id)
    finally:
        if posted:
            work.call(psa.MARK_EXPORTED, psa.MarkExported(tuple(posted)))


def _post(work: Work, entry: psa.TimeEntry, erp_project_id: str) -> bool:
    """Post one entry and tell of it. Answers whether the ERP took it. Raises SystemFailure when the ERP is away."""
    with work.run.step("post time entry", psa_entry_key(entry.id)) as span:
        try:
            posting = work.call(erp.POST_TIME, erp.PostTime(entry.id, erp_project_id, entry.value))
        except SystemFailure as failure:
            if failure.is_transient:
                raise
            category = work.run.note_failure(failure, span)
            work.run.emit(
                "time.posted",
                subject=psa_entry_key(entry.id),
                outcome="failure",
                error_category=category,
                attributes={"message": failure.message},
                **_posting_fields(erp_project_id, entry.value, entry.currency),
            )
            return False
        work.run.emit(
            "time.posted",
            occurred_at=posting.posted_at,
            subject=ObjectKey(erp.SYSTEM, "time_entry", posting.id),
            same_as=psa_entry_key(entry.id),
            **_posting_fields(erp_project_id, posting.value, entry.currency),
        )
        return True


def _posting_fields(erp_project_id: str, value: Decimal, currency: str) -> _PostingFields:
    return {"system": erp.SYSTEM, "part_of": erp_project_key(erp_project_id), "amount": value, "currency": currency}


def _entry_fields(entry: psa.TimeEntry) -> _EntryFields:
    return {
        "subject": psa_entry_key(entry.id),
        "part_of": psa_project_key(entry.project_id),
        "references": ObjectKey(psa.SYSTEM, "worker", entry.worker),
        "amount": entry.value,
        "currency": entry.currency,
        "attributes": {"hours": str(entry.hours), "week": entry.week},
    }


def _week(facts: intent.SubmitTime | intent.ApproveTime) -> str:
    return f"{facts.project}/{facts.week}"


def psa_entry_key(id: str) -> ObjectKey:
    return ObjectKey(psa.SYSTEM, "time_entry", id)
