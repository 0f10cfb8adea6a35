"""Carries the correlation id: into OpenTelemetry baggage, from there onto every span and into every called process.

Baggage leaves with each instrumented request, to foreign systems too. Therefore only ids travel in it, never names or
amounts.
"""

from collections.abc import Mapping

from opentelemetry import baggage
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor

PREFIX = "billtrail."
CORRELATION_ID = "billtrail.correlation_id"
SYSTEM = "billtrail.system"
OBJECT_PREFIX = "billtrail.object."
ERROR_CATEGORY = "billtrail.error_category"
RUN = "billtrail.run"


def with_run_baggage(correlation_id: str, system: str, context: Context | None = None) -> Context:
    """Put a run's correlation id and system into the baggage of a context."""
    context = baggage.set_baggage(CORRELATION_ID, correlation_id, context)
    return baggage.set_baggage(SYSTEM, system, context)


def find_correlation_id(context: Context | None = None) -> str:
    """Answer the correlation id in the baggage, or an empty text."""
    return str(baggage.get_baggage(CORRELATION_ID, context) or "")


class BaggageSpanProcessor(SpanProcessor):
    """Copies baggage entries that begin with `billtrail.` to each span as it starts. What the span says itself wins."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        own: Mapping[str, object] = span.attributes or {}
        for name, value in baggage.get_all(parent_context).items():
            if name.startswith(PREFIX) and name not in own:
                span.set_attribute(name, str(value))

    def on_end(self, span: ReadableSpan) -> None:
        return None

    def shutdown(self) -> None:
        return None

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return True
