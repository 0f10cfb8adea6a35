"""At risk by what history says: the arithmetic against a count by hand, then clocks with their reasons."""

import random
from datetime import datetime, timedelta
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billtrail.store import Store
from slos import SlosSettings
from slos.prediction import Predictor
from tests.slos.firm import Firm, hours, judge_for, read_clocks
from tests.support.clock import NOON, SteppedClock

SLA = "invoice-status-propagation"  # four hours, warned after two, in the calendar of the German office
HOUR_MS = 3_600_000
QUICK, MIDDLING, LATE = 0.5, 1.5, 30.0
HISTORY = [QUICK] * 40 + [MIDDLING] * 10 + [None] * 15 + [LATE] * 15


@pytest.fixture
def firm(store: Store) -> Firm:
    firm = Firm(store)
    firm.know("C-1")
    return firm


def promise(firm: Firm, number: int, took_h: float | None, at: datetime = NOON) -> None:
    firm.reach("C-1", "invoice_issued", at, subject=f"erp:invoice:{number:03}")
    if took_h is not None:
        firm.reach("C-1", "invoice_visible_in_crm", at + hours(took_h), subject=f"erp:invoice:{number:03}")


def read_last(store: Store) -> tuple[object, ...]:
    (row,) = store.query(
        "SELECT state, reason, at_risk_at, at_risk_by FROM sla_clocks WHERE subject_key = 'erp:invoice:900'"
    )
    return tuple(row.values())


def test_a_clock_is_at_risk_before_its_warning_point_when_most_that_took_as_long_were_late(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    with firm.at_once():
        for number, took_h in enumerate(HISTORY):
            promise(firm, number, took_h)
    judge = judge_for(store, clock)
    clock.step(days=2)
    judge.step()
    promise(firm, 900, None, clock.now())
    clock.step(minutes=2)
    judge.step()
    wednesday = NOON + timedelta(days=2)
    # 50 of 80 were kept, but of the 59 that were left when the first 21 had been only 29: fewer than half.
    assert store.query("SELECT sla, at_risk_after_ms, sample, kept FROM sla_predictions") == [
        {"sla": SLA, "at_risk_after_ms": HOUR_MS * 52 // 100, "sample": 59, "kept": 29}
    ]
    warned_at = wednesday + timedelta(milliseconds=HOUR_MS * 52 // 100)
    assert read_last(store) == ("running", "in_time", warned_at, "history")
    clock.step(minutes=30)
    judge.step()
    assert read_last(store) == ("at_risk", "likely_late", warned_at, "history")
    firm.reach("C-1", "invoice_visible_in_crm", clock.now(), subject="erp:invoice:900")
    judge.step()
    states = store.query("SELECT state FROM clock_verdicts WHERE subject_key = 'erp:invoice:900' ORDER BY known_at")
    assert [row["state"] for row in states] == ["running", "at_risk", "met"]


def test_few_promises_predict_nothing_and_neither_does_what_came_due_today_or_long_ago(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    with firm.at_once():
        for number in range(29):
            promise(firm, number, None)
    predictor = Predictor(store, SlosSettings(history_days=20))
    judge = judge_for(store, clock)
    clock.step(hours=6)
    judge.step()
    promise(firm, 29, None)
    judge.step()
    assert predictor.refresh(clock.now()) == []
    assert predictor.refresh(clock.now() + timedelta(days=1)) == [SLA]
    assert predictor.refresh(clock.now() + timedelta(days=2)) == []
    assert predictor.refresh(clock.now() + timedelta(days=22)) == [SLA]
    assert store.query("SELECT at_risk_after_ms FROM sla_predictions ORDER BY known_at") == [
        {"at_risk_after_ms": 1},
        {"at_risk_after_ms": 0},
    ]


def test_a_judge_that_ended_before_it_used_a_prediction_uses_it_when_it_starts_again(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    with firm.at_once():
        for number, took_h in enumerate(HISTORY):
            promise(firm, number, took_h)
    promise(firm, 900, None, NOON + timedelta(days=2))
    clock.step(days=2)
    judge_for(store, clock).step()
    clock.step(minutes=2)
    Predictor(store, SlosSettings()).refresh(clock.now())
    clock.step(seconds=1)
    assert read_last(store)[3] == "time_used"
    judge_for(store, clock).step()
    assert read_last(store)[3] == "history"


def test_the_order_in_which_history_arrives_does_not_matter(store: Store, firm: Firm) -> None:
    chance = random.Random(7)
    found = []
    for _ in range(2):
        for table in ("milestone_rows", "clock_rows", "clock_verdicts", "loop_cursors", "sla_predictions"):
            store.command(f"TRUNCATE TABLE {table}")
        clock = SteppedClock(NOON + timedelta(days=2))
        judge = judge_for(store, clock)
        told = [*enumerate(HISTORY), (900, None)]
        chance.shuffle(told)
        for first in range(0, len(told), 27):
            with firm.at_once():
                for number, took_h in told[first : first + 27]:
                    promise(firm, number, took_h, NOON if number < 900 else NOON + timedelta(days=2))
            judge.step()
            clock.step(minutes=2 * first % 3)
        clock.step(minutes=40)
        judge.step()
        clock.step(seconds=NOON.timestamp() + 2 * 86_400 + 42 * 60 - clock.now().timestamp())
        judge.step()
        found.append(read_clocks(store, "subject_key, state, reason, at_risk_at, at_risk_by"))
    assert found[0] == found[1]
    assert ("at_risk", "likely_late") in [row[1:3] for row in found[0]]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    kept=st.lists(st.integers(0, 4 * HOUR_MS), max_size=40),
    late=st.integers(0, 40),
    minimum=st.integers(1, 20),
)
def test_the_prediction_is_that_of_a_count_by_hand(
    store: Store, predicting: None, kept: list[int], late: int, minimum: int
) -> None:
    store.command("TRUNCATE TABLE clock_rows")
    verdicts = [("met", elapsed) for elapsed in kept] + [("missed", 5 * HOUR_MS)] * late
    columns = {"sla": SLA, "lifecycle_id": "x", "known_at": NOON, "due_at": NOON}
    store.insert(
        "clock_rows",
        [
            columns | {"subject_key": str(number), "state": state, "elapsed_business_ms": elapsed}
            for number, (state, elapsed) in enumerate(verdicts)
        ],
    )
    ms = int(NOON.timestamp() * 1000)
    asked = {"since_ms": ms, "until_ms": ms + 1, "minimum_sample": minimum}
    found = [tuple(row.values()) for row in store.rows("slos", "predict", asked)]
    assert [row[2:] for row in found] == count_by_hand(sorted(kept), late, minimum)


def count_by_hand(kept: list[int], late: int, minimum: int) -> list[tuple[int, int, int]]:
    """Walk through the kept ones, the quickest first, until fewer than half of those that are left were kept."""
    for gone in range(len(kept) + 1):
        left, left_kept = len(kept) + late - gone, len(kept) - gone
        if left and left_kept * 2 < left:
            elapsed = kept[gone - 1] if gone else 0
            hundredth = 4 * HOUR_MS // 100
            after = max(1, ceil(elapsed / hundredth) * hundredth)
            return [(after, left, left_kept)] if left >= minimum else []
    return []


@pytest.fixture
def predicting(store: Store) -> None:
    store.insert("sla_definitions", [{"sla": SLA, "at_risk_chance": 0.5, "duration_ms": 4 * HOUR_MS, "version": 1}])
