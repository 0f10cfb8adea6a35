"""What people decide by command: carried out by the running platform, or here where nobody runs it."""

from collections.abc import Callable
from typing import TypeVar

import httpx
from pydantic import BaseModel

from billtrail.cli.door import open_door
from billtrail.cli.reach import owning
from billtrail.clock import Clock, SystemClock
from billtrail.configuration import Configuration
from billtrail.errors import SettingsError, StoreError
from billtrail.platform.ownership import Owner, find_owner
from billtrail.store import Store, StoreSettings

Wish = TypeVar("Wish", bound=BaseModel)
Report = TypeVar("Report", bound=BaseModel)


def decide(
    configuration: Configuration, path: str, wish: Wish, carry_out: Callable[[Store, Clock, Wish], Report],
    kind: type[Report],
) -> Report:  # fmt: skip
    """Carry a wish out where the data is. Raises SettingsError on one that cannot be, StoreError on a broken line."""
    owner = find_owner(configuration.of(StoreSettings).data)
    if owner and owner.is_platform:
        return kind.model_validate_json(_ask(owner, configuration, path, wish))
    with owning(configuration.of(StoreSettings), path.rpartition("/")[2]) as store:
        return carry_out(store, SystemClock(), wish)


def _ask(owner: Owner, configuration: Configuration, path: str, wish: BaseModel) -> bytes:
    try:
        with open_door(owner, configuration, timeout=60) as door:
            answer = door.post(path, content=wish.model_dump_json())
    except httpx.TransportError as error:
        told = f"{owner.ports.http_url}{path} broke off: {error}"
        raise StoreError(told, is_transient=True, hint="type the same again") from error
    if answer.status_code != httpx.codes.OK:
        problem = answer.json()
        raise SettingsError(problem.get("detail", answer.text[:200]), hint=problem.get("hint", ""))
    return answer.content
