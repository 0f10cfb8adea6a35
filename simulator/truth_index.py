"""The books of the three systems, arranged by contract."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from simulator.enactment import Systems
from simulator.integrations.crosswalk import Crosswalk
from simulator.systems.crm import Amendment, Contract, InvoiceRecord
from simulator.systems.erp import ErpProject, Invoice, Payment, Posting
from simulator.systems.psa import Milestone, Project, TimeEntry
from simulator.truth_handover import PAYMENTS, HandedOver, group_entries

Record = TypeVar("Record")
Happening = tuple[str, str, str, datetime]
"""Type, system, subject key, instant."""
Kept = tuple[str, str, datetime, datetime | None]
"""Promise, subject key, start, stop."""


@dataclass(frozen=True)
class ContractRecords:
    """Every record of one contract, of whichever system."""

    handle: str
    contract: Contract
    amendments: list[Amendment]
    projects: list[Project]
    erp_projects: list[ErpProject]
    time_entries: list[TimeEntry]
    milestones: list[Milestone]
    posted_time: list[Posting]
    released: list[Posting]
    invoices: list[Invoice]
    invoice_records: list[InvoiceRecord]
    payments: list[Payment]
    handed: HandedOver

    @property
    def key(self) -> str:
        return f"crm:contract:{self.contract.id}"

    @property
    def opportunity_key(self) -> str:
        return f"crm:opportunity:{self.contract.opportunity_id}"

    @property
    def postings(self) -> list[Posting]:
        return self.posted_time + self.released

    def share_of(self, invoice: Invoice) -> Decimal:
        """Answer what an invoice's lines bill of this contract."""
        own = {project.id for project in self.erp_projects}
        return sum((line.amount for line in invoice.lines if line.project_id in own), Decimal(0))

    def share_paid(self, invoice: Invoice, paid: Decimal) -> Decimal:
        """Answer the part of a payment that falls on this contract; payments of shared invoices are always whole."""
        return self.share_of(invoice) if paid == invoice.total else paid

    def object_keys(self) -> set[str]:
        """Answer the keys of all records that belong to the contract."""
        keys = {self.key}
        keys |= {f"psa:project:{one.id}" for one in self.projects}
        keys |= {f"erp:project:{one.id}" for one in self.erp_projects}
        keys |= {f"psa:time_entry:{one.id}" for one in self.time_entries}
        keys |= {f"psa:billing_milestone:{one.id}" for one in self.milestones}
        keys |= {f"erp:time_entry:{one.id}" for one in self.posted_time}
        keys |= {f"erp:billing_milestone:{one.id}" for one in self.released}
        keys |= {f"erp:invoice:{one.number}" for one in self.invoices}
        keys |= {f"crm:invoice:{one.id}" for one in self.invoice_records}
        keys |= {f"erp:payment:{one.id}" for one in self.payments}
        return keys | self.handed.object_keys()

    def happenings(self) -> Iterator[Happening]:
        """Give what happened, each as the canonical event would name it. In no order."""
        yield "opportunity.won", "crm", self.opportunity_key, self.contract.signed_at
        yield "contract.signed", "crm", self.key, self.contract.signed_at
        if self.contract.cancelled_at:
            yield "contract.cancelled", "crm", self.key, self.contract.cancelled_at
        yield from (("contract.amended", "crm", self.key, one.amended_at) for one in self.amendments)
        yield from (("project.created", "psa", f"psa:project:{one.id}", one.created_at) for one in self.projects)
        yield from (("project.created", "erp", f"erp:project:{one.id}", one.created_at) for one in self.erp_projects)
        yield from self._work_happenings()
        yield from self._money_happenings()
        yield from self.handed.happenings()

    def _work_happenings(self) -> Iterator[Happening]:
        for entry in self.time_entries:
            key = f"psa:time_entry:{entry.id}"
            yield "time.submitted", "psa", key, entry.submitted_at
            if entry.approved_at:
                yield "time.approved", "psa", key, entry.approved_at
        for milestone in self.milestones:
            key = f"psa:billing_milestone:{milestone.id}"
            yield "milestone.completed", "psa", key, milestone.completed_at
            if milestone.approved_at:
                yield "milestone.approved", "psa", key, milestone.approved_at

    def _money_happenings(self) -> Iterator[Happening]:
        yield from (("time.posted", "erp", f"erp:time_entry:{one.id}", one.posted_at) for one in self.posted_time)
        yield from (("billing.ready", "erp", f"erp:billing_milestone:{one.id}", one.posted_at) for one in self.released)
        yield from (("invoice.issued", "erp", f"erp:invoice:{one.number}", one.issued_at) for one in self.invoices)
        yield from (
            ("invoice.status_synced", "crm", f"crm:invoice:{one.id}", one.synced_at) for one in self.invoice_records
        )
        yield from (("payment.received", "erp", f"erp:payment:{one.id}", one.received_at) for one in self.payments)

    def promises(self) -> Iterator[Kept]:
        """Give every subject a promise was made for, with its start and stop."""
        yield "project-setup", self.key, self.contract.signed_at, self._set_up_at()
        posted = {one.psa_id: one.posted_at for one in self.posted_time}
        for entry in self.time_entries:
            if entry.approved_at:
                yield "time-posting", f"psa:time_entry:{entry.id}", entry.approved_at, posted.get(entry.id)
        released = {one.psa_id: one.posted_at for one in self.released}
        for milestone in self.milestones:
            if milestone.approved_at:
                key = f"psa:billing_milestone:{milestone.id}"
                yield "billing-readiness", key, milestone.approved_at, released.get(milestone.id)
        synced: dict[str, datetime] = {}
        for record in self.invoice_records:
            synced.setdefault(record.invoice_number, record.synced_at)
        for invoice in self.invoices:
            yield "invoice-status", f"erp:invoice:{invoice.number}", invoice.issued_at, synced.get(invoice.number)
        yield from self.handed.promises()

    def _set_up_at(self) -> datetime | None:
        if not self.projects or not self.erp_projects:
            return None
        return max(min(one.created_at for one in self.projects), min(one.created_at for one in self.erp_projects))


class BooksIndex:
    """Finds the records of a contract without walking the books again for each."""

    def __init__(self, systems: Systems, crosswalk: Crosswalk) -> None:
        self._systems = systems
        self._handles = crosswalk.handles("crm", "contract")
        psa, erp = systems.psa, systems.erp
        self._handed = group_entries({books.system: books.entries for books in systems.all})
        self._projects = _group(psa.projects.values(), lambda one: one.contract_id)
        self._time = _group(psa.time_entries.values(), lambda one: one.project_id)
        self._milestones = _group(psa.milestones.values(), lambda one: one.project_id)
        self._erp_projects = _group(erp.projects.values(), lambda one: one.psa_project_id)
        self._invoices: defaultdict[str, list[Invoice]] = defaultdict(list)
        for invoice in erp.invoices.values():
            for line in invoice.lines:
                self._invoices[line.project_id].append(invoice)

    def contracts(self) -> Iterator[tuple[str, Contract]]:
        """Give every contract with its handle, in the order they were signed."""
        return ((self._handles[id], contract) for id, contract in self._systems.crm.contracts.items())

    def invoices(self) -> Iterable[Invoice]:
        return self._systems.erp.invoices.values()

    def amendments(self, contract_id: str) -> list[Amendment]:
        return self._systems.crm.amendments.get(contract_id, [])

    def loose(self) -> HandedOver:
        """Answer what was handed over and belongs to no contract."""
        return self._handed.get("", HandedOver())

    def paid(self, invoice: Invoice) -> Decimal:
        """Answer what has been paid on an invoice."""
        return sum((one.amount for one in self._systems.erp.payments.get(invoice.number, [])), Decimal(0))

    def collect(self, contract: Contract, handle: str) -> ContractRecords:
        """Collect every record of a contract."""
        crm, erp = self._systems.crm, self._systems.erp
        projects = self._projects[contract.id]
        erp_projects = [one for project in projects for one in self._erp_projects[project.id]]
        entries = [one for project in projects for one in self._time[project.id]]
        milestones = [one for project in projects for one in self._milestones[project.id]]
        handed = self._handed.get(contract.id, HandedOver())
        invoices = {one.number: one for project in erp_projects for one in self._invoices[project.id]}
        return ContractRecords(
            handle=handle,
            contract=contract,
            amendments=self.amendments(contract.id),
            projects=projects,
            erp_projects=erp_projects,
            time_entries=entries,
            milestones=milestones,
            posted_time=[erp.time_postings[one.id] for one in entries if one.id in erp.time_postings],
            released=[erp.milestones[one.id] for one in milestones if one.id in erp.milestones],
            invoices=list(invoices.values()),
            invoice_records=[one for number in invoices for one in crm.invoice_records.get(number, [])],
            payments=(payments := [one for number in invoices for one in erp.payments.get(number, [])]),
            handed=handed.with_payments(self._handed.get(PAYMENTS, HandedOver()), {one.id for one in payments}),
        )


def _group(records: Iterable[Record], owner_of: Callable[[Record], str]) -> defaultdict[str, list[Record]]:
    groups: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[owner_of(record)].append(record)
    return groups
