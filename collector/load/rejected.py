"""Spans no table can hold, because their ids are not valid: kept as dead letters a sender could send again.

Met so rarely that Python may decode the segment.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from billtrail.model.vocabulary import DeadLetterReason
from billtrail.store import Row, Store
from collector.journal import ClosedSegment, scan_frames
from collector.journal.segment import read_segment


def keep_rejected(store: Store, segment: ClosedSegment) -> int:
    """Write the spans without valid ids to the dead letters; answer how many. A repeat replaces itself."""
    rows = list(_find_rejected(segment))
    store.insert("dead_letter_rows", rows)
    return len(rows)


def has_fault(request: ExportTraceServiceRequest) -> bool:
    """Tell whether a request holds a span without valid ids."""
    return next(_split(request), None) is not None


def _find_rejected(segment: ClosedSegment) -> Iterator[Row]:
    for stored in scan_frames(read_segment(segment.path)):
        request = ExportTraceServiceRequest.FromString(stored.frame.payload)
        for place, (body, detail) in enumerate(_split(request)):
            yield {
                "dead_letter_id": f"traces-{segment.number}-{stored.number}-{place}",
                "door": stored.frame.door,
                "source": stored.frame.source,
                "reason": DeadLetterReason.WRONG_TYPE.value,
                "detail": detail,
                "received_at": datetime.fromtimestamp(stored.frame.received_at_ns / 1e9, UTC),
                "body": body,
                "replayed_at": None,
                "version": segment.number,
            }


def _split(request: ExportTraceServiceRequest) -> Iterator[tuple[str, str]]:
    """Write each bad span as an OTLP/JSON request of its own, with what it says of its resource and scope."""
    for i, resource_spans in enumerate(request.resource_spans):
        for j, scope_spans in enumerate(resource_spans.scope_spans):
            for k, span in enumerate(scope_spans.spans):
                if fault := _find_fault(span):
                    alone = ExportTraceServiceRequest()
                    group = alone.resource_spans.add(resource=resource_spans.resource)
                    group.scope_spans.add(scope=scope_spans.scope, spans=[span])
                    yield _write_json(alone, span), f"resourceSpans[{i}].scopeSpans[{j}].spans[{k}].{fault}"


def _find_fault(span: Span) -> str:
    for name, value, size in (("traceId", span.trace_id, 16), ("spanId", span.span_id, 8)):
        if len(value) != size:
            return f"{name}: expected {size} bytes, got {len(value)}"
        if not any(value):
            return f"{name}: all zero"
    return ""


def _write_json(request: ExportTraceServiceRequest, span: Span) -> str:
    document = json_format.MessageToDict(request)
    written = document["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    ids = {"traceId": span.trace_id, "spanId": span.span_id, "parentSpanId": span.parent_span_id}
    written.update({name: value.hex() for name, value in ids.items() if value})
    for link, source in zip(written.get("links", ()), span.links, strict=True):
        link.update({"traceId": source.trace_id.hex(), "spanId": source.span_id.hex()})
    return json.dumps(document, ensure_ascii=False)
