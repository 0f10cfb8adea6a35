"""What goes on beside the work: expenses, revenue, billing events, status reports, amendments, payments in the CRM.

Has dice of its own, so that the rest of the firm's story is the same with it and without it.
"""

import heapq
import itertools
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from simulator.firm import places
from simulator.firm.account import Account, PlannedContract
from simulator.firm.handover import HANDOVERS
from simulator.firm.intent import Intent, PassOn, Raise, ReceivePayment
from simulator.settings import SimulatorSettings
from simulator.systems.fault import Fault, FaultKind
from simulator.systems.ledger import ENTER

REPORT_EVERY, CLOSE_EVERY = timedelta(days=14), timedelta(days=30)
# Minutes from a beginning to the next system, when all is well; days where that takes longer.
_USUAL_MINUTES = (3, 45)
_INVOICED_DAYS = (1, 5)
_REFUSALS = ("account is locked", "no mapping for this record", "period is closed")


def tell_handovers(account: Account, contract: PlannedContract, starts_at: datetime, ends_at: datetime) -> None:
    """Plan the handovers of one contract while its work lasts."""
    chance = random.Random(f"{account.settings.seed}/handovers/{contract.handle}")
    project = contract.projects[0]
    teller = _Teller(account, contract, chance)
    for kind, every in (
        ("status_report", REPORT_EVERY),
        ("expense", CLOSE_EVERY),
        ("revenue_entry", CLOSE_EVERY),
        ("billing_event", CLOSE_EVERY),
    ):
        at, number = starts_at + every * chance.uniform(0.3, 1.0), 0
        while at < ends_at:
            number += 1
            value = Decimal(chance.randrange(5_000, 900_000)) / 100
            teller.tell(Raise(kind, f"{project}-{kind}{number}", contract.handle, project, value), at)
            at += every
    if chance.random() < account.settings.faults.amendment_signed:
        at = starts_at + timedelta(days=chance.uniform(5, 40))
        teller.tell(Raise("amendment", f"{contract.handle}-amendment", contract.handle, project, Decimal(0)), at)


def tell_cleared_payments(account: Account) -> None:
    """Plan that every payment of an account is cleared by the bank and shown in the CRM."""
    chance = random.Random(f"{account.settings.seed}/clearing/{account.handle}")
    contracts = {contract.handle: contract for contract in account.contracts}
    for intent in list(account.intents):
        if isinstance(intent.facts, ReceivePayment):
            contract = contracts[intent.contracts[0]]
            teller = _Teller(account, contract, chance, tuple(contracts[handle] for handle in intent.contracts))
            facts = Raise("payment", intent.facts.invoice, contract.handle, "", Decimal(0))
            teller.tell(facts, intent.at + timedelta(hours=chance.uniform(4, 30)))


def plan_master_data(settings: SimulatorSettings, opens_at: datetime) -> Iterator[Intent]:
    """Give the changes of master data, one every few days: they belong to no contract. Never ends."""
    chance = random.Random(f"{settings.seed}/master-data")
    waiting: list[tuple[tuple[datetime, str], Intent]] = []
    at = opens_at
    for number in itertools.count(1):
        at += timedelta(days=chance.uniform(0.5, 3))
        while waiting and waiting[0][0][0] < at:
            yield heapq.heappop(waiting)[1]
        place = chance.choice(places.PLACES)
        account = Account(settings, f"m{number:05d}", place, "", chance)
        teller = _Teller(account, None, chance)
        facts = Raise("master_data_change", account.handle, "", "", Decimal(0), place.legal_entity, place.region)
        teller.tell(facts, at)
        for intent in account.intents:
            heapq.heappush(waiting, (intent.order, intent))


class _Teller:
    """Plans one handover after the other: it begins, and every system takes it over, late or never now and then."""

    def __init__(
        self,
        account: Account,
        contract: PlannedContract | None,
        chance: random.Random,
        concerned: tuple[PlannedContract, ...] = (),
    ) -> None:
        self._account = account
        self._concerned = concerned or ((contract,) if contract else ())
        self._chance = chance

    def tell(self, facts: Raise, at: datetime) -> None:
        faults = self._account.settings.faults
        begins_at = self._account.at_work(at)
        self._account.note(begins_at, f"{facts.kind}-outbox", self._concerned, facts)
        for number, stop in enumerate(HANDOVERS[facts.kind].stops):
            passing = PassOn(facts.kind, facts.handle, facts.contract, number)
            arrives_at = begins_at + timedelta(minutes=self._chance.uniform(*_USUAL_MINUTES))
            if stop.event.endswith("invoiced"):
                arrives_at = begins_at + timedelta(days=self._chance.uniform(*_INVOICED_DAYS))
            refusal: list[Fault] = []
            if self._chance.random() < faults.missed_handover:
                message = self._chance.choice(_REFUSALS)
                refusal = [Fault(ENTER[stop.system].name, FaultKind.REJECT, times=99, message=message)]
            elif self._chance.random() < faults.late_handover:
                arrives_at += timedelta(days=self._chance.uniform(4, 16))
            self._account.note(arrives_at, f"{facts.kind}-sync", self._concerned, passing, faults=refusal)
