"""Sends business events to the collector's `POST /v1/events`, in batches, until they are acknowledged.

An event leaves the buffer only when its batch got a 2xx. When the collector cannot be reached, or refuses,
DeliveryError is raised and the events are still in the buffer: `flush` may be called again. The collector recognises
source and id, so an event sent twice counts once. Safe to use from several threads.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice

import httpx
from opentelemetry.instrumentation.utils import suppress_instrumentation

from billtrail.clock import SystemClock
from billtrail.errors import DeliveryError
from billtrail.telemetry.delivery import RETRIED_STATUSES, Delivery, parse_retry_after
from billtrail.telemetry.event import BusinessEvent

_SINGLE = "application/cloudevents+json; charset=utf-8"
_BATCH = "application/cloudevents-batch+json; charset=utf-8"


class EventPublisher:
    """Buffers events and delivers them. Closing it delivers what is left."""

    def __init__(
        self,
        collector_url: str,
        *,
        token: str = "",
        delivery: Delivery | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._delivery = delivery or Delivery()
        self._sleep = sleep
        self._buffer: deque[BusinessEvent] = deque()
        self._lock = threading.RLock()
        self._url = f"{collector_url.rstrip('/')}/v1/events"
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(headers=headers, timeout=self._delivery.timeout_s)

    @property
    def pending_count(self) -> int:
        """How many events wait to be acknowledged."""
        return len(self._buffer)

    def publish(self, event: BusinessEvent) -> None:
        """Take an event; deliver when a full batch has gathered.

        Raises DeliveryError when a batch cannot be delivered, or when the buffer is full; the event is kept in the
        first case.
        """
        with self._lock:
            if len(self._buffer) >= self._delivery.max_buffered_events:
                raise DeliveryError(
                    f"{len(self._buffer)} events wait undelivered, no room for {event.type} {event.id}",
                    hint=f"is the collector at {self._url} up?",
                )
            self._buffer.append(event)
            if len(self._buffer) >= self._delivery.events_per_request:
                self.flush()

    def flush(self) -> None:
        """Deliver everything buffered. Raises DeliveryError; what was not acknowledged stays buffered."""
        with self._lock:
            while batch := list(islice(self._buffer, self._delivery.events_per_request)):
                self._deliver(batch)
                for _ in batch:
                    self._buffer.popleft()

    def close(self) -> None:
        """Deliver what is left and let go of the connection."""
        try:
            self.flush()
        finally:
            self.disconnect()

    def disconnect(self) -> None:
        """Let go of the connection. What is still buffered is lost; `flush` first."""
        self._client.close()

    def _deliver(self, batch: Sequence[BusinessEvent]) -> None:
        body, content_type = _write_body(batch)
        retry = self._delivery.retry
        for attempt in range(1, retry.attempts + 1):
            failure, retry_after_s = self._send(body, content_type)
            if not failure:
                return
            wait_s = retry.wait_s(attempt, retry_after_s)
            if attempt == retry.attempts or wait_s > retry.longest_wait_s:
                raise DeliveryError(
                    f"{len(batch)} events not delivered to {self._url} after {attempt} attempts: {failure}"
                )
            self._sleep(wait_s)

    def _send(self, body: bytes, content_type: str) -> tuple[str, float | None]:
        """Send once. Answers what went wrong, empty when nothing did, and how long the collector asked to wait."""
        try:
            with suppress_instrumentation():
                answer = self._client.post(self._url, content=body, headers={"content-type": content_type})
        except httpx.TransportError as error:
            return f"{type(error).__name__}: {error}", None
        if answer.is_success:
            return "", None
        failure = f"HTTP {answer.status_code}: {answer.text[:200]}"
        if answer.status_code not in RETRIED_STATUSES:
            raise DeliveryError(f"{self._url} refused the events: {failure}", is_permanent=True)
        return failure, parse_retry_after(answer.headers.get("retry-after"), SystemClock().now())


def _write_body(batch: Sequence[BusinessEvent]) -> tuple[bytes, str]:
    written = [event.to_cloudevent() for event in batch]
    document, content_type = (written[0], _SINGLE) if len(written) == 1 else (written, _BATCH)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), content_type
