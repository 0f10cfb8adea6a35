"""What one batch of events becomes."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billtrail.store import Row, Store
from correlators.stitch import Stitcher
from tests.correlators.firm import CONTRACT_1, CONTRACT_2, FIRM, PROJECT_1, PROJECT_2
from tests.correlators.random_telling import events, span
from tests.support.clock import SteppedClock
from tests.support.events import START, Event, put_events


@pytest.fixture
def firm(store_with_journeys: Store, clock: SteppedClock) -> Store:
    put_events(store_with_journeys, 1, FIRM)
    assert Stitcher(store_with_journeys, clock, 10_000).step() == len(FIRM)
    return store_with_journeys


def lifecycle(store: Store, lifecycle_id: str) -> Row:
    (row,) = store.query("SELECT * FROM lifecycles WHERE lifecycle_id = {id:String}", {"id": lifecycle_id})
    return row


def events_of(store: Store, lifecycle_id: str) -> set[str]:
    rows = store.query("SELECT event_id FROM lifecycle_events WHERE lifecycle_id = {id:String}", {"id": lifecycle_id})
    return {row["event_id"] for row in rows}


def test_each_contract_has_one_lifecycle_and_its_opportunity_points_to_it(firm: Store) -> None:
    rows = firm.query("SELECT lifecycle_id, kind, state, superseded_by FROM lifecycles ORDER BY lifecycle_id")
    assert [tuple(row.values()) for row in rows] == [
        (CONTRACT_1, "contract", "open", ""),
        (CONTRACT_2, "contract", "open", ""),
        ("crm:opportunity:O1", "opportunity", "superseded", CONTRACT_1),
    ]


def test_an_event_belongs_through_its_objects_its_correlation_id_or_its_trace(firm: Store) -> None:
    own = {"won", "signed-1", "psa-1", "erp-1", "approved-1", "posted-1", "failed-1", "issued", "paid", "synced"}
    assert events_of(firm, CONTRACT_1) == own
    assert events_of(firm, CONTRACT_2) == {"signed-2", "psa-2", "approved-2", "failed-3", "issued", "paid", "synced"}


def test_what_leads_nowhere_is_unmatched(firm: Store) -> None:
    assert [row["event_id"] for row in firm.query("SELECT event_id FROM unmatched_events")] == ["failed-2"]


def test_what_is_unmatched_is_as_old_as_its_arrival(store: Store) -> None:
    """The view's clock is the engine's: its age lies between two readings of that clock."""
    known = {"source": "/psa", "event_id": "lost", "event_type": "time.approved", "version": 1, "is_deleted": 0}
    store.insert("unmatched_event_rows", [{**known, "occurred_at": START, "received_at": START + timedelta(hours=7)}])
    clock = "SELECT toUnixTimestamp64Milli(now64(3)) AS now_ms"
    before, found, after = (store.query(sql)[0] for sql in (clock, "SELECT age_ms FROM unmatched_events", clock))
    arrived_ms = int(START.timestamp() * 1000) + 7 * 3_600_000
    assert before["now_ms"] - arrived_ms <= found["age_ms"] <= after["now_ms"] - arrived_ms


def test_a_shared_invoice_is_divided_by_its_lines_and_its_payment_likewise(firm: Store) -> None:
    first, second = lifecycle(firm, CONTRACT_1), lifecycle(firm, CONTRACT_2)
    assert (first["invoiced_amount"], second["invoiced_amount"]) == (Decimal("70.00"), Decimal("30.01"))
    assert (first["paid_amount"], second["paid_amount"]) == (Decimal("23.33"), Decimal("10.00"))
    assert (first["unbilled_amount"], second["unbilled_amount"]) == (Decimal("30.00"), Decimal("219.99"))


def test_what_comes_of_a_shared_payment_later_is_divided_as_it_was_and_rewrites_nothing(
    firm: Store, clock: SteppedClock
) -> None:
    cleared = Event("cleared", "payment.cleared", (("erp:payment:Y1", "subject"),), 40, amount="3")
    refund = Event(
        "refund", "payment.received", (("erp:payment:Y2", "subject"), ("erp:invoice:I1", "part_of")), 41, amount="1"
    )
    before = firm.query("SELECT max(version) AS last FROM lifecycle_event_rows")[0]["last"]
    clock.step(seconds=1)
    put_events(firm, 2, [cleared, refund])
    Stitcher(firm, clock, 10_000).step()
    written = firm.query(
        "SELECT lifecycle_id, event_id, amount FROM lifecycle_event_rows WHERE version > {before:UInt64}"
        " ORDER BY event_id, lifecycle_id",
        {"before": before},
    )
    assert [tuple(row.values()) for row in written] == [
        (CONTRACT_1, "cleared", Decimal("2.10")),
        (CONTRACT_2, "cleared", Decimal("0.90")),
        (CONTRACT_1, "refund", Decimal("0.70")),
        (CONTRACT_2, "refund", Decimal("0.30")),
    ]


def test_a_payment_of_two_invoices_is_divided_by_both_though_only_one_has_lines(
    store_with_journeys: Store, clock: SteppedClock
) -> None:
    lined = next(event for event in FIRM if event.event_id == "issued")
    plain = Event("plain", "invoice.issued", (("erp:invoice:I2", "subject"), (PROJECT_2, "part_of")), 21, amount="9")
    both = (("erp:payment:Y1", "subject"), ("erp:invoice:I1", "part_of"), ("erp:invoice:I2", "part_of"))
    paid = Event("paid", "payment.received", both, 30, amount="100")
    begun = [event for event in FIRM if event.event_id in ("signed-1", "signed-2", "psa-1", "psa-2", "erp-1")]
    put_events(store_with_journeys, 1, [*begun, lined, plain, paid])
    Stitcher(store_with_journeys, clock, 10_000).step()
    share = 70 / 100.01 / 2
    first, second = lifecycle(store_with_journeys, CONTRACT_1), lifecycle(store_with_journeys, CONTRACT_2)
    assert abs(first["paid_amount"] - Decimal(100 * share)) < Decimal("0.01")
    assert first["paid_amount"] + second["paid_amount"] == 100


def test_a_lifecycle_says_how_far_it_got(firm: Store) -> None:
    row = lifecycle(firm, CONTRACT_1)
    assert row["stage"] == "payment_received"
    assert row["milestone_states"]["invoice_visible_in_crm"] == "done"
    assert row["milestone_states"]["milestone_approved"] == "not_applicable"
    assert row["milestone_states"]["time_submitted"] == "skipped"
    assert (row["client"], row["region"], row["contract_value"]) == ("Acme", "EMEA", Decimal("1000.00"))
    assert row["time_to_bill_ms"] == 14 * 3_600_000


def test_only_what_a_milestone_comes_after_was_skipped(store_with_journeys: Store, clock: SteppedClock) -> None:
    store = store_with_journeys
    stitcher = Stitcher(store, clock, 10_000)
    begun = [event for event in FIRM if event.event_id in ("won", "signed-1", "psa-1")]
    recognised = Event(
        "recognised", "revenue.recognised", (("psa:revenue_entry:R1", "subject"), (PROJECT_1, "part_of")), 4
    )
    put_events(store, 1, [*begun, recognised])
    stitcher.step()
    states = lifecycle(store, CONTRACT_1)["milestone_states"]
    done = {"opportunity_won", "contract_signed", "project_in_psa", "revenue_recognised"}
    assert {name for name, state in states.items() if state == "done"} == done
    assert "skipped" not in states.values()
    issued = Event("own", "invoice.issued", (("erp:invoice:I2", "subject"), (CONTRACT_1, "part_of")), 20, amount="5")
    paid = Event(
        "own-paid", "payment.received", (("erp:payment:Y2", "subject"), ("erp:invoice:I2", "part_of")), 30, amount="5"
    )
    put_events(store, 2, [issued, paid])
    stitcher.step()
    states = lifecycle(store, CONTRACT_1)["milestone_states"]
    skipped = {"project_in_erp", "time_submitted", "time_approved"}
    assert {name for name, state in states.items() if state == "skipped"} == skipped
    pending = {"time_posted", "invoice_visible_in_crm"}
    assert {name for name, state in states.items() if state == "pending"} == pending


def test_ids_of_one_thing_in_two_systems_are_one_cluster(firm: Store) -> None:
    rows = firm.query("SELECT object_key FROM objects WHERE cluster_key = 'psa:time_entry:T1' ORDER BY object_key")
    assert [row["object_key"] for row in rows] == ["erp:time_entry:77", "psa:time_entry:T1"]


def test_a_milestone_that_failed_is_failed_until_it_succeeds(store_with_journeys: Store, clock: SteppedClock) -> None:
    store = store_with_journeys
    stitcher = Stitcher(store, clock, 10_000)
    rejected = Event("no", "time.posted", FIRM[7].objects, 8, outcome="failure")
    put_events(store, 1, [event for event in FIRM if event.event_id != "posted-1"] + [rejected])
    stitcher.step()
    assert lifecycle(store, CONTRACT_1)["milestone_states"]["time_posted"] == "failed"
    put_events(store, 2, [FIRM[7]])
    stitcher.step()
    assert lifecycle(store, CONTRACT_1)["milestone_states"]["time_posted"] == "done"


def test_a_reference_never_glues(store_with_journeys: Store, clock: SteppedClock) -> None:
    put_events(store_with_journeys, 1, [event for event in FIRM if event.event_id.startswith("signed")])
    Stitcher(store_with_journeys, clock, 10_000).step()
    assert events_of(store_with_journeys, CONTRACT_2) == {"signed-2"}


def test_an_amendment_counts_from_its_effective_date_and_only_when_approved(
    store_with_journeys: Store, clock: SteppedClock
) -> None:
    store = store_with_journeys
    stitcher = Stitcher(store, clock, 10_000)
    approved = {"status": "approved", "effective_on": "2026-03-09"}
    amended = Event("amended", "contract.amended", ((CONTRACT_1, "subject"),), 3, amount="1500", attributes=approved)
    draft = Event(
        "draft", "contract.amended", ((CONTRACT_1, "subject"),), 4, amount="9", attributes={"status": "draft"}
    )
    put_events(store, 1, [*FIRM, amended, draft])
    stitcher.step()
    assert lifecycle(store, CONTRACT_1)["contract_value"] == Decimal("1000.00")
    clock.step(days=10)
    assert stitcher.step() == 1
    assert lifecycle(store, CONTRACT_1)["contract_value"] == Decimal("1500.00")
    assert stitcher.step() == 0


def test_an_amendment_of_other_terms_leaves_the_value_and_one_before_the_signature_counts(
    store_with_journeys: Store, clock: SteppedClock
) -> None:
    store = store_with_journeys
    stitcher = Stitcher(store, clock, 10_000)
    approved = {"status": "approved", "effective_on": "2026-03-01"}
    earlier = Event("earlier", "contract.amended", ((CONTRACT_1, "subject"),), 3, amount="1500", attributes=approved)
    terms = Event("terms", "contract.amended", ((CONTRACT_1, "subject"),), 4, attributes={"status": "approved"})
    for segment, told in ((1, FIRM), (2, [earlier, terms])):
        put_events(store, segment, told)
        clock.step(seconds=1)
        stitcher.step()
    assert lifecycle(store, CONTRACT_1)["contract_value"] == Decimal("1500.00")


def test_an_amendment_of_the_billing_model_counts_from_its_effective_date_and_a_draft_never(
    store_with_journeys: Store, clock: SteppedClock
) -> None:
    store = store_with_journeys
    stitcher = Stitcher(store, clock, 10_000)
    coming = {"status": "approved", "effective_on": "2026-03-09"}
    contract = ((CONTRACT_1, "subject"),)
    amended = Event("amended", "contract.amended", contract, 3, billing_model="milestone", attributes=coming)
    draft = Event("draft", "contract.amended", contract, 4, billing_model="fixed", attributes={"status": "draft"})
    for segment, told in ((1, [*FIRM, draft]), (2, [amended])):
        put_events(store, segment, told)
        clock.step(seconds=1)
        stitcher.step()
    assert lifecycle(store, CONTRACT_1)["billing_model"] == "time_and_materials"
    clock.step(days=10)
    assert stitcher.step() == 1
    assert lifecycle(store, CONTRACT_1)["billing_model"] == "milestone"
    assert lifecycle(store, CONTRACT_1)["milestone_states"]["milestone_approved"] == "skipped"


@pytest.mark.parametrize("is_span_first", [False, True])
def test_a_span_leads_an_event_without_objects_by_their_correlation_id(
    store_with_journeys: Store, clock: SteppedClock, is_span_first: bool
) -> None:
    store = store_with_journeys
    failed = Event("failed", "integration.failed", (), 20, system="psa", outcome="failure", correlation_id="run-77")
    tellings = [events(failed), span(span_id="77", correlation_id="run-77", object_keys=[PROJECT_1])]
    for segment, tell in enumerate([events(*FIRM[:6]), *(reversed(tellings) if is_span_first else tellings)], start=1):
        tell(store, clock, segment)
        clock.step(seconds=1)
        Stitcher(store, clock, 10_000).step()
    rows = store.query("SELECT lifecycle_id, confidence FROM lifecycle_events WHERE event_id = 'failed'")
    assert [(row["lifecycle_id"], row["confidence"]) for row in rows] == [(CONTRACT_1, "correlation_id")]
    assert store.query("SELECT * FROM unmatched_events") == []


@pytest.mark.parametrize("line", [PROJECT_2, "psa:time_entry:unheard-of"])
def test_what_a_line_names_elsewhere_is_not_lost_from_the_whole(
    store_with_journeys: Store, clock: SteppedClock, line: str
) -> None:
    """The invoice is about the first contract alone, whatever its lines say."""
    store = store_with_journeys
    lines = ((PROJECT_1, "300"), (line, "700"))
    subject = (("erp:invoice:I9", "subject"), (PROJECT_1, "part_of"))
    put_events(store, 1, [*FIRM[:6], Event("foreign", "invoice.issued", subject, 20, amount="1000", lines=lines)])
    Stitcher(store, clock, 10_000).step()
    assert lifecycle(store, CONTRACT_1)["invoiced_amount"] == Decimal("1000.00")
    assert lifecycle(store, CONTRACT_2)["invoiced_amount"] == Decimal("0.00")


def test_an_event_without_an_amount_takes_the_one_last_told_of_its_subject_whenever_that_comes(
    store_with_journeys: Store, clock: SteppedClock
) -> None:
    store = store_with_journeys
    stitcher = Stitcher(store, clock, 10_000)
    bare = Event("bare", "time.approved", FIRM[6].objects, 6, attributes={"complete_from": "object"})
    put_events(store, 1, [event for event in FIRM if event.event_id not in {"approved-1", "posted-1"}] + [bare])
    stitcher.step()
    assert lifecycle(store, CONTRACT_1)["approved_amount"] == Decimal(0)
    for segment, hours, amount in ((2, 9, "40"), (3, 5, "70")):
        put_events(store, segment, [Event(f"worth-{segment}", "time.submitted", FIRM[6].objects, hours, amount=amount)])
        clock.step(seconds=1)
        stitcher.step()
        assert lifecycle(store, CONTRACT_1)["approved_amount"] == Decimal(amount)


def test_a_provisional_lifecycle_gives_way_to_its_contract_and_its_id_leads_there(
    store_with_journeys: Store, clock: SteppedClock
) -> None:
    """Work on a project nobody has tied to a contract is a lifecycle of its own until the contract is told."""
    store = store_with_journeys
    stitcher = Stitcher(store, clock, 10_000)
    work = Event("worked", "time.approved", (("psa:time_entry:T1", "subject"), (PROJECT_1, "part_of")), 6, amount="10")
    put_events(store, 1, [work])
    stitcher.step()
    assert lifecycle(store, PROJECT_1)["kind"] == "unrooted"
    clock.step(minutes=1)
    signed = Event("signed", "contract.signed", ((CONTRACT_1, "subject"),), 1, amount="100")
    put_events(
        store, 2, [signed, Event("made", "project.created", ((PROJECT_1, "subject"), (CONTRACT_1, "part_of")), 2)]
    )
    stitcher.step()
    assert [row["lifecycle_id"] for row in store.query("SELECT lifecycle_id FROM lifecycles")] == [CONTRACT_1]
    assert events_of(store, CONTRACT_1) == {"worked", "signed", "made"}
    (known,) = store.query("SELECT lifecycle_ids FROM objects WHERE object_key = {key:String}", {"key": PROJECT_1})
    assert known["lifecycle_ids"] == [CONTRACT_1]
