"""Events arrive, or the sender hears of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from billtrail.errors import DeliveryError
from billtrail.telemetry import BusinessEvent, Delivery, EventPublisher, RetryPolicy
from billtrail.telemetry.delivery import parse_retry_after
from tests.simulator.receiver import Receiver

AT = datetime(2026, 11, 1, 10, tzinfo=UTC)


def make_event(number: int) -> BusinessEvent:
    return BusinessEvent(id=f"e-{number}", type="time.approved", system="psa", occurred_at=AT, correlation_id="run-1")


class Naps:
    """Remembers how long it was asked to wait, and does not."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def naps() -> Naps:
    return Naps()


def make_publisher(url: str, naps: Naps, **delivery: int) -> EventPublisher:
    retry = RetryPolicy(attempts=3, first_wait_s=1.0, longest_wait_s=10.0, jitter=lambda: 0.0)
    return EventPublisher(url, delivery=Delivery(retry=retry, **delivery), sleep=naps)


def test_one_event_is_sent_alone_and_many_as_batches(receiver: Receiver, naps: Naps) -> None:
    publisher = make_publisher(receiver.url, naps, events_per_request=2)
    for number in range(3):
        publisher.publish(make_event(number))
    publisher.close()
    assert [kind.split(";")[0] for kind, _ in receiver.event_requests] == [
        "application/cloudevents-batch+json",
        "application/cloudevents+json",
    ]
    assert [event["id"] for event in receiver.events] == ["e-0", "e-1", "e-2"]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_collector_is_tried_again(receiver: Receiver, naps: Naps, status: int) -> None:
    receiver.refusals.extend([(status, {}), (status, {})])
    publisher = make_publisher(receiver.url, naps)
    publisher.publish(make_event(1))
    publisher.flush()
    assert naps.seconds == [1.0, 2.0]
    assert [event["id"] for event in receiver.events] == ["e-1"]


def test_the_wait_a_collector_asks_for_is_kept(receiver: Receiver, naps: Naps) -> None:
    receiver.refusals.append((503, {"retry-after": "7"}))
    publisher = make_publisher(receiver.url, naps)
    publisher.publish(make_event(1))
    publisher.flush()
    assert naps.seconds == [7.0]


def test_events_stay_buffered_until_the_collector_takes_them(receiver: Receiver, naps: Naps) -> None:
    receiver.refusals.extend([(503, {})] * 3)
    publisher = make_publisher(receiver.url, naps)
    publisher.publish(make_event(1))
    with pytest.raises(DeliveryError, match=r"1 events not delivered .* after 3 attempts: HTTP 503") as caught:
        publisher.flush()
    assert not caught.value.is_permanent
    assert publisher.pending_count == 1
    publisher.flush()
    assert publisher.pending_count == 0
    assert [event["id"] for event in receiver.events] == ["e-1"]


def test_a_wait_that_is_too_long_is_an_error_at_once(receiver: Receiver, naps: Naps) -> None:
    receiver.refusals.append((429, {"retry-after": "3600"}))
    publisher = make_publisher(receiver.url, naps)
    publisher.publish(make_event(1))
    with pytest.raises(DeliveryError, match="after 1 attempts"):
        publisher.flush()
    assert naps.seconds == []


def test_a_refusal_is_permanent_and_not_tried_again(receiver: Receiver, naps: Naps) -> None:
    receiver.refusals.append((401, {}))
    publisher = make_publisher(receiver.url, naps)
    publisher.publish(make_event(1))
    with pytest.raises(DeliveryError, match="HTTP 401") as caught:
        publisher.flush()
    assert caught.value.is_permanent
    assert naps.seconds == []


def test_a_full_buffer_is_an_error_and_not_a_loss(naps: Naps) -> None:
    publisher = make_publisher("http://127.0.0.1:9", naps, max_buffered_events=1)
    publisher.publish(make_event(1))
    with pytest.raises(DeliveryError, match=r"no room for time\.approved e-2"):
        publisher.publish(make_event(2))


def test_a_collector_that_is_not_there_is_an_error(naps: Naps) -> None:
    publisher = make_publisher("http://127.0.0.1:9", naps)
    publisher.publish(make_event(1))
    with pytest.raises(DeliveryError, match="ConnectError"):
        publisher.flush()


def test_the_token_is_sent(receiver: Receiver) -> None:
    publisher = EventPublisher(receiver.url, token="s3cret")
    publisher.publish(make_event(1))
    publisher.close()
    assert receiver.event_requests[0][1]["authorization"] == "Bearer s3cret"


def test_text_outside_ascii_arrives_as_it_is(receiver: Receiver, naps: Naps) -> None:
    publisher = make_publisher(receiver.url, naps)
    event = BusinessEvent(
        id="e-1", type="x", system="crm", occurred_at=AT, correlation_id="r", texts={"client": "Müller & Søn"}
    )
    publisher.publish(event)
    publisher.close()
    assert json.loads(receiver.event_bodies[0])["data"]["client"] == "Müller & Søn"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("Sun, 01 Nov 2026 10:00:30 GMT", 30.0),
        ("Sun, 01 Nov 2026 09:00:00 GMT", 0.0),
        ("soon", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, AT) == seconds
