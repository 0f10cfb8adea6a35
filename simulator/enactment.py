"""Turns intents into runs: arms the faults, opens the run, lets the integration do its work, and keeps what it told.

The same code enacts the plan directly on the systems' books (`simulator.firm_directly`) and over HTTP
(`simulator.run`); a
`Stage` is all that differs. So the two cannot tell different stories.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from billtrail.model.object_key import ObjectKey
from billtrail.model.vocabulary import Qualifier
from billtrail.telemetry import BusinessEvent
from simulator.firm.handover import HANDOVERS
from simulator.firm.intent import Intent, PassOn, ReceivePayment, Redeliver, ReissueInvoice, SyncInvoice
from simulator.integrations.catalogue import RUN_KINDS, RunKind
from simulator.integrations.crosswalk import Crosswalk, CrosswalkMissing
from simulator.integrations.work import Run, Work
from simulator.pace import FirmPace
from simulator.systems import crm, erp
from simulator.systems.crm_books import Crm
from simulator.systems.erp_books import Erp
from simulator.systems.failure import SystemFailure
from simulator.systems.operation import Port
from simulator.systems.portfolio import Portfolio
from simulator.systems.psa_books import Psa

_ABOUT_INVOICE = (SyncInvoice, ReissueInvoice, ReceivePayment)


@dataclass(frozen=True, slots=True)
class Systems:
    """The firm's systems, on one clock."""

    crm: Crm
    psa: Psa
    erp: Erp
    portfolio: Portfolio

    @classmethod
    def open(cls, pace: FirmPace, seed: int) -> "Systems":
        """Open the systems with empty books."""
        return cls(Crm(pace, seed), Psa(pace, seed), Erp(pace, seed), Portfolio(pace, seed))

    @property
    def all(self) -> tuple[Crm, Psa, Erp, Portfolio]:
        return self.crm, self.psa, self.erp, self.portfolio


class Stage(Protocol):
    """Where runs take place."""

    @property
    def ports(self) -> Mapping[str, Port]: ...

    def open_run(
        self, kind: RunKind, correlation_id: str, objects: Sequence[ObjectKey]
    ) -> AbstractContextManager[Run]: ...

    def send_again(self, events: Sequence[BusinessEvent]) -> None: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What the truth needs of one event that was told.

    `keys` are the objects it names, references left out; those of its run when it names none.
    """

    event_id: str
    source: str
    type: str
    correlation_id: str
    has_objects: bool
    keys: tuple[str, ...]


class Enactment:
    """The firm at work. Carries out one intent after the other, in the order given."""

    def __init__(self, systems: Systems, pace: FirmPace, stage: Stage) -> None:
        self.systems = systems
        self.crosswalk = Crosswalk()
        self.told: list[Told] = []
        self.redelivered_count = 0
        self._pace = pace
        self._stage = stage
        self._kept: dict[str, Sequence[BusinessEvent]] = {}

    def enact(self, intent: Intent) -> Sequence[BusinessEvent]:
        """Carry out an intent. Answers the events told, those told again included; none when there was nothing to do.

        The failure of a run is part of the story and ends here. Raises DeliveryError when the collector does not take
        the events.
        """
        if isinstance(intent.facts, Redeliver):
            return self._redeliver(intent.facts)
        if self._is_moot(intent):
            return ()
        objects = self._find_objects(intent)
        events = self._carry_out(intent, RUN_KINDS[type(intent.facts)], objects)
        self.told.extend(_note_told(event, objects) for event in events)
        if intent.is_sent_again:
            self._kept[intent.id] = events
        return events

    def _carry_out(self, intent: Intent, kind: RunKind, objects: Sequence[ObjectKey]) -> Sequence[BusinessEvent]:
        self._arm(intent)
        told: list[BusinessEvent] = []
        try:
            with self._stage.open_run(kind, intent.correlation_id, objects) as run:
                told = run.events
                kind.carry_out(Work(run, self._stage.ports, self.crosswalk, self._pace), intent.facts)
        except (SystemFailure, CrosswalkMissing):
            pass  # the run has told of it
        finally:
            for books in self.systems.all:
                books.gate.disarm(intent.correlation_id)
        return told

    def _redeliver(self, facts: Redeliver) -> Sequence[BusinessEvent]:
        events = self._kept.pop(facts.intent, ())
        self._stage.send_again(events)
        self.redelivered_count += len(events)
        return events

    def _arm(self, intent: Intent) -> None:
        for books in self.systems.all:
            books.gate.arm(intent.correlation_id, intent.faults)

    def _is_moot(self, intent: Intent) -> bool:
        """Whether an intent is about an invoice that never came to be, because there was nothing to bill."""
        facts = intent.facts
        return isinstance(facts, _ABOUT_INVOICE) and not self.crosswalk.find(erp.SYSTEM, "invoice", facts.invoice)

    def _find_objects(self, intent: Intent) -> list[ObjectKey]:
        """Answer what a run is about: its invoice, else its contract or the thing handed over; over several, none."""
        if isinstance(intent.facts, _ABOUT_INVOICE):
            number = self.crosswalk.get(erp.SYSTEM, "invoice", intent.facts.invoice)
            return [ObjectKey(erp.SYSTEM, "invoice", number)]
        if isinstance(intent.facts, PassOn) and not intent.contracts:
            return self._find_begun(intent.facts)
        ids = [id for handle in intent.contracts for id in self.crosswalk.find(crm.SYSTEM, "contract", handle)]
        return [ObjectKey(crm.SYSTEM, "contract", id) for id in ids] if len(ids) == 1 else []

    def _find_begun(self, facts: PassOn) -> list[ObjectKey]:
        system = HANDOVERS[facts.kind].start.system
        ids = self.crosswalk.find(system, f"{facts.kind} begun", facts.handle)
        return [ObjectKey(system, facts.kind, id) for id in ids]


def _note_told(event: BusinessEvent, run_objects: Sequence[ObjectKey]) -> Told:
    named = [one.key for one in event.objects if one.qualifier != Qualifier.REFERENCE] or run_objects
    keys = tuple(str(key) for key in named)
    return Told(event.id, event.source, event.type, event.correlation_id, bool(event.objects), keys)
