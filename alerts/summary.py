"""An alert in one plain sentence: what, of whom, since when, what is missing, what hangs on it, who owns it.

Sentences are made from the names of milestones, not from a table of phrases, so a new journey reads well without code:
`time_posted` of a time entry is "not posted", `project_in_erp` is "no project in ERP", `payment_received` of an invoice
is "payment is not received". A system that bears the name of the thing is not named again. Ages are coarse on purpose:
a summary changes by the hour, then by the day.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

ACRONYMS = frozenset({"crm", "psa", "erp", "sla", "id"})


@dataclass(frozen=True, slots=True)
class Promise:
    """A broken promise about a subject. `stop_roles` says which system was to report each missing milestone."""

    object_type: str
    subject: str
    client: str
    start_milestone: str
    stop_milestones: tuple[str, ...]
    stop_roles: tuple[str, ...]
    age: timedelta


def summarize_promise(promise: Promise, money: str, owner: str) -> str:
    """Say it like "Time entry … of Acme was approved 3 days ago and is not posted in ERP; EUR 1,200 at risk; …"."""
    what = f"{_words(promise.object_type).capitalize() or 'Object'} {promise.subject}"
    of_whom = f" of {promise.client}" if promise.client else ""
    since = f"{_begun(promise.start_milestone, promise.object_type)} {age_words(promise.age)} ago"
    roles = [*promise.stop_roles, *[""] * len(promise.stop_milestones)]
    pairs = zip(promise.stop_milestones, roles, strict=False)
    missing = ", ".join(_missing(stop, role, promise.object_type) for stop, role in pairs) or "is overdue"
    return _joined(f"{what}{of_whom} {since} and {missing}", money, owner)


def summarize_finding(evidence: str, client: str, money: str, owner: str) -> str:
    """Say the detector's own sentence, then whose it is, what hangs on it and who owns it."""
    of_whom = f" ({client})" if client and client not in evidence else ""
    return _joined(f"{evidence.rstrip('. ')}{of_whom}", money, owner)


def money_words(amount: Decimal, currency: str) -> str:
    """Write "EUR 1,200" or "EUR 1,200.50"; empty when there is no amount."""
    if not amount:
        return ""
    digits = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return f"{currency} {digits}".strip()


def age_words(age: timedelta) -> str:
    """Write an age in one unit: minutes under an hour, hours under two days, then days."""
    minutes = max(int(age.total_seconds() // 60), 0)
    if minutes < 60:
        return _count(minutes, "minute")
    return _count(minutes // 60, "hour") if minutes < 48 * 60 else _count(minutes // 1440, "day")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _joined(sentence: str, money: str, owner: str) -> str:
    parts = [sentence, f"{money} at risk" if money else "", f"owner {owner}" if owner else "nobody owns it"]
    return "; ".join(part for part in parts if part)


def _words(name: str) -> str:
    return " ".join(word.upper() if word in ACRONYMS else word for word in name.split("_") if word)


def _split(milestone: str, object_type: str) -> tuple[str, str]:
    """Split a milestone's name into the thing (empty: the subject itself) and what happened to it."""
    thing, _, happened = milestone.rpartition("_")
    return ("" if thing in (object_type, *object_type.split("_")) else thing, happened)


def _begun(milestone: str, object_type: str) -> str:
    if "_in_" in milestone:
        thing, _, place = milestone.partition("_in_")
        return f"got its {_words(thing)} in {_words(place)}"
    thing, happened = _split(milestone, object_type)
    return f"had its {_words(thing)} {_words(happened)}" if thing else f"was {_words(happened)}"


def _missing(milestone: str, role: str, object_type: str) -> str:
    if "_in_" in milestone:
        thing, _, place = milestone.partition("_in_")
        thing = thing.removeprefix(f"{object_type}_")
        is_state = "_" not in thing and thing.endswith("ible")
        return (
            f"is not {_words(thing)} in {_words(place)}" if is_state else f"has no {_words(thing)} in {_words(place)}"
        )
    thing, happened = _split(milestone, object_type)
    where = f" in {_words(role)}" if role and role != thing else ""
    return f"its {_words(thing)} is not {_words(happened)}{where}" if thing else f"is not {_words(happened)}{where}"
