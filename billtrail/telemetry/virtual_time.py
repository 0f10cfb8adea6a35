"""Puts spans into the time of an injected clock, those of instrumented libraries included.

OpenTelemetry's SDK stamps spans with the machine's time and lets only the caller of `start_span` give another; the
httpx instrumentation gives none. A processor is called in the very moment a span starts and ends, so the clock can be
read there: the span that goes on to the exporter is a copy with these two instants. What was recorded within the span
keeps its distance from the span's start, held inside the span. With the system's clock this processor is not installed.
"""

from datetime import datetime

from opentelemetry.context import Context
from opentelemetry.sdk.trace import Event, ReadableSpan, Span, SpanProcessor

from billtrail.clock import Clock


class ClockedSpanProcessor(SpanProcessor):
    """Hands spans to another processor with their times taken from a clock. Safe to call from several threads."""

    def __init__(self, next_processor: SpanProcessor, clock: Clock) -> None:
        self._next = next_processor
        self._clock = clock
        self._started_ns: dict[int, int] = {}

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        self._started_ns[span.get_span_context().span_id] = _to_ns(self._clock.now())
        self._next.on_start(span, parent_context)

    def on_end(self, span: ReadableSpan) -> None:
        started_ns = self._started_ns.pop(span.context.span_id)
        self._next.on_end(_copy_in_time(span, started_ns, max(started_ns, _to_ns(self._clock.now()))))

    def shutdown(self) -> None:
        self._next.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._next.force_flush(timeout_millis)


def _copy_in_time(span: ReadableSpan, started_ns: int, ended_ns: int) -> ReadableSpan:
    shift_ns = started_ns - (span.start_time or 0)
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        events=[_move(event, min(event.timestamp + shift_ns, ended_ns)) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=span.status,
        start_time=started_ns,
        end_time=ended_ns,
        instrumentation_scope=span.instrumentation_scope,
    )


def _move(event: Event, timestamp_ns: int) -> Event:
    return Event(event.name, event.attributes, timestamp_ns)


def _to_ns(at: datetime) -> int:
    # Whole microseconds first: a float of nanoseconds since 1970 is too coarse.
    return round(at.timestamp() * 1_000_000) * 1_000
