"""`billtrail trace ID --why`: the chain of relations from an id to the root of its lifecycle, each with rule and proof.

An event that names nothing of the lifecycle begins with what ties it: its correlation id or its trace, written
`correlation_id::x` or `trace::x`, leads to an object that another event or a span of it names. Of a lifecycle asked for
by its own id, the events tied so are told as well. A client glues nothing: it is tied by the last event that names it.
"""

from collections.abc import Iterator
from typing import Any

from billtrail.model.chain import find_chain
from billtrail.store import Row, Store
from billtrail.store.reference import find_naming, find_references, find_twins

PACKAGE = "billtrail.cli"
WRITTEN = {"correlation_id": "correlation id", "trace": "trace"}


def explain(store: Store, id: str, lifecycle_id: str) -> list[dict[str, Any]]:
    """Answer, for each object or event the id stands for, how it is tied to the lifecycle and each step to its root.

    An id that spans alone carry stands for the objects they name. At most 20, objects first; `places` says how many
    there are.
    """
    wanted = {"id": id.strip(), "lifecycle_id": lifecycle_id}
    places = store.rows(PACKAGE, "read_places", wanted) or store.rows(PACKAGE, "read_span_places", wanted)
    if not places:
        return _explain_reference(store, wanted["id"], lifecycle_id)
    keys = sorted({place["from_key"] for place in places if place["confidence"] != "declared"})
    ties = store.rows(PACKAGE, "read_ties", {"keys": keys, "lifecycle_id": lifecycle_id}) if keys else []
    relations = ties + store.rows(PACKAGE, "read_relations", {"lifecycle_id": lifecycle_id})
    return [{**place, "chain": find_chain(relations, place["from_key"], lifecycle_id)} for place in places]


def _explain_reference(store: Store, id: str, lifecycle_id: str) -> list[dict[str, Any]]:
    keys = find_references(store, id)
    named = [row for row in find_naming(store, id) if row["lifecycle_id"] == lifecycle_id]
    ends = [
        {"from_key": row["object_key"], "to_key": lifecycle_id, "kind": "reference", "event_id": row["event_id"]}
        | {"rule": "reference", "confidence": "declared"}
        for row in named
    ]
    relations = ends + find_twins(store, keys)
    tie = {"event_id": "", "confidence": "declared"}
    places = [
        {"from_key": key, "object_key": key, **tie, "chain": find_chain(relations, key, lifecycle_id)} for key in keys
    ]
    led = [place for place in places if place["chain"]]
    return [{**place, "places": len(led)} for place in led]


def say(places: list[dict[str, Any]], lifecycle_id: str) -> Iterator[str]:
    """Put the chains into words, a line a step."""
    for place in places:
        if place["event_id"]:
            yield f"event {place['event_id']} {_say_tie(place)}"
        yield from map(_say_step, place["chain"])
        if place["object_key"] == lifecycle_id:
            yield f"{lifecycle_id} is the root of the lifecycle"
    if places and (more := places[0]["places"] - len(places)):
        yield f"and {more:,} more that this id stands for: ask for one of them by its own id"


def _say_tie(place: dict[str, Any]) -> str:
    if place["confidence"] == "declared":
        return f"names {place['object_key'] or 'no object'}"
    return f"names nothing of this lifecycle, and is tied to it by its {_say_run(place['from_key'])}"


def _say_step(relation: Row) -> str:
    proof = f"rule {relation['rule']}, {relation['confidence']}"
    if relation["kind"] == "correlated":
        bearer = relation["event_id"].removeprefix("span::")
        what = "event" if bearer == relation["event_id"] else "span"
        told = f"{_say_run(relation['from_key'])} is also that of {what} {bearer}, which names {relation['to_key']}"
        return f"  {told}  ({proof})"
    if relation["kind"] == "reference":
        return f"  event {relation['event_id']} of {relation['to_key']} names {relation['from_key']}  ({proof})"
    if relation.get("decided_at"):
        proof += f", decided by {relation['decided_by']} on {relation['decided_at']:%Y-%m-%d %H:%M} UTC"
        proof += f": {relation['reason']}"
    else:
        proof += f", proved by {relation['event_id']}"
    return f"  {relation['from_key']} {relation['kind']} {relation['to_key']}  ({proof})"


def _say_run(key: str) -> str:
    kind, _, id = key.partition("::")
    return f"{WRITTEN[kind]} {id}"
