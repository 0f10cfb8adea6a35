"""Each channel against a real receiver."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from alerts import AlertsSettings
from alerts.alert import Alert, AlertState
from alerts.channels import Channel, open_channels
from alerts.channels.channel import RetryLater
from alerts.channels.http import retry_after_s
from alerts.message import Message, compose
from billtrail.errors import DeliveryError, SettingsError
from tests.alerts.receiver import Receiver, free_port

# apprise loads every plugin it has, and one imports a module that Python is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECRET = "T0PSECRET"


def alert(number: int, state: AlertState = AlertState.FIRING, **changes: Any) -> Alert:
    values: dict[str, Any] = {
        "alert_id": f"f{number}-1",
        "fingerprint": f"f{number}",
        "name": "time-posted",
        "severity": "critical",
        "state": state,
        "reason": "clock_breached",
        "subject": f"psa:time_entry:TE-{number}",
        "lifecycle_id": "crm:contract:C-1",
        "summary": f"Time entry TE-{number} is not posted",
        "labels": {"alertname": "time-posted", "owner": "finance-systems", "subject": f"psa:time_entry:TE-{number}"},
        "owner": "finance-systems",
        "runbook": "https://runbooks.firm.example/time-posted",
        "value_at_risk": Decimal(f"{number}00.00"),
        "currency": "EUR",
        "started_at": NOON,
        "acknowledged_by": "",
        "assigned_to": "",
        "resolved_at": NOON.replace(hour=13) if state is AlertState.RESOLVED else None,
        "version": 1,
    }
    return Alert(**{**values, **changes})


def message(firing: list[Alert], resolved: list[Alert] | None = None, **settings: Any) -> Message:
    group = ('{alertname="time-posted"}', {"alertname": "time-posted", "owner": "finance-systems"})
    return compose("n1", "firing", group, (firing, resolved or []), AlertsSettings(**settings))


@pytest.fixture
def open_channel() -> Iterator[Any]:
    opened: list[Channel] = []

    def open_one(url: str, **settings: Any) -> Channel:
        (channel,) = open_channels(AlertsSettings(receivers=(SecretStr(url),), **settings)).values()
        opened.append(channel)
        return channel

    yield open_one
    for channel in opened:
        channel.close()


def test_the_webhook_posts_what_alertmanager_posts_and_the_money(receiver: Receiver, open_channel: Any) -> None:
    channel = open_channel(f"{receiver.url}/hook")
    channel.send(message([alert(1), alert(2)], [alert(3, AlertState.RESOLVED)], dashboards_url="http://pages"))
    (body,) = receiver.bodies
    first = {
        "status": "firing",
        "labels": {"alertname": "time-posted", "owner": "finance-systems", "subject": "psa:time_entry:TE-2"},
        "annotations": {
            "summary": "Time entry TE-2 is not posted",
            "runbook_url": "https://runbooks.firm.example/time-posted",
        },
        "startsAt": "2026-03-02T12:00:00.000Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://pages/trace?id=psa%3Atime_entry%3ATE-2",
        "fingerprint": "f2",
        "value_at_risk": "200.00",
        "currency": "EUR",
    }
    assert body.pop("alerts")[0] == first
    assert body == {
        "version": "4",
        "groupKey": '{}:{alertname="time-posted"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": channel.name,
        "groupLabels": {"alertname": "time-posted", "owner": "finance-systems"},
        "commonLabels": {"alertname": "time-posted", "owner": "finance-systems"},
        "commonAnnotations": {"summary": "[2 firing, 1 resolved] time-posted finance-systems, EUR 300 at risk"},
        "externalURL": "http://pages",
        "value_at_risk": {"EUR": "300.00"},
        "notification_id": "n1",
    }


def test_user_and_password_of_a_webhook_become_basic_authentication(receiver: Receiver, open_channel: Any) -> None:
    open_channel(f"http://mira:pass@127.0.0.1:{receiver.port}/hook").send(message([alert(1)]))
    assert receiver.headers[0]["authorization"] == "Basic bWlyYTpwYXNz"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422, 302])
def test_a_refusal_of_a_webhook_is_permanent(receiver: Receiver, open_channel: Any, status: int) -> None:
    receiver.answers.append((status, {}))
    with pytest.raises(DeliveryError, match=f"answered {status}") as caught:
        open_channel(f"{receiver.url}/hook").send(message([alert(1)]))
    assert caught.value.is_permanent


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_receiver_in_trouble_is_transient(receiver: Receiver, open_channel: Any, status: int) -> None:
    receiver.answers.append((status, {}))
    with pytest.raises(DeliveryError, match=f"answered {status}") as caught:
        open_channel(f"{receiver.url}/hook").send(message([alert(1)]))
    assert not caught.value.is_permanent


def test_a_receiver_that_does_not_answer_in_time_is_transient(receiver: Receiver, open_channel: Any) -> None:
    receiver.release.clear()
    with pytest.raises(DeliveryError, match="ReadTimeout") as caught:
        open_channel(f"{receiver.url}/hook", delivery_timeout_s=0.2).send(message([alert(1)]))
    assert not caught.value.is_permanent


def test_a_receiver_that_names_its_wait_is_believed(receiver: Receiver, open_channel: Any) -> None:
    receiver.answers.append((503, {"Retry-After": "17"}))
    with pytest.raises(RetryLater) as caught:
        open_channel(f"{receiver.url}/hook").send(message([alert(1)]))
    assert caught.value.after_s == 17


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("120", 120),
        ("Mon, 02 Mar 2026 12:00:30 GMT", 30),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("Mon, 02 Mar 2026 12:00:30 -0000", 30),
        ("soon", 0),
        ("-5", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float) -> None:
    assert retry_after_s({"retry-after": text}, NOON) == seconds


def test_apprise_carries_title_text_and_type(receiver: Receiver, open_channel: Any) -> None:
    open_channel(f"json://127.0.0.1:{receiver.port}/hook").send(
        message([alert(n) for n in range(1, 13)], dashboards_url="http://pages")
    )
    (body,) = receiver.bodies
    lines = body["message"].splitlines()
    assert body["title"] == "[12 firing] time-posted finance-systems, EUR 7,800 at risk"
    assert body["type"] == "failure"
    assert lines[0] == (
        "Time entry TE-12 is not posted | runbook https://runbooks.firm.example/time-posted"
        " | http://pages/trace?id=psa%3Atime_entry%3ATE-12"
    )
    assert (len(lines), lines[-1]) == (11, "and 2 more")


def test_apprise_says_what_the_receiver_answered(receiver: Receiver, open_channel: Any) -> None:
    receiver.answers.append((503, {}))
    with pytest.raises(DeliveryError, match=r"json#\w{4} answered 503"):
        open_channel(f"json://127.0.0.1:{receiver.port}/{SECRET}").send(message([alert(1)]))


def test_the_console_gets_one_line(capfd: pytest.CaptureFixture[str], open_channel: Any) -> None:
    open_channel("console:").send(message([alert(1), alert(2)]))
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "[2 firing] time-posted finance-systems, EUR 300 at risk: Time entry TE-2 is not posted (and 1 more)\n"
    )


def test_the_console_shows_what_looks_like_markup_as_it_is(
    capfd: pytest.CaptureFixture[str], open_channel: Any
) -> None:
    open_channel("console:stdout").send(message([alert(1, summary="[bold]x[/] \x1b[31mred\nline")]))
    assert capfd.readouterr().out.count("\n") == 1


def test_two_receivers_on_one_host_have_two_names() -> None:
    urls = ("https://hooks.example/a", "https://hooks.example/b", "console:")
    channels = open_channels(AlertsSettings(receivers=tuple(map(SecretStr, urls))))
    assert len(channels) == 3
    for channel in channels.values():
        channel.close()


@pytest.mark.parametrize(
    "url",
    [
        f"http://user:{SECRET}@127.0.0.1:{{port}}/{SECRET}?token={SECRET}",
        f"json://user:{SECRET}@127.0.0.1:{{port}}/{SECRET}?+X-Token={SECRET}",
        f"alertmanager+http://user:{SECRET}@127.0.0.1:{{port}}/{SECRET}",
    ],
)
def test_no_secret_of_a_url_is_logged_named_or_raised(
    receiver: Receiver, open_channel: Any, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    caplog.set_level(logging.NOTSET)
    logging.getLogger("apprise").setLevel(1)
    texts = []
    for port, answers in ((receiver.port, [(200, {}), (500, {}), (404, {})]), (free_port(), [])):
        channel = open_channel(url.format(port=port))
        texts.append(channel.name)
        receiver.answers.extend(answers)
        for _ in range(len(answers) or 1):
            texts.append(_outcome(channel))
    assert SECRET not in " ".join(texts) + caplog.text


def _outcome(channel: Channel) -> str:
    from alerts.channels.secrecy import delivering

    try:
        with delivering():
            channel.send(message([alert(1)]))
    except DeliveryError as error:
        return f"{error!r} {error.hint} {error.__cause__!r}"
    return ""


@pytest.mark.parametrize(
    "url", [f"nonsense://{SECRET}", f"http://exa mple/{SECRET}", f"https:{SECRET}", f"console:{SECRET}", SECRET, ""]
)
def test_a_receiver_that_cannot_be_is_refused_without_showing_it(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SettingsError, match=r"alerts\.receivers") as caught:
        open_channels(AlertsSettings(receivers=(SecretStr(url),)))
    assert SECRET not in f"{caught.value} {caught.value.hint} {caught.value.__cause__!r}" + caplog.text
