"""The child process: Streamlit's server with everything switched off that a console for people does not need.

Started by `dashboards.run`, which says by the environment where the store is. Ends when its parent is gone.
"""

import importlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

from streamlit.web import cli

from billtrail.settings import SettingsLayers
from dashboards.settings import DashboardsSettings

HERE = Path(__file__).parent
LOOK_EVERY_S = 1.0


def command_line(settings: DashboardsSettings) -> list[str]:
    """Write the words `streamlit` is started with."""
    options = {
        "server.address": settings.host,
        "server.port": settings.port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.runOnSave": "false",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "global.developmentMode": "false",
        "logger.level": "warning",
        "theme.base": HERE / "theme.toml",
    }
    return ["streamlit", "run", str(HERE / "app.py"), *(f"--{name}={value}" for name, value in options.items())]


def end_with_parent(parent: int) -> None:
    """Look after the parent process, and ask this one to end when it is gone."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)


def _load_early() -> None:
    """Load what is slow to load before the first visitor comes."""
    for name in ("pandas", "plotly.graph_objects"):
        importlib.import_module(name)


def main() -> None:
    sys.argv = command_line(DashboardsSettings.from_layers(SettingsLayers()))
    threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
    threading.Thread(target=_load_early, daemon=True).start()
    cli.main()


if __name__ == "__main__":
    main()
