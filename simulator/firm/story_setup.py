"""How a contract begins: signed, announced, amended or cancelled, and set up as projects in PSA and ERP."""

from datetime import datetime, timedelta
from decimal import Decimal

from simulator.firm.account import Account, PlannedContract
from simulator.firm.intent import AmendContract, AnnounceContract, CancelContract, SetUpProjects, SignContract
from simulator.systems import erp, psa
from simulator.systems.fault import Fault, FaultKind

OUTAGE = 99


def tell_setup(account: Account, contract: PlannedContract) -> datetime | None:
    """Plan the beginning. Answers when work can start, None when it never can."""
    faults = account.settings.faults
    account.note(contract.signed_at, "esign", [contract], SignContract(contract.handle, contract.terms))
    announced_at = contract.signed_at + timedelta(minutes=account.chance.uniform(1, 20))
    if account.happens(faults.contract_event_late):
        announced_at += account.days(4, 12)
    account.redeliver(account.note(announced_at, "contract-outbox", [contract], AnnounceContract(contract.handle)))
    if account.happens(faults.contract_cancelled):
        account.note(
            contract.signed_at + account.hours(2, 40), "contract-cancel", [contract], CancelContract(contract.handle)
        )
        return None
    _tell_amendments(account, contract)
    return _tell_projects(account, contract)


def _tell_projects(account: Account, contract: PlannedContract) -> datetime | None:
    faults = account.settings.faults
    is_late = account.happens(faults.late_project)
    at = account.at_work(contract.signed_at + (account.days(5, 14) if is_late else account.days(0.1, 1.6)))
    facts = SetUpProjects(contract.handle, contract.projects)
    if account.happens(faults.project_missing_in_psa):
        fault = Fault(psa.CREATE_PROJECT.name, FaultKind.REJECT, OUTAGE, message="no template for this billing model")
        account.note(at, "project-setup", [contract], facts, faults=[fault])
        return None
    if account.happens(faults.project_missing_in_erp):
        fault = Fault(erp.OPEN_PROJECT.name, FaultKind.TIMEOUT, OUTAGE)
        account.note(at, "project-setup", [contract], facts, faults=[fault])
        return at
    if is_late and account.happens(0.5):
        fault = Fault(erp.OPEN_PROJECT.name, FaultKind.UNAVAILABLE, OUTAGE)
        first = account.note(at, "project-setup", [contract], facts, faults=[fault])
        at = account.at_work(at + account.days(1, 5))
        account.note(at, "project-setup", [contract], facts, repeats=first)
        return at
    account.redeliver(account.note(at, "project-setup", [contract], facts))
    return at


def _tell_amendments(account: Account, contract: PlannedContract) -> None:
    faults = account.settings.faults
    for status, rate in (("draft", faults.amendment_draft), ("approved", faults.amendment_approved)):
        if account.happens(rate):
            factor = Decimal(account.chance.choice(("0.90", "1.10", "1.25")))
            value = (contract.terms.value * factor).quantize(Decimal("0.01"))
            facts = AmendContract(contract.handle, value, status, account.chance.randrange(0, 15))
            at = account.at_work(contract.signed_at + account.days(10, 45))
            account.note(at, "amendment-outbox", [contract], facts)
