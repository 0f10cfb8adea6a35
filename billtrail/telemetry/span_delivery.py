"""Counts spans on their way out, so that a lost one is reported.

The SDK's batch processor drops spans when its queue is full, and its exporter gives up after some time; both only
write to a log. Here the spans that ended are compared with the spans a collector took.
"""

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from billtrail.errors import DeliveryError


class CountingExporter(SpanExporter):
    """Counts the spans another exporter delivered."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self.delivered = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        if result is SpanExportResult.SUCCESS:
            self.delivered += len(spans)
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._exporter.force_flush(timeout_millis)


class CountedSpanProcessor(SpanProcessor):
    """Counts the spans given to a batch processor and, at a flush, tells how many never arrived."""

    def __init__(self, batches: SpanProcessor, exporter: CountingExporter) -> None:
        self._batches = batches
        self._exporter = exporter
        self._ended = 0

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        self._batches.on_start(span, parent_context)

    def on_end(self, span: ReadableSpan) -> None:
        if span.context.trace_flags.sampled:
            self._ended += 1
            self._batches.on_end(span)

    def shutdown(self) -> None:
        self._batches.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._batches.force_flush(timeout_millis)

    def require_delivered(self) -> None:
        """Raise DeliveryError when spans were lost since the last call. They cannot be sent again."""
        lost = self._ended - self._exporter.delivered
        self._ended = self._exporter.delivered = 0
        if lost > 0:
            raise DeliveryError(
                f"{lost} spans were not taken by the collector",
                is_permanent=True,
                hint="see the log of opentelemetry.exporter for the answer; is the collector up, is the token right?",
            )
