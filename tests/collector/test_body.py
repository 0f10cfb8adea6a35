"""Bodies: inflated within limits of bytes, of members and of work."""

import asyncio
import gzip
import os
import threading
from typing import Any

import pytest
from starlette.requests import Request

from collector.receive.body import inflate, read_body
from collector.receive.budget import Budget
from collector.receive.refusal import Refusal
from collector.settings import CollectorSettings

EMPTY = gzip.compress(b"")


def undo(body: bytes, limit: int, budget: int) -> bytes:
    return b"".join(inflate(body, limit, Budget(budget).hold))


def find_status(body: bytes, limit: int = 1 << 20) -> int:
    try:
        undo(body, limit, 1 << 30)
    except Refusal as refusal:
        return refusal.status
    return 200


@pytest.mark.parametrize("sizes", [(0,), (1, 0, 2), (70_000, 70_000), (65_536,), (200_000, 1)])
def test_members_become_one_body(sizes: tuple[int, ...]) -> None:
    parts = [os.urandom(size) for size in sizes]
    body = b"".join(gzip.compress(part) for part in parts)
    whole = b"".join(parts)
    assert undo(body, len(whole), len(whole)) == whole
    assert find_status(body[:-1]) == find_status(body + b"x") == find_status(body[:15]) == 400
    assert not whole or find_status(body, len(whole) - 1) == 413


def test_a_large_ratio_is_inflated_and_limited() -> None:
    body = gzip.compress(bytes(1 << 20))
    assert undo(body, 1 << 20, 1 << 20) == bytes(1 << 20)
    assert find_status(body, (1 << 20) - 1) == 413


def test_members_are_counted() -> None:
    assert undo(EMPTY * 10_000, 1, 0) == b""
    assert find_status(EMPTY * 10_001) == 400
    assert find_status(EMPTY * 500_000) == 400


@pytest.mark.parametrize(
    ("parts", "steps"),
    [((1_000,), 1), ((900_000,), 4), ((40 << 20,), 4), ((0,) * 10_000, 4), ((-300_000,), 0)],
)
def test_little_is_inflated_on_the_loop_itself(parts: tuple[int, ...], steps: int) -> None:
    texts = [bytes(size) if size >= 0 else os.urandom(-size) for size in parts]
    body, sizes = b"".join(map(gzip.compress, texts)), list[int]()

    def hold(size: int) -> None:
        if threading.current_thread() is threading.main_thread():
            sizes.append(size)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    request = Request({"type": "http", "headers": [(b"content-encoding", b"gzip")]}, receive)
    assert asyncio.run(read_body(request, CollectorSettings(), hold)) == b"".join(texts)
    wire, _, *inflated, given_back = sizes
    assert (wire, given_back, len(inflated)) == (len(body), -len(body), steps)
    assert max(inflated, default=0) <= 1 << 18
