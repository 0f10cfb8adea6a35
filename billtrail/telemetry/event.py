"""A business event and its form on the wire: CloudEvents 1.0, structured JSON. Made by `compose_event`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from billtrail.model.object_key import ObjectKey
from billtrail.model.vocabulary import Qualifier


@dataclass(frozen=True, slots=True)
class EventObject:
    """One object an event touches, and what it is to the subject."""

    key: ObjectKey
    qualifier: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """The part of an event's amount that falls on one object, such as an invoice line on a project."""

    key: ObjectKey
    amount: Decimal


@dataclass(frozen=True, slots=True)
class EventRelation:
    """What one object is to another, apart from the subject: `from_key` is `qualifier` of `to_key`."""

    from_key: ObjectKey
    qualifier: str
    to_key: ObjectKey


@dataclass(frozen=True, slots=True)
class BusinessEvent:
    """One thing that happened. Source and id name it; publishing it twice is harmless, it is counted once."""

    id: str
    type: str
    system: str
    occurred_at: datetime
    correlation_id: str
    objects: tuple[EventObject, ...] = ()
    relations: tuple[EventRelation, ...] = ()
    amount: Decimal | None = None
    lines: tuple[EventLine, ...] = ()
    texts: Mapping[str, str] | None = None
    """Those given of: currency, client, region, legal_entity, billing_model, owner, error_category."""
    outcome: str = "success"
    attributes: Mapping[str, str] | None = None
    sequence: str = ""
    traceparent: str = ""

    @property
    def source(self) -> str:
        return f"/{self.system}"

    @property
    def subject(self) -> ObjectKey | None:
        """The object the event is about; None for an event that only tells of a run."""
        return self.objects[0].key if self.objects and self.objects[0].qualifier == Qualifier.SUBJECT else None

    def to_cloudevent(self) -> dict[str, Any]:
        """Write the event in CloudEvents' structured JSON form."""
        envelope: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "time": format_instant(self.occurred_at),
            "datacontenttype": "application/json",
            "correlationid": self.correlation_id,
        }
        optional = {"subject": str(self.subject or ""), "sequence": self.sequence, "traceparent": self.traceparent}
        envelope |= {name: text for name, text in optional.items() if text}
        return envelope | {"data": self._data()}

    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"system": self.system, "outcome": self.outcome, **(self.texts or {})}
        if self.objects:
            data["objects"] = [_write_key(one.key) | {"qualifier": one.qualifier} for one in self.objects]
        if self.relations:
            data["relations"] = [_write_relation(one) for one in self.relations]
        if self.amount is not None:
            data["amount"] = str(self.amount)
        if self.lines:
            data["lines"] = [{"object": _write_key(line.key), "amount": str(line.amount)} for line in self.lines]
        if self.attributes:
            data["attributes"] = dict(self.attributes)
        return data


def format_instant(at: datetime) -> str:
    """Write an aware instant in UTC to the millisecond, such as 2026-11-01T10:00:00.000Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _write_key(key: ObjectKey) -> dict[str, str]:
    return {"type": key.object_type, "system": key.system, "id": key.id}


def _write_relation(relation: EventRelation) -> dict[str, Any]:
    return {
        "from": _write_key(relation.from_key),
        "to": _write_key(relation.to_key),
        "qualifier": relation.qualifier,
    }
