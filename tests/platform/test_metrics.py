"""The gauges: every business question answers on an empty store, and a store that is away is no zero."""

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from billtrail.errors import StoreError
from billtrail.platform.metrics import BusinessMetrics, LoopMetrics
from billtrail.platform.turn import LoopRecord
from billtrail.store import Store
from tests.support.clock import SteppedClock


def test_an_empty_store_answers_every_question(store: Store) -> None:
    metrics = BusinessMetrics(store)
    assert "billtrail_store_up 0.0" in scrape(metrics)
    metrics.step()
    text = scrape(metrics)
    assert "billtrail_store_up 1.0" in text
    assert "# HELP billtrail_unbilled_amount" in text


def test_amounts_are_told_by_currency(store: Store) -> None:
    rows = [
        {"lifecycle_id": f"crm:contract:{number}", "kind": "contract", "state": "open", "currency": currency,
         "unbilled_amount": amount, "version": 1, "is_deleted": 0}
        for number, (currency, amount) in enumerate([("EUR", 10), ("EUR", 5), ("USD", 7)])
    ]  # fmt: skip
    store.insert("lifecycle_rows", rows)
    metrics = BusinessMetrics(store)
    metrics.step()
    text = scrape(metrics)
    assert 'billtrail_unbilled_amount{currency="EUR"} 15.0' in text
    assert 'billtrail_unbilled_amount{currency="USD"} 7.0' in text
    assert 'billtrail_lifecycles_open{kind="contract"} 3.0' in text


def test_a_store_that_is_away_leaves_its_gauges_out(store: Store) -> None:
    metrics = BusinessMetrics(store)
    metrics.step()
    store.command("DROP TABLE lifecycles")
    with pytest.raises(StoreError):
        metrics.step()
    text = scrape(metrics)
    assert "billtrail_store_up 0.0" in text
    assert "billtrail_findings_open" not in text


def test_loops_are_told_by_name(clock: SteppedClock) -> None:
    text = scrape(LoopMetrics([LoopRecord("correlators", clock.now(), turns=4, errors=1)]))
    assert 'billtrail_loop_turns_total{loop="correlators"} 4.0' in text
    assert 'billtrail_loop_errors_total{loop="correlators"} 1.0' in text


def scrape(collector: BusinessMetrics | LoopMetrics) -> str:
    registry = CollectorRegistry()
    registry.register(collector)
    return generate_latest(registry).decode()
