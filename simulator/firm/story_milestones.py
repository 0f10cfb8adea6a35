"""Work by result or by month: completed and approved in the PSA, released for billing in the ERP.

Fixed-fee instalments and retainer months are billing milestones too.
"""

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from billtrail.model.vocabulary import BillingModel
from simulator.firm.account import Account, PlannedContract
from simulator.firm.intent import ApproveMilestone, CompleteMilestone, ReleaseMilestone
from simulator.systems import erp
from simulator.systems.fault import Fault, FaultKind

_WORDS = {
    BillingModel.FIXED_FEE.value: "Instalment",
    BillingModel.MILESTONE.value: "Milestone",
    BillingModel.RETAINER.value: "Retainer month",
}


def tell_milestones(account: Account, contract: PlannedContract, starts_at: datetime) -> datetime:
    """Plan all milestones of a contract. Answers when the last is over."""
    is_retainer = contract.terms.billing_model == BillingModel.RETAINER
    count = max(2, contract.weeks // 4) if is_retainer else account.chance.randrange(3, 6)
    gap = timedelta(days=30) if is_retainer else timedelta(weeks=contract.weeks) / count
    for number, value in enumerate(_split(contract.terms.value, count), start=1):
        name = f"{_WORDS[contract.terms.billing_model]} {number} of {count}"
        _tell_milestone(account, contract, name, value, starts_at + gap * (number - 0.4))
    return starts_at + gap * count


def _tell_milestone(account: Account, contract: PlannedContract, name: str, value: Decimal, due_at: datetime) -> None:
    project = contract.projects[0]
    handle = f"{project}-m{name.split()[-3]}"
    completed_at = account.at_work(due_at + account.days(-1, 2))
    account.note(completed_at, "milestone-completion", [contract], CompleteMilestone(project, handle, name, value))
    approved_at = account.at_work(completed_at + account.days(0.2, 4))
    approval = account.note(approved_at, "milestone-approval", [contract], ApproveMilestone(project, handle))
    account.redeliver(approval)
    _tell_release(account, contract, ReleaseMilestone(project, handle), approved_at)


def _tell_release(account: Account, contract: PlannedContract, facts: ReleaseMilestone, approved_at: datetime) -> None:
    faults = account.settings.faults
    if account.happens(faults.missed_release):
        return
    is_late = account.happens(faults.late_release)
    at = approved_at + (account.days(4, 12) if is_late else account.hours(1, 18))
    if account.happens(faults.broken_release):
        outage = Fault(erp.RELEASE_MILESTONE.name, FaultKind.UNAVAILABLE, times=99)
        first = account.note(at, "billing-release", [contract], facts, faults=[outage])
        account.note(at + account.hours(5, 100), "billing-release", [contract], facts, repeats=first)
        return
    hiccup = Fault(erp.RELEASE_MILESTONE.name, FaultKind.RATE_LIMIT)
    is_limited = account.happens(faults.retried_rate_limit)
    account.note(at, "billing-release", [contract], facts, faults=[hiccup] if is_limited else [])


def _split(value: Decimal, count: int) -> list[Decimal]:
    part = (value / count).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    return [part] * (count - 1) + [value - part * (count - 1)]
