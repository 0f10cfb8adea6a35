"""Invoices: issued by the ERP's billing run, and their status carried to the CRM."""

from collections import defaultdict
from decimal import Decimal

from billtrail.model.object_key import ObjectKey
from simulator.firm import intent
from simulator.integrations.projects import erp_project_key
from simulator.integrations.work import Work
from simulator.systems import crm, erp


def issue(work: Work, facts: intent.IssueInvoice) -> None:
    """Bill what is unbilled of all projects the ERP knows; nothing happens when nothing is."""
    project_ids = tuple(id for handle in facts.projects for id in work.crosswalk.find(erp.SYSTEM, "project", handle))
    if not project_ids:
        return
    if not work.call(erp.FIND_UNBILLED, erp.FindUnbilled(project_ids)).total:
        return
    invoice = work.call(erp.ISSUE_INVOICE, erp.IssueInvoice(facts.client, facts.region, project_ids))
    work.crosswalk.note(erp.SYSTEM, "invoice", facts.invoice, invoice.number)
    _tell_issued(work, invoice)


def reissue(work: Work, facts: intent.ReissueInvoice) -> None:
    """Issue an invoice a second time, under a second number: the mistake a doubled billing run makes."""
    number = work.crosswalk.get(erp.SYSTEM, "invoice", facts.invoice)
    invoice = work.call(erp.REISSUE_INVOICE, erp.ReissueInvoice(number))
    work.crosswalk.note(erp.SYSTEM, "invoice", facts.copy, invoice.number)
    _tell_issued(work, invoice)


def sync_status(work: Work, facts: intent.SyncInvoice) -> None:
    """Carry an invoice's status to the CRM."""
    invoice = work.call(erp.READ_INVOICE, erp.ReadInvoice(work.crosswalk.get(erp.SYSTEM, "invoice", facts.invoice)))
    with work.run.step("set invoice status in crm", invoice_key(invoice.number)):
        record = work.call(crm.SET_INVOICE_STATUS, crm.SetInvoiceStatus(invoice.number, facts.status))
    work.run.emit(
        "invoice.status_synced",
        system=crm.SYSTEM,
        occurred_at=record.synced_at,
        subject=ObjectKey(crm.SYSTEM, "invoice", record.id),
        same_as=invoice_key(record.invoice_number),
        attributes={"status": record.status},
    )


def _tell_issued(work: Work, invoice: erp.Invoice) -> None:
    amounts: defaultdict[ObjectKey, Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        amounts[erp_project_key(line.project_id)] += line.amount
    billed = [ObjectKey(erp.SYSTEM, "time_entry", id) for id in invoice.time_ids]
    billed += [ObjectKey(erp.SYSTEM, "billing_milestone", id) for id in invoice.milestone_ids]
    work.run.emit(
        "invoice.issued",
        occurred_at=invoice.issued_at,
        subject=invoice_key(invoice.number),
        part_of=list(amounts),
        also={"bills": billed},
        lines=amounts,
        amount=invoice.total,
        currency=invoice.currency,
        client=invoice.client,
        region=invoice.region,
        legal_entity=invoice.legal_entity,
    )


def invoice_key(number: str) -> ObjectKey:
    return ObjectKey(erp.SYSTEM, "invoice", number)
