"""The stage on which runs are real: services behind HTTP, instrumented clients, spans and events sent to a
collector.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from billtrail.model.object_key import ObjectKey
from billtrail.telemetry import BusinessEvent, Delivery, SeededIds, Telemetry, configure, integration_run
from simulator.enactment import Systems
from simulator.integrations.catalogue import RunKind
from simulator.integrations.work import Run
from simulator.pace import FirmPace
from simulator.services.port import HttpPort
from simulator.services.server import ServiceServer
from simulator.services.service import make_service
from simulator.settings import SimulatorSettings
from simulator.systems import crm, erp, portfolio, psa
from simulator.systems.ledger import ENTER
from simulator.systems.operation import Operation, Port

_OPERATIONS: Mapping[str, Sequence[Operation[Any, Any]]] = {
    crm.SYSTEM: (*crm.OPERATIONS, ENTER[crm.SYSTEM]),
    psa.SYSTEM: (*psa.OPERATIONS, ENTER[psa.SYSTEM]),
    erp.SYSTEM: (*erp.OPERATIONS, ENTER[erp.SYSTEM]),
    portfolio.SYSTEM: (ENTER[portfolio.SYSTEM],),
}


class HttpStage:
    """Three services, a hub, and their telemetry. Closing stops the services and delivers what is left."""

    def __init__(self, settings: SimulatorSettings, collector_url: str, systems: Systems, pace: FirmPace) -> None:
        self._settings = settings
        self._collector_url = collector_url
        self._pace = pace
        with ExitStack() as stack:
            self._telemetries: list[Telemetry] = []
            self._hub = self._connect("integration-hub", stack)
            self._ports = {books.system: self._open_service(books.system, systems, stack) for books in systems.all}
            self._stack = stack.pop_all()

    @property
    def ports(self) -> Mapping[str, Port]:
        return self._ports

    @contextmanager
    def open_run(self, kind: RunKind, correlation_id: str, objects: Sequence[ObjectKey]) -> Iterator[Run]:
        with integration_run(
            kind.name, system=kind.system, correlation_id=correlation_id, objects=objects, telemetry=self._hub
        ) as run:
            yield run

    def send_again(self, events: Sequence[BusinessEvent]) -> None:
        for event in events:
            self._hub.publisher.publish(event)

    def flush_events(self) -> None:
        """Deliver the events told so far. Raises DeliveryError."""
        self._hub.publisher.flush()

    def flush(self) -> None:
        """Deliver events and spans. Raises DeliveryError."""
        for telemetry in self._telemetries:
            telemetry.flush()

    def close(self) -> None:
        """Stop everything. Raises DeliveryError when the collector did not take all of it."""
        self._stack.close()

    def _open_service(self, system: str, systems: Systems, stack: ExitStack) -> HttpPort:
        books = next(books for books in systems.all if books.system == system)
        app = make_service(books, _OPERATIONS[system], self._connect(system, stack))
        server = stack.enter_context(ServiceServer(app, system))
        port = HttpPort(system, server.url, self._hub)
        stack.callback(port.close)
        return port

    def _connect(self, service_name: str, stack: ExitStack) -> Telemetry:
        telemetry = configure(
            service_name,
            self._collector_url,
            token=self._settings.token,
            clock=self._pace,
            ids=SeededIds(f"{self._settings.seed}/{'hub' if service_name == 'integration-hub' else service_name}"),
            delivery=Delivery(
                events_per_request=self._settings.events_per_request,
                spans_per_request=self._settings.spans_per_request,
                max_buffered_spans=1_000_000,
                flush_each_run=False,
            ),
            is_global=False,
        )
        self._telemetries.append(telemetry)
        return stack.enter_context(telemetry)
