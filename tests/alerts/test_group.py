"""Who is told when: Alertmanager's intervals, as a function."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from alerts.alert import Alert, AlertState
from alerts.group import Group, GroupLog, Memory, Plan, Telling, group_alerts, plan_group
from alerts.settings import AlertsSettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTINGS = AlertsSettings(group_wait_s=30, group_interval_s=300, repeat_interval_s=3600)
NOBODY = Memory(frozenset(), {}, frozenset())


def alert(name: str, started_at: datetime = NOW, state: AlertState = AlertState.FIRING, owner: str = "pmo") -> Alert:
    return Alert(
        alert_id=name,
        fingerprint=name,
        name="late",
        severity="warning",
        state=state,
        reason="clock_breached",
        subject=name,
        lifecycle_id="",
        summary=name,
        labels={"alertname": "late", "owner": owner},
        owner=owner,
        runbook="",
        value_at_risk=Decimal(1),
        currency="EUR",
        started_at=started_at,
        acknowledged_by="",
        assigned_to="",
        resolved_at=None,
        version=1,
    )


def group(*alerts: Alert) -> Group:
    (only,) = group_alerts(alerts, ["alertname"])
    return only


def told(*names: str, at: datetime = NOW) -> Memory:
    return Memory(frozenset(names), {'{alertname="late"}': GroupLog(at, at)}, frozenset())


def after(**delta: float) -> datetime:
    return NOW + timedelta(**delta)


def test_a_new_group_waits_for_group_wait() -> None:
    new = group(alert("a"), alert("b", after(seconds=20)))
    assert plan_group(new, NOBODY, SETTINGS, after(seconds=29)) == Plan(
        new, Telling.WAITING_GROUP_WAIT, look_again_at=after(seconds=30)
    )
    plan = plan_group(new, NOBODY, SETTINGS, after(seconds=30))
    assert (plan.reason, [one.alert_id for one in plan.firing]) == (Telling.FIRST_NOTIFICATION, ["a", "b"])


def test_news_about_a_told_group_waits_for_group_interval() -> None:
    grown = group(alert("a"), alert("b", after(seconds=60)))
    assert plan_group(grown, told("a"), SETTINGS, after(seconds=299)).reason is Telling.WAITING_GROUP_INTERVAL
    assert plan_group(grown, told("a"), SETTINGS, after(seconds=300)).reason is Telling.NEW_ALERTS


def test_an_end_is_told_with_what_still_fires_or_as_the_end_of_all() -> None:
    ended = alert("a", state=AlertState.RESOLVED)
    some = plan_group(group(ended, alert("b")), told("a", "b"), SETTINGS, after(seconds=300))
    assert (some.reason, some.firing, some.resolved) == (Telling.SOME_RESOLVED, (alert("b"),), (ended,))
    assert plan_group(group(ended), told("a"), SETTINGS, after(seconds=300)).reason is Telling.ALL_RESOLVED


def test_an_alert_that_ended_before_it_was_told_is_not_told() -> None:
    ended = group(alert("a", state=AlertState.RESOLVED))
    assert plan_group(ended, NOBODY, SETTINGS, after(hours=1)).reason is Telling.NOTHING_TO_TELL


def test_what_stands_is_repeated_after_repeat_interval() -> None:
    standing = group(alert("a"))
    assert plan_group(standing, told("a"), SETTINGS, after(seconds=3599)).reason is Telling.WAITING_REPEAT_INTERVAL
    assert plan_group(standing, told("a"), SETTINGS, after(hours=1)).reason is Telling.REPEAT_INTERVAL_ELAPSED


def test_an_acknowledged_alert_is_neither_new_nor_repeated() -> None:
    taken = group(alert("a", state=AlertState.ACKNOWLEDGED))
    assert plan_group(taken, NOBODY, SETTINGS, after(days=1)).reason is Telling.NOTHING_TO_TELL
    assert plan_group(taken, told("a"), SETTINGS, after(days=1)).reason is Telling.NOTHING_TO_TELL


def test_a_group_whose_message_is_under_way_waits_for_it() -> None:
    busy = replace(NOBODY, pending=frozenset({'{alertname="late"}'}))
    assert plan_group(group(alert("a")), busy, SETTINGS, after(hours=1)).reason is Telling.DELIVERY_PENDING


def test_a_group_that_was_given_up_is_tried_again_after_group_interval() -> None:
    failed = Memory(frozenset(), {'{alertname="late"}': GroupLog(None, after(seconds=60))}, frozenset())
    assert plan_group(group(alert("a")), failed, SETTINGS, after(seconds=359)).reason is Telling.WAITING_GROUP_INTERVAL
    assert plan_group(group(alert("a")), failed, SETTINGS, after(seconds=360)).reason is Telling.FIRST_NOTIFICATION


def test_a_group_that_was_over_begins_with_group_wait_again() -> None:
    fresh = group(alert("b", after(seconds=10)))
    assert plan_group(fresh, told(at=NOW), SETTINGS, after(seconds=40)).reason is Telling.FIRST_NOTIFICATION


def test_no_group_by_is_one_group_and_every_label_value_is_another() -> None:
    alerts = [alert("a", owner="pmo"), alert("b", owner="erp"), alert("c", owner="pmo")]
    assert [len(one.alerts) for one in group_alerts(alerts, [])] == [3]
    assert [(one.key, len(one.alerts)) for one in group_alerts(alerts, ["owner"])] == [
        ('{owner="erp"}', 1),
        ('{owner="pmo"}', 2),
    ]


def test_a_label_value_cannot_forge_another_groups_key() -> None:
    forged = alert("a", owner='x", alertname="y')
    honest = replace(alert("b"), labels={"owner": "x", "alertname": "y"})
    keys = [one.key for one in group_alerts([forged], ["owner"]) + group_alerts([honest], ["owner", "alertname"])]
    assert keys[0] != keys[1]


states = st.sampled_from(AlertState)


@given(st.lists(st.tuples(st.lists(states, min_size=3, max_size=3), st.integers(0, 4000)), max_size=12))
def test_an_end_is_told_exactly_once_and_only_after_its_beginning(rounds: list[tuple[list[AlertState], int]]) -> None:
    """Whatever alerts do between rounds (a resolved one stays resolved), one delivery at a time."""
    memory, now = NOBODY, NOW
    ended: set[str] = set()
    said: list[tuple[str, str]] = []
    for states_now, seconds in rounds:
        now += timedelta(seconds=seconds)
        alerts = []
        for name, state in zip("abc", states_now, strict=True):
            ended |= {name} if state is AlertState.RESOLVED else set()
            alerts.append(alert(name, state=AlertState.RESOLVED if name in ended else state))
        plan = plan_group(group(*alerts), memory, SETTINGS, now)
        if plan.is_due:
            said += [("firing", one.alert_id) for one in plan.firing] + [
                ("ended", one.alert_id) for one in plan.resolved
            ]
            names = memory.told | {one.alert_id for one in plan.firing}
            memory = told(*(names - {one.alert_id for one in plan.resolved}), at=now)
    for name in "abc":
        mine = [what for what, whose in said if whose == name]
        assert mine.count("ended") <= 1
        assert "ended" not in mine or (mine[0] == "firing" and mine[-1] == "ended")
