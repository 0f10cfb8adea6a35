"""What a request of spans says around its spans, which the tables keep with each of them.

A resource of 100 KB before 40,000 spans is a body of 2 MB and four gigabytes in the engine: it is refused here. So is
what would pass for the journal's own header, which names the sender and is read as part of the same message.
"""

from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from collector.receive.refusal import malformed, too_large

# The first field number of the journal's header (`journal/frame.py`).
_HEADER = 15_000
# What an attribute costs beside its own bytes, of which it takes two at least.
_ATTRIBUTE_BYTES = 32


def check_envelopes(message: ExportTraceServiceRequest, counts: list[list[int]], size: int, limit: int) -> None:
    """Refuse what may not go into the journal. Raises Refusal (400, 413).

    `counts` are the spans by resource and by scope, `size` is the request's in bytes.
    """
    if any(field.field_number >= _HEADER for field in UnknownFieldSet(message)):  # type: ignore[attr-defined]
        raise malformed(f"fields with numbers from {_HEADER} on are not to be sent")
    # Cheap and nearly always enough: as if all of it stood before the most spans that one resource has.
    if max(map(sum, counts), default=0) * size * (1 + _ATTRIBUTE_BYTES // 2) <= limit:
        return
    expanded = 0
    for resourced, spans in zip(message.resource_spans, counts, strict=True):
        expanded += sum(spans) * _weigh(resourced.resource, resourced.schema_url)
        for scoped, count in zip(resourced.scope_spans, spans, strict=True):
            expanded += count * _weigh(scoped.scope, scoped.schema_url)
    if expanded > limit:
        raise too_large("what resources and scopes say, for each of their spans,", limit)


def _weigh(said: Resource | InstrumentationScope, schema_url: str) -> int:
    return said.ByteSize() + len(said.attributes) * _ATTRIBUTE_BYTES + len(schema_url)
