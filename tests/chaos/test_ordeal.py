"""What was acknowledged survives kill -9, exactly once. The long form is `make chaos`."""

import os
from pathlib import Path

from tests.chaos.ordeal import run_ordeal

START_LIMIT_S = 5.0


def start_limit_s() -> float:
    """A start takes at most 5 s; on a machine that n others use as well, n times that."""
    return START_LIMIT_S * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_what_was_acknowledged_survives_being_killed(tmp_path: Path) -> None:
    outcome = run_ordeal(tmp_path, kills=3, seed=7, longest_life_s=2.0)
    assert outcome.faults == ()
    assert outcome.kills >= 3
    assert outcome.acknowledged >= 8
    assert outcome.slowest_start_s < start_limit_s()
