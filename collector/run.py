"""Runs the collector: journals, loaders, the servers of HTTP and gRPC, each in a thread; ends without losing a record.

collector = Collector(settings, store, clock, registry)
collector.start()          # ports are bound when this returns
...
collector.stop()           # doors first, then the journals, then the loaders until nothing is left
"""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry
from starlette.routing import BaseRoute

from billtrail.clock import Clock
from billtrail.listening import check_listening
from billtrail.serving import HttpServer
from billtrail.store import Store
from collector.firm_sources import read_firm_sources
from collector.journal import Disks, Journal, JournalLimits
from collector.load.events import EventLoading
from collector.load.expectation import write_expectations
from collector.load.loader import Loader
from collector.load.mapper import Mappings
from collector.load.proof import Proof
from collector.load.span_messages import SpanMessages
from collector.load.spans import SpanLoading
from collector.metrics import CollectorMetrics
from collector.pull.pullers import Pullers
from collector.receive.app import build_app
from collector.receive.doorway import Doorway
from collector.receive.otlp_grpc import GrpcServer
from collector.settings import CollectorSettings
from collector.webhook.door import build_source_routes
from collector.webhook.intake import SourceIntake

log = logging.getLogger(__name__)

# Spans have no order to keep: two segments at once use the second core while the doors leave it.
SPAN_LOADERS = 2


class Intake:
    """The journals and their loaders, without a door: all that an import needs."""

    def __init__(self, settings: CollectorSettings, store: Store, clock: Clock, metrics: CollectorMetrics) -> None:
        folder = settings.journal_dir or store.settings.data / "journal"
        engine = () if store.settings.url else (store.settings.data,)
        self.disks = Disks((folder, *engine), store.settings.min_free_bytes)
        self.events = open_journal(folder / "events", settings, store, self.disks)
        self.traces = open_journal(folder / "traces", settings, store, self.disks)
        self._lanes = [store.another() for _ in range(1 + SPAN_LOADERS)]
        self.catalogue = read_firm_sources(settings)
        write_expectations(store, self.catalogue, settings)
        event_lane, *span_lanes = self._lanes
        events = EventLoading(event_lane, Mappings.of(self.catalogue, lambda: read_firm_sources(settings)))
        spoken = SpanMessages.of(settings.sources, self.catalogue, SourceIntake(self.events, clock))
        # The loaders go on when the doors are shut: a segment is smaller in the tables than in the journal.
        disks = Disks(engine, store.settings.engine_min_free_bytes)
        proof = Proof()
        self.loaders = [
            Loader(self.events, event_lane, clock, events, metrics, disks=disks, proof=proof),
            *(
                Loader(self.traces, lane, clock, SpanLoading(lane, spoken), metrics, disks=disks, proof=proof)
                for lane in span_lanes
            ),
        ]
        self._threads: list[tuple[Journal, threading.Thread]] = []
        self._stops = {self.events: threading.Event(), self.traces: threading.Event()}
        metrics.watch([self.events, self.traces])

    def start(self) -> None:
        """Mend the journals and begin to write and load."""
        for journal in (self.events, self.traces):
            journal.start()
        for loader in self.loaders:
            journal = loader.journal
            stop, name = self._stops[journal], f"load-{journal.stream}"
            thread = threading.Thread(target=loader.run_forever, args=(stop,), name=name, daemon=True)
            thread.start()
            self._threads.append((journal, thread))

    def stop(self) -> None:
        """Close the journals and wait until everything in them is in the tables, or the store refuses it."""
        # Traces first: some spans are messages, which go on into the journal of events.
        for journal in (self.traces, self.events):
            journal.stop()
            self._stops[journal].set()
            journal.wakes_loader.set()
            for thread in [thread for one, thread in self._threads if one is journal]:
                thread.join()
        for lane in self._lanes:
            lane.close()


class Collector:
    """The whole room. `routes` are served beside the doors, on the same port.

    `find_more_ailments` names what else keeps the platform from being ready, `find_warnings` what does not
    and should be looked at all the same; both are asked in a thread.
    """

    def __init__(
        self,
        settings: CollectorSettings,
        store: Store,
        clock: Clock,
        registry: CollectorRegistry,
        *,
        routes: Sequence[BaseRoute] = (),
        find_more_ailments: Callable[[], list[str]] = list,
        find_warnings: Callable[[], list[str]] = list,
    ) -> None:
        check_listening("collector.http_host", settings.http_host, has_token=settings.has_token)
        self._settings = settings
        self._find_more_ailments = find_more_ailments
        if settings.grpc_port >= 0:
            check_listening("collector.grpc_host", settings.grpc_host, has_token=settings.has_token)
        self._metrics = metrics = CollectorMetrics(registry)
        self.intake = Intake(settings, store, clock, metrics)
        self._pullers = Pullers(
            settings.sources,
            self.intake.catalogue,
            store=store,
            intake=SourceIntake(self.intake.events, clock),
            clock=clock,
            registry=registry,
        )
        self.doorway = Doorway(settings, self.intake.traces, self.intake.events, clock, metrics)
        vendors = SourceIntake(self.intake.events, clock)
        doors = build_source_routes(self.doorway, vendors, self.intake.catalogue, clock, metrics)
        self._app = build_app(
            self.doorway,
            metrics,
            self._find_ailments,
            [*doors, *routes],
            lambda: self._pullers.find_faults() + find_warnings(),
        )
        self._server: HttpServer | None = None
        self._grpc: GrpcServer | None = None

    @property
    def http_port(self) -> int:
        """The port that is really listened on; 0 before `start`."""
        return self._server.port if self._server else 0

    @property
    def grpc_port(self) -> int:
        """The port that is really listened on; 0 before `start`, and where OTLP/gRPC is switched off."""
        return self._grpc.port if self._grpc else 0

    def start(self) -> None:
        """Bind the ports, then start everything, the doors last; after an error `stop` takes down what there is.

        Raises SettingsError when a port is taken, StoreError when another process writes in the journal.
        """
        settings = self._settings
        self._server = HttpServer(
            "http",
            self._app,
            settings.http_host,
            settings.http_port,
            tls=settings.tls,
            head_seconds=settings.receive_seconds,
            max_connections=settings.max_connections,
        )
        self._metrics.watch_connections(self._server.crowd)
        if settings.grpc_port >= 0:
            self._grpc = GrpcServer(self.doorway)
        self.intake.start()
        self._server.start()
        if self._grpc:
            self._grpc.start()
        self._pullers.start()

    def stop(self) -> None:
        """Answer what is being answered, then drain."""
        self._pullers.stop()
        if self._grpc:
            self._grpc.stop()
        if self._server:
            self._server.stop()
        self.intake.stop()

    def _find_ailments(self) -> list[str]:
        told = [ailment for one in (self.intake.events, self.intake.traces) for ailment in one.find_ailments()]
        shortage = self.intake.disks.find_shortage()
        if shortage and not any(shortage in ailment for ailment in told):
            told.append(shortage)
        return told + self._find_more_ailments()


def open_journal(folder: Path, settings: CollectorSettings, store: Store, disks: Disks) -> Journal:
    """Open the journal of a stream; its numbers go on where the tables end."""
    limits = JournalLimits(settings.segment_bytes, settings.segment_seconds, settings.journal_max_bytes)
    last = store.rows("collector", "last_segment", {"stream": folder.name})[0]["segment"]
    return Journal(folder, limits, after=last, disks=disks)
