"""The truth, read from the books, agrees with what the events say."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from billtrail.telemetry import BusinessEvent
from simulator.direct import tell_firm
from simulator.settings import FaultRates, SimulatorSettings
from simulator.truth import ContractTruth, Promise, Truth, Via
from tests.simulator.firm import ENDS_AT, small_firm

Firm = tuple[list[BusinessEvent], Truth]


@pytest.fixture(scope="module")
def firm() -> Firm:
    return tell_firm(SimulatorSettings(), ENDS_AT)


def _distinct(events: list[BusinessEvent]) -> dict[tuple[str, str], BusinessEvent]:
    return {(event.source, event.id): event for event in events}


def _own_events(contract: ContractTruth, events: dict[tuple[str, str], BusinessEvent]) -> list[BusinessEvent]:
    return [events[one.source, one.id] for one in contract.events]


def test_every_event_belongs_to_a_contract_or_to_none(firm: Firm) -> None:
    events, truth = firm
    owned = {(one.source, one.id) for contract in truth.contracts for one in contract.events}
    unmatched = {(one.source, one.id) for one in truth.unmatched_events}
    loose = {(one.source, one.id) for one in truth.loose_events}
    assert owned | unmatched | loose == set(_distinct(events))
    assert not owned & (unmatched | loose)
    assert {one.type for one in truth.loose_events} >= {"master_data.changed", "master_data.refreshed"}
    assert all(one.type == "integration.failed" for one in truth.unmatched_events)


def test_events_name_only_objects_of_their_contracts(firm: Firm) -> None:
    events, truth = firm
    distinct = _distinct(events)
    keys_by_event: dict[tuple[str, str], set[str]] = defaultdict(set)
    for contract in truth.contracts:
        for one in contract.events:
            keys_by_event[one.source, one.id] |= {*contract.object_keys, contract.opportunity_key}
    for name, keys in keys_by_event.items():
        glued = {str(one.key) for one in distinct[name].objects if one.qualifier != "reference"}
        assert glued <= keys


def test_every_object_of_a_contract_is_named_by_an_event(firm: Firm) -> None:
    events, truth = firm
    distinct = _distinct(events)
    for contract in truth.contracts:
        named = {str(one.key) for event in _own_events(contract, distinct) for one in event.objects}
        if any(one.type == "contract.signed" for one in contract.events):
            assert set(contract.object_keys) <= named


def test_milestones_are_what_the_successful_events_say(firm: Firm) -> None:
    events, truth = firm
    distinct = _distinct(events)
    for contract in truth.contracts:
        told = {
            (event.type, event.system, str(event.subject), event.occurred_at)
            for event in _own_events(contract, distinct)
            if event.outcome == "success"
        }
        true = {(one.type, one.system, one.subject_key, one.at) for one in contract.milestones}
        untold = {type for type, *_ in true - told}
        assert told <= true
        assert untold <= {"contract.signed", "opportunity.won"}, "only the outbox of the CRM may be late"


def test_promises_start_and_stop_where_the_events_say(firm: Firm) -> None:
    events, truth = firm
    approved: dict[str, Any] = {}
    posted: dict[str, Any] = {}
    for event in events:
        if event.type == "time.approved":
            approved[str(event.subject)] = event.occurred_at
        if event.type == "time.posted" and event.outcome == "success":
            (psa_key,) = [str(one.key) for one in event.objects if one.qualifier == "same_as"]
            posted[psa_key] = event.occurred_at
    subjects = truth.subjects_of(Promise.TIME_POSTING)
    assert {one.subject_key: (one.started_at, one.stopped_at) for one in subjects} == {
        key: (at, posted.get(key)) for key, at in approved.items()
    }


def test_amounts_are_the_sum_of_the_events(firm: Firm) -> None:
    events, truth = firm
    distinct = _distinct(events)
    for contract in truth.contracts:
        approved, invoiced = Decimal(0), Decimal(0)
        for event in _own_events(contract, distinct):
            if event.type in ("time.approved", "milestone.approved"):
                approved += event.amount or 0
            if event.type == "invoice.issued":
                invoiced += sum(line.amount for line in event.lines if str(line.key) in contract.object_keys)
        assert (contract.amounts.approved, contract.amounts.invoiced) == (approved, invoiced)
        assert (
            contract.amounts.paid
            <= contract.amounts.invoiced - contract.amounts.invoiced_twice
            <= contract.amounts.approved
        )


def test_shares_of_all_contracts_add_up_to_the_invoices(firm: Firm) -> None:
    events, truth = firm
    total = sum(event.amount or 0 for event in _distinct(events).values() if event.type == "invoice.issued")
    assert sum(contract.amounts.invoiced for contract in truth.contracts) == total
    paid = sum(event.amount or 0 for event in _distinct(events).values() if event.type == "payment.received")
    assert sum(contract.amounts.paid for contract in truth.contracts) == paid


def test_every_kind_of_trouble_happens(firm: Firm) -> None:
    events, truth = firm
    types = [event.type for event in events]
    keys = {event.type: event for event in events}
    assert truth.duplicate_invoices
    assert truth.redelivered_count
    assert truth.unmatched_events
    assert "contract.cancelled" in keys
    assert {one.via for contract in truth.contracts for one in contract.events} == set(Via)
    assert {
        event.attributes["status"] for event in events if event.type == "contract.amended" and event.attributes
    } == {
        "approved",
        "draft",
    }
    for promise in Promise:
        subjects = truth.subjects_of(promise)
        assert any(one.stopped_at is None for one in subjects), promise
        assert any(one.stopped_at and one.elapsed_s(ENDS_AT) > 3 * 86_400 for one in subjects), promise
    shared = [event for event in events if event.type == "invoice.issued" and len(event.lines) > 1]
    assert shared
    first_told = {contract.key: _first_told(events, contract.key) for contract in truth.contracts}
    assert "project.created" in first_told.values(), "a project is told of before its contract"
    assert types.count("time.posted") > types.count("invoice.issued") > 0


def _first_told(events: list[BusinessEvent], key: str) -> str:
    return next((event.type for event in events if any(str(one.key) == key for one in event.objects)), "")


def test_contracts_come_in_every_model_place_and_currency(firm: Firm) -> None:
    _, truth = firm
    assert len(truth.contracts) == pytest.approx(120, abs=6)
    assert {one.billing_model for one in truth.contracts} == {
        "time_and_materials",
        "fixed_fee",
        "milestone",
        "retainer",
    }
    assert {(one.region, one.legal_entity, one.currency) for one in truth.contracts} == {
        ("EMEA", "DE01", "EUR"),
        ("EMEA", "UK01", "GBP"),
        ("AMER", "US01", "USD"),
        ("APAC", "AU01", "AUD"),
    }


def test_a_firm_without_faults_keeps_its_promises() -> None:
    events, truth = tell_firm(SimulatorSettings(contracts=40, faults=FaultRates.none()), ENDS_AT)
    assert {event.outcome for event in events} == {"success"}
    assert not truth.duplicate_invoices
    assert not truth.redelivered_count
    for promise in Promise:
        for subject in truth.subjects_of(promise):
            assert subject.stopped_at or subject.started_at > ENDS_AT - timedelta(days=5)


def test_the_truth_survives_json(firm: Firm) -> None:
    truth = firm[1]
    assert Truth.model_validate_json(truth.model_dump_json()) == truth


def test_the_past_does_not_depend_on_how_far_it_is_told() -> None:
    settings = SimulatorSettings(contracts=30)
    longer = SimulatorSettings(contracts=45, days=135)
    opens_at = ENDS_AT - timedelta(days=90)
    short, _ = tell_firm(settings, ENDS_AT)
    long, _ = tell_firm(longer, opens_at + timedelta(days=135))
    assert long[: len(short)] == short


def test_firms_of_different_seeds_share_no_id() -> None:
    (first_events, first), (other_events, other) = (tell_firm(small_firm(seed=seed), ENDS_AT) for seed in (1, 2))
    assert not {event.id for event in first_events} & {event.id for event in other_events}
    keys = [{key for contract in truth.contracts for key in contract.object_keys} for truth in (first, other)]
    assert not keys[0] & keys[1]
