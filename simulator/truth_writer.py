"""Writes the truth down, from the books of the three systems and the list of what was told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from simulator.enactment import Enactment, Told
from simulator.settings import SimulatorSettings
from simulator.systems.crm import Contract
from simulator.systems.erp import Invoice
from simulator.truth import (
    Amounts,
    ContractTruth,
    DuplicateInvoice,
    Milestone,
    OwnedEvent,
    Promise,
    Subject,
    Truth,
    Via,
)
from simulator.truth_index import BooksIndex, ContractRecords

NOBODY, LOOSE = "", "loose"
ZERO = Decimal(0)


def write_truth(settings: SimulatorSettings, as_of: datetime, enactment: Enactment) -> Truth:
    """Write down everything that has happened so far."""
    index = BooksIndex(enactment.systems, enactment.crosswalk)
    records = [index.collect(contract, handle) for handle, contract in index.contracts()]
    events = _assign_events(enactment.told, records, index.loose().object_keys())
    return Truth(
        seed=settings.seed,
        as_of=as_of,
        contracts=tuple(_write_contract(one, index, tuple(events[one.key]), as_of) for one in records),
        unmatched_events=tuple(events[NOBODY]),
        loose_events=tuple(events[LOOSE]),
        loose_subjects=tuple(_list_loose(index)),
        duplicate_invoices=tuple(_find_duplicates(index.invoices())),
        event_count=len({(told.source, told.event_id) for told in enactment.told}),
        redelivered_count=enactment.redelivered_count,
    )


def _assign_events(
    told: Sequence[Told], contracts: Iterable[ContractRecords], loose: Iterable[str]
) -> defaultdict[str, list[OwnedEvent]]:
    """Group events by the key of their contract; of none are those under LOOSE, of nothing those under NOBODY."""
    owners: defaultdict[str, set[str]] = defaultdict(set, {key: {LOOSE} for key in loose})
    for contract in contracts:
        for key in (*contract.object_keys(), contract.opportunity_key):
            owners[key].add(contract.key)
    owned = [(one, sorted(set().union(*(owners[key] for key in one.keys)))) for one in told]
    with_objects = {(one.correlation_id, owner) for one, its in owned if one.has_objects for owner in its}
    events: defaultdict[str, list[OwnedEvent]] = defaultdict(list)
    for one, its in owned:
        for owner in its or [NOBODY]:
            via = _find_via(one, is_correlated=(one.correlation_id, owner) in with_objects)
            events[owner].append(OwnedEvent(id=one.event_id, source=one.source, type=one.type, via=via))
    return events


def _find_via(told: Told, *, is_correlated: bool) -> Via:
    if told.type == "opportunity.won":
        return Via.ORIGIN
    if told.has_objects:
        return Via.OBJECT
    return Via.CORRELATION_ID if is_correlated else Via.TRACE


def _write_contract(
    records: ContractRecords, index: BooksIndex, events: tuple[OwnedEvent, ...], as_of: datetime
) -> ContractTruth:
    contract, terms = records.contract, records.contract.terms
    return ContractTruth(
        handle=records.handle,
        key=records.key,
        opportunity_key=records.opportunity_key,
        client=terms.client,
        region=terms.region,
        legal_entity=terms.legal_entity,
        billing_model=terms.billing_model,
        currency=terms.currency,
        owner=terms.owner,
        signed_at=contract.signed_at,
        cancelled_at=contract.cancelled_at,
        object_keys=tuple(sorted(records.object_keys())),
        events=events,
        milestones=tuple(sorted(_list_milestones(records), key=lambda milestone: (milestone.at, milestone.type))),
        subjects=tuple(_list_subjects(records)),
        amounts=_sum_amounts(records, index, as_of),
    )


def _list_milestones(records: ContractRecords) -> Iterator[Milestone]:
    for type, system, subject_key, at in records.happenings():
        yield Milestone(type=type, system=system, subject_key=subject_key, at=at)


def _list_loose(index: BooksIndex) -> Iterator[Subject]:
    for promise, subject_key, started_at, stopped_at in index.loose().promises():
        yield Subject(
            promise=Promise(promise),
            contract_key=NOBODY,
            subject_key=subject_key,
            started_at=started_at,
            stopped_at=stopped_at,
        )


def _list_subjects(records: ContractRecords) -> Iterator[Subject]:
    for promise, subject_key, started_at, stopped_at in records.promises():
        yield Subject(
            promise=Promise(promise),
            contract_key=records.key,
            subject_key=subject_key,
            started_at=started_at,
            stopped_at=stopped_at,
            is_cancelled=records.contract.cancelled_at is not None,
        )


def _sum_amounts(records: ContractRecords, index: BooksIndex, as_of: datetime) -> Amounts:
    approved = [entry.value for entry in records.time_entries if entry.approved_at]
    approved += [milestone.value for milestone in records.milestones if milestone.approved_at]
    return Amounts(
        contract_value=_current_value(records.contract, index, as_of),
        approved=sum(approved, ZERO),
        posted=sum((posting.value for posting in records.postings), ZERO),
        invoiced=sum((records.share_of(invoice) for invoice in records.invoices), ZERO),
        invoiced_twice=sum((records.share_of(invoice) for invoice in records.invoices if invoice.copy_of), ZERO),
        paid=sum((records.share_paid(invoice, index.paid(invoice)) for invoice in records.invoices), ZERO),
    )


def _current_value(contract: Contract, index: BooksIndex, as_of: datetime) -> Decimal:
    binding = [
        one for one in index.amendments(contract.id) if one.status == "approved" and one.effective_on <= as_of.date()
    ]
    latest = max(binding, key=lambda one: (one.effective_on, one.number), default=None)
    return latest.value if latest else contract.terms.value


def _find_duplicates(invoices: Iterable[Invoice]) -> Iterator[DuplicateInvoice]:
    for invoice in invoices:
        if invoice.copy_of:
            yield DuplicateInvoice(
                invoice_key=f"erp:invoice:{invoice.copy_of}",
                copy_key=f"erp:invoice:{invoice.number}",
                amount=invoice.total,
                currency=invoice.currency,
            )
