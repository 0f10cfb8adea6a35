"""The questions of the pages, answered over the read endpoint and compared with the rows that were written."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest

from billtrail.errors import SettingsError, StoreError
from billtrail.store import Store, StoreSettings, open_reader
from dashboards import read
from dashboards.read import Filters
from tests.dashboards.conftest import SeededFirm

QUESTIONS = sorted(path.stem for path in Path("dashboards/sql").glob("*.sql"))


def _filters(firm: SeededFirm, **chosen: tuple[str, ...]) -> Filters:
    return Filters(firm.now - timedelta(days=180), firm.now - timedelta(days=90), **chosen)


def test_unbilled_value_is_summed_per_currency_and_never_across(firm: SeededFirm) -> None:
    expected: dict[str, object] = {}
    for row in firm.lifecycles:
        expected[row["currency"]] = expected.get(row["currency"], 0) + row["unbilled_amount"]
    told = read.portfolio(firm.reader, _filters(firm))
    assert {row["currency"]: row["unbilled"] for row in told} == expected
    assert [row["unbilled"] for row in told] == sorted((row["unbilled"] for row in told), reverse=True)


def test_time_to_bill_is_the_median_over_the_invoices_of_the_period(firm: SeededFirm) -> None:
    filters = _filters(firm)
    took = sorted(
        (issued - approved).total_seconds() * 1000
        for row in firm.lifecycles
        for _, approved, issued, _ in row["billings"]
        if issued >= filters.since
    )
    told = read.time_to_bill(firm.reader, filters)
    assert told["invoices"] == len(took)
    assert abs(told["median_ms"] - median(took)) <= took[len(took) // 2 + 1] - took[len(took) // 2 - 1]
    assert told["earlier_invoices"] > 0


def test_filters_narrow_every_figure(firm: SeededFirm) -> None:
    filters = _filters(firm, legal_entities=("UK01",), billing_models=("fixed_fee",))
    chosen = [row for row in firm.lifecycles if (row["legal_entity"], row["billing_model"]) == ("UK01", "fixed_fee")]
    is_open = [row for row in chosen if row["state"] in ("open", "failed")]
    told = read.portfolio(firm.reader, filters)
    assert [(row["currency"], row["open_contracts"]) for row in told] == [("GBP", len(is_open))]
    assert set(read.unbilled(firm.reader, filters, "GBP")["legal_entity"]) <= {"UK01"}
    assert read.portfolio(firm.reader, _filters(firm, regions=("nowhere",))) == []


@pytest.mark.parametrize("by", ["region", "legal_entity", "billing_model"])
def test_time_to_bill_is_parted_by_any_side(firm: SeededFirm, by: str) -> None:
    frame = read.time_to_bill_by(firm.reader, _filters(firm), by)
    assert set(frame["name"]) == {row[by] for row in firm.lifecycles}
    assert frame["median_days"].is_monotonic_decreasing


def test_a_contract_with_several_late_promises_counts_once(firm: SeededFirm) -> None:
    largest: dict[tuple[str, str], object] = {}
    clocks = firm.reader.query("SELECT * FROM sla_clocks WHERE state IN ('breached', 'at_risk')")
    for clock in clocks:
        key = (clock["currency"], clock["lifecycle_id"])
        largest[key] = max(largest.get(key, 0), clock["value_at_risk"])  # type: ignore[call-overload]
    told = {row["currency"]: row["value"] for row in read.value_at_risk(firm.reader, _filters(firm))}
    assert sum(told.values()) == sum(largest.values())  # type: ignore[arg-type]


def test_attainment_is_told_for_every_sla(firm: SeededFirm) -> None:
    told = {row["sla"]: row for row in read.sla_attainment(firm.reader, _filters(firm))}
    assert set(told) == {"billing-readiness", "invoice-status-propagation", "project-setup", "time-posting"}
    assert all(row["met"] + row["late"] for row in told.values())


def test_an_invoice_is_found_by_its_bare_number_and_by_its_key(firm: SeededFirm) -> None:
    lifecycle = next(row for row in firm.lifecycles if row["billings"])
    invoice = lifecycle["billings"][0][0]
    for text in (invoice, invoice.split(":")[2], f"  {invoice} "):
        assert [match.lifecycle_id for match in read.find_lifecycles(firm.reader, text)] == [lifecycle["lifecycle_id"]]


def test_a_run_is_found_by_its_correlation_id_and_its_trace(firm: SeededFirm) -> None:
    failed = firm.reader.query(
        "SELECT lifecycle_id, correlation_id, trace_id FROM lifecycle_events WHERE trace_id != '' LIMIT 1"
    )
    for name in ("correlation_id", "trace_id"):
        found = read.find_lifecycles(firm.reader, failed[0][name])
        assert [match.lifecycle_id for match in found] == [failed[0]["lifecycle_id"]]


def test_a_client_is_found_by_part_of_the_name_when_no_id_fits(firm: SeededFirm) -> None:
    expected = {row["lifecycle_id"] for row in firm.lifecycles if row["client"] == "Kestrel Rail"}
    assert {match.lifecycle_id for match in read.find_lifecycles(firm.reader, "kestrel")} == expected
    assert read.find_lifecycles(firm.reader, "100%") == []
    assert read.find_lifecycles(firm.reader, "nobody's' \\ \n") == []
    assert read.find_lifecycles(firm.reader, "  ") == []


def test_a_step_that_is_late_for_one_record_is_late_although_done_for_others(firm: SeededFirm) -> None:
    late = firm.reader.query(
        "SELECT lifecycle_id FROM sla_clocks WHERE sla = 'billing-readiness' AND state = 'breached' AND lifecycle_id IN"
        " (SELECT lifecycle_id FROM milestones WHERE milestone = 'billing_ready') LIMIT 1"
    )
    lifecycle = read.lifecycles(firm.reader, [late[0]["lifecycle_id"]])[0]
    told = read.of_lifecycle(firm.reader, "checkpoints", lifecycle["lifecycle_id"])
    steps = {step["milestone"]: step for step in told}
    assert (steps["billing_ready"]["state"], steps["billing_ready"]["late"]) == ("late", 1)
    assert steps["contract_signed"]["state"] == "done"
    assert steps["time_posted"]["state"] == "not_applicable"


def test_failed_spans_tell_their_kind_their_step_and_their_message(firm: SeededFirm) -> None:
    lifecycle = next(row for row in firm.lifecycles if row["milestone_states"]["time_posted"] == "failed")
    happened = read.events(firm.reader, lifecycle["lifecycle_id"])
    event = happened[happened["outcome"] == "failure"].iloc[-1]
    spans = read.of_lifecycle(firm.reader, "lifecycle_errors", lifecycle["lifecycle_id"])
    told = [span for span in spans if span["correlation_id"] == event["correlation_id"]]
    assert len(told) == 2
    assert {(span["error_category"], span["message"]) for span in told} == {
        (event["error_category"], event["attributes"]["message"])
    }
    assert {span["milestone"] for span in spans} == {"time_posted"}


def test_the_ways_of_contracts_are_counted_and_each_has_an_example(firm: SeededFirm) -> None:
    ways = read.variants(firm.reader)
    counts = [way["lifecycles"] for way in ways]
    assert counts == sorted(counts, reverse=True)
    rows = {row["lifecycle_id"]: row for row in firm.lifecycles}
    assert {way["path"][-1] for way in ways if way["example"] in rows} <= {row["stage"] for row in firm.lifecycles}
    assert ways[0]["path"][0] == "opportunity_won"


def test_alerts_are_ranked_by_value(firm: SeededFirm) -> None:
    values = [alert["value_at_risk"] for alert in read.on_call(firm.reader, "open_alerts")]
    assert values
    assert values == sorted(values, reverse=True)


def test_unbilled_work_waits_for_the_late_step_before_its_invoice(firm: SeededFirm) -> None:
    filters = _filters(firm)
    frame = read.unbilled(firm.reader, filters, "EUR")
    owed = sum(row["unbilled_amount"] for row in firm.lifecycles if row["currency"] == "EUR")
    assert frame["unbilled"].sum() == pytest.approx(float(owed))
    assert set(frame["waits_for"]) >= {"Approved milestone ready to bill", ""}
    assert "Invoice visible in CRM" not in set(frame["waits_for"])
    late = next(row for row in read.largest_unbilled(firm.reader, filters, "EUR") if row["clock_state"] == "breached")
    assert late["due_at"] < firm.now


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_by_an_empty_store(bare: Store, question: str) -> None:
    lists = ("regions", "legal_entities", "billing_models", "ids", "keys", "correlation_ids", "traces")
    params = {
        **{name: [] for name in lists},
        **dict.fromkeys(("currency", "by", "id", "journey", "words"), "x"),
        **dict.fromkeys(("before", "since", "until"), datetime(2026, 1, 1, tzinfo=UTC)),
    }
    rows = bare.rows("dashboards", question, params)
    assert len(rows) <= 1


def test_a_store_that_is_away_is_an_error_and_worth_another_try() -> None:
    with pytest.raises(StoreError) as caught:
        open_reader(StoreSettings(url="http://127.0.0.1:1"))
    assert caught.value.is_transient


def test_reading_needs_an_address() -> None:
    with pytest.raises(SettingsError, match=r"store\.url"):
        open_reader(StoreSettings())
