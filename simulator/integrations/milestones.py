"""Billing milestones: completed and approved in the PSA, released for billing in the ERP."""

from typing import TypedDict

from billtrail.model.object_key import ObjectKey
from simulator.firm import intent
from simulator.integrations.projects import erp_project_key, psa_project_key
from simulator.integrations.work import Work
from simulator.systems import erp, psa


class _MilestoneFields(TypedDict):
    subject: ObjectKey
    part_of: ObjectKey
    attributes: dict[str, str]


def complete(work: Work, facts: intent.CompleteMilestone) -> None:
    """Report the result as done."""
    project_id = work.crosswalk.get(psa.SYSTEM, "project", facts.project)
    milestone = work.call(psa.COMPLETE_MILESTONE, psa.CompleteMilestone(project_id, facts.name, facts.value))
    work.crosswalk.note(psa.SYSTEM, "milestone", facts.milestone, milestone.id)
    work.run.emit("milestone.completed", occurred_at=milestone.completed_at, **_milestone_fields(milestone))


def approve(work: Work, facts: intent.ApproveMilestone) -> None:
    """Accept the result: from now on it is worth its value."""
    milestone_id = work.crosswalk.get(psa.SYSTEM, "milestone", facts.milestone)
    milestone = work.call(psa.APPROVE_MILESTONE, psa.ApproveMilestone(milestone_id))
    work.run.emit(
        "milestone.approved",
        occurred_at=milestone.approved_at or work.pace.now(),
        amount=milestone.value,
        currency=milestone.currency,
        **_milestone_fields(milestone),
    )


def release(work: Work, facts: intent.ReleaseMilestone) -> None:
    """Make the approved milestone billable in the ERP."""
    milestone_id = work.crosswalk.get(psa.SYSTEM, "milestone", facts.milestone)
    erp_project_id = work.crosswalk.get(erp.SYSTEM, "project", facts.project)
    milestone = work.call(psa.READ_MILESTONE, psa.ReadMilestone(milestone_id))
    with work.run.step("release milestone in erp", psa_milestone_key(milestone_id)):
        posting = work.call(erp.RELEASE_MILESTONE, erp.ReleaseMilestone(milestone_id, erp_project_id, milestone.value))
    work.run.emit(
        "billing.ready",
        system=erp.SYSTEM,
        occurred_at=posting.posted_at,
        subject=ObjectKey(erp.SYSTEM, "billing_milestone", posting.id),
        same_as=psa_milestone_key(milestone_id),
        part_of=erp_project_key(posting.project_id),
        amount=posting.value,
        currency=milestone.currency,
    )


def _milestone_fields(milestone: psa.Milestone) -> _MilestoneFields:
    return {
        "subject": psa_milestone_key(milestone.id),
        "part_of": psa_project_key(milestone.project_id),
        "attributes": {"name": milestone.name},
    }


def psa_milestone_key(id: str) -> ObjectKey:
    return ObjectKey(psa.SYSTEM, "billing_milestone", id)
