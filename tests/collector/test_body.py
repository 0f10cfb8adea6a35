"""Bodies: inflated within limits of bytes, of members and of work."""

import gzip
import os

import pytest

from collector.receive.body import inflate
from collector.receive.budget import Budget
from collector.receive.refusal import Refusal

EMPTY = gzip.compress(b"")


def find_status(body: bytes, limit: int = 1 << 20) -> int:
    try:
        inflate(body, limit, Budget(1 << 30).hold)
    except Refusal as refusal:
        return refusal.status
    return 200


@pytest.mark.parametrize("sizes", [(0,), (1, 0, 2), (70_000, 70_000), (65_536,), (200_000, 1)])
def test_members_become_one_body(sizes: tuple[int, ...]) -> None:
    parts = [os.urandom(size) for size in sizes]
    body = b"".join(gzip.compress(part) for part in parts)
    whole = b"".join(parts)
    assert inflate(body, len(whole), Budget(len(whole)).hold) == whole
    assert find_status(body[:-1]) == find_status(body + b"x") == find_status(body[:15]) == 400
    assert not whole or find_status(body, len(whole) - 1) == 413


def test_a_large_ratio_is_inflated_and_limited() -> None:
    body = gzip.compress(bytes(1 << 20))
    assert inflate(body, 1 << 20, Budget(1 << 20).hold) == bytes(1 << 20)
    assert find_status(body, (1 << 20) - 1) == 413


def test_members_are_counted() -> None:
    assert inflate(EMPTY * 10_000, 1, Budget(0).hold) == b""
    assert find_status(EMPTY * 10_001) == 400
    assert find_status(EMPTY * 500_000) == 400
