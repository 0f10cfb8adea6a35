"""Canonical events for tests, written straight into the canonical table as the collector would."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from billtrail.store import Store

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday


@dataclass(frozen=True)
class Event:
    """One business event. `objects` are (key, qualifier) pairs, the subject first; `hours` after START."""

    event_id: str
    event_type: str
    objects: tuple[tuple[str, str], ...] = ()
    hours: float = 0
    system: str = ""
    amount: str = "0"
    currency: str = "EUR"
    correlation_id: str = ""
    trace_id: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    client: str = ""
    region: str = ""
    legal_entity: str = ""
    billing_model: str = ""
    outcome: str = "success"
    attributes: dict[str, str] = field(default_factory=dict)
    is_withdrawn: bool = False
    revision: int = 0

    @property
    def reporter(self) -> str:
        return self.system or self.objects[0][0].split(":")[0]

    def changed(self, **fields: Any) -> "Event":
        return replace(self, **fields)

    def withdrawn(self) -> "Event":
        return replace(self, is_withdrawn=True, revision=self.revision + 1)

    def row(self, segment: int) -> dict[str, Any]:
        at = START + timedelta(hours=self.hours)
        return {
            "source": f"/{self.reporter}",
            "event_id": self.event_id,
            "system": self.reporter,
            "event_type": self.event_type,
            "occurred_at": at,
            "received_at": at,
            "correlation_id": self.correlation_id,
            "trace_id": self.trace_id,
            "objects": [_object(key, qualifier) for key, qualifier in self.objects],
            "links": list(self.links),
            "lines": list(self.lines),
            "amount": self.amount,
            "currency": self.currency,
            "client": self.client,
            "region": self.region,
            "legal_entity": self.legal_entity,
            "billing_model": self.billing_model,
            "owner": "",
            "outcome": self.outcome,
            "error_category": "other" if self.outcome == "failure" else "",
            "attributes": self.attributes,
            "sequence": "",
            "content_hash": hash(self.event_id) & 0xFFFF,
            "is_withdrawn": self.is_withdrawn,
            "revision": self.revision,
            "segment": segment,
        }


def put_events(store: Store, segment: int, events: Iterable[Event]) -> None:
    """Write events as one loaded segment of the journal."""
    rows = [event.row(segment) for event in events]
    store.insert("event_versions", rows)
    put_ledger(store, "events", segment, len(rows))


def put_declarations(store: Store, segment: int, links_of: dict[str, tuple[tuple[str, str, str], ...]]) -> None:
    """Declare objects with their relations as one loaded segment of the journal."""
    rows = [
        {
            "source": "import",
            "object_key": key,
            "declared_at": START,
            "attributes": {},
            "links": list(links),
            "segment": segment,
        }
        for key, links in links_of.items()
    ]
    store.insert("object_declarations", rows)
    put_ledger(store, "events", segment, len(rows))


def put_ledger(store: Store, stream: str, segment: int, records: int) -> None:
    """Say that a segment was loaded."""
    store.insert(
        "segment_ledger",
        [
            {
                "stream": stream,
                "segment": segment,
                "stage": "loaded",
                "frames": 1,
                "records": records,
                "duplicates": 0,
                "rejected": 0,
                "bytes": 1,
                "at": START,
            }
        ],
    )


def _object(key: str, qualifier: str) -> tuple[str, str, str, str]:
    system, object_type, identity = key.split(":", 2)
    return object_type, system, identity, qualifier
