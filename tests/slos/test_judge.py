"""The judge on the real engine: rows in, verdicts out, with a clock that is stepped.

The calendar is that of the German office (09:00 to 17:00 in Berlin) unless a test says otherwise; NOON is a Monday,
13:00 there.
"""

import itertools
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from billtrail.store import Store
from tests.slos.firm import Firm, hours, judge_for, read_clocks
from tests.support.clock import NOON, SteppedClock

INVOICE = "erp:invoice:INV-1"


@pytest.fixture
def firm(store: Store) -> Firm:
    firm = Firm(store)
    firm.know("C-1")
    return firm


def test_a_clock_runs_from_start_to_breach_and_ends_missed_when_the_stop_comes_late(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    judge = judge_for(store, clock)
    firm.reach("C-1", "invoice_issued", NOON, subject=INVOICE, amount=Decimal("1200.00"))
    assert judge.step() == 1
    for step, state in ((1.9, "running"), (0.1, "at_risk"), (2, "at_risk"), (0.01, "breached"), (20, "breached")):
        clock.step(hours=step)
        judge.step()
        assert read_clocks(store) == [state], clock.now()
    firm.reach("C-1", "invoice_visible_in_crm", clock.now(), subject=INVOICE)
    assert judge.step() == 1
    assert read_clocks(store, "state, reason, stopped_at, value_at_risk, currency") == [
        ("missed", "stopped_late", clock.now(), Decimal("1200.00"), "EUR")
    ]
    verdicts = store.query("SELECT state FROM clock_verdicts ORDER BY known_at")
    assert [row["state"] for row in verdicts] == ["running", "at_risk", "breached", "missed"]


def test_due_time_is_counted_in_the_calendar_of_the_legal_entity(store: Store, clock: SteppedClock) -> None:
    firm = Firm(store)
    places = {"DE01": "EMEA", "UK01": "EMEA", "US01": "AMER", "XX99": "APAC", "YY99": "MARS"}
    for legal_entity, region in places.items():
        firm.know(legal_entity, legal_entity=legal_entity, region=region)
        firm.reach(legal_entity, "invoice_issued", NOON, subject=f"erp:invoice:{legal_entity}")
    judge_for(store, clock).step()
    assert read_clocks(store, "legal_entity, calendar, due_at") == [
        ("DE01", "de-business", datetime(2026, 3, 2, 16, tzinfo=UTC)),
        ("UK01", "uk-business", datetime(2026, 3, 2, 16, tzinfo=UTC)),
        ("US01", "us-business", datetime(2026, 3, 2, 18, tzinfo=UTC)),
        ("XX99", "au-business", datetime(2026, 3, 3, 2, tzinfo=UTC)),
        ("YY99", "de-business", datetime(2026, 3, 2, 16, tzinfo=UTC)),
    ]


def test_a_promise_given_on_friday_evening_is_due_after_the_weekend_and_the_holidays(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    clock.step(days=60)
    thursday_before_easter = datetime(2026, 4, 2, 18, tzinfo=UTC)
    firm.reach("C-1", "invoice_issued", thursday_before_easter, subject=INVOICE)
    judge_for(store, clock).step()
    assert read_clocks(store, "due_at, elapsed_business_ms > 0") == [(datetime(2026, 4, 7, 11, tzinfo=UTC), 1)]


def test_a_promise_that_ends_with_the_day_is_due_at_closing_time_not_at_the_next_opening(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    firm.reach("C-1", "invoice_issued", NOON, subject=INVOICE)
    judge_for(store, clock).step()
    assert read_clocks(store, "due_at") == [datetime(2026, 3, 2, 16, tzinfo=UTC)]


def test_every_stop_is_needed_and_the_last_one_counts(store: Store, clock: SteppedClock, firm: Firm) -> None:
    judge = judge_for(store, clock)
    firm.reach("C-1", "contract_signed", NOON)
    firm.reach("C-1", "project_in_psa", NOON + hours(1))
    judge.step()
    assert read_clocks(store, "sla, state, owner, value_at_risk") == [
        ("project-setup", "running", "finance-systems", Decimal("90000.00"))
    ]
    firm.reach("C-1", "project_in_erp", NOON + hours(2))
    judge.step()
    assert read_clocks(store, "state, stopped_at, elapsed_business_ms") == [("met", NOON + hours(2), 7_200_000)]


def test_a_failed_attempt_neither_starts_nor_stops_a_clock(store: Store, clock: SteppedClock, firm: Firm) -> None:
    judge = judge_for(store, clock)
    firm.reach("C-1", "time_approved", NOON, subject="psa:time_entry:1")
    firm.reach("C-1", "time_posted", NOON, subject="psa:time_entry:1", outcome="failure")
    firm.reach("C-1", "time_approved", NOON, subject="psa:time_entry:2", outcome="failure")
    judge.step()
    assert read_clocks(store, "subject_key, state") == [("psa:time_entry:1", "running")]


def test_an_event_that_happened_in_time_but_came_late_makes_a_breach_met(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    judge = judge_for(store, clock)
    firm.reach("C-1", "invoice_issued", NOON, subject=INVOICE)
    clock.step(days=2)
    judge.step()
    assert read_clocks(store) == ["breached"]
    firm.reach("C-1", "invoice_visible_in_crm", NOON + hours(3), subject=INVOICE)
    judge.step()
    assert read_clocks(store, "state, reason, elapsed_business_ms") == [("met", "stopped_in_time", 10_800_000)]


def test_what_was_known_then_can_still_be_asked(store: Store, clock: SteppedClock, firm: Firm) -> None:
    judge = judge_for(store, clock)
    firm.reach("C-1", "invoice_issued", NOON, subject=INVOICE)
    clock.step(days=2)
    judge.step()
    then = clock.now()
    clock.step(days=1)
    firm.reach("C-1", "invoice_visible_in_crm", NOON + hours(3), subject=INVOICE)
    judge.step()
    as_of = "SELECT argMax(state, known_at) AS state FROM clock_verdicts WHERE known_at <= {then:DateTime64(3, 'UTC')}"
    assert store.query(as_of, {"then": then}) == [{"state": "breached"}]
    assert store.query(as_of, {"then": clock.now()}) == [{"state": "met"}]


def test_the_same_rows_again_write_nothing(store: Store, clock: SteppedClock, firm: Firm) -> None:
    judge = judge_for(store, clock)
    for _ in range(3):
        firm.know("C-1")
        firm.reach("C-1", "invoice_issued", NOON, subject=INVOICE)
        judge.step()
    judge.rejudge()
    assert judge.step() == 0
    assert judge_for(store, clock).step() == 0
    assert store.query("SELECT count() AS verdicts FROM clock_verdicts") == [{"verdicts": 1}]


def test_any_order_of_arrival_gives_the_same_clocks(store: Store, clock: SteppedClock, firm: Firm) -> None:
    arrivals = [
        ("contract_signed", NOON),
        ("project_in_psa", NOON + hours(1)),
        ("project_in_erp", NOON + hours(2)),
    ]
    judge = judge_for(store, clock)
    orders = list(itertools.permutations(arrivals))
    for place in range(len(arrivals)):
        with firm.at_once():
            for number, order in enumerate(orders):
                milestone, at = order[place]
                firm.reach(f"P-{number}", milestone, at)
        judge.step()
    for number in range(len(orders)):
        firm.know(f"P-{number}")
    judge.step()
    columns = "state, started_at, due_at, stopped_at, elapsed_business_ms, value_at_risk, owner"
    assert len(read_clocks(store)) == 6
    assert len(set(read_clocks(store, columns))) == 1


@pytest.mark.parametrize(
    ("state", "reason"), [("cancelled", "lifecycle_cancelled"), ("superseded", "lifecycle_superseded")]
)
def test_a_lifecycle_that_ends_cancels_its_running_clocks(
    store: Store, clock: SteppedClock, firm: Firm, state: str, reason: str
) -> None:
    judge = judge_for(store, clock)
    firm.reach("C-1", "contract_signed", NOON)
    judge.step()
    firm.know("C-1", state=state, superseded_by="crm:contract:C-2" if state == "superseded" else "")
    judge.step()
    assert read_clocks(store, "state, reason") == [("cancelled", reason)]


def test_a_promise_kept_before_the_contract_was_cancelled_stays_kept(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    judge = judge_for(store, clock)
    firm.reach("C-1", "invoice_issued", NOON, subject=INVOICE)
    firm.reach("C-1", "invoice_visible_in_crm", NOON + hours(1), subject=INVOICE)
    firm.know("C-1", state="cancelled")
    judge.step()
    assert read_clocks(store) == ["met"]


def test_a_withdrawn_start_cancels_the_clock_and_its_return_starts_it_again(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    judge = judge_for(store, clock)
    firm.reach("C-1", "invoice_issued", NOON, subject=INVOICE)
    judge.step()
    firm.withdraw("C-1", "invoice_issued", subject=INVOICE)
    judge.step()
    assert read_clocks(store, "state, reason") == [("cancelled", "start_withdrawn")]
    assert judge.step() == 0
    firm.reach("C-1", "invoice_issued", NOON, subject=INVOICE)
    judge.step()
    assert read_clocks(store) == ["running"]


def test_a_clock_that_moves_to_another_lifecycle_is_cancelled_in_the_first(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    judge = judge_for(store, clock)
    firm.reach("C-1", "invoice_issued", NOON, subject=INVOICE)
    judge.step()
    firm.know("C-1", is_deleted=1)
    firm.withdraw("C-1", "invoice_issued", subject=INVOICE)
    firm.know("C-2")
    firm.reach("C-2", "invoice_issued", NOON, subject=INVOICE)
    judge.step()
    assert read_clocks(store, "lifecycle_id, state, reason") == [
        ("crm:contract:C-1", "cancelled", "lifecycle_superseded"),
        ("crm:contract:C-2", "running", "in_time"),
    ]


def test_an_amended_value_is_the_value_at_risk_from_then_on(store: Store, clock: SteppedClock, firm: Firm) -> None:
    judge = judge_for(store, clock)
    firm.reach("C-1", "contract_signed", NOON)
    judge.step()
    firm.know("C-1", contract_value=Decimal("120000.00"))
    assert judge.step() == 1
    assert read_clocks(store, "value_at_risk") == [Decimal("120000.00")]


def test_rows_of_a_version_that_was_already_judged_are_still_found(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    """A correlation step writes table after table under one version; the judge may look in between."""
    judge = judge_for(store, clock)
    firm.reach("C-1", "invoice_issued", NOON, subject="erp:invoice:1")
    judge.step()
    firm._version -= 1
    firm.reach("C-1", "invoice_issued", NOON, subject="erp:invoice:2")
    assert judge.step() == 1


def test_a_judge_that_starts_later_says_what_passed_meanwhile(store: Store, clock: SteppedClock, firm: Firm) -> None:
    firm.reach("C-1", "invoice_issued", NOON, subject=INVOICE)
    judge_for(store, clock).step()
    clock.step(days=1)
    assert judge_for(store, clock).step() == 1
    assert read_clocks(store) == ["breached"]


def test_no_two_steps_share_an_instant_even_if_the_clock_stands_still(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    judge = judge_for(store, clock)
    for number in range(3):
        firm.reach("C-1", "invoice_issued", NOON, subject=f"erp:invoice:{number}")
        assert judge.step() == 1
    assert store.query("SELECT uniqExact(known_at) AS instants FROM clock_verdicts") == [{"instants": 3}]


def test_nothing_is_judged_while_no_journey_is_known(store: Store, clock: SteppedClock) -> None:
    assert judge_for(store, clock).step() == 0
    assert store.query("SELECT count() AS slas FROM sla_definitions") == [{"slas": 0}]
