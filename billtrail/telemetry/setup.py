"""Connects integration code with a collector: tracer, span exporter, httpx instrumentation and event publisher, made
at once.
"""

from types import TracebackType
from typing import Self

import httpx
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from billtrail.clock import Clock, SystemClock
from billtrail.errors import SettingsError
from billtrail.telemetry.baggage import BaggageSpanProcessor
from billtrail.telemetry.delivery import Delivery
from billtrail.telemetry.identity import Ids, RandomIds
from billtrail.telemetry.publisher import EventPublisher
from billtrail.telemetry.span_delivery import CountedSpanProcessor, CountingExporter
from billtrail.telemetry.virtual_time import ClockedSpanProcessor

_SCOPE = "billtrail.telemetry"
_current: "list[Telemetry]" = []


class Telemetry:
    """A connection to one collector under one service name. Closing it delivers everything, or raises."""

    def __init__(
        self,
        provider: TracerProvider,
        spans: CountedSpanProcessor,
        publisher: EventPublisher,
        *,
        clock: Clock,
        ids: Ids,
        delivery: Delivery,
    ) -> None:
        self.publisher = publisher
        self.clock = clock
        self.ids = ids
        self.delivery = delivery
        self.provider = provider
        self.tracer = provider.get_tracer(_SCOPE)
        self._spans = spans
        self._instrumentor: HTTPXClientInstrumentor | None = None

    def instrument(self, client: httpx.Client | httpx.AsyncClient) -> None:
        """Make one httpx client send trace and baggage and report a span per request.

        Not needed after a global `configure`.
        """
        HTTPXClientInstrumentor.instrument_client(client, tracer_provider=self.provider)

    def become_global(self) -> None:
        """Be what `integration_run` uses, trace with OpenTelemetry's global provider, and instrument every httpx
        client.
        """
        _current.append(self)
        trace.set_tracer_provider(self.provider)
        self._instrumentor = HTTPXClientInstrumentor()
        self._instrumentor.instrument(tracer_provider=self.provider)

    def flush(self) -> None:
        """Deliver all spans and events. Raises DeliveryError when the collector did not take all of them."""
        self.publisher.flush()
        self.provider.force_flush()
        self._spans.require_delivered()

    def close(self) -> None:
        """Flush, then stop. Call it once; the run that follows needs a new `configure`."""
        if self in _current:
            _current.remove(self)
        if self._instrumentor:
            self._instrumentor.uninstrument()
        try:
            self.flush()
        finally:
            self.provider.shutdown()
            self.publisher.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def configure(
    service_name: str,
    collector_url: str,
    *,
    token: str = "",
    clock: Clock | None = None,
    ids: Ids | None = None,
    delivery: Delivery | None = None,
    is_global: bool = True,
) -> Telemetry:
    """Connect to a collector, such as `http://127.0.0.1:4318`. Close what is returned: that delivers what is buffered.

    `token` is sent as bearer token. With a `clock` other than the system's, spans are in that clock's time.
    With `is_global` false nothing in the process changes: give the result to `integration_run(telemetry=...)` and call
    `instrument` on your own clients. Nothing is sent before the first span or event.
    """
    clock, ids, delivery = clock or SystemClock(), ids or RandomIds(), delivery or Delivery()
    exporter = CountingExporter(_make_exporter(collector_url, token, delivery))
    spans = CountedSpanProcessor(_make_batches(exporter, delivery), exporter)
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service_name}), id_generator=ids)
    provider.add_span_processor(BaggageSpanProcessor())
    provider.add_span_processor(spans if isinstance(clock, SystemClock) else ClockedSpanProcessor(spans, clock))
    publisher = EventPublisher(collector_url, token=token, delivery=delivery)
    telemetry = Telemetry(provider, spans, publisher, clock=clock, ids=ids, delivery=delivery)
    if is_global:
        telemetry.become_global()
    return telemetry


def current_telemetry() -> Telemetry:
    """Answer what the last global `configure` made. Raises SettingsError when there was none."""
    if not _current:
        raise SettingsError(
            "no telemetry is configured for this process",
            hint="call billtrail.telemetry.configure(service, collector_url)",
        )
    return _current[-1]


def _make_exporter(collector_url: str, token: str, delivery: Delivery) -> OTLPSpanExporter:
    return OTLPSpanExporter(
        endpoint=f"{collector_url.rstrip('/')}/v1/traces",
        headers={"authorization": f"Bearer {token}"} if token else None,
        timeout=delivery.timeout_s,
    )


def _make_batches(exporter: CountingExporter, delivery: Delivery) -> BatchSpanProcessor:
    return BatchSpanProcessor(
        exporter,
        max_queue_size=delivery.max_buffered_spans,
        max_export_batch_size=delivery.spans_per_request,
        schedule_delay_millis=500,
    )
