"""The alerts on burning budgets against the tables of the SRE workbook, on series made for it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slos import SlosSettings
from slos.budget import Count
from slos.budget_loop import read_burn_tables
from slos.burn import BurnState, judge_burn
from slos.burn_history import Decided, find_burn_pages
from slos.objective import BudgetMethod, Component, Objective
from slos.window import TimeWindow
from tests.support.clock import NOON

TABLE = read_burn_tables(SlosSettings())["sre-workbook"]
EVERY = timedelta(seconds=30)
OBJECTIVE = Objective("x", "x", (Component("x"),), 0.999, TimeWindow(30, "d"), "critical", "", "")


def promises(*, before_h: float, outage_h: float, after_h: float, error_share: float = 1.0) -> list[Decided]:
    """A promise every thirty seconds; from NOON on `error_share` of them are late, evenly spread."""
    made, owed = [], 0.0
    for number in range(int(-before_h * 120), int((outage_h + after_h) * 120)):
        owed += error_share if 0 <= number < outage_h * 120 else 0
        is_late = owed >= 1
        owed -= is_late
        made.append(Decided(NOON + number * EVERY, not is_late))
    return made


def test_the_table_is_that_of_the_workbook() -> None:
    rows = [(w.severity, w.budget_consumed_ratio, w.long_ms / 3.6e6, w.short_ms / 6e4) for w in TABLE.windows]
    assert rows == [("critical", 0.02, 1, 5), ("critical", 0.05, 6, 30), ("warning", 0.10, 72, 360)]
    assert [window.rate_for(30) for window in TABLE.windows] == pytest.approx([14.4, 6, 1])
    assert all(window.short_ms * 12 == window.long_ms for window in TABLE.windows)


def test_a_total_outage_is_told_within_a_minute_and_ends_with_the_short_window() -> None:
    pages = find_burn_pages(OBJECTIVE, TABLE, {"x": promises(before_h=7, outage_h=0.5, after_h=1)})
    page = next(page for page in pages if page.window.long_ms == 3_600_000)
    assert timedelta() <= page.starts_at - NOON <= timedelta(minutes=1.5)
    assert page.ends_at is not None
    assert timedelta(minutes=4.5) <= page.ends_at - (NOON + timedelta(hours=0.5)) <= timedelta(minutes=5.5)


@pytest.mark.parametrize(
    ("burn_rate", "firing"), [(0.9, []), (1.5, [72]), (5.5, [72]), (6.5, [6, 72]), (14, [6, 72]), (15, [1, 6, 72])]
)
def test_a_steady_burn_fires_the_rows_of_its_rate_and_no_other(burn_rate: float, firing: list[int]) -> None:
    target = 0.98  # a rate of 15 is then three late of ten
    for window in TABLE.windows:
        allowed = 1 - target
        counts = [
            Count(total * (1 - burn_rate * allowed), total * burn_rate * allowed, int(total))
            for total in (window.long_ms / 1000, window.short_ms / 1000)
        ]
        burn = judge_burn(*counts, target, window.rate_for(30), TABLE.minimum_sample)
        assert burn.is_firing == (window.long_ms // 3_600_000 in firing), (burn_rate, window)


def test_a_burn_fires_when_the_stated_share_of_the_budget_is_gone() -> None:
    """At its own rate a row fires when its long window is full: two percent of the budget in an hour."""
    pages = find_burn_pages(OBJECTIVE, TABLE, {"x": promises(before_h=2, outage_h=2, after_h=0, error_share=0.0145)})
    page = next(page for page in pages if page.window.long_ms == 3_600_000)
    assert timedelta(minutes=50) <= page.starts_at - NOON <= timedelta(minutes=75)


@pytest.mark.parametrize(("error_share", "firing"), [(0.36, [6, 72]), (0.4, [1, 6, 72])])
def test_a_composite_burns_by_the_weights_of_its_parts(error_share: float, firing: list[int]) -> None:
    """Of 0.02 that may be late an hour takes 0.288: three quarters of 0.4 are more, of 0.36 less."""
    parts = (Component("x", 3), Component("y", 1))
    both = Objective("both", "both", parts, 0.98, TimeWindow(30, "d"), "critical", "", "")
    told = {"x": promises(before_h=0, outage_h=2, after_h=0, error_share=error_share)}
    told["y"] = promises(before_h=0, outage_h=0, after_h=2)
    pages = find_burn_pages(both, TABLE, told)
    assert sorted({page.window.long_ms // 3_600_000 for page in pages}) == firing
    assert find_burn_pages(both, TABLE, {"y": told["y"]}) == []


@pytest.mark.parametrize(
    ("method", "wanted", "firing"),
    [
        (BudgetMethod.TIME_SLICES, 0.5, []),
        (BudgetMethod.TIME_SLICES, 0.9, [1, 6, 72]),
        (BudgetMethod.RATIO_TIME_SLICES, 0, [6, 72]),
    ],
)
def test_slices_of_time_burn_as_they_are_counted(method: BudgetMethod, wanted: float, firing: list[int]) -> None:
    """Every fourth is late: each ten minutes are bad where nine tenths are wanted, else good, or a quarter bad."""
    sliced = Objective("x", "x", (Component("x", 1, 600_000, wanted),), 0.98, TimeWindow(30, "d"), "", "", "", method)
    told = promises(before_h=0, outage_h=2, after_h=0, error_share=0.25)
    pages = find_burn_pages(sliced, TABLE, {"x": told})
    assert sorted({page.window.long_ms // 3_600_000 for page in pages}) == firing


def test_one_late_of_few_tells_nobody() -> None:
    weekly = [Decided(NOON + timedelta(hours=8 * number), number != 3) for number in range(20)]
    assert find_burn_pages(OBJECTIVE, TABLE, {"x": weekly}) == []
    assert judge_burn(Count(19, 1, 20), Count(0, 1, 1), 0.95, 1.0, 40).state is BurnState.TOO_FEW


@given(
    long=st.tuples(st.integers(0, 999), st.integers(0, 999)),
    short=st.tuples(st.integers(0, 99), st.integers(0, 99)),
    threshold=st.floats(0.5, 20),
)
def test_a_late_promise_more_never_ends_an_alert(
    long: tuple[int, int], short: tuple[int, int], threshold: float
) -> None:
    before = judge_burn(Count(*long, sum(long)), Count(*short, sum(short)), 0.99, threshold, 40)
    more = [Count(good, bad + 1, good + bad + 1) for good, bad in (long, short)]
    after = judge_burn(*more, 0.99, threshold, 40)
    assert after.is_firing or not before.is_firing
