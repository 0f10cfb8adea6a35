"""One client and its contracts: draws what is agreed, and collects the intents of their stories.

Everything about an account follows from the settings, its number and the instant it opens.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from billtrail.model.vocabulary import BillingModel
from simulator.firm import places
from simulator.firm.intent import Facts, Intent, Redeliver
from simulator.settings import SimulatorSettings
from simulator.systems.crm import ContractTerms
from simulator.systems.fault import Fault

_MODELS = (BillingModel.TIME_AND_MATERIALS, BillingModel.FIXED_FEE, BillingModel.MILESTONE, BillingModel.RETAINER)
_MODEL_WEIGHTS = (45, 20, 20, 15)


@dataclass(frozen=True, slots=True)
class PlannedContract:
    handle: str
    terms: ContractTerms
    projects: tuple[str, ...]
    signed_at: datetime
    weeks: int
    """How long the work lasts."""


@dataclass
class Account:
    """A client's plan in the making. `note` collects intents; the stories decide which."""

    settings: SimulatorSettings
    handle: str
    place: places.Place
    client: str
    chance: random.Random
    contracts: tuple[PlannedContract, ...] = ()
    is_consolidated: bool = False
    intents: list[Intent] = field(default_factory=list)

    def happens(self, rate: float) -> bool:
        """Throw the dice."""
        return self.chance.random() < rate

    def days(self, shortest: float, longest: float) -> timedelta:
        """Draw a length of time, in days."""
        return timedelta(days=self.chance.uniform(shortest, longest))

    def hours(self, shortest: float, longest: float) -> timedelta:
        """Draw a length of time, in hours."""
        return timedelta(hours=self.chance.uniform(shortest, longest))

    def at_work(self, at: datetime) -> datetime:
        """Move an instant into the next working hours of the account's place, Monday to Friday."""
        local = at + timedelta(hours=self.place.utc_offset_h)
        if not 9 <= local.hour < 17:
            day = local if local.hour < 9 else local + timedelta(days=1)
            local = day.replace(hour=9, minute=self.chance.randrange(60), second=self.chance.randrange(60))
        local += timedelta(days=max(0, 7 - local.weekday()) if local.weekday() >= 5 else 0)
        return local - timedelta(hours=self.place.utc_offset_h)

    def at_night(self, at: datetime) -> datetime:
        """Move an instant into the batch window of the following night, from 01:00 to 04:00 UTC."""
        day = (at + timedelta(days=1)).astimezone(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
        return day + timedelta(seconds=self.chance.randrange(3 * 3600))

    def note(
        self,
        at: datetime,
        run: str,
        contracts: Sequence[PlannedContract],
        facts: Facts,
        *,
        faults: Sequence[Fault] = (),
        repeats: Intent | None = None,
    ) -> Intent:
        """Plan a run. One that `repeats` another is told under the other's correlation id."""
        number = len(self.intents) + 1
        intent = Intent(
            at=at,
            id=f"{self.handle}-{number:04d}",
            correlation_id=repeats.correlation_id
            if repeats
            else f"{run}-{self.settings.seed}-{self.handle}-{number:04d}",
            contracts=tuple(contract.handle for contract in contracts),
            facts=facts,
            faults=tuple(faults),
        )
        self.intents.append(intent)
        return intent

    def redeliver(self, intent: Intent) -> None:
        """Plan that the events of a run are sent again, some hours later, at the usual rate."""
        if not self.happens(self.settings.faults.redelivery):
            return
        self.intents[self.intents.index(intent)] = replace(intent, is_sent_again=True)
        again_at = intent.at + self.hours(1, 30)
        id = f"{self.handle}-{len(self.intents) + 1:04d}"
        self.intents.append(replace(intent, at=again_at, id=id, facts=Redeliver(intent.id), faults=()))


def open_account(settings: SimulatorSettings, number: int, opens_at: datetime) -> Account:
    """Draw an account: its place, its client, and one to three contracts."""
    chance = random.Random(f"{settings.seed}/account/{number}")
    place = chance.choices(places.PLACES, weights=[place.weight for place in places.PLACES])[0]
    head = places.CLIENT_HEADS[number % len(places.CLIENT_HEADS)]
    client = f"{head} {chance.choice(places.CLIENT_TAILS[place.region])}"
    if number >= len(places.CLIENT_HEADS):
        client = f"{client} {number // len(places.CLIENT_HEADS) + 1}"
    account = Account(settings, f"a{number:05d}", place, client, chance)
    count = chance.choices((1, 2, 3), weights=(62, 28, 10))[0]
    account.contracts = tuple(_draw_contract(account, index, opens_at) for index in range(1, count + 1))
    account.is_consolidated = count > 1 and account.happens(0.6)
    return account


def _draw_contract(account: Account, number: int, opens_at: datetime) -> PlannedContract:
    chance = account.chance
    model = chance.choices(_MODELS, weights=_MODEL_WEIGHTS)[0]
    weeks = chance.randrange(6, 21)
    handle = f"{account.handle}-c{number}"
    project_count = 2 if model is BillingModel.TIME_AND_MATERIALS and account.happens(0.15) else 1
    terms = ContractTerms(
        client=account.client,
        title=f"{chance.choice(places.TITLES)} {number}",
        billing_model=model.value,
        currency=account.place.currency,
        value=_draw_value(account, weeks),
        region=account.place.region,
        legal_entity=account.place.legal_entity,
        owner=chance.choice(places.OWNERS[account.place.region]),
    )
    signed_at = account.at_work(opens_at + (account.days(0.3, 9) if number > 1 else account.hours(0, 7)))
    projects = tuple(f"{handle}-p{index}" for index in range(1, project_count + 1))
    return PlannedContract(handle, terms, projects, signed_at, weeks)


def _draw_value(account: Account, weeks: int) -> Decimal:
    weekly = account.settings.workers_per_project * 40 * account.place.hourly_rate
    return Decimal(round(weekly * weeks * account.chance.uniform(0.7, 1.3), -3)).quantize(Decimal("0.01"))
