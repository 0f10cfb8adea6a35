"""Written before it is said, said until it arrives, and every attempt visible."""

from billtrail.store import Store
from tests.alerts.conftest import OpenRoom
from tests.alerts.firm import judge, verdict
from tests.alerts.receiver import Receiver, free_port
from tests.support.clock import SteppedClock


def attempts(store: Store) -> list[tuple[int, str, str]]:
    rows = store.query(
        "SELECT attempt, outcome, reason FROM notifications ORDER BY planned_at, notification_id, attempt"
    )
    return [(row["attempt"], row["outcome"], row["reason"].partition("#")[0]) for row in rows]


def test_a_channel_that_is_down_is_tried_again_and_told_exactly_once_when_it_is_back(
    store: Store, clock: SteppedClock, open_room: OpenRoom
) -> None:
    port = free_port()
    judge(store, verdict(clock.now()))
    room = open_room(f"http://127.0.0.1:{port}/hook")
    room.step()
    clock.step(seconds=1)
    room.step()
    assert [(number, outcome) for number, outcome, _ in attempts(store)] == [
        (1, "failed"),
        (2, "failed"),
        (3, "pending"),
    ]
    with Receiver(port) as receiver:
        clock.step(seconds=1)
        room.step()  # the second wait is two seconds
        assert receiver.bodies == []
        clock.step(seconds=1)
        room.step()
        clock.step(hours=1)
        room.step()
        assert len(receiver.bodies) == 1
    assert attempts(store) == [
        (1, "failed", "webhook:127.0.0.1"),
        (2, "failed", "webhook:127.0.0.1"),
        (3, "sent", "first_notification"),
    ]


def test_what_was_pending_when_the_process_died_is_said_by_the_next_one(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    receiver.answers.extend([(503, {}), (503, {})])
    judge(store, verdict(clock.now()))
    open_room().step()
    clock.step(seconds=1)
    open_room().step()
    clock.step(seconds=2)
    open_room().step()
    assert [len(receiver.refused), len(receiver.bodies)] == [2, 1]
    assert len({body["notification_id"] for body in receiver.refused + receiver.bodies}) == 1


def test_a_restart_says_nothing_again_and_still_tells_the_end(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    judge(store, verdict(clock.now()))
    open_room().step()
    clock.step(minutes=10)
    open_room().step()
    judge(store, verdict(clock.now(), "missed"))
    open_room().step()
    clock.step(minutes=10)
    open_room().step()
    assert [body["status"] for body in receiver.bodies] == ["firing", "resolved"]


def test_a_process_that_dies_between_deciding_and_telling_leaves_the_telling_to_the_next(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    judge(store, verdict(clock.now()))
    open_room(group_wait_s=60).step()
    assert receiver.bodies == []
    clock.step(seconds=60)
    open_room(group_wait_s=60).step()
    assert len(receiver.bodies) == 1


def test_a_refusal_for_good_is_given_up_and_the_group_planned_afresh(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    receiver.answers.append((401, {}))
    judge(store, verdict(clock.now()))
    room = open_room()
    room.step()
    clock.step(seconds=299)
    room.step()
    assert attempts(store) == [(1, "given_up", "webhook:127.0.0.1")]
    clock.step(seconds=1)
    room.step()
    assert attempts(store) == [(1, "given_up", "webhook:127.0.0.1"), (1, "sent", "first_notification")]


def test_an_alert_whose_message_was_given_up_and_that_ended_is_told_nowhere(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    receiver.answers.append((401, {}))
    judge(store, verdict(clock.now()))
    room = open_room()
    room.step()
    judge(store, verdict(clock.step(minutes=1), "missed"))
    room.step()
    clock.step(hours=5)
    open_room().step()
    assert receiver.bodies == []


def test_retry_after_is_obeyed(store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom) -> None:
    receiver.answers.append((429, {"Retry-After": "120"}))
    judge(store, verdict(clock.now()))
    room = open_room()
    room.step()
    clock.step(seconds=119)
    room.step()
    assert receiver.bodies == []
    clock.step(seconds=1)
    room.step()
    assert len(receiver.bodies) == 1


def test_what_cannot_be_said_for_an_hour_is_given_up(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    judge(store, verdict(clock.now()))
    room = open_room(retry_first_s=1800, retry_longest_s=1800)
    receiver.answers.extend([(500, {})] * 3)
    for _ in range(3):
        room.step()
        clock.step(minutes=30)
    assert [outcome for _, outcome, _ in attempts(store)] == ["failed", "failed", "given_up"]


def test_a_receiver_that_is_no_longer_configured_is_given_up(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    receiver.answers.append((503, {}))
    judge(store, verdict(clock.now()))
    open_room(f"{receiver.url}/old").step()
    clock.step(seconds=1)
    open_room(f"{receiver.url}/new").step()
    assert [outcome for _, outcome, _ in attempts(store)] == ["failed", "given_up", "sent"]


def test_a_slow_channel_does_not_hold_up_another(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    receiver.release.clear()
    judge(store, verdict(clock.now()))
    with Receiver() as quick:
        room = open_room(f"{receiver.url}/slow", f"{quick.url}/quick", delivery_patience_ms=0)
        room.step()
        while not quick.bodies:  # the quick one is told while the slow one is still answering
            room.step()
        assert receiver.bodies == []
        receiver.release.set()


def test_every_receiver_is_told_for_itself(
    store: Store, clock: SteppedClock, receiver: Receiver, open_room: OpenRoom
) -> None:
    judge(store, verdict(clock.now()))
    receiver.answers.append((503, {}))
    with Receiver() as other:
        room = open_room(f"{receiver.url}/one", f"{other.url}/two")
        room.step()
        clock.step(seconds=1)
        room.step()
        assert [len(receiver.bodies), len(other.bodies)] == [1, 1]
