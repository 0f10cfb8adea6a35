"""How a command reaches the data: through the platform that owns it, or by opening the store itself.

The user need not know which. A store that is opened here is claimed as long as the command runs.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import typer

from billtrail.clock import SystemClock
from billtrail.configuration import Configuration
from billtrail.errors import SettingsError, StoreError
from billtrail.platform.ownership import Owner, Ownership, find_owner
from billtrail.store import Store, StoreSettings, open_reader, open_store
from billtrail.store.endpoint.settings import ReadSettings
from billtrail.store.settings import Topology


def configure(context: typer.Context, data: Path | None = None, **flags: dict[str, Any]) -> Configuration:
    """Read the settings of this run, with `--data` and other flags on top."""
    return Configuration.read(context.obj, {"store": {"data": data}, **flags})


@contextmanager
def reading(configuration: Configuration) -> Iterator[Store]:
    """Open the data for questions. Raises SettingsError when there is none yet."""
    settings = configuration.of(StoreSettings)
    owner = find_owner(settings.data) if settings.topology is Topology.EMBEDDED else None
    store = _open_through(owner, settings, configuration.of(ReadSettings)) if owner else _open(settings)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def owning(settings: StoreSettings, command: str, *, migrates: bool = True) -> Iterator[Store]:
    """Open the data for work on it, in the embedded topology alone.

    Raises StoreError that names the present owner when there is one.
    """
    with ExitStack() as teardown:
        if settings.topology is Topology.EMBEDDED:
            teardown.callback(Ownership.claim(settings.data, command, SystemClock()).release)
        store = open_store(settings, migrates=migrates)
        teardown.callback(store.close)
        yield store


def _open(settings: StoreSettings) -> Store:
    if settings.topology is not Topology.EMBEDDED:
        return open_reader(settings)
    if not (settings.data / "store").exists():
        raise SettingsError(
            f"there is no data in {settings.data}", hint="billtrail up --demo, or --data with another folder"
        )
    return open_store(settings)


def _open_through(owner: Owner, settings: StoreSettings, read: ReadSettings) -> Store:
    if not owner.is_platform:
        raise StoreError(
            f"the data in {settings.data} is in use by {owner.describe()}",
            is_transient=True,
            hint="wait until it has ended",
        )
    return open_reader(settings.model_copy(update={"url": owner.ports.read_url, "password": read.token}))
