"""Everything that is fetched for the sources a firm has switched on: one thread a stream, each with its own lane.

What the settings name wrongly, or leave out, stops the start. After that nothing does: whatever a stream meets is
logged, counted and waited out.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

import httpx
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from prometheus_client import CollectorRegistry

from billtrail.clock import Clock
from billtrail.errors import SettingsError
from billtrail.store import Store
from collector.mapping import Catalogue, Source
from collector.mapping.document import name_nearest
from collector.mapping.pull import Auth, HttpPull, PubSubPull, Pull
from collector.pull.authorize import ClientCredentials, build_auth
from collector.pull.credentials import Credentials
from collector.pull.cursors import Cursors
from collector.pull.desk import Desk
from collector.pull.drop import DropFolder
from collector.pull.gaps import Gaps
from collector.pull.http import HttpPoller
from collector.pull.metrics import PullMetrics
from collector.pull.pubsub import Subscriber
from collector.pull.reread import Rereader
from collector.source_settings import SourceSettings
from collector.webhook.intake import SourceIntake

log = logging.getLogger(__name__)

_ALL = "all"
_TIMEOUT = httpx.Timeout(60, connect=10)
_LONGEST_WAIT_S, _WAIT_AFTER_FAULT_S = 60.0, 30.0
_STOP_S = 15.0


Work = Callable[[], None]


class Stream(Protocol):
    """What is fetched from one place. `last_error` is empty while all is well."""

    name: str
    last_error: str


class Stepping(Stream, Protocol):
    """A stream that is called when it is due. `step` never sleeps."""

    due_at: datetime

    def step(self) -> int: ...


class Pullers:
    """The streams of all sources. `start`, then `stop`. Raises SettingsError where the settings do not fit."""

    def __init__(
        self,
        told: Mapping[str, SourceSettings],
        catalogue: Catalogue,
        *,
        store: Store,
        intake: SourceIntake,
        clock: Clock,
        registry: CollectorRegistry,
    ) -> None:
        self._store = store
        self._intake = intake
        self._clock = clock
        self._metrics = PullMetrics(registry)
        self._stop = threading.Event()
        self._lanes: list[Store] = []
        self._clients: list[httpx.Client] = []
        self._subscribers: list[Subscriber] = []
        self._streams: list[Stream] = []
        self._threads: list[threading.Thread] = []
        self._wanted = {
            name: (catalogue.get(name), said, choose_streams(catalogue.get(name), said))
            for name, said in told.items()
            if said.pull or said.drop_dir
        }

    def start(self) -> None:
        """Begin to fetch."""
        for source, said, pulls in self._wanted.values():
            if said.drop_dir:
                self._start(DropFolder(self._open_desk(source.name), said.drop_dir, source.files))
            for pull in pulls:
                self._start_pull(source.name, pull, Credentials(source.name, said.credentials))

    def stop(self) -> None:
        """End what is going on. What was not durable yet is fetched again another time."""
        self._stop.set()
        for subscriber in self._subscribers:
            subscriber.close()
        for thread in self._threads:
            thread.join(_STOP_S)
        # A vendor that holds an answer back keeps its lane until the process ends.
        if not any(thread.is_alive() for thread in self._threads):
            for client in self._clients:
                client.close()
            for lane in self._lanes:
                lane.close()

    def find_faults(self) -> list[str]:
        """Name the streams that cannot be read at present, and why. For any thread."""
        return [f"{stream.name}: {stream.last_error}" for stream in self._streams if stream.last_error]

    def _start_pull(self, source: str, pull: Pull, credentials: Credentials) -> None:
        if isinstance(pull, HttpPull):
            auth = build_auth(pull.auth, credentials, self._clock)
            self._start(HttpPoller(self._open_desk(source), pull, self._open_client(), auth))
            return
        for topic in pull.topics:
            token = ClientCredentials(pull.auth, credentials, self._clock)
            subscriber = Subscriber(self._open_desk(source), pull, topic, token=token, client=self._open_client())
            self._subscribers.append(subscriber)
            self._streams.append(subscriber)
            self._run(subscriber.name, partial(subscriber.run_forever, self._stop))
        if pull.reads_again:
            token = ClientCredentials(pull.auth, credentials, self._clock)
            self._start(Rereader(self._open_desk(source), pull.stream, token, self._open_client()))

    def _start(self, stream: Stepping) -> None:
        self._streams.append(stream)
        self._run(stream.name, lambda: self._step_forever(stream))

    def _run(self, name: str, work: Work) -> None:
        thread = threading.Thread(target=self._guard, args=(name, work), name=f"pull-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _guard(self, name: str, work: Work) -> None:
        while not self._stop.is_set():
            try:
                work()
            except Exception:  # The rim: one stream's fault must not be the end of it, nor of the others.
                log.exception("%s: an unforeseen fault; trying again in %s s", name, _WAIT_AFTER_FAULT_S)
                self._stop.wait(_WAIT_AFTER_FAULT_S)

    def _step_forever(self, stream: Stepping) -> None:
        while not self._stop.is_set():
            stream.step()
            wait_s = (stream.due_at - self._clock.now()).total_seconds()
            if wait_s > 0:
                self._stop.wait(min(wait_s, _LONGEST_WAIT_S))

    def _open_desk(self, source: str) -> Desk:
        lane = self._store.another()
        self._lanes.append(lane)
        gaps = Gaps(lane, source, self._clock, self._metrics)
        return Desk(source, self._intake, Cursors(lane, source, self._clock), gaps, self._clock, self._metrics)

    def _open_client(self) -> httpx.Client:
        """Open a client that follows no redirect: credentials go where the settings say, and nowhere else."""
        client = httpx.Client(timeout=_TIMEOUT, follow_redirects=False)
        HTTPXClientInstrumentor.instrument_client(client)
        self._clients.append(client)
        return client


def choose_streams(source: Source, said: SourceSettings) -> list[Pull]:
    """Choose what is pulled of a source, and see that it can be. Raises SettingsError with the key to set."""
    place = f"collector.sources.{source.name}"
    known = {pull.stream: pull for pull in source.pulls}
    for name in said.pull:
        if name != _ALL and name not in known:
            raise SettingsError(f"{place}.pull: {source.name} has no stream {name}", hint=name_nearest(name, known))
    if said.pull and not known:
        raise SettingsError(f"{place}.pull: nothing is pulled from {source.name}: it sends by itself")
    chosen = [pull for pull in source.pulls if _ALL in said.pull or pull.stream in said.pull]
    credentials = Credentials(source.name, said.credentials)
    for pull in chosen:
        for address in _find_addresses(pull):
            if not address.startswith(("https://", "http://")):
                raise SettingsError(
                    f"{place}.parameters: the stream {pull.stream} has no address yet, only {address!r}",
                    hint=f"set one of {', '.join(source.parameters)}: see the source's README",
                )
        for secret in pull.auth.secrets.values():
            credentials.get(secret)
    return chosen


def _find_addresses(pull: Pull) -> Iterator[str]:
    auth: Auth = pull.auth
    if isinstance(pull, HttpPull):
        yield pull.url
    elif isinstance(pull, PubSubPull) and "://" in pull.endpoint:
        yield pull.endpoint
    if "token_url" in auth.texts:
        yield auth.texts["token_url"]
