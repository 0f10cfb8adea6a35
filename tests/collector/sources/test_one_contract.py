"""A contract's history, told by five vendors in their own words, is one lifecycle with all its milestones."""

from decimal import Decimal
from pathlib import Path

import pytest

from billtrail.store import Row, Store
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.stitch import Stitcher
from tests.collector.mapping.mapped import load, read_samples
from tests.support.clock import SteppedClock
from tests.support.store import drop_test_store, open_test_store

HISTORY = (
    "salesforce/opportunity-created",
    "salesforce/opportunity-won",
    "salesforce/contract-created",
    "docusign/envelope-completed",
    "kantata/workspace-created",
    "kantata/workspace-linked",
    "kantata/milestone-created",
    "netsuite/job-created",
    "salesforce/contract-amended",
    "jira/milestone-done",
    "kantata/milestone-approved",
    "netsuite/charge-ready",
    "netsuite/invoice-created",
    "salesforce/invoice-seen-in-crm",
    "netsuite/payment-created",
)
MILESTONES = {
    "opportunity_won", "contract_signed", "project_in_psa", "project_in_erp", "contract_amended", "milestone_completed",
    "milestone_approved", "billing_ready", "invoice_issued", "invoice_visible_in_crm", "payment_received",
}  # fmt: skip
FACTS = (
    "kind", "client", "region", "legal_entity", "billing_model", "currency", "contract_value", "stage", "milestones",
    "milestone_states", "event_count", "approved_amount", "invoiced_amount", "paid_amount", "systems",
)  # fmt: skip


def correlate(store: Store, clock: SteppedClock, batches: list[list[str]]) -> list[Row]:
    compile_journeys(store, read_journeys(), 1)
    clock.step(days=120)
    stitcher = Stitcher(store, clock, 10_000)
    for segment, names in enumerate(batches, 1):
        load(store, segment, read_samples(*names))
        stitcher.step()
    return store.query("SELECT * FROM lifecycles WHERE superseded_by = ''")


@pytest.fixture
def contract(store: Store, clock: SteppedClock) -> Row:
    rows = correlate(store, clock, [list(HISTORY)])
    assert len(rows) == 1
    return rows[0]


def test_it_is_one_lifecycle_with_every_milestone(contract: Row) -> None:
    assert set(contract["milestones"]) == MILESTONES
    assert contract["systems"] == ["docusign", "jira", "kantata", "netsuite", "salesforce"]
    assert contract["event_count"] == len(HISTORY)


def test_it_knows_client_terms_and_money(contract: Row) -> None:
    told = {name: contract[name] for name in ("client", "region", "legal_entity", "billing_model", "currency")}
    assert told == {
        "client": "Northwind GmbH",
        "region": "EMEA",
        "legal_entity": "DE01",
        "billing_model": "fixed_fee",
        "currency": "EUR",
    }
    assert contract["contract_value"] == Decimal("52000.00")
    assert contract["approved_amount"] == contract["invoiced_amount"] == contract["paid_amount"] == Decimal("24000.00")


@pytest.mark.parametrize("order", ["one by one, last first", "together, last first"])
def test_order_and_batches_change_nothing(engine_path: Path, contract: Row, order: str) -> None:
    names = list(reversed(HISTORY)) if "last first" in order else list(HISTORY)
    other = open_test_store(engine_path)
    (again,) = correlate(other, SteppedClock(), [[name] for name in names] if "one by one" in order else [names])
    drop_test_store(other)
    assert {name: again[name] for name in FACTS} == {name: contract[name] for name in FACTS}
