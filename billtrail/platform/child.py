"""A child process that lives as long as this one wants it to. Its output goes to a file."""

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from billtrail.errors import BilltrailError

LOOK_EVERY_S, END_S = 0.5, 5.0


class Child:
    """How to start one program. `run_forever` is the work of a loop: its rim starts the program again when it ends."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._name = name
        self._command = list(command)
        self._environment = {**os.environ, **environment}
        self._log = log

    def run_forever(self, stop: threading.Event) -> None:
        """Run the program until told to stop. Raises BilltrailError when it ends by itself."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C reaches only this process, which then ends its child in order.
                start_new_session=True,
            )
            try:
                self._watch(process, stop)
            finally:
                _end(process)

    def _watch(self, process: "subprocess.Popen[bytes]", stop: threading.Event) -> None:
        while not stop.is_set():
            if (code := process.poll()) is not None:
                raise BilltrailError(f"{self._name} ended with code {code}", hint=f"see {self._log}")
            stop.wait(LOOK_EVERY_S)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
