"""An integration run: one execution of one integration, told as one trace and as business events.

Everything a run tells shares its correlation id. A run belongs to the thread that opened it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Unpack

from opentelemetry import context as otel_context
from opentelemetry.propagate import extract
from opentelemetry.trace import Span, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from billtrail.errors import DeliveryError
from billtrail.model.object_key import ObjectKey
from billtrail.model.vocabulary import ErrorCategory
from billtrail.telemetry import baggage
from billtrail.telemetry.compose import EventFields, Keys, compose_event, read_keys
from billtrail.telemetry.event import BusinessEvent
from billtrail.telemetry.failure import classify
from billtrail.telemetry.setup import Telemetry, current_telemetry

_TRACEPARENT = TraceContextTextMapPropagator()


class IntegrationRun:
    """The run in hand. Made by `integration_run`; use it in the thread that opened it."""

    def __init__(self, telemetry: Telemetry, *, name: str, system: str, correlation_id: str) -> None:
        self.name = name
        self.system = system
        self.correlation_id = correlation_id
        self._telemetry = telemetry
        self.events: list[BusinessEvent] = []
        """What this run has emitted so far, in order."""

    def key(self, object_type: str, id: str) -> ObjectKey:
        """Name a record of this run's own system."""
        return ObjectKey(self.system, object_type, id)

    def emit(self, event_type: str, **fields: Unpack[EventFields]) -> BusinessEvent:
        """State that something happened; see `EventFields` for what may be said. Answers the event as it will be sent.

        Without `occurred_at` it happened now. Raises PayloadError on a bad value and DeliveryError when the collector
        is away and the buffer is full.
        """
        return self._publish(self._compose(event_type, fields))

    def withdraw(self, event: BusinessEvent) -> BusinessEvent:
        """Take back an event that should not have been told. Answers the withdrawal, an event of its own."""
        withdrawal = self._compose("event.withdrawn", {"system": event.system})
        return self._publish(replace(withdrawal, texts={"source": event.source, "event_id": event.id}))

    def _compose(self, event_type: str, fields: EventFields) -> BusinessEvent:
        return compose_event(
            event_type,
            fields,
            id=self._telemetry.ids.event_id(self.correlation_id),
            system=self.system,
            correlation_id=self.correlation_id,
            now=self._telemetry.clock.now(),
            traceparent=_current_traceparent(),
        )

    def _publish(self, event: BusinessEvent) -> BusinessEvent:
        self._telemetry.publisher.publish(event)
        self.events.append(event)
        return event

    @contextmanager
    def step(self, name: str, *keys: ObjectKey | str) -> Iterator[Span]:
        """Open a child span around a part of the run, naming the records it works on."""
        attributes = _object_attributes(keys, self.system)
        with self._telemetry.tracer.start_as_current_span(name, attributes=attributes) as span:
            yield span

    def note_failure(self, error: BaseException, span: Span) -> ErrorCategory:
        """Record a failure on a span, classified. For those the run survives; the last is recorded anyway."""
        category = classify(error)
        span.record_exception(error)
        span.set_attribute(baggage.ERROR_CATEGORY, category.value)
        span.set_status(StatusCode.ERROR, f"{type(error).__name__}: {error}"[:500])
        return category


@contextmanager
def integration_run(
    name: str,
    *,
    system: str,
    correlation_id: str = "",
    objects: Keys = (),
    headers: Mapping[str, str] | None = None,
    announces_failure: bool = True,
    telemetry: Telemetry | None = None,
) -> Iterator[IntegrationRun]:
    """Open a run: a root span, a correlation id in the baggage, and a way to emit events.

    The correlation id is the one given, else the one that arrives in `headers` (of the request that set the run off)
    or in the surrounding context, else a new one. `objects` are the records the run is about, put on its root span.
    When the body raises, the exception is recorded and classified, the event `integration.failed` is emitted unless
    `announces_failure` is false, and the exception goes on. Events are delivered before the run ends (see `Delivery`).
    """
    telemetry = telemetry or current_telemetry()
    arriving = extract(headers) if headers is not None else otel_context.get_current()
    correlation_id = correlation_id or baggage.find_correlation_id(arriving) or telemetry.ids.correlation_id(name)
    run = IntegrationRun(telemetry, name=name, system=system, correlation_id=correlation_id)
    token = otel_context.attach(baggage.with_run_baggage(correlation_id, system, arriving))
    try:
        attributes = {baggage.RUN: name, **_object_attributes(objects, system)}
        with telemetry.tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield run
            except DeliveryError:
                raise  # the integration did its part; the way to Billtrail is broken
            except Exception as error:  # the rim of foreign code: told, then raised on
                category = run.note_failure(error, span)
                if announces_failure:
                    run.emit("integration.failed", **failure_fields(name, error, category))
                raise
    finally:
        otel_context.detach(token)
        if telemetry.delivery.flush_each_run:
            telemetry.publisher.flush()


def failure_fields(run_name: str, error: Exception, category: ErrorCategory) -> EventFields:
    """Say that a run failed, in the fields of the event `integration.failed`."""
    message = f"{type(error).__name__}: {error}"[:500]
    return {
        "outcome": "failure",
        "error_category": category,
        "attributes": {"run": run_name, "message": message},
    }


def _object_attributes(keys: Keys, system: str) -> dict[str, str | Sequence[str]]:
    """Name objects on a span: one id, or a list where a run is about several records of one type."""
    named: dict[str, list[str]] = {}
    for key in read_keys(keys):
        id = key.id if key.system == system else str(key)
        named.setdefault(f"{baggage.OBJECT_PREFIX}{key.object_type}", []).append(id)
    return {name: ids if len(ids) > 1 else ids[0] for name, ids in named.items()}


def _current_traceparent() -> str:
    carrier: dict[str, str] = {}
    _TRACEPARENT.inject(carrier)
    return carrier.get("traceparent", "")
