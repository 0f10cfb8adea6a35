"""What a command that stays needs: an orderly end on a signal, and a log on standard error."""

import gc
import logging
import signal
import threading
import time

from rich.logging import RichHandler

from billtrail.cli.output import error_console

PATIENCE_S = 1.0


def stop_on_signals(stop: threading.Event) -> None:
    """Set the event on SIGINT and SIGTERM. A second signal, after a while, ends the process at once.

    Not the very next one: some send a signal to the process and to its group, which is twice for one wish.
    """
    patient_until = float("inf")

    def note(number: int, frame: object) -> None:
        nonlocal patient_until
        if not stop.is_set():
            patient_until = time.monotonic() + PATIENCE_S
            stop.set()
        elif time.monotonic() > patient_until:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)


def keep_what_is_loaded() -> None:
    """Take all objects there are by now out of garbage collection, for a process that has started and stays.

    They stay anyway, and looking through them holds up every thread, each door among them, for 0.1 s at a time.
    """
    gc.collect()
    gc.freeze()


def set_up_logging() -> None:
    """Write warnings and worse of every library, and what Billtrail's own parts have to say."""
    handler = RichHandler(console=error_console, show_path=False, rich_tracebacks=False, markup=False)
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", handlers=[handler])
