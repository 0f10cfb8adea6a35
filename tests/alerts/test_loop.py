"""From a breached clock to a message at a real receiver, and to its end."""

from datetime import timedelta
from decimal import Decimal

from alerts import acknowledge
from billtrail.store import Store
from tests.alerts.conftest import OpenRoom
from tests.alerts.firm import LIFECYCLE, SLA, SUBJECT, finding, judge, promise, report, verdict
from tests.alerts.receiver import Receiver
from tests.support.clock import SteppedClock

SENTENCE = (
    "Time entry psa:time_entry:TE-77 of Acme GmbH was approved 3 days ago and is not posted in ERP;"
    " EUR 1,200 at risk; owner finance-systems"
)


def alerts(store: Store) -> list[dict[str, object]]:
    return store.query("SELECT * FROM alerts ORDER BY started_at, alert_id")


def test_a_breached_clock_becomes_an_alert_in_plain_words(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    promise(store)
    judge(store, verdict(clock.now()))
    open_room(runbook_base_url="https://runbooks.firm.example/", dashboards_url="http://localhost:8501").step()

    (alert,) = alerts(store)
    assert alert["summary"] == SENTENCE
    assert alert["labels"] == {
        "alertname": SLA,
        "sla": SLA,
        "subject": SUBJECT,
        "lifecycle_id": LIFECYCLE,
        "client": "Acme GmbH",
        "region": "EMEA",
        "legal_entity": "DE01",
        "owner": "finance-systems",
        "severity": "critical",
    }
    assert (alert["state"], alert["reason"]) == ("firing", "clock_breached")
    assert (alert["value_at_risk"], alert["currency"]) == (Decimal("1200.00"), "EUR")
    assert alert["runbook"] == "https://runbooks.firm.example/time-posted.md"
    (body,) = receiver.bodies
    assert body["alerts"][0]["generatorURL"] == "http://localhost:8501/trace?id=psa%3Atime_entry%3ATE-77"


def test_a_late_step_resolves_it_and_that_is_told_once(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    promise(store)
    judge(store, verdict(clock.now()))
    room = open_room()
    room.step()
    judge(store, verdict(clock.step(minutes=1), "missed"))
    room.step()
    assert [body["status"] for body in receiver.bodies] == ["firing"]  # within group_interval
    clock.step(minutes=5)
    room.step()
    clock.step(days=1)
    room.step()
    assert [body["status"] for body in receiver.bodies] == ["firing", "resolved"]
    assert receiver.bodies[1]["alerts"][0]["endsAt"] == "2026-03-02T12:01:00.000Z"
    (alert,) = alerts(store)
    assert (alert["state"], alert["reason"]) == ("resolved", "step_arrived_late")


def test_a_second_breach_is_a_new_alert(store: Store, clock: SteppedClock, open_room: OpenRoom) -> None:
    room = open_room()
    for state in ("breached", "paused", "breached"):
        judge(store, verdict(clock.step(minutes=1), state))
        room.step()
    first, second = alerts(store)
    assert (first["state"], first["reason"], second["state"]) == ("resolved", "paused", "firing")
    assert first["fingerprint"] == second["fingerprint"]
    assert first["alert_id"] != second["alert_id"]


def test_a_source_that_is_behind_neither_opens_nor_resolves(
    store: Store, clock: SteppedClock, open_room: OpenRoom
) -> None:
    room = open_room()
    judge(store, verdict(clock.now(), "unknown", subject_key="psa:time_entry:TE-78"), verdict(clock.now()))
    room.step()
    judge(store, verdict(clock.step(minutes=1), "unknown"))
    room.step()
    assert [(alert["subject"], alert["state"]) for alert in alerts(store)] == [(SUBJECT, "firing")]


def test_a_finding_alerts_until_it_is_resolved(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    room = open_room()
    report(store, finding(clock.now()), finding(clock.now(), detector="orphan", severity="info"))
    room.step()
    assert [alert["summary"] for alert in receiver_alerts(receiver)] == [
        "Invoice INV-8841 was issued twice, again as INV-8842; EUR 5,000.50 at risk; owner accounts-receivable"
    ]
    report(store, finding(clock.now(), version=2, resolved_at=clock.step(minutes=1)))
    room.step()
    (alert,) = alerts(store)
    assert (alert["name"], alert["reason"]) == ("duplicate_invoice", "finding_resolved")


def test_hundreds_that_stand_at_the_first_start_are_one_message_worst_first(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    promise(store)
    late = [verdict(clock.now(), subject_key=f"psa:time_entry:TE-{n}", value_at_risk=Decimal(n)) for n in range(1, 301)]
    history = [verdict(clock.now(), "missed", subject_key=f"psa:time_entry:OLD-{n}") for n in range(50)]
    judge(store, *late, *history)
    open_room(max_alerts=3).step()
    (body,) = receiver.bodies
    assert [alert["labels"]["subject"][-3:] for alert in body["alerts"]] == ["300", "299", "298"]
    assert body["truncatedAlerts"] == 297
    assert body["value_at_risk"] == {"EUR": "45150.00"}
    assert store.query("SELECT count() AS n FROM notification_rows FINAL")[0]["n"] == 1
    assert store.query("SELECT uniqExact(alert_id) AS n FROM notifications WHERE outcome = 'sent'")[0]["n"] == 300


def test_what_stands_is_repeated_and_what_is_acknowledged_is_not(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    other = "psa:time_entry:TE-78"
    judge(store, verdict(clock.now()), verdict(clock.now(), subject_key=other))
    room = open_room()
    room.step()
    taken = next(alert for alert in alerts(store) if alert["subject"] == other)
    acknowledge(store, str(taken["alert_id"]), "mira", "looking into it", clock)
    clock.step(hours=4)
    room.step()
    assert [sorted(a["labels"]["subject"] for a in body["alerts"]) for body in receiver.bodies] == [
        [SUBJECT, other],
        [SUBJECT],
    ]
    judge(store, verdict(clock.step(minutes=10), "missed", subject_key=other))
    room.step()
    assert [a["status"] for a in receiver.bodies[2]["alerts"]] == ["firing", "resolved"]


def test_an_alert_whose_clock_is_gone_is_withdrawn_at_the_next_sweep(
    store: Store, clock: SteppedClock, open_room: OpenRoom
) -> None:
    judge(store, verdict(clock.now()))
    room = open_room()
    room.step()
    store.command("TRUNCATE TABLE clock_verdicts")
    store.command("TRUNCATE TABLE clock_rows")
    clock.step(minutes=1)
    room.step()
    assert alerts(store)[0]["state"] == "firing"
    clock.step(minutes=5)
    room.step()
    assert (alerts(store)[0]["state"], alerts(store)[0]["reason"]) == ("resolved", "withdrawn")


def test_a_corrected_label_changes_the_alert_and_opens_no_other(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    judge(store, verdict(clock.now(), client="", owner="pmo"))
    room = open_room()
    room.step()
    judge(store, verdict(clock.now() + timedelta(seconds=1), owner="pmo", value_at_risk=Decimal(7)))
    clock.step(hours=1)
    room.step()
    (alert,) = alerts(store)
    assert (alert["labels"]["client"], alert["value_at_risk"]) == ("Acme GmbH", Decimal("7.00"))  # type: ignore[index]
    assert len(receiver.bodies) == 1


def test_a_round_without_news_writes_nothing(store: Store, clock: SteppedClock, open_room: OpenRoom) -> None:
    judge(store, verdict(clock.now()))
    room = open_room()
    assert room.step() == 3  # one alert, one notification, one outcome
    clock.step(seconds=1)
    assert room.step() == 0


def receiver_alerts(receiver: Receiver) -> list[dict[str, str]]:
    return [alert["annotations"] for body in receiver.bodies for alert in body["alerts"]]
