"""From billable to paid: billing cycles, one invoice per contract or one for all of a client's, sync and payments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from simulator.firm.account import Account, PlannedContract
from simulator.firm.intent import IssueInvoice, ReceivePayment, ReissueInvoice, SyncInvoice
from simulator.systems import crm
from simulator.systems.fault import Fault, FaultKind


def tell_invoicing(
    account: Account, contracts: Sequence[PlannedContract], starts_at: datetime, ends_at: datetime
) -> None:
    """Plan the billing cycles of contracts that are billed together, until two cycles after the work ends."""
    cycle = timedelta(days=account.settings.invoice_every_days)
    at = starts_at + cycle
    number = 0
    while at < ends_at + 2 * cycle:
        number += 1
        handle = f"{contracts[0].handle}-i{number}"
        _tell_invoice(account, contracts, handle, account.at_work(at + account.hours(0, 20)))
        at += cycle


def _tell_invoice(account: Account, contracts: Sequence[PlannedContract], handle: str, at: datetime) -> None:
    projects = tuple(project for contract in contracts for project in contract.projects)
    facts = IssueInvoice(handle, account.client, account.place.region, projects)
    account.redeliver(account.note(at, "invoicing", contracts, facts))
    reaches_crm = _tell_sync(account, contracts, handle, at)
    if account.happens(account.settings.faults.duplicate_invoice):
        copied_at = account.at_work(at + account.days(0.5, 3))
        account.note(copied_at, "invoicing", contracts, ReissueInvoice(handle, f"{handle}-copy"))
        _tell_sync(account, contracts, f"{handle}-copy", copied_at)
    _tell_payments(account, contracts, handle, at, reaches_crm=reaches_crm)


def _tell_sync(account: Account, contracts: Sequence[PlannedContract], handle: str, issued_at: datetime) -> bool:
    faults = account.settings.faults
    facts = SyncInvoice(handle, "issued")
    at = issued_at + timedelta(minutes=account.chance.uniform(15, 90))
    if account.happens(faults.missed_status_sync):
        outage = Fault(
            crm.SET_INVOICE_STATUS.name, FaultKind.REJECT, times=99, message="record locked by approval process"
        )
        account.note(at, "invoice-status-sync", contracts, facts, faults=[outage])
        return False
    if account.happens(faults.late_status_sync):
        at += account.days(2, 7)
    account.redeliver(account.note(at, "invoice-status-sync", contracts, facts))
    return True


def _tell_payments(
    account: Account, contracts: Sequence[PlannedContract], handle: str, issued_at: datetime, *, reaches_crm: bool
) -> None:
    faults = account.settings.faults
    if account.happens(faults.never_paid):
        return
    paid_at = issued_at + (account.days(35, 60) if account.happens(faults.late_payment) else account.days(9, 30))
    if len(contracts) == 1 and account.happens(faults.part_payment):
        account.note(paid_at, "bank-statement-import", contracts, ReceivePayment(handle, Decimal("0.5")))
        if account.happens(0.3):
            return
        paid_at += account.days(5, 20)
    account.redeliver(account.note(paid_at, "bank-statement-import", contracts, ReceivePayment(handle, Decimal(1))))
    if reaches_crm:
        account.note(paid_at + account.hours(1, 20), "invoice-status-sync", contracts, SyncInvoice(handle, "paid"))
