"""OTLP log records with an event name, as the CloudEvents they stand for. Records without one are no business events.

| CloudEvent | from the log record |
|---|---|
| `type` | `event_name`, else attribute `event.name` |
| `source` | attribute `billtrail.source`; else `/` and `billtrail.system` or the resource's `service.name` or `otlp` |
| `id` | attribute `billtrail.event_id`, else a hash of everything else: sent again, it is the same event |
| `time` | `time_unix_nano`, else `observed_time_unix_nano`, else none |
| `traceparent` | `trace_id`, `span_id` and `flags`, where the ids are valid |
| `correlationid`, `sequence` | attributes `billtrail.correlation_id`, `billtrail.sequence` |
| `data` | the body, where it is a key-value list; any other becomes `data.attributes.message`, as text |
| `data.<field>` | attribute `billtrail.<field>` for the fields of an event, where the body is silent |
| `data.objects` | the attributes below, where the body has none |
| `data.attributes` | every other attribute, as text |
| `data.otlp` | what no place above is for: resource, scope, severity, … It is no part of the hash |

Objects: `billtrail.subject` (a type, or a key `system:type:id`), `billtrail.object.<type>` (an id or a key), and
`billtrail.part_of`, `billtrail.same_as`, `billtrail.origin`, `billtrail.reference` (a key or several).
Attributes named `billtrail.*` count on the record, and on its resource where the record is silent. A record that is
larger than an event may be, or has more attributes than a span may have, is told of and not kept.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from billtrail.errors import PayloadError
from collector.receive.any_value import Pairs, read_pairs, read_value, write_text
from collector.receive.event_check import check_event
from collector.receive.refusal import too_large
from collector.settings import CollectorSettings

_PREFIX = "billtrail."
_OBJECT = "billtrail.object."
_NAME = "event.name"
_QUALIFIERS = ("part_of", "same_as", "origin", "reference")
_FIELDS = (
    "system", "amount", "currency", "client", "region", "legal_entity", "billing_model", "owner", "outcome",
    "error_category",
)  # fmt: skip
_OF_EVENT = frozenset({"billtrail.source", "billtrail.event_id", "billtrail.correlation_id", "billtrail.sequence"})
_OF_OBJECTS = frozenset(_PREFIX + name for name in ("subject", *_QUALIFIERS))


@dataclass(slots=True)
class LogEvents:
    """The events of a request. `faults` say which of them the mapping will not take, and why; they are in `bodies`."""

    bodies: list[bytes] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    outsized: int = 0
    nameless: int = 0


def read_log_events(message: ExportLogsServiceRequest, settings: CollectorSettings) -> LogEvents:
    """Find the business events among the log records of a request. Raises Refusal when they are too many."""
    read = LogEvents()
    for where, resource, scope, record in _walk(message):
        name = record.event_name or _find_name(record)
        if not name:
            read.nameless += 1
            continue
        if len(read.bodies) == settings.max_batch_events:
            raise too_large("the number of events in the request", settings.max_batch_events)
        most, limit = settings.max_span_attributes, settings.max_event_bytes
        if len(record.attributes) > most or record.ByteSize() > limit:
            read.outsized += 1
            continue
        event = _write_event(name, record, resource, scope)
        body = json.dumps(event, ensure_ascii=False).encode()
        if len(body) > limit:
            read.outsized += 1
            continue
        read.bodies.append(body)
        try:
            check_event(event, where)
        except PayloadError as error:
            read.faults.append(str(error))
    return read


def _walk(message: ExportLogsServiceRequest) -> Iterator[tuple[str, Pairs, Pairs, LogRecord]]:
    for i, resourced in enumerate(message.resource_logs):
        resource = read_pairs(resourced.resource.attributes)
        for j, scoped in enumerate(resourced.scope_logs):
            said = scoped.scope
            scope = {"name": said.name, "version": said.version, "attributes": read_pairs(said.attributes)}
            for k, record in enumerate(scoped.log_records):
                yield f"resourceLogs[{i}].scopeLogs[{j}].logRecords[{k}]", resource, _without_empty(scope), record


def _find_name(record: LogRecord) -> str:
    names = [write_text(read_value(pair.value)) for pair in record.attributes if pair.key == _NAME]
    return names[-1] if names else ""


def _write_event(name: str, record: LogRecord, resource: Pairs, scope: Pairs) -> dict[str, Any]:
    attributes = read_pairs(record.attributes)
    said = {key: value for pairs in (resource, attributes) for key, value in pairs.items() if key.startswith(_PREFIX)}
    service = write_text(resource.get("service.name"))
    fallback = "/" + (write_text(said.get("billtrail.system")) or service or "otlp")
    data = _write_data(record.body, {key: one for key, one in attributes.items() if (key, one) != (_NAME, name)}, said)
    event: dict[str, Any] = {
        "specversion": "1.0",
        "source": write_text(said.get("billtrail.source")) or fallback,
        "type": name,
        "time": _write_instant(record.time_unix_nano or record.observed_time_unix_nano),
        "traceparent": _write_traceparent(record),
        "correlationid": write_text(said.get("billtrail.correlation_id")),
        "sequence": write_text(said.get("billtrail.sequence")),
        "datacontenttype": "application/json",
        "data": data,
    }
    event = {key: value for key, value in event.items() if value != ""}
    event["id"] = write_text(said.get("billtrail.event_id")) or _hash(event)
    if rest := _write_rest(record, resource, scope):
        data.setdefault("otlp", rest)
    return event


def _write_data(body: AnyValue, attributes: Pairs, said: Pairs) -> dict[str, Any]:
    value = read_value(body)
    data: dict[str, Any] = value if isinstance(value, dict) else {}
    told = set(_OF_EVENT)
    for name in _FIELDS:
        if name not in data and (given := write_text(said.get(_PREFIX + name))):
            data[name] = given
            told.add(_PREFIX + name)
    if "objects" not in data and (objects := list(_find_objects(said))):
        data["objects"] = objects
        told |= {key for key in said if key.startswith(_OBJECT) or key in _OF_OBJECTS}
    rest = {key: write_text(one) for key, one in attributes.items() if key not in told}
    if value is not data and (text := write_text(value)):
        rest["body" if "message" in rest else "message"] = text
    if rest and isinstance(given := data.get("attributes", {}), dict):
        data["attributes"] = rest | given
    return data


def _write_rest(record: LogRecord, resource: Pairs, scope: Pairs) -> Pairs:
    rest: Pairs = {
        "resource": resource,
        "scope": scope,
        "severity_number": int(record.severity_number),
        "severity_text": record.severity_text,
        "observed_time": _write_instant(record.observed_time_unix_nano) if record.time_unix_nano else "",
        "dropped_attributes_count": record.dropped_attributes_count,
    }
    if not _write_traceparent(record):
        rest |= {"trace_id": record.trace_id.hex(), "span_id": record.span_id.hex(), "flags": record.flags}
    return _without_empty(rest)


def _without_empty(pairs: Pairs) -> Pairs:
    return {key: value for key, value in pairs.items() if value}


def _find_objects(said: Pairs) -> Iterator[dict[str, str]]:
    """The subject first, and every object once: a type that `billtrail.subject` names is the subject's."""
    subject = write_text(said.get("billtrail.subject"))
    if ":" in subject:
        yield _read_object(subject, "", "subject")
    for key, value in said.items():
        if key.startswith(_OBJECT):
            kind = key.removeprefix(_OBJECT)
            yield _read_object(write_text(value), kind, "subject" if kind == subject else "")
    for qualifier in _QUALIFIERS:
        value = said.get(_PREFIX + qualifier, [])
        for one in value if isinstance(value, list) else [value]:
            yield _read_object(write_text(one), "", qualifier)


def _read_object(text: str, kind: str, qualifier: str) -> dict[str, str]:
    system, _, rest = text.partition(":")
    found, _, own = rest.partition(":")
    is_key = own and kind in ("", found)
    one = {"type": found, "system": system, "id": own} if is_key else {"type": kind, "id": text}
    return one | ({"qualifier": qualifier} if qualifier else {})


def _write_instant(ns: int) -> str:
    seconds, rest = divmod(ns, 1_000_000_000)
    if not ns:
        return ""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09}Z"


def _write_traceparent(record: LogRecord) -> str:
    trace, span = record.trace_id, record.span_id
    if len(trace) != 16 or len(span) != 8 or not any(trace) or not any(span):
        return ""
    return f"00-{trace.hex()}-{span.hex()}-{record.flags & 255:02x}"


def _hash(event: dict[str, Any]) -> str:
    text = json.dumps(event, sort_keys=True, ensure_ascii=False)
    return "otlp-" + hashlib.sha256(text.encode()).hexdigest()[:32]
