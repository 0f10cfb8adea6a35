"""Builds the rooms and connects them in the order data flows: door, loader, correlators, slos, alerts, eyes.

One straight function per topology. They are long because they are the one place that shows how the whole hangs
together; the end of every thing is registered the moment it exists, so that whatever fails half-way is taken down in
reverse.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

import alerts.run
import correlators.run
import dashboards.run
import slos.run
from alerts.metrics import AlertMetrics
from alerts.settings import AlertsSettings
from billtrail.clock import Clock
from billtrail.configuration import Configuration
from billtrail.deciding import build_decision_routes
from billtrail.errors import BilltrailError, SettingsError
from billtrail.importing import audit_in, build_import_route
from billtrail.platform.health import Check, Readiness, check_lag
from billtrail.platform.health_route import build_health_route
from billtrail.platform.loop import Loop, Work
from billtrail.platform.metrics import BusinessMetrics, LoopMetrics
from billtrail.platform.ownership import Ownership, Ports
from billtrail.platform.turn import LoopRecord
from billtrail.rebuilding import build_rebuild_route
from billtrail.replaying import build_replay_route
from billtrail.serving import HttpServer, check_free
from billtrail.store import Store, StoreSettings, open_store
from billtrail.store.endpoint import ReadSettings, build_read_app
from billtrail.store.settings import Topology
from collector.run import Collector
from collector.settings import CollectorSettings
from correlators.settings import CorrelatorsSettings
from dashboards.settings import DashboardsSettings
from slos.settings import SlosSettings
from slos.standing import Standing

LOOP_STOP_S = 30.0
LOOK_EVERY_S = 0.2
# Held while everything is derived anew: a lifecycle that is not whole yet would look late, and people would be told.
READERS = ("slos", "alerts")


@dataclass(slots=True)
class Platform:
    """What runs in this process. `teardown` takes down what was started, the last first."""

    clock: Clock
    configuration: Configuration
    teardown: ExitStack
    store: Store | None = None
    """None in a process that has none: the simulator by itself."""
    stop: threading.Event = field(default_factory=threading.Event)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    records: list[LoopRecord] = field(default_factory=list)
    ports: Ports = field(default_factory=Ports)
    checks: list[Callable[[], Check]] = field(default_factory=list)
    """What rooms say of themselves, beside how their loops fare."""
    has_data: bool = False
    """Whether there were business records when it started."""
    speaks: threading.Event = field(default_factory=threading.Event)
    """Set when people may be told: at once, or when a history that is being told has come to its end."""

    def open_lane(self, store: Store) -> Store:
        """Open a lane of its own for a thread; it is closed with the platform."""
        lane = store.another()
        self.teardown.callback(lane.close)
        return lane

    def start_loop(self, name: str, work: Work, is_held: Callable[[], bool] = lambda: False) -> None:
        """Run a loop in a thread. Its end: the stop event, then a wait for the thread."""
        loop = Loop(name, work, self.clock, self.stop, is_held)
        self.records.append(loop.record)
        loop.start()
        self.teardown.callback(loop.join, LOOP_STOP_S)
        self.teardown.callback(self.stop.set)

    def wait_until_correlated(self, longest_s: float) -> None:
        """Wait until what has come in by now is correlated and judged, as long as the firm goes on sending.

        After `longest_s` it goes on regardless: a source that has nothing more to say must not keep people in silence.
        """
        if self.store is None:
            return
        mark_ns, deadline = time.time_ns(), time.monotonic() + longest_s
        with closing(self.store.another()) as lane:
            while time.monotonic() < deadline and not self.stop.wait(LOOK_EVERY_S):
                if lane.rows("billtrail.platform", "correlated_until")[0]["until"] >= mark_ns:
                    break
        judge = next(record for record in self.records if record.name == "slos")
        judged = judge.turns + 2
        while judge.turns < judged and time.monotonic() < deadline and not self.stop.wait(LOOK_EVERY_S):
            pass


Start = Callable[[Platform, Store], object]
"""Starts one room on a platform."""


@contextmanager
def open_platform(
    configuration: Configuration, clock: Clock, *, has_dashboards: bool = False, is_silent: bool = False
) -> Iterator[Platform]:
    """Run the embedded topology in this process. Its ports are bound when this yields.

    With `is_silent` nobody is told anything until `Platform.speaks` is set: nobody wants a history as news.

    Raises SettingsError or StoreError with nothing left running, and no folder that was not there before; once the
    doors have listened it stays, for they may have acknowledged something.
    """
    settings, reading = configuration.of(StoreSettings), configuration.of(ReadSettings)
    if settings.topology is not Topology.EMBEDDED:
        raise SettingsError(
            f"store.url is {settings.url}: `up` runs the embedded store",
            hint="unset store.url, or start each room: billtrail collector, correlators, slos, alerts, dashboards",
        )
    with ExitStack() as teardown:
        is_new = not settings.data.exists()
        ownership = Ownership.claim(settings.data, "up", clock)
        teardown.callback(ownership.release)
        leftovers = teardown.enter_context(ExitStack())
        if is_new:
            leftovers.callback(shutil.rmtree, settings.data, ignore_errors=True)
        store = open_store(settings)
        teardown.callback(store.close)
        platform = Platform(clock, configuration, teardown, store)
        if not is_silent:
            platform.speaks.set()
        platform.has_data = bool(store.rows("billtrail.platform", "count_records")[0]["records"])

        endpoint_app = build_read_app(settings.data / "store", settings.database, reading)
        endpoint = HttpServer("read", endpoint_app, reading.host, reading.port)
        endpoint.start()
        teardown.callback(endpoint.stop)

        # From the end of the flow to its beginning, so that each finds its successor running.
        start_gauges(platform, store)
        start_alerts(platform, store)
        start_slos(platform, store)
        start_correlators(platform, store)
        collector = start_collector(platform, store)
        leftovers.pop_all()

        door = configuration.of(CollectorSettings)
        platform.ports = Ports(
            http_host=door.http_host,
            http=collector.http_port,
            has_tls=door.tls is not None,
            grpc_host=door.grpc_host,
            grpc=collector.grpc_port,
            read_host=reading.host,
            read=endpoint.port,
        )
        if has_dashboards:
            through = settings.model_copy(update={"url": platform.ports.read_url, "password": reading.token})
            pages = configuration.of(DashboardsSettings)
            platform.ports = platform.ports.model_copy(
                update={"dashboards_host": pages.host, "dashboards": start_dashboards(platform, through)}
            )
        ownership.announce(platform.ports)
        yield platform


@contextmanager
def open_room(
    start: Callable[[Platform, Store], object], configuration: Configuration, clock: Clock
) -> Iterator[Platform]:
    """Run one room in this process against a ClickHouse server: the server and cluster topologies.

    Raises SettingsError when no server is configured.
    """
    settings = configuration.of(StoreSettings)
    if settings.topology is Topology.EMBEDDED:
        raise SettingsError(
            "a room by itself needs a ClickHouse server, and store.url is not set",
            hint="set BILLTRAIL_STORE_URL=http://host:8123, or run the whole platform: billtrail up",
        )
    with ExitStack() as teardown:
        store = open_store(settings)
        teardown.callback(store.close)
        platform = Platform(clock, configuration, teardown, store)
        platform.speaks.set()
        start(platform, store)
        yield platform


def start_gauges(platform: Platform, store: Store) -> None:
    business = BusinessMetrics(platform.open_lane(store))
    platform.registry.register(business)
    platform.registry.register(LoopMetrics(platform.records))
    platform.start_loop("gauges", business.run_forever)


def start_collector(platform: Platform, store: Store) -> Collector:
    """Open the doors, journals and loaders; the platform's health is asked at the same port."""

    def ask_lag() -> Check:
        journals = (collector.intake.events, collector.intake.traces)
        oldest = min((one.number for journal in journals for one in journal.find_closed()), default=None)
        return check_lag(oldest, platform.clock.now())

    readiness = Readiness(platform.open_lane(store), platform.records, platform.clock, [ask_lag, *platform.checks])
    settings = platform.configuration.of(CollectorSettings)
    routes = [
        build_health_route(readiness),
        build_import_route(
            lambda: collector.intake.events,
            settings,
            platform.clock,
            audit_in(platform.open_lane(store), platform.clock),
        ),
        build_replay_route(
            platform.open_lane(store),
            lambda: {"events": collector.intake.events, "traces": collector.intake.traces},
            settings,
            platform.clock,
        ),
        build_rebuild_route(platform.open_lane(store), lambda: collector.intake.events, settings, platform.clock),
        *build_decision_routes(lambda: platform.open_lane(store), settings, platform.clock),
    ]
    collector = Collector(
        settings,
        store,
        platform.clock,
        platform.registry,
        routes=routes,
        find_more_ailments=readiness.find_ailments,
        find_warnings=readiness.find_warnings,
    )
    platform.teardown.callback(collector.stop)
    collector.start()
    return collector


def start_correlators(platform: Platform, store: Store) -> None:
    lane, settings = platform.open_lane(store), platform.configuration.of(CorrelatorsSettings)

    def is_quiet() -> bool:
        """Whether those who read lifecycles to judge and to notify are between two steps: then a rebuild may begin."""
        readers = [record for record in platform.records if record.name in READERS]
        return all(record.turn_began_at is None for record in readers)

    platform.start_loop(
        "correlators", lambda stop: correlators.run.run_forever(lane, platform.clock, settings, stop, is_quiet)
    )


def start_slos(platform: Platform, store: Store) -> None:
    lane, settings = platform.open_lane(store), platform.configuration.of(SlosSettings)
    standing = Standing()

    def ask_documents() -> Check:
        wrong = standing.describe()
        return Check("slos documents", standing.is_in_force or not wrong, wrong or "are good", is_warning=bool(wrong))

    platform.checks.append(ask_documents)
    platform.start_loop(
        "slos",
        lambda stop: slos.run.run_forever(
            lane, platform.clock, settings, stop, registry=platform.registry, standing=standing
        ),
        is_held=lambda: is_rebuilding(lane),
    )


def start_alerts(platform: Platform, store: Store) -> None:
    lane, settings = platform.open_lane(store), platform.configuration.of(AlertsSettings)
    metrics = AlertMetrics(platform.registry)

    def speak(stop: threading.Event) -> None:
        while not platform.speaks.is_set() and not stop.wait(LOOK_EVERY_S):
            pass
        alerts.run.run_forever(lane, platform.clock, settings, stop, metrics)

    platform.start_loop("alerts", speak, is_held=lambda: is_rebuilding(lane))


def is_rebuilding(lane: Store) -> bool:
    """Whether everything is being derived anew, here or in another process."""
    return bool(lane.rows("billtrail.platform", "rebuild_under_way")[0]["is_under_way"])


def start_dashboards(platform: Platform, store: StoreSettings) -> int:
    """Start the pages in a process of their own, which reads from `store.url`. Answers their port.

    Raises SettingsError when the port is taken: the process by itself would only say so again and again.
    """
    settings = platform.configuration.of(DashboardsSettings)
    check_free("dashboards", settings.host, settings.port)

    def serve(stop: threading.Event) -> None:
        code = dashboards.run.run_forever(settings, store, stop)
        if not stop.is_set():
            raise BilltrailError(f"the pages ended with code {code}")

    platform.start_loop("dashboards", serve)
    return settings.port
