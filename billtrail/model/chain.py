"""The way from one thing to another along relations: the shortest, each step with its reason.

`same_as` is walked both ways, the others only towards the whole. Relations are rows with `from_key`, `to_key`, `kind`;
where two steps serve, the one that comes first among them is taken.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

Relation = TypeVar("Relation", bound=Mapping[str, Any])
UPWARDS = frozenset({"part_of", "correlated", "reference"})


def find_chain(relations: Sequence[Relation], start: str, end: str) -> list[Relation]:
    """Answer the relations from `start` to `end`, in order; none when they are one, or nothing leads there."""
    came: dict[str, tuple[str, Relation]] = {}
    waiting = deque([start])
    while waiting and end not in came:
        key = waiting.popleft()
        for peer, relation in _steps(relations, key):
            if peer not in came and peer != start:
                came[peer] = (key, relation)
                waiting.append(peer)
    return list(_walk_back(came, start, end))[::-1]


def _steps(relations: Sequence[Relation], key: str) -> Iterator[tuple[str, Relation]]:
    for relation in relations:
        ends = (relation["from_key"], relation["to_key"])
        if relation["kind"] == "same_as" and key in ends:
            yield ends[1] if key == ends[0] else ends[0], relation
        elif relation["kind"] in UPWARDS and key == ends[0]:
            yield ends[1], relation
        elif relation["kind"] == "originates_from" and key == ends[1]:
            yield ends[0], relation


def _walk_back(came: dict[str, tuple[str, Relation]], start: str, end: str) -> Iterator[Relation]:
    key = end
    while key != start and key in came:
        key, relation = came[key]
        yield relation
