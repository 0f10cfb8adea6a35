"""Bytes in at the door, conclusions out: a simulated firm through every room, held against what truly happened."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from alerts.run import AlertLoop
from alerts.settings import AlertsSettings
from billtrail.store import Row, Store
from collector.run import Collector
from collector.settings import CollectorSettings
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings
from simulator.run import Simulation
from simulator.settings import SimulatorSettings
from simulator.truth import Promise, Subject, Truth
from slos.judge import Judge
from slos.settings import SlosSettings
from tests.flow.office import Office
from tests.support.clock import SteppedClock
from tests.support.store import drop_test_store, open_test_store

FRIDAY = datetime(2026, 10, 30, 15, 0, tzinfo=UTC)
PROMISED = {
    Promise.PROJECT_SETUP: ("project-setup", timedelta(hours=16)),
    Promise.TIME_POSTING: ("time-posting", timedelta(hours=8)),
    Promise.BILLING_READINESS: ("billing-readiness", timedelta(hours=16)),
    Promise.INVOICE_STATUS: ("invoice-status-propagation", timedelta(hours=4)),
    Promise.EXPENSE_POSTING: ("expense-posting", timedelta(hours=16)),
    Promise.REVENUE_POSTING: ("revenue-posting", timedelta(hours=16)),
    Promise.BILLING_EVENT_SYNC: ("billing-event-sync", timedelta(hours=4)),
    Promise.TIME_TO_BILL: ("time-to-bill", timedelta(hours=80)),
    Promise.PORTFOLIO_REFRESH: ("portfolio-refresh-latency", timedelta(hours=2)),
    Promise.AMENDMENT_PROPAGATION: ("contract-amendment-propagation", timedelta(hours=8)),
    Promise.PAYMENT_STATUS: ("payment-status-propagation", timedelta(hours=8)),
    Promise.MASTER_DATA_REFRESH: ("master-data-refresh", timedelta(hours=8)),
}
# While the books are closed, revenue is posted faster; the portfolio is refreshed around the clock.
IN_CLOSE = timedelta(hours=8)

# What the name of a span says it did, and the step that is broken when it fails.
STEPS_BROKEN = {
    "create project in psa": {"project_in_psa"},
    "open project in erp": {"project_in_erp"},
    "post time entry": {"time_posted"},
    "set invoice status in crm": {"invoice_visible_in_crm"},
    "enter status_report in portfolio": {"portfolio_refreshed"},
}


@dataclass(frozen=True)
class Firm:
    store: Store
    truth: Truth
    clock: SteppedClock


@pytest.fixture(scope="module")
def firm(engine_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """Sixty days of a firm, sent through the doors, correlated and judged."""
    store, clock = open_test_store(engine_path), SteppedClock(FRIDAY)
    door = CollectorSettings(http_port=0, journal_dir=tmp_path_factory.mktemp("journal"))
    collector = Collector(door, store, clock, CollectorRegistry())
    collector.start()
    settings = SimulatorSettings(contracts=40, days=60, seed=11)
    with Simulation(settings, f"http://127.0.0.1:{collector.http_port}", clock=clock) as simulation:
        truth = simulation.fill_history()
    collector.stop()
    room = store.another()
    Correlators(room, clock, CorrelatorsSettings()).drain()
    Judge(room, clock, SlosSettings()).step()
    room.close()
    yield Firm(store, truth, clock)
    drop_test_store(store)


def by_id(rows: list[Row], key: str, value: str) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row[key]].add(row[value])
    return found


def test_every_event_arrived_once(firm: Firm) -> None:
    assert firm.store.query("SELECT count() AS n FROM events") == [{"n": firm.truth.event_count}]
    assert firm.store.query("SELECT count() AS n FROM dead_letters") == [{"n": 0}]


def test_every_contract_has_one_lifecycle(firm: Firm) -> None:
    rows = firm.store.query("SELECT lifecycle_id FROM lifecycles WHERE kind NOT IN ('opportunity', 'unrooted')")
    holders = by_id(firm.store.query("SELECT * FROM lifecycle_objects"), "object_key", "lifecycle_id")
    assert len(rows) == len(firm.truth.contracts)
    assert all(len(holders[contract.key]) == 1 for contract in firm.truth.contracts)


def test_each_lifecycle_holds_exactly_its_events(firm: Firm) -> None:
    found = by_id(firm.store.query("SELECT * FROM lifecycle_events"), "lifecycle_id", "event_id")
    for contract in firm.truth.contracts:
        assert found[lifecycle_of(firm, contract.key)] == {event.id for event in contract.events}


def test_each_lifecycle_holds_exactly_its_objects(firm: Firm) -> None:
    found = by_id(
        firm.store.query("SELECT * FROM lifecycle_objects WHERE object_type != 'opportunity'"),
        "lifecycle_id",
        "object_key",
    )
    for contract in firm.truth.contracts:
        assert found[lifecycle_of(firm, contract.key)] == set(contract.object_keys)


def test_the_money_is_right_to_the_cent(firm: Firm) -> None:
    rows = {row["lifecycle_id"]: row for row in firm.store.query("SELECT * FROM lifecycles")}
    for contract in firm.truth.contracts:
        row, amounts = rows[lifecycle_of(firm, contract.key)], contract.amounts
        found = (row["contract_value"], row["approved_amount"], row["invoiced_amount"], row["paid_amount"])
        assert found == (amounts.contract_value, amounts.approved, amounts.invoiced, amounts.paid), contract.key


def test_every_milestone_that_happened_is_done(firm: Firm) -> None:
    rows = {row["lifecycle_id"]: row for row in firm.store.query("SELECT * FROM lifecycles")}
    names = firm.store.query("SELECT event_type, systems, milestone, conditions FROM journey_milestones FINAL")
    for contract in firm.truth.contracts:
        done = set(rows[lifecycle_of(firm, contract.key)]["milestones"])
        for happened in contract.milestones:
            fits = {
                row["milestone"]
                for row in names
                if row["event_type"] == happened.type and happened.system in row["systems"] and not row["conditions"]
            }
            assert fits <= done, (contract.key, happened)


def test_what_belongs_to_no_contract_is_unmatched(firm: Firm) -> None:
    found = {row["event_id"] for row in firm.store.query("SELECT event_id FROM unmatched_events")}
    assert found == {event.id for event in firm.truth.unmatched_events}


def test_failed_spans_are_tied_to_contracts_of_their_run_and_to_the_step_they_broke(firm: Firm) -> None:
    held = by_id(firm.store.query("SELECT * FROM lifecycle_events"), "correlation_id", "lifecycle_id")
    errors = firm.store.query("SELECT * FROM span_errors")
    failed = firm.store.query("SELECT DISTINCT correlation_id FROM spans WHERE StatusCode = 'Error'")
    assert {error["correlation_id"] for error in errors} == {one["correlation_id"] for one in failed} & set(held)
    assert all(error["lifecycle_id"] in held[error["correlation_id"]] for error in errors)
    steps = {(error["span_name"], error["milestone"]) for error in errors if error["milestone"]}
    told = {name: {step for other, step in steps if other == name} for name, _ in steps}
    assert {name: told[name] for name in STEPS_BROKEN if name in told} == STEPS_BROKEN


def test_an_invoice_that_went_out_twice_is_found(firm: Firm) -> None:
    found = firm.store.query("SELECT subject_key FROM findings WHERE detector = 'invoice_issued_twice'")
    assert {row["subject_key"] for row in found} == {copy.copy_key for copy in firm.truth.duplicate_invoices}


@pytest.mark.parametrize("promise", list(Promise))
def test_every_breach_has_a_clock_that_says_so_and_no_other(firm: Firm, promise: Promise) -> None:
    sla, allowed = PROMISED[promise]
    rows = firm.store.query("SELECT * FROM sla_clocks WHERE sla = {sla:String}", {"sla": sla})
    clusters = {row["object_key"]: row["cluster_key"] for row in firm.store.query("SELECT * FROM objects")}
    found = {(row["lifecycle_id"], row["subject_key"]): simplify(row["state"]) for row in rows}
    expected = {
        (lifecycle_of(firm, contract.key), clusters[subject.subject_key]): verdict(
            contract.legal_entity, subject, allowed
        )
        for contract in firm.truth.contracts
        for subject in contract.subjects
        if subject.promise == promise
    }
    for subject in firm.truth.loose_subjects:
        if subject.promise == promise:
            key = subject.subject_key
            place = {row["legal_entity"] for row in rows if row["subject_key"] == clusters[key]}
            expected[lifecycle_of(firm, key), clusters[key]] = verdict(place.pop(), subject, allowed)
    assert found == expected
    assert "met" in expected.values()


def test_each_breach_is_alerted_once_with_owner_and_money(firm: Firm) -> None:
    loop = AlertLoop(firm.store, firm.clock, AlertsSettings(receivers=("console:",)))
    loop.step()
    loop.step()
    breached = firm.store.query("SELECT subject_key, sla FROM sla_clocks WHERE state = 'breached'")
    alerts = firm.store.query("SELECT * FROM alerts WHERE labels['sla'] != ''")
    assert len(alerts) == len(breached) > 0
    assert all(alert["owner"] and alert["runbook"] and alert["state"] == "firing" for alert in alerts)
    assert sum(alert["value_at_risk"] > 0 for alert in alerts) > len(alerts) / 2


def lifecycle_of(firm: Firm, key: str) -> str:
    (row,) = firm.store.query(
        "SELECT lifecycle_id FROM lifecycle_objects WHERE object_key = {key:String}", {"key": key}
    )
    return str(row["lifecycle_id"])


def verdict(legal_entity: str, subject: Subject, allowed: timedelta) -> str:
    """Say by hand what became of a promise."""
    if subject.is_cancelled and subject.stopped_at is None:
        return "cancelled"
    office, end = Office(legal_entity), subject.stopped_at or FRIDAY
    if subject.promise == Promise.PORTFOLIO_REFRESH:
        is_late = end - subject.started_at > allowed
    else:
        is_closing = subject.promise == Promise.REVENUE_POSTING and office.is_closing(subject.started_at)
        is_late = office.open_time(subject.started_at, end) > (IN_CLOSE if is_closing else allowed)
    if subject.stopped_at is None:
        return "breached" if is_late else "running"
    return "missed" if is_late else "met"


def simplify(state: str) -> str:
    return "running" if state == "at_risk" else state
