"""How what OCEL has no place for is written in a log, so that a log of ours comes back as it left.

Names of attributes that start with `billtrail.` are ours. An event carries the fields of a canonical event under them;
an object says which system it is of. An object with `billtrail.system` and without `billtrail.source` was only named by
events; `billtrail.declarations` is what further sources declared of it. `billtrail.more` holds the values a format
cannot: JSON, `[[name, instant, type, text], …]`.
An object of the type `billtrail.log` is the log itself, and is not in the view `objects`: its attributes
`objectTypes/…` and `eventTypes/…` say which types and attributes were declared and never used.
"""

OWN = "billtrail."
SYSTEM, SOURCE, MORE, ALSO = "billtrail.system", "billtrail.source", "billtrail.more", "billtrail.declarations"
ORIGINAL_TYPE = "billtrail.type"
CORRELATION_ID, TRACE_ID, SEQUENCE = "billtrail.correlation_id", "billtrail.trace_id", "billtrail.sequence"
AMOUNT, LINES, RELATIONS = "billtrail.amount", "billtrail.lines", "billtrail.relations"
FIELDS = ("currency", "client", "region", "legal_entity", "billing_model", "owner", "outcome", "error_category")
"""Fields of a canonical event that are plain texts, as `billtrail.<field>`."""

UNKNOWN_TYPE = "unknown"
LOG_TYPE = "billtrail.log"
OBJECT_TYPES, EVENT_TYPES = "objectTypes/", "eventTypes/"
NO_PARENT_SPAN = "0000000000000001"
"""Of a trace context only the trace is kept; a `traceparent` that is written again needs some parent."""


def full_key(system: str, object_type: str, id: str) -> str:
    return f"{system}:{object_type}:{id}"


def full_event_id(source: str, event_id: str) -> str:
    return f"{source} {event_id}"
