"""A business event as integration code states it, and its form on the wire (CloudEvents 1.0, JSON).

Objects are given as keys, `ObjectKey` or text `system:type:id`. What an object is to the subject is said by the field
it is given in: `same_as` is the subject's id in another system, `part_of` a parent, `origin` what it came from,
`references` is attached without connecting anything; any other word goes into `also`, such as `also={"bills": [...]}`.
Amounts are decimals or text, never floats.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias, TypedDict, cast

from billtrail.errors import PayloadError
from billtrail.model.object_key import ObjectKey
from billtrail.model.vocabulary import BillingModel, ErrorCategory, Qualifier

Key: TypeAlias = ObjectKey | str
Keys: TypeAlias = Key | Iterable[Key]
Amount: TypeAlias = Decimal | int | str


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


class EventFields(TypedDict, total=False):
    """What may be said of an event besides its type. Everything is optional."""

    id: str
    """The event's id, unique within its system. Give one derived from your record where a run may be repeated."""
    system: str
    """The system that reports; the run's system when not given."""
    occurred_at: datetime
    subject: Key
    same_as: Keys
    part_of: Keys
    origin: Keys
    references: Keys
    also: Mapping[str, Keys]
    amount: Amount
    currency: str
    lines: Mapping[ObjectKey, Amount]
    client: str
    region: str
    legal_entity: str
    billing_model: BillingModel | str
    owner: str
    outcome: str
    error_category: ErrorCategory | str
    attributes: Mapping[str, str]


_LINKS: tuple[tuple[str, Qualifier], ...] = (
    ("subject", Qualifier.SUBJECT),
    ("same_as", Qualifier.SAME_AS),
    ("part_of", Qualifier.PART_OF),
    ("origin", Qualifier.ORIGIN),
    ("references", Qualifier.REFERENCE),
)
_TEXTS = ("currency", "client", "region", "legal_entity", "billing_model", "owner", "error_category")


@dataclass(frozen=True, slots=True)
class BusinessEvent:
    """One thing that happened. Source and id name it; publishing it twice is harmless, it is counted once."""

    id: str
    type: str
    system: str
    occurred_at: datetime
    correlation_id: str
    objects: tuple[EventObject, ...] = ()
    amount: Decimal | None = None
    lines: tuple[EventLine, ...] = ()
    texts: Mapping[str, str] | None = None
    """Those given of: currency, client, region, legal_entity, billing_model, owner, error_category."""
    outcome: str = "success"
    attributes: Mapping[str, str] | None = None
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
        if (subject := self.subject) is not None:
            envelope["subject"] = str(subject)
        if self.traceparent:
            envelope["traceparent"] = self.traceparent
        return envelope | {"data": self._data()}

    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"system": self.system, "outcome": self.outcome, **(self.texts or {})}
        if self.objects:
            data["objects"] = [_write_key(one.key) | {"qualifier": one.qualifier} for one in self.objects]
        if self.amount is not None:
            data["amount"] = str(self.amount)
        if self.lines:
            data["lines"] = [{"object": _write_key(line.key), "amount": str(line.amount)} for line in self.lines]
        if self.attributes:
            data["attributes"] = dict(self.attributes)
        return data


def compose_event(
    event_type: str,
    fields: EventFields,
    *,
    id: str,
    system: str,
    correlation_id: str,
    now: datetime,
    traceparent: str = "",
) -> BusinessEvent:
    """Build an event from what was said and, for what was not said, from the run.

    Raises PayloadError on a bad value.
    """
    return BusinessEvent(
        id=fields.get("id") or id,
        type=event_type,
        system=fields.get("system") or system,
        occurred_at=_require_aware(fields.get("occurred_at") or now, event_type),
        correlation_id=correlation_id,
        objects=tuple(_read_objects(fields)),
        amount=_read_amount(fields["amount"]) if "amount" in fields else None,
        lines=tuple(EventLine(key, _read_amount(amount)) for key, amount in fields.get("lines", {}).items()),
        texts={name: str(fields.get(name)) for name in _TEXTS if name in fields},
        outcome=fields.get("outcome", "success"),
        attributes=fields.get("attributes"),
        traceparent=traceparent,
    )


def format_instant(at: datetime) -> str:
    """Write an aware instant in UTC to the millisecond, such as 2026-11-01T10:00:00.000Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_objects(fields: EventFields) -> Iterator[EventObject]:
    for field, qualifier in _LINKS:
        if (keys := fields.get(field)) is not None:
            yield from (EventObject(key, qualifier) for key in read_keys(cast(Keys, keys)))
    for word, others in fields.get("also", {}).items():
        yield from (EventObject(key, word) for key in read_keys(others))


def read_keys(keys: Keys) -> Iterator[ObjectKey]:
    """Read one key or many, as values or as text. Raises PayloadError on a text that is no key."""
    if isinstance(keys, ObjectKey):
        yield keys
    elif isinstance(keys, str):
        yield ObjectKey.parse(keys)
    else:
        for key in keys:
            yield key if isinstance(key, ObjectKey) else ObjectKey.parse(key)


def _read_amount(amount: Amount) -> Decimal:
    if isinstance(amount, float):
        raise PayloadError(
            f"amount {amount!r}: floats lose cents", hint="give a Decimal, an int or text such as '12.50'"
        )
    try:
        read = Decimal(amount)
    except InvalidOperation as error:
        raise PayloadError(f"amount {amount!r}: not a number", where="amount") from error
    if not read.is_finite():
        raise PayloadError(f"amount {amount!r}: not finite", where="amount")
    return read


def _require_aware(at: datetime, event_type: str) -> datetime:
    if at.tzinfo is None:
        raise PayloadError(f"{event_type}: occurred_at {at.isoformat()} has no time zone", where="occurred_at")
    return at


def _write_key(key: ObjectKey) -> dict[str, str]:
    return {"type": key.object_type, "system": key.system, "id": key.id}
