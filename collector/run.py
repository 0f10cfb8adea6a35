"""Runs the collector: journals, loaders, the servers of HTTP and gRPC, each in a thread; ends without losing a record.

collector = Collector(settings, store, clock, registry)
collector.start()          # ports are bound when this returns
...
collector.stop()           # doors first, then the journals, then the loaders until nothing is left
"""

import logging
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import uvicorn
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from billtrail.clock import Clock
from billtrail.errors import SettingsError
from billtrail.listening import check_listening
from billtrail.store import Store
from collector.firm_sources import read_firm_sources
from collector.journal import Journal, JournalLimits
from collector.load.events import EventLoading
from collector.load.loader import Loader
from collector.load.mapper import Mappings
from collector.load.spans import SpanLoading
from collector.metrics import CollectorMetrics
from collector.receive.app import build_app
from collector.receive.doorway import Doorway
from collector.receive.otlp_grpc import GrpcServer
from collector.settings import CollectorSettings

log = logging.getLogger(__name__)


class Intake:
    """The journals and their loaders, without a door: all that an import needs."""

    def __init__(self, settings: CollectorSettings, store: Store, clock: Clock, metrics: CollectorMetrics) -> None:
        folder = settings.journal_dir or store.settings.data / "journal"
        self.events = open_journal(folder / "events", settings, store)
        self.traces = open_journal(folder / "traces", settings, store)
        self._lanes = [store.another(), store.another()]
        self.catalogue = read_firm_sources(settings)
        events = EventLoading(self._lanes[0], Mappings.of(self.catalogue))
        self.loaders = [
            Loader(self.events, self._lanes[0], clock, events, metrics),
            Loader(self.traces, self._lanes[1], clock, SpanLoading(self._lanes[1]), metrics),
        ]
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        metrics.watch([self.events, self.traces])

    def start(self) -> None:
        """Mend the journals and begin to write and load."""
        for journal in (self.events, self.traces):
            journal.start()
        for loader in self.loaders:
            thread = threading.Thread(target=loader.run_forever, args=(self._stop,), name=loader.name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Close the journals and wait until everything in them is in the tables, or the store refuses it."""
        for journal in (self.events, self.traces):
            journal.stop()
        self._stop.set()
        for journal in (self.events, self.traces):
            journal.wakes_loader.set()
        for thread in self._threads:
            thread.join()
        for lane in self._lanes:
            lane.close()


class Collector:
    """The whole room. `routes` are served beside the doors, on the same port.

    `find_more_ailments` names what else keeps the platform from being ready; it is asked in a thread.
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
    ) -> None:
        check_listening("collector.http_host", settings.http_host, has_token=settings.has_token)
        self._settings = settings
        self._find_more_ailments = find_more_ailments
        if settings.grpc_port >= 0:
            check_listening("collector.grpc_host", settings.grpc_host, has_token=settings.has_token)
        metrics = CollectorMetrics(registry)
        self.intake = Intake(settings, store, clock, metrics)
        self._doorway = Doorway(settings, self.intake.traces, self.intake.events, clock, metrics)
        self._app = build_app(self._doorway, metrics, self._find_ailments, routes)
        self._server: _Server | None = None
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
        """Start everything. Raises SettingsError when a port is taken."""
        self.intake.start()
        self._server = _Server(self._app, self._settings)
        self._server.start()
        if self._settings.grpc_port >= 0:
            self._grpc = GrpcServer(self._doorway)
            self._grpc.start()

    def stop(self) -> None:
        """Answer what is being answered, then drain."""
        if self._grpc:
            self._grpc.stop()
        if self._server:
            self._server.stop()
        self.intake.stop()

    def _find_ailments(self) -> list[str]:
        limit = self._settings.journal_max_bytes
        journals = (self.intake.events, self.intake.traces)
        full = [f"the {one.stream} journal is full" for one in journals if one.waiting_bytes >= limit]
        return full + self._find_more_ailments()


class _Server:
    """uvicorn in a thread, on a socket bound before the thread starts."""

    def __init__(self, app: Starlette, settings: CollectorSettings) -> None:
        self._socket = _bind(settings.http_host, settings.http_port)
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            cast(Any, app), log_level="warning", access_log=False, loop="uvloop", http="httptools", lifespan="off",
            timeout_graceful_shutdown=10, ssl_certfile=settings.tls_cert, ssl_keyfile=settings.tls_key,
        )  # fmt: skip
        _load_tls(config)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="collector-http", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def _load_tls(config: uvicorn.Config) -> None:
    """Read certificate and key now, where the operator is told, and not in the thread of the server."""
    try:
        config.load()
    except OSError as error:
        raise SettingsError(
            f"collector.tls_cert, collector.tls_key: {error}", hint="expected PEM files that belong together"
        ) from error


def open_journal(folder: Path, settings: CollectorSettings, store: Store) -> Journal:
    """Open the journal of a stream; its numbers go on where the tables end."""
    limits = JournalLimits(settings.segment_bytes, settings.segment_seconds, settings.journal_max_bytes)
    last = store.rows("collector", "last_segment", {"stream": folder.name})[0]["segment"]
    return Journal(folder, limits, after=last)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(2048)
    except OSError as error:
        bound.close()
        raise SettingsError(
            f"collector.http_port: cannot listen on {host}:{port}: {error.strerror}",
            hint="another process may use it; choose another port",
        ) from error
    return bound
