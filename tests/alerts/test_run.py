"""The room as the roof runs it: settings, the loop until it is stopped, metrics."""

import threading
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from alerts import AlertLoop, AlertsSettings, run_forever
from alerts.metrics import AlertMetrics
from billtrail.clock import SystemClock
from billtrail.settings import SettingsLayers
from billtrail.store import Store
from tests.alerts.firm import finding, judge, promise, report, verdict
from tests.alerts.receiver import Receiver
from tests.support.clock import SteppedClock


def test_the_loop_runs_until_it_is_stopped_and_then_leaves_nothing_unsaid(store: Store, receiver: Receiver) -> None:
    stop = threading.Event()
    settings = AlertsSettings(receivers=(SecretStr(receiver.url),), group_wait_s=0, evaluate_every_ms=10)
    lane = store.another()
    judge(store, verdict(SystemClock().now()))
    thread = threading.Thread(target=run_forever, args=(lane, SystemClock(), settings, stop))
    thread.start()
    assert receiver.arrived.wait(20)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert [row["outcome"] for row in store.query("SELECT outcome FROM notifications")] == ["sent"]
    lane.close()


def test_receivers_come_from_the_file_and_the_environment_and_are_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "billtrail.toml"
    file.write_text('[alerts]\nreceivers = ["console:", "slack://token@a/b"]\n', encoding="utf-8")
    from_file = AlertsSettings.from_layers(SettingsLayers(file, {}))
    assert [one.get_secret_value() for one in from_file.receivers] == ["console:", "slack://token@a/b"]
    assert "token" not in repr(from_file) + from_file.model_dump_json()
    for text, urls in [
        ("console:,https://a/b", ["console:", "https://a/b"]),
        ('["mailto://x?to=a,b"]', ["mailto://x?to=a,b"]),
    ]:
        given = AlertsSettings.from_layers(SettingsLayers(file, {"BILLTRAIL_ALERTS_RECEIVERS": text}))
        assert [one.get_secret_value() for one in given.receivers] == urls


@pytest.mark.parametrize("text", ['["mailto://T0PSECRET?to=a,b"', '[{"url": "T0PSECRET"}]'])
def test_receivers_that_cannot_be_read_are_refused_without_showing_them(text: str) -> None:
    from billtrail.errors import SettingsError

    with pytest.raises(SettingsError) as caught:
        AlertsSettings.from_layers(SettingsLayers(None, {"BILLTRAIL_ALERTS_RECEIVERS": text}))
    assert "T0PSECRET" not in str(caught.value) + caught.value.hint


def test_metrics_show_what_is_open_and_count_a_subject_once(
    store: Store, clock: SteppedClock, receiver: Receiver
) -> None:
    registry = CollectorRegistry()
    promise(store)
    judge(store, verdict(clock.now()), verdict(clock.now(), subject_key="psa:time_entry:TE-78", currency="USD"))
    report(store, finding(clock.now(), subject_key="psa:time_entry:TE-77", amount=900))
    settings = AlertsSettings(receivers=(SecretStr(receiver.url),), group_wait_s=0, delivery_patience_ms=20_000)
    room = AlertLoop(store, clock, settings, AlertMetrics(registry))
    receiver.answers.append((500, {}))
    room.step()

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, labels)

    assert value("billtrail_alerts_open", alertname="time-posted", severity="critical") == 2
    assert value("billtrail_alerts_value_at_risk", currency="EUR") == 1200
    assert value("billtrail_alerts_value_at_risk", currency="USD") == 1200
    assert value("billtrail_alert_decisions_total", reason="clock_breached") == 2
    assert value("billtrail_notifications_pending") == 1
    channel = store.query("SELECT DISTINCT channel FROM notifications")[0]["channel"]
    assert value("billtrail_notification_attempts_total", channel=channel, outcome="failed") == 1
    assert value("billtrail_notification_attempts_total", channel=channel, outcome="sent") == 1
    judge(store, verdict(clock.step(minutes=1), "missed", subject_key="psa:time_entry:TE-78"))
    room.step()
    assert value("billtrail_alerts_value_at_risk", currency="USD") is None
    room.close()
