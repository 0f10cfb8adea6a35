"""Live, the firm goes on where its history ended, at a pace one can watch."""

import itertools
from datetime import timedelta

import pytest

from billtrail.clock import SystemClock
from simulator.run import Simulation
from tests.simulator.firm import ENDS_AT, StopAfter, small_firm
from tests.simulator.receiver import Receiver
from tests.support.clock import SteppedClock


def _no_wait(seconds: float) -> None:
    del seconds


def test_the_firm_goes_on_after_its_history() -> None:
    settings = small_firm(contracts=4, days=20, live_day_seconds=1.0)
    with Receiver() as receiver:
        with Simulation(settings, receiver.url, sleep=_no_wait) as simulation:
            before = simulation.fill_history()
            told_before = len(receiver.events)
            simulation.run_live(StopAfter(60))
            after = simulation.truth()
        assert len(receiver.events) > told_before
        assert after.event_count > before.event_count
        recent = SystemClock().now() - timedelta(minutes=5)
        assert all(event["time"] > recent.strftime("%Y-%m-%dT%H:%M") for event in receiver.events[told_before:])
        ids = [(event["source"], event["id"]) for event in receiver.events]
        assert len(set(ids)) == after.event_count


def test_idle_stretches_of_the_plan_are_cut_short() -> None:
    settings = small_firm(contracts=4, live_day_seconds=1000.0, live_longest_wait_seconds=5.0)
    stop = StopAfter(40)
    clock = SteppedClock(ENDS_AT)
    with Receiver() as receiver, Simulation(settings, receiver.url, clock=clock, sleep=_no_wait) as simulation:
        simulation.fill_history()
        simulation.run_live(stop)
    waits = [wait for wait in stop.waits if wait is not None]
    gaps = [later - earlier for earlier, later in itertools.pairwise(waits)]
    assert max(gaps) == pytest.approx(5.0)
    assert 0 < min(gap for gap in gaps if gap) < 5.0


def test_a_collector_that_is_away_for_a_while_misses_nothing() -> None:
    settings = small_firm(contracts=4, days=20, live_day_seconds=1.0)
    with Receiver() as receiver:
        with Simulation(settings, receiver.url, sleep=_no_wait) as simulation:
            simulation.fill_history()
            receiver.refusals.extend([(503, {"retry-after": "3600"})] * 5)
            simulation.run_live(StopAfter(40))
            truth = simulation.truth()
        assert len({(event["source"], event["id"]) for event in receiver.events}) == truth.event_count
