"""What integration code may say of an event, and how an event is built from it.

Objects are given as keys, `ObjectKey` or text `system:type:id`. The field a key is given in says what the object is to
the subject: `same_as` is its id in another system, `part_of` a parent, `origin` what it came from, `references` is
attached and connects nothing. Any other word goes into `also`, such as `also={"bills": [...]}`.
Amounts are decimals or text, never floats.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias, TypedDict, cast

from billtrail.errors import PayloadError
from billtrail.model.object_key import ObjectKey
from billtrail.model.vocabulary import BillingModel, ErrorCategory, Qualifier
from billtrail.telemetry.event import BusinessEvent, EventLine, EventObject, EventRelation

Key: TypeAlias = ObjectKey | str
Keys: TypeAlias = Key | Iterable[Key]
Amount: TypeAlias = Decimal | int | str


class EventFields(TypedDict, total=False):
    """What may be said of an event besides its type. Everything is optional."""

    id: str
    """The event's id, unique within its system. Give one derived from your record where a run may be repeated."""
    sequence: str
    """Orders corrections: of two events with one id and other content, the one with the greater sequence holds."""
    system: str
    """The system that reports; the run's system when not given."""
    occurred_at: datetime
    """When it happened, with a time zone; now when not given."""
    subject: Key
    same_as: Keys
    part_of: Keys
    origin: Keys
    references: Keys
    also: Mapping[str, Keys]
    relations: Iterable[tuple[Key, str, Key]]
    """Relations between objects other than the subject: (child, "part_of", parent)."""
    amount: Amount
    currency: str
    lines: Mapping[ObjectKey, Amount] | Mapping[str, Amount]
    """How the amount is allocated, by object."""
    client: str
    region: str
    legal_entity: str
    billing_model: BillingModel | str
    owner: str
    outcome: str
    """`success`, which is meant when not given, or `failure`."""
    error_category: ErrorCategory | str
    attributes: Mapping[str, str]


_LINKS = (
    ("subject", Qualifier.SUBJECT),
    ("same_as", Qualifier.SAME_AS),
    ("part_of", Qualifier.PART_OF),
    ("origin", Qualifier.ORIGIN),
    ("references", Qualifier.REFERENCE),
)
_TEXTS = ("currency", "client", "region", "legal_entity", "billing_model", "owner", "error_category")


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
    """Build an event from what was said and, for the rest, from the run. Raises PayloadError on a bad value."""
    return BusinessEvent(
        id=fields.get("id") or id,
        type=event_type,
        system=fields.get("system") or system,
        occurred_at=_require_aware(fields.get("occurred_at") or now, event_type),
        correlation_id=correlation_id,
        objects=tuple(_read_objects(fields)),
        relations=tuple(_read_relations(fields)),
        amount=_read_amount(fields["amount"]) if "amount" in fields else None,
        lines=tuple(EventLine(read_key(key), _read_amount(amount)) for key, amount in fields.get("lines", {}).items()),
        texts={name: str(fields.get(name)) for name in _TEXTS if name in fields},
        outcome=fields.get("outcome", "success"),
        attributes=fields.get("attributes"),
        sequence=fields.get("sequence", ""),
        traceparent=traceparent,
    )


def read_key(key: Key) -> ObjectKey:
    """Read a key, given as value or as text. Raises PayloadError on a text that is no key."""
    return key if isinstance(key, ObjectKey) else ObjectKey.parse(key)


def read_keys(keys: Keys) -> Iterator[ObjectKey]:
    """Read one key or many. Raises PayloadError on a text that is no key."""
    if isinstance(keys, ObjectKey | str):
        yield read_key(keys)
    else:
        yield from (read_key(key) for key in keys)


def _read_objects(fields: EventFields) -> Iterator[EventObject]:
    for field, qualifier in _LINKS:
        if (keys := fields.get(field)) is not None:
            yield from (EventObject(key, qualifier) for key in read_keys(cast(Keys, keys)))
    for word, others in fields.get("also", {}).items():
        yield from (EventObject(key, word) for key in read_keys(others))


def _read_relations(fields: EventFields) -> Iterator[EventRelation]:
    for from_key, qualifier, to_key in fields.get("relations", ()):
        yield EventRelation(read_key(from_key), qualifier, read_key(to_key))


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
