"""What was handed over between the systems, read from their entries: keys, happenings and the promises behind it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from simulator.firm.handover import HANDOVERS
from simulator.systems.ledger import Entry

PAYMENTS = "payments"
"""Under this the entries of payments are kept, which belong to a contract through their invoices."""


@dataclass(frozen=True)
class HandedOver:
    """Entries with the system that made each."""

    entries: list[tuple[str, Entry]] = field(default_factory=list)

    def with_payments(self, payments: "HandedOver", ids: set[str]) -> "HandedOver":
        """The same, with the entries of some payments."""
        own = [(system, one) for system, one in payments.entries if (one.origin_id or one.id) in ids]
        return HandedOver([*self.entries, *own])

    def object_keys(self) -> set[str]:
        return {_key(system, one) for system, one in self.entries}

    def happenings(self) -> Iterator[tuple[str, str, str, datetime]]:
        """Give type, system, subject key and instant of each."""
        return ((one.event, system, _key(system, one), one.entered_at) for system, one in self.entries)

    def promises(self) -> Iterator[tuple[str, str, datetime, datetime | None]]:
        """Give promise, subject key, start and stop of each thing; the last of the systems that count keeps it."""
        reached = {(system, one.event, one.origin_id): one.entered_at for system, one in self.entries if one.origin_id}
        for system, one in self.entries:
            handover = HANDOVERS[one.kind]
            if one.origin_id or (system, one.event) != (handover.start.system, handover.start.event):
                continue
            for promise, numbers in handover.promises:
                steps = [handover.stops[number] for number in numbers]
                ends = [at for step in steps if (at := reached.get((step.system, step.event, one.id)))]
                yield promise, _key(system, one), one.entered_at, max(ends) if len(ends) == len(steps) else None


def group_entries(entries: Mapping[str, Sequence[Entry]]) -> dict[str, HandedOver]:
    """Group the entries of all systems by contract; empty is for none, PAYMENTS for payments."""
    groups: defaultdict[str, HandedOver] = defaultdict(HandedOver)
    for system, its in entries.items():
        for one in its:
            groups[PAYMENTS if one.kind == "payment" else one.contract_id].entries.append((system, one))
    return dict(groups)


def _key(system: str, entry: Entry) -> str:
    return f"{system}:{entry.kind}:{entry.id}"
