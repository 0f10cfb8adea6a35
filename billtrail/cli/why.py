"""`billtrail trace ID --why`: the chain of relations from an id to the root of its lifecycle, each with rule and proof.

The chain is the shortest; `same_as` may be walked both ways, the others only towards the root.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from billtrail.store import Row, Store

PACKAGE = "billtrail.cli"


def explain(store: Store, id: str, lifecycle_id: str) -> list[dict[str, Any]]:
    """Answer, for each object or event the id stands for, how it is tied to the lifecycle and each step to its root.

    An id that spans alone carry stands for the objects they name.
    """
    wanted = {"id": id.strip(), "lifecycle_id": lifecycle_id}
    relations = store.rows(PACKAGE, "read_relations", {"lifecycle_id": lifecycle_id})
    places = store.rows(PACKAGE, "read_places", wanted) or store.rows(PACKAGE, "read_span_places", wanted)
    return [{**place, "chain": find_chain(relations, place["object_key"], lifecycle_id)} for place in places]


def find_chain(relations: list[Row], start: str, root: str) -> list[Row]:
    """Answer the relations from `start` to `root`, in order; none when it is the root, or nothing leads there."""
    came: dict[str, tuple[str, Row]] = {}
    waiting = deque([start])
    while waiting and root not in came:
        key = waiting.popleft()
        for peer, relation in _steps(relations, key):
            if peer not in came and peer != start:
                came[peer] = (key, relation)
                waiting.append(peer)
    return list(_walk_back(came, start, root))[::-1]


def say(places: list[dict[str, Any]], lifecycle_id: str) -> Iterator[str]:
    """Put the chains into words, a line a step."""
    for place in places:
        if place["event_id"]:
            tie = "names" if place["confidence"] == "declared" else f"is tied by its {place['confidence']}; it names"
            yield f"event {place['event_id']} {tie} {place['object_key'] or 'no object'}"
        for relation in place["chain"]:
            proof = f"rule {relation['rule']}, {relation['confidence']}, proved by {relation['event_id']}"
            yield f"  {relation['from_key']} {relation['kind']} {relation['to_key']}  ({proof})"
        if place["object_key"] == lifecycle_id:
            yield f"{lifecycle_id} is the root of the lifecycle"


def _steps(relations: list[Row], key: str) -> Iterator[tuple[str, Row]]:
    for relation in relations:
        ends = (relation["from_key"], relation["to_key"])
        if relation["kind"] == "same_as" and key in ends:
            yield ends[1] if key == ends[0] else ends[0], relation
        elif relation["kind"] == "part_of" and key == ends[0]:
            yield ends[1], relation
        elif relation["kind"] == "originates_from" and key == ends[1]:
            yield ends[0], relation


def _walk_back(came: dict[str, tuple[str, Row]], start: str, root: str) -> Iterator[Row]:
    key = root
    while key != start and key in came:
        key, relation = came[key]
        yield relation
