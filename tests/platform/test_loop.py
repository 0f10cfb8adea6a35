"""The rim of a loop: errors are counted and outlived, turns are seen from outside."""

import threading

from billtrail.clock import Clock
from billtrail.errors import StoreError
from billtrail.platform.health import check_lag, check_loop
from billtrail.platform.loop import Loop, Work
from billtrail.platform.turn import LoopRecord, TurnSignal
from tests.support.clock import SteppedClock


class UnhurriedStop(threading.Event):
    """A stop event that never waits and remembers how long it was asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return self.is_set()


def run_loop(work: Work, clock: Clock) -> tuple[LoopRecord, list[float | None]]:
    stop = UnhurriedStop()
    loop = Loop("room", work, clock, stop)
    loop.run()
    return loop.record, stop.waits


def test_a_failing_loop_is_started_again_with_growing_waits(clock: SteppedClock) -> None:
    starts = 0

    def fail_three_times(stop: threading.Event) -> None:
        nonlocal starts
        starts += 1
        if starts <= 3:
            raise StoreError("away", is_transient=True)
        stop.set()

    record, waits = run_loop(fail_three_times, clock)
    assert (record.errors, record.last_error) == (3, "StoreError: away")
    assert waits == [0.5, 1.0, 2.0]


def test_the_waits_begin_anew_after_a_good_turn(clock: SteppedClock) -> None:
    starts = 0

    def work_then_fail(stop: threading.Event) -> None:
        nonlocal starts
        starts += 1
        if starts == 4:
            stop.set()
        if starts == 3:
            assert not stop.is_set()
            stop.wait(1.0)
        raise ValueError("broken")

    record, waits = run_loop(work_then_fail, clock)
    assert record.errors == 4
    assert waits == [0.5, 1.0, 1.0, 0.5, 1.0]


def test_turns_are_counted_and_timed(clock: SteppedClock) -> None:
    record = LoopRecord("room", clock.now())
    signal = TurnSignal(UnhurriedStop(), record, clock)
    for seconds in (2, 3):
        assert not signal.is_set()
        clock.step(seconds=seconds)
    signal.wait(60)
    assert (record.turns, record.last_turn_s, record.turn_began_at) == (2, 3.0, None)


def test_health_names_what_is_wrong_with_a_loop(clock: SteppedClock) -> None:
    record = LoopRecord("room", clock.now())
    assert check_loop(record, clock.now()).is_ok
    record.turn_began_at = clock.now()
    clock.step(minutes=11)
    assert check_loop(record, clock.now()).detail == "is busy with one step for 660 s"
    record.errors_in_a_row, record.last_error = 3, "StoreError: away"
    assert check_loop(record, clock.now()).detail == "failed 3 times in a row: StoreError: away"
    record.is_running = False
    assert check_loop(record, clock.now()).detail == "has ended"


def test_health_names_a_loader_that_is_behind(clock: SteppedClock) -> None:
    closed_ns = int(clock.now().timestamp() * 1e9)
    clock.step(seconds=30)
    assert check_lag(closed_ns, clock.now()).is_ok
    clock.step(seconds=90)
    assert check_lag(closed_ns, clock.now()).detail == "the oldest record waits since 120 s"
    assert not check_lag(closed_ns, clock.now()).is_ok
    assert check_lag(None, clock.now()).is_ok


def test_a_loop_that_is_held_waits_between_two_steps(clock: SteppedClock) -> None:
    answers, seen = iter([False, True, True, False]), []
    stop = UnhurriedStop()

    def work(signal: threading.Event) -> None:
        for _ in range(2):
            assert not signal.is_set()
            seen.append(len(stop.waits))
        signal.set()

    def is_held() -> bool:
        assert loop.record.turn_began_at is None
        return next(answers)

    loop = Loop("room", work, clock, stop, is_held)
    loop.run()
    assert (seen, loop.record.errors) == ([0, 2], 0)
