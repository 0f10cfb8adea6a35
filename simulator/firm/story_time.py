"""Work by the hour: each week submitted on Friday, approved early in the next week, exported to the ERP by night."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from simulator.firm import places
from simulator.firm.account import Account, PlannedContract
from simulator.firm.intent import ApproveTime, ExportTime, Intent, SubmitTime, WorkerWeek
from simulator.systems import erp, psa
from simulator.systems.fault import Fault, FaultKind

_HOURS = tuple(Decimal(text) for text in ("8.00", "8.00", "8.00", "7.50", "6.00", "4.00"))
_REJECTIONS = ("posting period closed", "work package not released", "no price for activity type")


def tell_time(account: Account, contract: PlannedContract, starts_at: datetime) -> datetime:
    """Plan all weeks of a contract. Answers when the last is over."""
    crew = account.chance.sample(places.WORKERS, account.settings.workers_per_project)
    friday = _friday_after(starts_at)
    for project in contract.projects:
        for number in range(contract.weeks):
            _tell_week(account, contract, project, friday + timedelta(weeks=number), crew)
    return friday + timedelta(weeks=contract.weeks)


def _tell_week(account: Account, contract: PlannedContract, project: str, friday: datetime, crew: list[str]) -> None:
    week = friday.strftime("%G-W%V")
    submitted_at = account.at_work(friday + account.hours(0, 2))
    sheets = tuple(_draw_sheet(account, worker) for worker in crew)
    account.note(submitted_at, "timesheet-submission", [contract], SubmitTime(project, week, sheets))
    approved_at = account.at_work(submitted_at + account.days(2.2, 4.5))
    approval = account.note(
        approved_at,
        "timesheet-approval",
        [contract],
        ApproveTime(project, week),
        faults=list(_draw_lost_approvals(account)),
    )
    account.redeliver(approval)
    _tell_export(account, contract, ExportTime(project, week), approved_at)


def _tell_export(account: Account, contract: PlannedContract, facts: ExportTime, approved_at: datetime) -> None:
    faults = account.settings.faults
    if account.happens(faults.missed_export):
        return
    at = account.at_night(approved_at)
    if account.happens(faults.late_export):
        at = account.at_night(at + account.days(3, 9))
    if account.happens(faults.broken_export):
        kind = account.chance.choice((FaultKind.TIMEOUT, FaultKind.UNAVAILABLE))
        outage = Fault(erp.POST_TIME.name, kind, times=99, skip=account.chance.randrange(0, 6))
        first = account.note(at, "time-export", [contract], facts, faults=[outage])
        account.note(at + account.hours(3, 60), "time-export", [contract], facts, repeats=first)
    elif account.happens(faults.rejected_posting):
        _tell_rejection(account, contract, facts, at)
    else:
        account.redeliver(account.note(at, "time-export", [contract], facts, faults=list(draw_hiccups(account))))


def _tell_rejection(account: Account, contract: PlannedContract, facts: ExportTime, at: datetime) -> Intent:
    times = account.chance.randrange(1, 4)
    skip = account.chance.randrange(0, 4)
    message = account.chance.choice(_REJECTIONS)
    rejection = Fault(erp.POST_TIME.name, FaultKind.REJECT, times, skip, message)
    first = account.note(at, "time-export", [contract], facts, faults=[rejection])
    if account.happens(account.settings.faults.rejection_never_fixed):
        return first
    return account.note(account.at_night(at + account.days(1, 7)), "time-export", [contract], facts)


def draw_hiccups(account: Account) -> Iterator[Fault]:
    """Draw short faults of posting time that a retry overcomes."""
    if account.happens(account.settings.faults.retried_rate_limit):
        yield Fault(erp.POST_TIME.name, FaultKind.RATE_LIMIT, times=account.chance.randrange(1, 3))
    elif account.happens(account.settings.faults.retried_timeout):
        yield Fault(erp.POST_TIME.name, FaultKind.TIMEOUT, times=1, skip=account.chance.randrange(0, 5))


def _draw_lost_approvals(account: Account) -> Iterator[Fault]:
    if account.happens(account.settings.faults.lost_approval):
        yield Fault(psa.APPROVE_TIME.name, FaultKind.LOSE, times=account.chance.randrange(1, 3))
    if account.happens(account.settings.faults.retried_rate_limit):
        yield Fault(psa.APPROVE_TIME.name, FaultKind.RATE_LIMIT, times=1, skip=4)


def _draw_sheet(account: Account, worker: str) -> WorkerWeek:
    rate = Decimal(account.place.hourly_rate + 5 * account.chance.randrange(-4, 7))
    return WorkerWeek(worker, rate, tuple(account.chance.choice(_HOURS) for _ in range(5)))


def _friday_after(at: datetime) -> datetime:
    friday = at + timedelta(days=(4 - at.weekday()) % 7 or 7)
    return friday.replace(hour=14, minute=0, second=0, microsecond=0)
