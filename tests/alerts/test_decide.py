"""The decision as a function: properties over any sequence of pictures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from alerts.alert import Alert, AlertState
from alerts.condition import Condition, Kind, Observation, Picture, Reason
from alerts.decide import Decision, decide

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ENDINGS = (Reason.STEP_ARRIVED_LATE, Reason.STEP_WAS_IN_TIME, Reason.CANCELLED, Reason.PAUSED, Reason.DEADLINE_MOVED)


def condition(subject: str, owner: str = "pmo", amount: int = 1) -> Condition:
    return Condition(
        kind=Kind.SLA,
        name="time-posted",
        subject=subject,
        lifecycle_id="crm:contract:C-1",
        severity="warning",
        summary=f"{subject} is late",
        owner=owner,
        runbook="",
        value_at_risk=Decimal(amount),
        currency="EUR",
        client="",
        region="",
        legal_entity="",
    )


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    seen = condition(draw(st.sampled_from("abcd")), draw(st.sampled_from(("pmo", "erp"))), draw(st.integers(0, 3)))
    if draw(st.booleans()):
        return Observation(seen.fingerprint, Reason.CLOCK_BREACHED, seen)
    return Observation(seen.fingerprint, draw(st.sampled_from((*ENDINGS, Reason.SOURCE_BEHIND))))


pictures = st.builds(
    Picture,
    st.lists(observations(), max_size=6).map(tuple),
    st.sampled_from((frozenset(), frozenset({Kind.SLA}), frozenset({Kind.DETECTOR}))),
)


def applied(alerts: list[Alert], decisions: list[Decision]) -> list[Alert]:
    """What the table shows after the versions are written."""
    newest = {alert.alert_id: alert for alert in alerts}
    for decision in decisions:
        if decision.alert is not None:
            newest[decision.alert.alert_id] = decision.alert
    return list(newest.values())


def still_open(alerts: list[Alert]) -> dict[str, Alert]:
    return {alert.fingerprint: alert for alert in alerts if alert.is_open}


@given(st.lists(pictures, max_size=8))
def test_deciding_twice_changes_nothing(history: list[Picture]) -> None:
    alerts: list[Alert] = []
    for minute, picture in enumerate(history):
        now = NOW + timedelta(minutes=minute)
        alerts = applied(alerts, decide(picture, still_open(alerts), now))
        again = decide(picture, still_open(alerts), now)
        assert [decision.alert for decision in again if decision.alert is not None] == []


@given(st.lists(pictures, max_size=8))
def test_there_are_never_two_open_alerts_of_one_fingerprint(history: list[Picture]) -> None:
    alerts: list[Alert] = []
    for minute, picture in enumerate(history):
        alerts = applied(alerts, decide(picture, still_open(alerts), NOW + timedelta(minutes=minute)))
        fingerprints = [alert.fingerprint for alert in alerts if alert.is_open]
        assert len(fingerprints) == len(set(fingerprints))


@given(st.lists(pictures, max_size=8))
def test_what_is_resolved_stays_as_it_was_and_versions_rise(history: list[Picture]) -> None:
    alerts: list[Alert] = []
    for minute, picture in enumerate(history):
        before = {alert.alert_id: alert for alert in alerts}
        alerts = applied(alerts, decide(picture, still_open(alerts), NOW + timedelta(minutes=minute)))
        for alert in alerts:
            old = before.get(alert.alert_id, alert)
            assert old is alert or (old.is_open and old.version < alert.version)


@given(pictures, st.sampled_from("abcd"))
def test_an_acknowledgement_survives_every_change_of_details(picture: Picture, subject: str) -> None:
    seen = condition(subject)
    (opened,) = decide(Picture((Observation(seen.fingerprint, Reason.CLOCK_BREACHED, seen),)), {}, NOW)
    assert opened.alert is not None
    taken = replace(opened.alert, state=AlertState.ACKNOWLEDGED, acknowledged_by="mira")
    for decision in decide(picture, {taken.fingerprint: taken}, NOW):
        if decision.alert is not None and decision.alert.alert_id == taken.alert_id and decision.alert.is_open:
            assert (decision.alert.state, decision.alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, "mira")


def test_every_answer_has_its_reason() -> None:
    seen = condition("a")
    picture = Picture((Observation(seen.fingerprint, Reason.CLOCK_BREACHED, seen),))
    (opened,) = decide(picture, {}, NOW)
    assert opened.alert is not None
    alerts = {seen.fingerprint: opened.alert}
    ended = Observation(seen.fingerprint, Reason.CANCELLED)
    richer = replace(seen, value_at_risk=Decimal(9))
    assert [
        opened.reason,
        decide(picture, alerts, NOW)[0].reason,
        decide(Picture((Observation(seen.fingerprint, Reason.CLOCK_BREACHED, richer),)), alerts, NOW)[0].reason,
        decide(Picture((ended,)), alerts, NOW)[0].reason,
        decide(Picture((ended,)), {}, NOW)[0].reason,
        decide(Picture((), frozenset({Kind.SLA})), alerts, NOW)[0].reason,
    ] == [
        Reason.CLOCK_BREACHED,
        Reason.UNCHANGED,
        Reason.DETAILS_CHANGED,
        Reason.CANCELLED,
        Reason.NOTHING_OPEN,
        Reason.WITHDRAWN,
    ]
