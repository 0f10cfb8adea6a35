"""What is stored, read page by page: events in the order of their keys, objects in theirs, each with what was declared.

Neither holds more than a page in memory. Events that come in while an export runs are not in it, and so is not one that
is corrected meanwhile: `names` tells how many there should be.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from billtrail.store import Row, Store
from collector.exports.choice import Choice

ROOM = "collector.exports"
PAGE = 20_000
Row3 = tuple[str, str, str]


class Declaration(NamedTuple):
    """What one source declared of an object. `links` are from, to and qualifier."""

    source: str
    attributes: dict[str, str]
    links: Sequence[Row3]


class StoredObject(NamedTuple):
    """An object; without declarations it was only named by events."""

    key: str
    declarations: Sequence[Declaration]


class Names(NamedTuple):
    """Whether ids suffice as names, and how many there are of each."""

    are_events_plain: bool
    are_objects_plain: bool
    objects: int
    events: int


class Canonical:
    """Reads a store. `names` are found once, at the beginning."""

    def __init__(self, store: Store, choice: Choice) -> None:
        self._store, self.choice = store, choice
        self._params = {**choice.params, **store.rows(ROOM, "last_segment")[0]}
        row = store.rows(ROOM, "check_names", self._params)[0]
        self.names = Names(bool(row["are_events_plain"]), bool(row["are_objects_plain"]), row["objects"], row["events"])

    def events(self) -> Iterator[Row]:
        """Every event, as a row of `page_events`, whose lists of tuples are lists of plain tuples."""
        after = {"after_source": "", "after_id": ""}
        while True:
            page = self._store.rows(ROOM, "page_events", {**self._params, **after, "limit": PAGE})
            for row in page:
                yield row | {name: [values_of(one) for one in row[name]] for name in ("objects", "links", "lines")}
            if len(page) < PAGE:
                return
            after = {"after_source": page[-1]["source"], "after_id": page[-1]["event_id"]}

    def objects(self) -> Iterator[StoredObject]:
        """Every object. Where ids are plain, a reference to nothing stays one."""
        for keys in self.pages_of_keys():
            declared: dict[str, list[Declaration]] = {}
            for row in self._store.rows(ROOM, "read_declarations", {"first": keys[0], "last": keys[-1]}):
                links = [values_of(one) for one in row["links"]]
                declaration = Declaration(row["source"], dict(row["attributes"]), links)
                declared.setdefault(row["object_key"], []).append(declaration)
            for key in keys:
                yield StoredObject(key, declared.get(key, []))

    def pages_of_keys(self) -> Iterator[list[str]]:
        """The keys of the objects, a page at a time."""
        params = {**self._params, "leaves_unknown": self.names.are_objects_plain, "limit": PAGE}
        after = ""
        while keys := [
            row["object_key"] for row in self._store.rows(ROOM, "page_object_keys", {**params, "after": after})
        ]:
            yield keys
            if len(keys) < PAGE:
                return
            after = keys[-1]


def values_of(one: Any) -> Any:
    """A tuple of the engine comes as a mapping or as a sequence, by its driver."""
    return tuple(one.values()) if isinstance(one, dict) else tuple(one)


def split_key(key: str) -> Row3:
    """System, type and id of a key; neither of the first two holds a colon."""
    system, object_type, id = [*key.split(":", 2), "", ""][:3]
    return system, object_type, id


def as_object(key: str) -> dict[str, str]:
    """A key as an event names an object."""
    system, object_type, id = split_key(key)
    return {"type": object_type, "system": system, "id": id}


def write_json(value: Any) -> str:
    """Write a value in one way."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
