"""What holds of every history: order does not matter, a pause gives time, what was said stays on record.

Each example puts many clocks before the judge at once; what a pause gives is counted minute by minute.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from billtrail.store import Store
from slos.judge import Judge
from tests.flow.minutes import Minutes, instant, position
from tests.slos.firm import JOURNEYS_WITH_MARKS, Firm, hours, judge_for, read_clocks, write_pauses
from tests.support.clock import NOON, SteppedClock

OFFICE = Minutes("de-business")
ALLOWED = 240
TABLES = ("milestone_rows", "lifecycle_rows", "lifecycle_event_rows", "clock_rows", "clock_verdicts", "loop_cursors")
AS_OF = """
SELECT subject_key, argMax((toString(state), due_at), known_at) AS said FROM clock_verdicts
WHERE known_at <= {at:DateTime64(3, 'UTC')} GROUP BY subject_key ORDER BY subject_key
"""
# An example takes a second: what fails is shown as it was drawn.
FEW = settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
minutes = st.integers(0, 40 * 60)
pauses = st.lists(st.tuples(minutes, st.integers(1, 30 * 60)), max_size=3)


def clear(store: Store) -> None:
    for table in TABLES:
        store.command(f"TRUNCATE TABLE {table}")


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    return write_pauses(tmp_path)


@pytest.fixture
def firm(store: Store) -> Firm:
    return Firm(store, JOURNEYS_WITH_MARKS)


@FEW
@given(cases=st.lists(st.tuples(minutes, pauses), min_size=25, max_size=40))
@example(cases=[(60, [(30, 90)])] * 3 + [(0, [])])
def test_a_pause_gives_the_open_time_it_lasted_and_never_takes_any(
    store: Store, firm: Firm, definitions: Path, cases: list[tuple[int, list[tuple[int, int]]]]
) -> None:
    clear(store)
    since = position(NOON) - 20 * 60
    with firm.at_once():
        for number, (begin, told) in enumerate(cases):
            subject = f"erp:invoice:{number:03}"
            firm.reach("C-1", "invoice_issued", instant(since + begin), subject=subject)
            for starts, length in told:
                firm.tell("C-1", "invoice_disputed", instant(since + starts), subject)
                firm.tell("C-1", "dispute_settled", instant(since + starts + length), subject)
    firm.know("C-1")
    judge_for(store, SteppedClock(NOON + timedelta(days=30)), definitions=definitions).step()
    found = read_clocks(store, "due_at")
    expected = [instant(due(since + begin, held(since, told))) for begin, told in cases]
    assert found == expected
    plain = [instant(due(since + begin, [])) for begin, _ in cases]
    assert all(with_pause >= without for with_pause, without in zip(found, plain, strict=True))


def held(since: int, told: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A dispute lasts from its beginning to the next settlement there is of any."""
    ends = sorted(since + starts + length for starts, length in told)
    return [(begin, min(end for end in ends if end >= begin)) for begin in (since + starts for starts, _ in told)]


def due(start: int, stood: list[tuple[int, int]]) -> int:
    still = np.zeros(len(OFFICE.is_open), dtype=bool)
    for begin, end in stood:
        still[begin:end] = True
    return OFFICE.after(start, ALLOWED, still)


# What may be told of an invoice: issued, visible, disputed or settled, so many minutes after NOON.
facts = st.lists(
    st.tuples(
        st.sampled_from(["invoice_issued", "invoice_visible_in_crm", "invoice_disputed", "dispute_settled"]),
        st.integers(0, 600),
    ),
    min_size=2,
    max_size=5,
    unique_by=lambda fact: fact[0],
)
histories = st.lists(st.tuples(facts, st.randoms(use_true_random=False)), min_size=12, max_size=18)
RESTATED = [("invoice_issued", 0), ("invoice_visible_in_crm", 200)]


@settings(FEW, max_examples=3)
@given(drawn=histories)
def test_order_does_not_matter_and_what_was_said_stays_on_record(
    store: Store, firm: Firm, definitions: Path, drawn: list[tuple[list[tuple[str, int]], object]]
) -> None:
    clear(store)
    told = [(list(known), chance) for known, chance in drawn] + [(RESTATED, None)]
    orders = [(known, shuffled(known, chance)) for known, chance in told]
    clock = SteppedClock(NOON + timedelta(days=20))
    judge = judge_for(store, clock, definitions=definitions)
    firm.know("C-1")
    said = {}
    for place in range(5):
        with firm.at_once():
            for number, versions in enumerate(orders):
                for name, facts_in_order in zip("ab", versions, strict=True):
                    for milestone, at in facts_in_order[place : place + 1]:
                        tell(firm, f"erp:invoice:{number:03}{name}", milestone, at)
        firm.know("C-1", event_count=place)
        clock.step(minutes=1)
        step(judge)
        said[clock.now()] = store.query(AS_OF, {"at": clock.now()})
    states = dict(read_clocks(store, "subject_key, (state, due_at, stopped_at, paused_ms, elapsed_business_ms)"))
    for number in range(len(orders)):
        assert states.get(f"erp:invoice:{number:03}a") == states.get(f"erp:invoice:{number:03}b")
    for at, then in said.items():
        assert store.query(AS_OF, {"at": at}) == then
    restated = store.query(
        "SELECT groupArray(state) AS states FROM (SELECT * FROM clock_verdicts ORDER BY known_at)"
        f" WHERE subject_key = 'erp:invoice:{len(orders) - 1:03}a'"
    )
    assert restated == [{"states": ["breached", "met"]}]


def shuffled(known: list[tuple[str, int]], chance: object) -> list[tuple[str, int]]:
    order = list(known)
    if chance is not None:
        chance.shuffle(order)  # type: ignore[attr-defined]
    return order


def tell(firm: Firm, subject: str, milestone: str, after_minutes: int) -> None:
    at = NOON + timedelta(minutes=after_minutes)
    if milestone.startswith("invoice_") and milestone != "invoice_disputed":
        firm.reach("C-1", milestone, at, subject=subject)
    else:
        firm.tell("C-1", milestone, at, subject)


def step(judge: Judge) -> None:
    """Judge what was told; a second step has nothing to add."""
    judge.step()
    assert judge.step() == 0


def test_the_minutes_of_the_count_are_those_of_the_office() -> None:
    """So that the properties above are held against something: two hours on Monday at noon end at two."""
    assert instant(OFFICE.after(position(NOON), 120)) == NOON + hours(2)
    assert instant(OFFICE.after(position(NOON), 300)) == datetime(2026, 3, 3, 9, tzinfo=UTC)
