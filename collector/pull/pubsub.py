"""The subscriber to a topic of the Salesforce Pub/Sub API: events in the order they were committed, from a position on.

It asks for as many events as it has room for and for more when those are durable, so that a slow store slows the vendor
down. The position (`replay_id`) is bytes that mean nothing to us; it is written after the events before it are durable.
When the vendor does not know it any more, everything it still has is read and the stretch before is noted as a gap.
"""

import base64
import logging
import queue
import threading
from collections.abc import Iterator
from typing import Any

import grpc
import httpx

from billtrail.errors import BilltrailError, PayloadError
from collector.mapping.pull import PubSubPull
from collector.pull.authorize import ClientCredentials, Token
from collector.pull.avro import Schemas
from collector.pull.backoff import Backoff
from collector.pull.change import find_gaps, write_messages, write_undecoded
from collector.pull.cursors import Position
from collector.pull.desk import Desk
from collector.pull.gaps import Gap, GapReason
from collector.pull.pubsub_messages import (
    CUSTOM,
    EARLIEST,
    GET_SCHEMA,
    LATEST,
    SUBSCRIBE,
    FetchRequest,
    FetchResponse,
    SchemaInfo,
    SchemaRequest,
)
from collector.webhook.intake import SourceDoor

log = logging.getLogger(__name__)

_SCHEMA_TIMEOUT_S = 30
# The vendor is silent for up to 270 s; a connection that died in the meantime is noticed by pings.
_OPTIONS = (
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.max_receive_message_length", 64 << 20),
)


class Subscriber:
    """One topic of one source, for one thread; `close` may be called from another."""

    def __init__(
        self,
        desk: Desk,
        rule: PubSubPull,
        topic: str,
        *,
        token: ClientCredentials,
        client: httpx.Client,
        backoff: Backoff | None = None,
    ) -> None:
        self.name = f"{desk.source}/{rule.stream}{topic}"
        self.last_error = ""
        self._stream = f"{rule.stream}{topic}"
        self._desk = desk
        self._rule = rule
        self._topic = topic
        self._token = token
        self._client = client
        self._backoff = backoff or Backoff()
        self._call: Any = None
        self._closed = threading.Event()
        self._schemas = Schemas(self._fetch_schema)
        self._fetch: Any = None
        self._metadata: tuple[tuple[str, str], ...] = ()

    def run_forever(self, stop: threading.Event) -> None:
        """Subscribe, again and again, until told to stop."""
        while not stop.is_set() and not self._closed.is_set():
            if wait_s := self.subscribe():
                stop.wait(wait_s)

    def close(self) -> None:
        """End the present subscription and begin no other."""
        self._closed.set()
        if call := self._call:
            call.cancel()

    def subscribe(self) -> float:
        """Subscribe until the stream ends, however it does; answer how many seconds to wait before the next time."""
        position: Position | None = None
        try:
            token = self._token.find() or self._token.take(self._client.send(self._token.ask()))
            position = self._desk.cursors.find(self._stream)
            with self._connect() as channel:
                return self._listen(channel, token, position)
        except grpc.RpcError as error:
            return self._end(error, position)
        except (BilltrailError, httpx.HTTPError) as error:
            return self._fail("refused", f"{type(error).__name__}: {error}")

    def _listen(self, channel: grpc.Channel, token: Token, position: Position | None) -> float:
        self._metadata = (
            ("accesstoken", token.text), ("instanceurl", token.instance_url), ("tenantid", find_tenant(token)),
        )  # fmt: skip
        self._fetch = channel.unary_unary(GET_SCHEMA, SchemaRequest.SerializeToString, SchemaInfo.FromString)
        subscribe = channel.stream_stream(SUBSCRIBE, FetchRequest.SerializeToString, FetchResponse.FromString)
        asks: queue.SimpleQueue[Any] = queue.SimpleQueue()
        asks.put(self._ask_first(position))
        try:
            self._call = subscribe(_drain(asks), metadata=self._metadata)
            if self._closed.is_set():
                return 0
            owed = self._rule.requested
            for response in self._call:
                self._take(response)
                owed -= len(response.events)
                if owed <= self._rule.requested // 2:
                    asks.put(FetchRequest(topic_name=self._topic, num_requested=self._rule.requested - owed))
                    owed = self._rule.requested
        finally:
            asks.put(None)
            self._call = None
        return self._fail("ended", "the vendor ended the stream") if self._backoff.failures else self._wait_a_little()

    def _ask_first(self, position: Position | None) -> Any:
        first = FetchRequest(topic_name=self._topic, num_requested=self._rule.requested)
        if position and position.text:
            first.replay_preset, first.replay_id = CUSTOM, base64.b64decode(position.text)
        else:
            first.replay_preset = LATEST if self._rule.start == "latest" and not position else EARLIEST
        return first

    def _take(self, response: Any) -> None:
        """Make a batch durable, then move the position. An empty batch is a sign of life with a position."""
        bodies: list[bytes] = []
        for one in response.events:
            bodies += self._read(one)
        if bodies:
            self._desk.intake.keep(self._desk.source, SourceDoor.PULL, bodies)
            self._desk.metrics.messages.labels(self._desk.source, self._rule.stream).inc(len(bodies))
        last = response.events[-1].replay_id if response.events else response.latest_replay_id
        if last:
            self._desk.cursors.write(self._stream, base64.b64encode(last).decode())
        self._succeed()

    def _read(self, one: Any) -> list[bytes]:
        event = one.event
        try:
            payload = self._schemas.get(event.schema_id).decode(event.payload)
        except PayloadError as error:
            log.warning("%s: event %s cannot be read: %s", self.name, event.id, error)
            return [write_undecoded(self._topic, event.id, event.payload, event.schema_id, str(error))]
        for gap in find_gaps(self._rule.stream, payload):
            self._desk.gaps.note(gap)
        return list(write_messages(self._topic, event.id, one.replay_id, payload))

    def _fetch_schema(self, schema_id: str) -> str:
        request = SchemaRequest(schema_id=schema_id)
        return str(self._fetch(request, metadata=self._metadata, timeout=_SCHEMA_TIMEOUT_S).schema_json)

    def _connect(self) -> grpc.Channel:
        """Connect: encrypted, but where the address says http://."""
        endpoint = self._rule.endpoint
        if endpoint.startswith("http://"):
            return grpc.insecure_channel(endpoint.removeprefix("http://"), options=_OPTIONS)
        return grpc.secure_channel(endpoint.removeprefix("https://"), grpc.ssl_channel_credentials(), options=_OPTIONS)

    def _end(self, error: Any, position: Position | None) -> float:
        code, told = error.code(), dict(error.trailing_metadata() or ()).get("error-code", "")
        if self._closed.is_set():
            return 0
        if code == grpc.StatusCode.UNAUTHENTICATED or "auth" in told:
            self._token.forget()
            return self._fail("unauthorized", f"{code.name} {told}")
        if code == grpc.StatusCode.INVALID_ARGUMENT and position and position.text and "replayid" in told:
            return self._lose(position, told)
        return self._fail("unavailable", f"{code.name} {told} {error.details()}")

    def _lose(self, position: Position, told: str) -> float:
        """Give a position up that the vendor does not know, and note what may have been said since."""
        until = self._desk.clock.now()
        self._desk.gaps.note(Gap(self._stream, GapReason.POSITION_LOST, since=position.at, until=until, detail=told))
        self._desk.cursors.write(self._stream, "")
        return 0

    def _succeed(self) -> None:
        self._backoff.succeed()
        self.last_error = ""
        labels, metrics = (self._desk.source, self._rule.stream), self._desk.metrics
        metrics.requests.labels(*labels, "good").inc()
        metrics.failing.labels(*labels).set(0)
        metrics.last_good.labels(*labels).set(self._desk.clock.now().timestamp())

    def _wait_a_little(self) -> float:
        """After a stream that was good, and ended: not at once, so that no vendor is asked in a circle."""
        wait_s = self._backoff.fail()
        self._backoff.succeed()
        return wait_s

    def _fail(self, outcome: str, detail: str) -> float:
        wait_s = self._backoff.fail()
        self.last_error = f"{outcome}: {detail}"
        labels, metrics = (self._desk.source, self._rule.stream), self._desk.metrics
        metrics.requests.labels(*labels, outcome).inc()
        metrics.failing.labels(*labels).set(self._backoff.failures)
        log.warning("%s: %s; trying again in %.0f s", self.name, self.last_error, wait_s)
        return wait_s


def find_tenant(token: Token) -> str:
    """Read the org's id out of the identity a token comes with: `https://…/id/<org>/<user>`."""
    parts = token.identity.rstrip("/").split("/")
    return parts[-2] if len(parts) > 2 and parts[-3] == "id" else ""


def _drain(asks: "queue.SimpleQueue[Any]") -> Iterator[Any]:
    while (ask := asks.get()) is not None:
        yield ask
