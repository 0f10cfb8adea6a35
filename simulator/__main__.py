"""`python -m simulator`: run the simulated firm against a collector."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from billtrail.errors import BilltrailError
from simulator.run import Simulation
from simulator.settings import SimulatorSettings


def main(arguments: list[str] | None = None) -> int:
    """Fill the history, write the truth, and go on live when asked to. Answers the exit code."""
    given = _parse(arguments)
    settings = SimulatorSettings(seed=given.seed, days=given.days, contracts=given.contracts, token=given.token)
    console = Console(stderr=True)
    try:
        _run(settings, given, console)
    except BilltrailError as error:
        console.print(f"{error}\n{error.hint}".strip())
        return error.exit_code
    return 0


def _run(settings: SimulatorSettings, given: argparse.Namespace, console: Console) -> None:
    with Progress(console=console) as bar:
        task = bar.add_task("history", total=None)
        simulation = Simulation(
            settings, given.collector, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
        with simulation:
            truth = simulation.fill_history()
            if given.truth:
                given.truth.write_text(truth.model_dump_json(indent=2), encoding="utf-8")
            bar.stop()
            console.print(f"{len(truth.contracts)} contracts, {truth.event_count} events")
            if given.live:
                console.print("live, stop with Ctrl-C")
                simulation.run_live(_stop_on_signal())


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    defaults = SimulatorSettings()
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--collector", default="http://127.0.0.1:4318", help="where the doors are (%(default)s)")
    parser.add_argument("--days", type=int, default=defaults.days, help="days of history (%(default)s)")
    parser.add_argument("--contracts", type=int, default=defaults.contracts, help="signed in that time (%(default)s)")
    parser.add_argument("--seed", type=int, default=defaults.seed, help="the same seed, the same firm (%(default)s)")
    parser.add_argument("--token", default="", help="the collector's bearer token")
    parser.add_argument("--truth", type=Path, help="write what truly happened to this file, as JSON")
    parser.add_argument("--live", action="store_true", help="go on after the history, at a visible pace")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
