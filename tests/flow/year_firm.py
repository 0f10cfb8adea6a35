"""A year of a firm, made promise by promise: kept or broken by a minute, and what it became is known beforehand.

Starts lie where calendars are hard: around changes of clocks, public holidays, closes of months, evenings and weekends.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from tests.flow.minutes import MINUTE, SINCE, UNTIL, Minutes, instant, position, read_document
from tests.flow.office import CALENDARS

NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
PLACES = {"DE01": "EMEA", "UK01": "EMEA", "US01": "AMER", "AU01": "APAC"}
CONTRACTS = 56
FOR_EVER = 10**9
HARD = (
    "2026-01-02", "2026-03-06", "2026-03-27", "2026-03-29", "2026-04-02", "2026-04-03", "2026-05-22", "2026-07-02",
    "2026-10-02", "2026-10-23", "2026-10-30", "2026-11-25", "2026-12-22", "2026-12-23", "2026-12-29", "2026-12-30",
)  # fmt: skip
# How a promise ends: open minutes more than it may take, or what else becomes of it.
ENDINGS = (0, 0, 1, 1, -1, -60, 600, "never", "evening")
# SLA to the milestones of its subject: object type, start, and the event type and system of each stop.
SUBJECTS = {
    "time-posting": ("time_entry", "psa", "time.approved", [("time.posted", "erp")]),
    "expense-posting": ("expense", "psa", "expense.approved", [("expense.posted", "erp")]),
    "billing-readiness": ("billing_milestone", "psa", "milestone.approved", [("billing.ready", "erp")]),
    "revenue-posting": ("revenue_entry", "psa", "revenue.recognised", [("revenue.posted", "erp")]),
    "portfolio-refresh-latency": (
        "status_report", "psa", "project.status_reported", [("portfolio.refreshed", "portfolio")],
    ),
    "contract-amendment-propagation": (
        "amendment", "crm", "amendment.approved", [("amendment.applied", "psa"), ("amendment.applied", "erp")],
    ),
    "master-data-refresh": (
        "master_data_change", "crm", "master_data.changed",
        [("master_data.refreshed", "psa"), ("master_data.refreshed", "erp")],
    ),
    "invoice-status-propagation": ("invoice", "erp", "invoice.issued", [("invoice.status_synced", "crm")]),
    "payment-status-propagation": ("payment", "erp", "payment.cleared", [("payment.status_synced", "crm")]),
    "billing-event-sync": ("billing_event", "psa", "billing_event.released", [("billing_event.synced", "erp")]),
    "time-to-bill": ("billing_event", "psa", "billing_event.released", [("billing_event.invoiced", "erp")]),
}  # fmt: skip


@dataclass
class Promised:
    """One promise as it was made: positions of its start, of the last stop or None, and what holds it up."""

    sla: str
    subject_key: str
    legal_entity: str
    start: int
    stop: int | None
    holds: list[tuple[int, int | None]] = field(default_factory=list)
    is_cancelled: bool = False


@dataclass
class Year:
    """The events in the order they happened, each with the quarter in which it arrives, and every promise made."""

    events: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    promises: list[Promised] = field(default_factory=list)


class YearFirm:
    """Makes the year. The same seed makes the same one."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._calendars: dict[str, Minutes] = {}
        self._definitions = {}
        self.year = Year()
        self._number = 0
        for file in (CALENDARS.parent / "definitions").glob("*.yaml"):
            document = read_document(file)
            spec = document["spec"]["indicator"]["spec"]["ratioMetric"]["raw"]["metricSource"]["spec"]
            self._definitions[document["metadata"]["name"]] = spec

    def make(self) -> Year:
        kinds = list(SUBJECTS)
        for number in range(CONTRACTS):
            legal_entity = list(PLACES)[number % 4]
            contract = f"C-{number:03}"
            is_cancelled = number % 14 == 13
            start = self._make_contract(contract, legal_entity, is_cancelled=is_cancelled)
            for offset in range(3):
                self._make_subject(
                    kinds[(number * 3 + offset) % len(kinds)], contract, legal_entity, is_cancelled=is_cancelled
                )
            if is_cancelled:
                self._tell("contract.cancelled", "crm", f"crm:contract:{contract}", start + 900)
            elif number % 5 == 0:
                amended = {"attributes": {"status": "approved", "effective_on": "2026-06-01"}, "amount": "120000.00"}
                self._tell("contract.amended", "crm", f"crm:contract:{contract}", start + 3000, **amended)
        self.year.events.sort(key=lambda told: told[0])
        return self.year

    def expected(self) -> dict[tuple[str, str], str]:
        """Say of every promise what became of it, by counting minutes."""
        return {(one.sla, one.subject_key): self._judge(one) for one in self.year.promises}

    def _judge(self, promise: Promised) -> str:
        place, now = self._place(promise), position(NOW)
        still = np.zeros(len(place.is_open), dtype=bool)
        for begin, end in promise.holds:
            still[begin : now if end is None else end] = True
        due = place.after(promise.start, self._allowed(promise), still)
        if promise.stop is not None:
            return "met" if promise.stop <= due else "missed"
        if promise.is_cancelled:
            return "cancelled"
        if any(end is None and begin < due for begin, end in promise.holds):
            return "paused"
        return "breached" if now > due else "running"

    def _place(self, promise: Promised) -> Minutes:
        named = self._definitions[promise.sla]["calendar"]
        name = named.get("by_legal_entity", {}).get(promise.legal_entity, named["default"])
        if name not in self._calendars:
            self._calendars[name] = Minutes(name)
        return self._calendars[name]

    def _allowed(self, promise: Promised) -> int:
        spec = self._definitions[promise.sla]
        is_close = self._place(promise).is_close[promise.start]
        text = spec["in_close"]["duration"] if is_close and "in_close" in spec else spec["duration"]
        return int(text.removesuffix("h")) * 60

    def _make_contract(self, contract: str, legal_entity: str, *, is_cancelled: bool) -> int:
        key = f"crm:contract:{contract}"
        promise = self._promise("project-setup", key, legal_entity, is_cancelled=is_cancelled)
        facts = {"client": "Acme", "region": PLACES[legal_entity], "legal_entity": legal_entity, "owner": "pmo"}
        facts |= {"billing_model": "time_and_materials", "amount": "90000.00", "currency": "EUR"}
        self._tell("contract.signed", "crm", key, promise.start, **facts)
        project = self._promised_object("project.created", "psa", f"psa:project:P-{contract}", promise.start, key)
        if promise.stop is not None:
            stop = max(promise.stop, promise.start)
            self._tell("project.created", "erp", f"erp:project:E-{contract}", stop, same_as=project, part_of=key)
        for begin, end in promise.holds:
            self._tell("client_wait.began", "psa", key, begin)
            if end is not None:
                self._tell("client_wait.ended", "psa", key, end)
        return promise.start

    def _promised_object(self, event_type: str, system: str, key: str, at: int, part_of: str) -> str:
        self._tell(event_type, system, key, at, part_of=part_of)
        return key

    def _make_subject(self, sla: str, contract: str, legal_entity: str, *, is_cancelled: bool) -> None:
        object_type, system, start_type, stops = SUBJECTS[sla]
        self._number += 1
        key = f"{system}:{object_type}:{self._number:04}"
        promise = self._promise(sla, key, legal_entity, is_cancelled=is_cancelled)
        parent = self._parent(object_type, contract, promise)
        place = {"region": PLACES[legal_entity], "legal_entity": legal_entity}
        self._tell(start_type, system, key, promise.start, part_of=parent, amount="100.00", currency="EUR", **place)
        if promise.stop is not None:
            first = self._chance.randint(promise.start, promise.stop)
            for number, (event_type, reporter) in enumerate(reversed(stops)):
                own = key if object_type in ("amendment", "master_data_change", "billing_event") else ""
                subject = own or f"{reporter}:{object_type}:X{self._number:04}"
                at = first if number else promise.stop
                self._tell(event_type, reporter, subject, at, **({} if own else {"same_as": key}))
        if object_type == "billing_event":
            other = {"billing-event-sync": "time-to-bill", "time-to-bill": "billing-event-sync"}[sla]
            self.year.promises.append(Promised(other, key, legal_entity, promise.start, None, [], is_cancelled))

    def _parent(self, object_type: str, contract: str, promise: Promised) -> str:
        if object_type == "payment":
            invoice = f"erp:invoice:P{self._number:04}"
            self._tell("invoice.issued", "erp", invoice, promise.start, part_of=f"psa:project:P-{contract}")
            self._tell(
                "invoice.status_synced", "crm", f"crm:invoice:P{self._number:04}", promise.start, same_as=invoice
            )
            kept = Promised("invoice-status-propagation", invoice, promise.legal_entity, promise.start, promise.start)
            self.year.promises.append(kept)
            return invoice
        if object_type == "master_data_change":
            return ""
        return f"crm:contract:{contract}" if object_type == "amendment" else f"psa:project:P-{contract}"

    def _promise(self, sla: str, key: str, legal_entity: str, *, is_cancelled: bool) -> Promised:
        start = self._start()
        promise = Promised(sla, key, legal_entity, start, None, is_cancelled=is_cancelled)
        place, allowed = self._place(promise), self._allowed(promise)
        if sla == "project-setup":
            promise.holds = list(self._holds(place, start, allowed))
        still = np.zeros(len(place.is_open), dtype=bool)
        for begin, end in promise.holds:
            still[begin : len(still) if end is None else end] = True
        ending = self._chance.choice(ENDINGS)
        if ending == "never" or any(end is None for _, end in promise.holds):
            stop = len(still)
        elif ending == "evening":  # after the due time, before the place opens again, or just then
            stop = place.after(start, allowed, still) + self._chance.choice((0, 1, 90))
        else:
            stop = place.after(start, max(1, allowed + int(ending)), still)
        promise.stop = stop if stop <= position(NOW) else None
        self.year.promises.append(promise)
        return promise

    def _holds(self, place: Minutes, start: int, allowed: int) -> Iterator[tuple[int, int | None]]:
        """None, one or two waits, one of which may still go on."""
        at = start
        for _ in range(self._chance.choice((0, 0, 1, 2))):
            begin = place.after(at, self._chance.randint(1, max(2, allowed // 3)))
            end = begin + self._chance.choice((30, 480, 4000, 20_000, FOR_EVER))
            if end >= position(NOW):
                yield begin, None
                return
            yield begin, end
            at = end

    def _start(self) -> int:
        """An instant where it matters: on a hard day or any, in the morning, at noon, at night or just at an edge."""
        if self._chance.random() < 0.6:
            day = datetime.fromisoformat(self._chance.choice(HARD)).replace(tzinfo=UTC)
        else:
            day = datetime(2026, 1, 2, tzinfo=UTC) + timedelta(days=self._chance.randrange(360))
        minutes = self._chance.choice((0, 1, 7 * 60, 8 * 60, 9 * 60 + 1, 11 * 60 + 30, 15 * 60, 16 * 60 - 1, 17 * 60))
        return position(day) + minutes + self._chance.choice((0, 0, 13, 330, 841))

    def _tell(self, event_type: str, system: str, subject: str, at: int, **facts: Any) -> None:
        """Write an event. It arrives in the quarter it happened in, now and then in the next one."""
        objects = [_object(subject, "subject")]
        for qualifier in ("part_of", "same_as"):
            if other := facts.pop(qualifier, ""):
                objects.append(_object(other, qualifier))
        happened = instant(min(at, position(NOW)))
        quarter = min(3, (happened.month - 1) // 3 + (self._chance.random() < 0.15))
        event = {
            "specversion": "1.0",
            "id": f"{len(self.year.events)}",
            "source": f"/{system}",
            "type": event_type,
            "time": f"{happened:%Y-%m-%dT%H:%M:%SZ}",
            "datacontenttype": "application/json",
            "data": {"system": system, "objects": objects, **facts},
        }
        if position(happened) >= at:
            self.year.events.append((at, quarter, event))


def _object(key: str, qualifier: str) -> dict[str, str]:
    system, object_type, id = key.split(":")
    return {"type": object_type, "system": system, "id": id, "qualifier": qualifier}


assert SINCE + MINUTE < NOW < UNTIL
