"""A receiver, and a room that talks to it: the real loop over the real engine with a stepped clock."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from alerts import AlertLoop, AlertsSettings
from billtrail.store import Store
from tests.alerts.receiver import Receiver
from tests.support.clock import SteppedClock

OpenRoom = Callable[..., AlertLoop]

PATIENT = {"delivery_patience_ms": 20_000, "group_wait_s": 0}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def open_room(store: Store, clock: SteppedClock, receiver: Receiver) -> Iterator[OpenRoom]:
    """Open the loop over the test's store, telling the test's receiver unless other receivers are named."""
    opened: list[AlertLoop] = []

    def open_one(*receivers: str, **settings: Any) -> AlertLoop:
        urls = tuple(SecretStr(url) for url in receivers or (f"{receiver.url}/hook",))
        opened.append(AlertLoop(store, clock, AlertsSettings(receivers=urls, **{**PATIENT, **settings})))
        return opened[-1]

    yield open_one
    for loop in opened:
        loop.close()
