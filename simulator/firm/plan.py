"""The whole firm, account after account, as one endless row of intents in the order of time."""

import heapq
import itertools
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from billtrail.model.vocabulary import BillingModel
from simulator.firm.account import Account, PlannedContract, open_account
from simulator.firm.intent import Intent, SyncRateCards
from simulator.firm.story_handovers import plan_master_data, tell_cleared_payments, tell_handovers
from simulator.firm.story_invoicing import tell_invoicing
from simulator.firm.story_milestones import tell_milestones
from simulator.firm.story_setup import tell_setup
from simulator.firm.story_time import tell_time
from simulator.settings import SimulatorSettings
from simulator.systems import crm
from simulator.systems.fault import Fault, FaultKind


def plan_firm(settings: SimulatorSettings, opens_at: datetime) -> Iterator[Intent]:
    """Give the firm's intents in the order of time, from the day it opens. Never ends.

    Accounts are planned when the row reaches the day they open, so memory holds only what is still to come.
    """
    rows = _plan_accounts(settings, opens_at), _plan_nights(settings, opens_at), plan_master_data(settings, opens_at)
    yield from heapq.merge(*rows, key=lambda intent: intent.order)


def plan_account(settings: SimulatorSettings, number: int, opens_at: datetime) -> Account:
    """Plan one account to its end."""
    account = open_account(settings, number, opens_at)
    spans = [(contract, span) for contract in account.contracts if (span := _tell_work(account, contract))]
    groups = [spans] if account.is_consolidated else [[one] for one in spans]
    for group in filter(None, groups):
        starts_at = min(span[0] for _, span in group)
        ends_at = max(span[1] for _, span in group)
        tell_invoicing(account, [contract for contract, _ in group], starts_at, ends_at)
    for contract, span in spans:
        tell_handovers(account, contract, *span)
    tell_cleared_payments(account)
    return account


def _tell_work(account: Account, contract: PlannedContract) -> tuple[datetime, datetime] | None:
    starts_at = tell_setup(account, contract)
    if starts_at is None:
        return None
    if contract.terms.billing_model == BillingModel.TIME_AND_MATERIALS:
        return starts_at, tell_time(account, contract, starts_at)
    return starts_at, tell_milestones(account, contract, starts_at)


def _plan_accounts(settings: SimulatorSettings, opens_at: datetime) -> Iterator[Intent]:
    gap = timedelta(days=settings.days) / settings.contracts
    waiting: list[tuple[tuple[datetime, str], Intent]] = []
    contract_count = 0
    for number in itertools.count():
        account_opens_at = opens_at + gap * contract_count
        while waiting and waiting[0][0][0] < account_opens_at:
            yield heapq.heappop(waiting)[1]
        account = plan_account(settings, number, account_opens_at)
        contract_count += len(account.contracts)
        for intent in account.intents:
            heapq.heappush(waiting, (intent.order, intent))


def _plan_nights(settings: SimulatorSettings, opens_at: datetime) -> Iterator[Intent]:
    chance = random.Random(f"{settings.seed}/nights")
    midnight = opens_at.replace(hour=0, minute=0, second=0, microsecond=0)
    for number in itertools.count(1):
        is_broken = chance.random() < settings.faults.broken_nightly_job
        faults = (Fault(crm.READ_RATE_CARDS.name, FaultKind.UNAVAILABLE, times=99),) if is_broken else ()
        at = midnight + timedelta(days=number, hours=3, seconds=chance.randrange(3600))
        id = f"n{number:05d}"
        yield Intent(at, id, f"rate-card-sync-{settings.seed}-{id}", (), SyncRateCards(), faults)
