"""What a command that stays needs: an orderly end on a signal, and a log on standard error."""

import logging
import signal
import threading

from rich.logging import RichHandler

from billtrail.cli.output import error_console


def stop_on_signals(stop: threading.Event) -> None:
    """Set the event on SIGINT and SIGTERM; a second signal ends the process at once."""

    def note(number: int, frame: object) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)


def set_up_logging() -> None:
    """Write warnings and worse of every library, and what Billtrail's own parts have to say."""
    handler = RichHandler(console=error_console, show_path=False, rich_tracebacks=False, markup=False)
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", handlers=[handler])
