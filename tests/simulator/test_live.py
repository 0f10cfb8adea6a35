"""Live, the firm goes on where its history ended, at a pace one can watch."""

from datetime import timedelta

from billtrail.clock import SystemClock
from simulator.run import Simulation
from tests.simulator.firm import StopAfter, small_firm
from tests.simulator.receiver import Receiver


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


def test_a_live_day_lasts_as_long_as_set() -> None:
    settings = small_firm(contracts=4, live_day_seconds=1000.0)
    stop = StopAfter(40)
    with Receiver() as receiver, Simulation(settings, receiver.url, sleep=_no_wait) as simulation:
        simulation.fill_history()
        simulation.run_live(stop)
    waits = [wait for wait in stop.waits if wait is not None]
    assert waits == sorted(waits), "each waits for its place in the plan"
    assert 50 < waits[-1] < 20_000


def test_a_collector_that_is_away_for_a_while_misses_nothing() -> None:
    settings = small_firm(contracts=4, days=20, live_day_seconds=1.0)
    with Receiver() as receiver:
        with Simulation(settings, receiver.url, sleep=_no_wait) as simulation:
            simulation.fill_history()
            receiver.refusals.extend([(503, {"retry-after": "3600"})] * 5)
            simulation.run_live(StopAfter(40))
            truth = simulation.truth()
        assert len({(event["source"], event["id"]) for event in receiver.events}) == truth.event_count
