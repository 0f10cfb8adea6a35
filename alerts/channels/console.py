"""Console: one line per message on standard error (`console:`) or standard output (`console:stdout`)."""

from rich.console import Console
from rich.text import Text

from alerts.message import Message
from alerts.settings import AlertsSettings
from billtrail.errors import SettingsError

STYLES = {"firing": "bold red", "repeat": "yellow", "resolved": "green"}


class ConsoleChannel:
    """Writes to the terminal of the process that runs the alerts."""

    def __init__(self, url: str, settings: AlertsSettings) -> None:
        stream = url.partition(":")[2].strip("/")
        if stream not in ("", "stdout", "stderr"):
            raise SettingsError("console: takes nothing, stdout or stderr after the colon")
        self.name = f"console:{stream}" if stream else "console"
        self._console = Console(stderr=stream != "stdout", soft_wrap=True, highlight=False)

    def send(self, message: Message) -> None:
        line = Text(_printable(message.title), style=STYLES.get(message.kind, ""))
        line.append(_printable(f": {_worst(message)}"), style="default")
        self._console.print(line)

    def close(self) -> None:
        """Nothing is held."""


def _worst(message: Message) -> str:
    """The most valuable alert in words, and how many more there are."""
    ((worst, _),) = message.shown(1)
    more = message.count - 1
    return f"{worst.summary} (and {more} more)" if more else worst.summary


def _printable(text: str) -> str:
    """Leave out line ends and terminal commands: names and evidence come from outside."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
