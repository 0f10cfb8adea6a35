"""The firm without HTTP and without spans: the same plan, systems and integration runs, called directly.

For tests that need thousands of contracts, and to say beforehand what the firm over HTTP will tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Unpack

from opentelemetry.trace import INVALID_SPAN, Span

from billtrail.clock import Clock, SystemClock
from billtrail.model.object_key import ObjectKey
from billtrail.model.vocabulary import ErrorCategory
from billtrail.telemetry import BusinessEvent, EventFields, Ids, SeededIds, classify, compose_event
from billtrail.telemetry.integration_run import failure_fields
from simulator.enactment import Enactment, Systems
from simulator.firm.agenda import Agenda
from simulator.integrations.catalogue import RunKind
from simulator.integrations.crosswalk import CrosswalkMissing
from simulator.integrations.work import Run
from simulator.pace import FirmPace
from simulator.settings import SimulatorSettings
from simulator.systems.books import Books
from simulator.systems.failure import SystemFailure
from simulator.systems.operation import Answer, Ask, Operation, Port
from simulator.truth import Truth
from simulator.truth_writer import write_truth


class DirectFirm:
    """A firm whose history is told event by event. `truth` may be asked once `tell` is exhausted."""

    def __init__(self, settings: SimulatorSettings, ends_at: datetime, clock: Clock | None = None) -> None:
        self._settings = settings
        self._ends_at = ends_at
        self._pace = FirmPace(clock or SystemClock())
        systems = Systems.open(self._pace, settings.seed)
        self._enactment = Enactment(systems, self._pace, _DirectStage(systems, self._pace, f"{settings.seed}/hub"))

    def tell(self) -> Iterator[BusinessEvent]:
        """Give every event in the order it is sent, redelivered ones again. Walk through it once."""
        agenda = Agenda(self._settings, self._ends_at - timedelta(days=self._settings.days))
        for intent in agenda.take_until(self._ends_at):
            self._pace.set_virtual(intent.at)
            yield from self._enactment.enact(intent)

    def truth(self) -> Truth:
        """Write down what has truly happened so far."""
        return write_truth(self._settings, self._ends_at, self._enactment)


def tell_firm(settings: SimulatorSettings, ends_at: datetime) -> tuple[list[BusinessEvent], Truth]:
    """Answer all events of a firm's history in the order they are sent, and the truth. Nothing leaves the process."""
    firm = DirectFirm(settings, ends_at)
    return list(firm.tell()), firm.truth()


class _DirectStage:
    def __init__(self, systems: Systems, pace: FirmPace, seed: str) -> None:
        self._pace = pace
        self._ids: Ids = SeededIds(seed)
        self._ports = {books.system: _DirectPort(books) for books in systems.all}

    @property
    def ports(self) -> Mapping[str, Port]:
        return self._ports

    @contextmanager
    def open_run(self, kind: RunKind, correlation_id: str, objects: Sequence[ObjectKey]) -> Iterator[Run]:
        del objects
        for port in self._ports.values():
            port.correlation_id = correlation_id
        run = _DirectRun(kind, correlation_id, self._pace, self._ids)
        try:
            yield run
        except (SystemFailure, CrosswalkMissing) as error:
            run.emit("integration.failed", **failure_fields(kind.name, error, classify(error)))
            raise

    def send_again(self, events: Sequence[BusinessEvent]) -> None:
        del events


class _DirectPort:
    def __init__(self, books: Books) -> None:
        self.correlation_id = ""
        self._books = books

    def invoke(self, operation: Operation[Ask, Answer], ask: Ask) -> Answer:
        return self._books.serve(operation, ask, self.correlation_id)


class _DirectRun:
    def __init__(self, kind: RunKind, correlation_id: str, pace: FirmPace, ids: Ids) -> None:
        self.events: list[BusinessEvent] = []
        self._kind = kind
        self._correlation_id = correlation_id
        self._pace = pace
        self._ids = ids

    def emit(self, event_type: str, **fields: Unpack[EventFields]) -> BusinessEvent:
        event = compose_event(
            event_type,
            fields,
            id=self._ids.event_id(self._correlation_id),
            system=self._kind.system,
            correlation_id=self._correlation_id,
            now=self._pace.now(),
        )
        self.events.append(event)
        return event

    @contextmanager
    def step(self, name: str, *keys: ObjectKey | str) -> Iterator[Span]:
        del name, keys
        yield INVALID_SPAN

    def note_failure(self, error: BaseException, span: Span) -> ErrorCategory:
        del span
        return classify(error)
