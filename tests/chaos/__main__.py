"""The long form of the crash harness: `python -m tests.chaos [kills] [seed]`. Exit code 1 when a promise was broken."""

import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.ordeal import run_ordeal
from tests.chaos.test_ordeal import start_limit_s


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000
    print(f"{kills} kills, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="billtrail-chaos-") as folder:
        outcome = run_ordeal(Path(folder), kills, seed)
    print(f"killed {outcome.kills} times, slowest start {outcome.slowest_start_s:.1f} s")
    print(f"requests acknowledged {outcome.acknowledged}, not acknowledged {outcome.unacknowledged}")
    for fault in outcome.faults[:20]:
        print(f"BROKEN {fault}")
    return int(bool(outcome.faults) or outcome.slowest_start_s > start_limit_s())


if __name__ == "__main__":
    sys.exit(main())
