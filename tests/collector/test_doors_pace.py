"""A source that sends faster than it may is told when to come back, at every door; its neighbours notice nothing."""

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from hypothesis import given
from hypothesis import strategies as st

from collector.receive.pace import Pace
from collector.receive.refusal import Refusal
from tests.collector.conftest import Running, Start, make_event

LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
STEPS = st.lists(st.tuples(st.floats(0, 3), st.integers(0, 5000)), min_size=1, max_size=60)


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def is_let_in(pace: Pace, source: str = "psa") -> bool:
    try:
        pace.begin(source)
    except Refusal:
        return False
    return True


def test_a_second_of_requests_may_come_at_once_and_no_more() -> None:
    hand = Hand()
    pace = Pace(3, 0, hand)
    assert [is_let_in(pace) for _ in range(5)] == [True, True, True, False, False]
    assert is_let_in(pace, "erp")
    hand.at += 0.4
    assert [is_let_in(pace) for _ in range(2)] == [True, False]


def test_bytes_are_paid_afterwards() -> None:
    hand = Hand()
    pace = Pace(0, 1000, hand)
    assert is_let_in(pace)
    pace.read("psa", 5000)
    with pytest.raises(Refusal) as caught:
        pace.begin("psa")
    assert caught.value.retry_after_s == 5
    hand.at += 5
    assert is_let_in(pace)


@given(STEPS)
def test_nobody_gets_more_than_the_limit_for_long(steps: list[tuple[float, int]]) -> None:
    hand, taken, largest = Hand(), 0, 0
    pace = Pace(0, 1000, hand)
    for wait_s, size in steps:
        hand.at += wait_s
        if is_let_in(pace):
            pace.read("psa", size)
            taken, largest = taken + size, max(largest, size)
    assert taken <= 1000 * (hand.at - 100.0) + 1000 + largest


@given(STEPS)
def test_whoever_waits_as_long_as_told_is_let_in(steps: list[tuple[float, int]]) -> None:
    hand = Hand()
    pace = Pace(2, 1000, hand)
    for wait_s, size in steps:
        hand.at += wait_s
        try:
            pace.begin("psa")
        except Refusal as refusal:
            hand.at += (refusal.retry_after_s or 0) + 1e-6
            pace.begin("psa")
        pace.read("psa", size)


def test_without_limits_nobody_is_refused() -> None:
    pace = Pace(0, 0, Hand())
    pace.read("psa", 10**12)
    assert all(is_let_in(pace) for _ in range(1000))


@pytest.fixture
def slow(start: Start) -> Running:
    """Doors that take one request of each source in a very long time."""
    running = start(tokens=("psa=a", "psa=b", "erp=c"), source_requests_per_second=0.0001)
    running.client.headers["authorization"] = "Bearer a"
    assert running.send(make_event(1)).status_code == 204
    return running


def test_too_fast_is_429_and_says_when_to_come_back(slow: Running) -> None:
    for path in ("/v1/events", "/v1/traces", "/v1/logs"):
        answer = slow.client.post(path, json={}, headers={"authorization": "Bearer b"})
        assert (answer.status_code, int(answer.headers["retry-after"]) > 1000) == (429, True)
    assert slow.client.post("/v1/logs", json={}, headers={"authorization": "Bearer c"}).status_code == 200


def test_over_grpc_it_is_resource_exhausted_with_retry_info(slow: Running) -> None:
    address = f"127.0.0.1:{slow.collector.grpc_port}"
    with grpc.insecure_channel(address) as channel, pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary(LOGS)(b"", metadata=(("authorization", "Bearer a"),), timeout=30)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    status = status_pb2.Status.FromString(dict(caught.value.trailing_metadata())["grpc-status-details-bin"])
    retry = error_details_pb2.RetryInfo()
    assert status.details[0].Unpack(retry)
    assert retry.retry_delay.seconds > 1000
