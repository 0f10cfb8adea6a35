"""Which run carries out which intent: its name, the system it works for, and its code."""

from collections.abc import Callable
from typing import Any, NamedTuple

from simulator.firm import intent
from simulator.integrations import (
    contracts,
    handovers,
    invoices,
    milestones,
    payments,
    projects,
    rate_cards,
    timesheets,
)
from simulator.integrations.work import Work
from simulator.systems import crm, erp, psa


class RunKind(NamedTuple):
    """One integration of the hub."""

    name: str
    system: str
    carry_out: Callable[[Work, Any], None]


RUN_KINDS: dict[type, RunKind] = {
    intent.SignContract: RunKind("esign", crm.SYSTEM, contracts.sign),
    intent.AnnounceContract: RunKind("contract-outbox", crm.SYSTEM, contracts.announce),
    intent.AmendContract: RunKind("amendment-outbox", crm.SYSTEM, contracts.amend),
    intent.CancelContract: RunKind("contract-cancel", crm.SYSTEM, contracts.cancel),
    intent.SetUpProjects: RunKind("project-setup", psa.SYSTEM, projects.set_up),
    intent.SubmitTime: RunKind("timesheet-submission", psa.SYSTEM, timesheets.submit),
    intent.ApproveTime: RunKind("timesheet-approval", psa.SYSTEM, timesheets.approve),
    intent.ExportTime: RunKind("time-export", psa.SYSTEM, timesheets.export),
    intent.CompleteMilestone: RunKind("milestone-completion", psa.SYSTEM, milestones.complete),
    intent.ApproveMilestone: RunKind("milestone-approval", psa.SYSTEM, milestones.approve),
    intent.ReleaseMilestone: RunKind("billing-release", psa.SYSTEM, milestones.release),
    intent.IssueInvoice: RunKind("invoicing", erp.SYSTEM, invoices.issue),
    intent.ReissueInvoice: RunKind("invoicing", erp.SYSTEM, invoices.reissue),
    intent.SyncInvoice: RunKind("invoice-status-sync", erp.SYSTEM, invoices.sync_status),
    intent.ReceivePayment: RunKind("bank-statement-import", erp.SYSTEM, payments.receive),
    intent.Raise: RunKind("record-outbox", psa.SYSTEM, handovers.begin),
    intent.PassOn: RunKind("record-sync", erp.SYSTEM, handovers.pass_on),
    intent.SyncRateCards: RunKind("rate-card-sync", crm.SYSTEM, rate_cards.sync),
}
