"""What every system keeps beside its own records: an entry for each thing that is handed over between systems.

An expense, a revenue entry, a billing event, a status report, an amendment, a change of master data, a cleared payment:
each is entered in the system where it begins, and again in every system that takes it over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from simulator.systems.operation import Operation


@dataclass(frozen=True, slots=True)
class NewEntry:
    """`id` is given where the system knows the thing already. `origin_id`: its id in the system where it began."""

    event: str
    kind: str
    contract_id: str
    value: Decimal
    id: str = ""
    origin_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    event: str
    kind: str
    contract_id: str
    value: Decimal
    id: str
    origin_id: str
    entered_at: datetime


SYSTEMS = ("crm", "psa", "erp", "portfolio")
ENTER: Mapping[str, Operation[NewEntry, Entry]] = MappingProxyType(
    {system: Operation(system, "POST", "/entries", NewEntry, Entry) for system in SYSTEMS}
)
