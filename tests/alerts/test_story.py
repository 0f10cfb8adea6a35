"""Any story of clocks, outages, restarts and acknowledgements, told by the real loop to a real receiver."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from alerts import AlertLoop, AlertsSettings, acknowledge
from billtrail.store import Store
from tests.alerts.firm import judge, verdict
from tests.alerts.receiver import Receiver
from tests.support.clock import SteppedClock

TABLES = ("clock_verdicts", "clock_rows", "alert_rows", "notification_rows", "audit_log")
SUBJECTS = tuple(f"psa:time_entry:TE-{n}" for n in range(3))
STATES = ("breached", "breached", "missed", "cancelled", "unknown", "paused")

moves = st.one_of(
    st.tuples(st.just("verdict"), st.sampled_from(SUBJECTS), st.sampled_from(STATES)),
    st.tuples(st.just("outage"), st.lists(st.sampled_from((401, 429, 503)), min_size=1, max_size=3)),
    st.tuples(st.just("restart")),
    st.tuples(st.just("acknowledge")),
    st.tuples(st.just("wait"), st.sampled_from((1, 60, 300, 4000))),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(moves, min_size=3, max_size=12))
def test_what_must_be_known_is_told_and_its_end_once(store: Store, receiver: Receiver, story: list[Any]) -> None:
    clock = SteppedClock()
    with _empty(store, receiver), _Room(store, clock, receiver) as room:
        for move in story:
            room.live(move)
            assert _twice_open(store) == []
        receiver.answers.clear()
        for ending in ("unknown", "missed"):  # first what stands is told, then that it is over
            judge(store, *(verdict(clock.step(seconds=1), ending, subject_key=subject) for subject in SUBJECTS))
            for _ in range(4):  # long enough for retries, then news, then nothing left to say
                clock.step(hours=2)
                room.loop.step()
            check(store, receiver)


def check(store: Store, receiver: Receiver) -> None:
    """What was said fits the alerts as they stand."""
    assert store.query("SELECT * FROM notifications WHERE outcome = 'pending'") == []
    said = [(one["labels"]["subject"], one["status"], one["startsAt"]) for one in _said(receiver)]
    for alert in store.query("SELECT * FROM alerts"):
        mine = [status for subject, status, at in said if (subject, at) == (alert["subject"], _text(alert))]
        assert mine.count("resolved") == (1 if "firing" in mine and alert["state"] == "resolved" else 0)
        assert alert["state"] != "firing" or "firing" in mine
        assert "resolved" not in mine or mine[-1] == "resolved"


class _Room:
    """The loop and what happens to it."""

    def __init__(self, store: Store, clock: SteppedClock, receiver: Receiver) -> None:
        self._store, self._clock, self._receiver = store, clock, receiver
        self._dead: list[AlertLoop] = []
        self.loop = self._open()

    def _open(self) -> AlertLoop:
        url = SecretStr(self._receiver.url)
        return AlertLoop(self._store, self._clock, AlertsSettings(receivers=(url,), delivery_patience_ms=20_000))

    def live(self, move: tuple[Any, ...]) -> None:
        if move[0] == "verdict":
            judge(self._store, verdict(self._clock.step(seconds=1), move[2], subject_key=move[1]))
        elif move[0] == "outage":
            self._receiver.answers.extend((status, {"Retry-After": "20"}) for status in move[1])
        elif move[0] == "restart":
            self._dead.append(self.loop)
            self.loop = self._open()
        elif move[0] == "acknowledge":
            for alert in self._store.query("SELECT alert_id FROM alerts WHERE state = 'firing' LIMIT 1"):
                acknowledge(self._store, alert["alert_id"], "mira", "", self._clock)
        else:
            self._clock.step(seconds=move[1])
        self.loop.step()

    def __enter__(self) -> "_Room":
        return self

    def __exit__(self, *_: object) -> None:
        for loop in (*self._dead, self.loop):
            loop.close()


@contextmanager
def _empty(store: Store, receiver: Receiver) -> Iterator[None]:
    for table in TABLES:
        store.command(f"TRUNCATE TABLE {table}")
    receiver.bodies.clear()
    receiver.answers.clear()
    yield


def _twice_open(store: Store) -> list[Any]:
    return store.query(
        "SELECT fingerprint FROM alerts WHERE state != 'resolved' GROUP BY fingerprint HAVING count() > 1"
    )


def _said(receiver: Receiver) -> list[dict[str, Any]]:
    return [alert for body in receiver.bodies for alert in body["alerts"]]


def _text(alert: dict[str, Any]) -> str:
    return str(alert["started_at"].isoformat(timespec="milliseconds").replace("+00:00", "Z"))
