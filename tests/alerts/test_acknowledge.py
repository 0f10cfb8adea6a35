"""A person takes an alert."""

import json

import pytest

from alerts import acknowledge
from billtrail.errors import SettingsError
from billtrail.store import Store
from tests.alerts.conftest import OpenRoom
from tests.alerts.firm import judge, verdict
from tests.support.clock import SteppedClock


def the_alert(store: Store) -> dict[str, object]:
    (alert,) = store.query("SELECT * FROM alerts")
    return alert


@pytest.fixture
def alert_id(store: Store, clock: SteppedClock, open_room: OpenRoom) -> str:
    judge(store, verdict(clock.now()))
    open_room().step()
    return str(the_alert(store)["alert_id"])


def test_who_took_it_and_why_is_written_down(store: Store, clock: SteppedClock, alert_id: str) -> None:
    acknowledge(store, alert_id, "mira", "looking into it", clock, role="support")
    assert (the_alert(store)["state"], the_alert(store)["acknowledged_by"]) == ("acknowledged", "mira")
    (entry,) = store.query("SELECT * FROM audit_log")
    assert json.loads(entry.pop("details"))["was_acknowledged_by"] == ""
    assert entry == {
        "at": clock.now(),
        "actor": "mira",
        "role": "support",
        "action": "acknowledge",
        "target": alert_id,
        "reason": "looking into it",
    }


def test_twice_by_the_same_is_once_and_by_another_hands_it_over(
    store: Store, clock: SteppedClock, alert_id: str
) -> None:
    for actor in ("mira", "mira", "otto"):
        acknowledge(store, alert_id, actor, "", clock)
    assert the_alert(store)["acknowledged_by"] == "otto"
    assert [row["actor"] for row in store.query("SELECT actor FROM audit_log ORDER BY actor")] == ["mira", "otto"]


def test_an_update_written_at_the_same_moment_does_not_undo_it(
    store: Store, clock: SteppedClock, open_room: OpenRoom, alert_id: str
) -> None:
    room = open_room()
    judge(store, verdict(clock.step(minutes=1), value_at_risk=7))
    acknowledge(store, alert_id, "mira", "", clock)
    stale = {**store.query("SELECT * FROM alert_rows FINAL")[0], "state": "firing", "acknowledged_by": ""}
    stale["version"] = int(clock.now().timestamp() * 1_000_000) + 5
    store.insert("alert_rows", [stale])
    assert the_alert(store)["acknowledged_by"] == "mira"
    room.step()
    assert (the_alert(store)["state"], str(the_alert(store)["value_at_risk"])) == ("acknowledged", "7.00")


def test_a_resolved_alert_an_unknown_one_and_nobody_are_refused(
    store: Store, clock: SteppedClock, open_room: OpenRoom, alert_id: str
) -> None:
    with pytest.raises(SettingsError, match="no alert nothing"):
        acknowledge(store, "nothing", "mira", "", clock)
    with pytest.raises(SettingsError, match="name of who"):
        acknowledge(store, alert_id, " ", "", clock)
    judge(store, verdict(clock.step(minutes=1), "cancelled"))
    open_room().step()
    with pytest.raises(SettingsError, match="resolved already: cancelled"):
        acknowledge(store, alert_id, "mira", "", clock)
    assert store.query("SELECT count() AS n FROM audit_log")[0]["n"] == 0
