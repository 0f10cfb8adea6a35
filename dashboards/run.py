"""Starting and ending the pages: a child process, so that drawing never holds up what keeps the data.

The child is told where the store is by its environment, never by its command line, which everyone on the machine can
read. It ends when its parent does.
"""

import os
import subprocess
import sys
import threading

from billtrail.listening import check_listening, url_of
from billtrail.settings import RoomSettings
from billtrail.store import StoreSettings
from dashboards.settings import DashboardsSettings

STOP_PATIENCE_S = 5.0
LOOK_EVERY_S = 0.5


def start_dashboards(settings: DashboardsSettings, store: StoreSettings) -> "subprocess.Popen[bytes]":
    """Start the pages over the store at `store.url`. They answer a second or two later, see `health_url`.

    Raises SettingsError when the address is reachable from outside and no token is set.
    """
    check_listening("dashboards.host", settings.host, has_token=bool(settings.token.get_secret_value()))
    environment = {**os.environ, **_as_environment(settings), **_as_environment(store)}
    # Streamlit greets on its standard output; what goes wrong it says on the other, which stays ours.
    return subprocess.Popen(
        [sys.executable, "-m", "dashboards.serve"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def stop_dashboards(process: "subprocess.Popen[bytes]", patience_s: float = STOP_PATIENCE_S) -> int:
    """Ask the pages to end, insist when they do not, and answer the exit code."""
    process.terminate()
    try:
        return process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def run_forever(settings: DashboardsSettings, store: StoreSettings, stop: threading.Event) -> int:
    """Serve the pages until `stop` is set or they end by themselves. Answers the exit code, 0 when asked to stop."""
    process = start_dashboards(settings, store)
    try:
        while not stop.wait(LOOK_EVERY_S):
            if (code := process.poll()) is not None:
                return code
        return 0
    finally:
        stop_dashboards(process)


def health_url(settings: DashboardsSettings) -> str:
    """The address that answers 200 once the pages are served."""
    return f"{url_of(settings.host, settings.port)}/_stcore/health"


def _as_environment(settings: RoomSettings) -> dict[str, str]:
    values = {name: getattr(settings, name) for name in type(settings).model_fields}
    texts = {name: getattr(value, "get_secret_value", lambda value=value: value)() for name, value in values.items()}
    return {type(settings).environment_name(name): str(text) for name, text in texts.items()}
