"""Reads a whole log once before anything of it is imported: a fault is found while nothing is half done.

Learns on the way what the importing needs to know: which objects there are, how much there is, and which types and
attributes are declared and never used.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain

from billtrail.errors import PayloadError
from collector.imports import convention
from collector.imports.convention import EVENT_TYPES, LOG_TYPE, OBJECT_TYPES
from collector.imports.index import ObjectIndex, Place
from collector.imports.record import Counted, Log, LoggedEvent, LoggedObject, Schema, Value
from collector.imports.value import STRING, read_type

Used = dict[str, set[str]]


class Scan:
    """What a log holds. Raises PayloadError at its first fault. Close it: it holds a temporary file."""

    def __init__(self, log: Log, system: str) -> None:
        self.index, self.system = ObjectIndex(), system
        self.object_count = self.event_count = 0
        self._object_types: Used = defaultdict(set)
        self._event_types: Used = defaultdict(set)
        for one in log.objects():
            self._take_object(one, log.strays)
        for event in log.events():
            self._take_event(event, log.strays)
        self.unused = dict(_find_unused(OBJECT_TYPES, log.object_types, self._object_types))
        self.unused |= dict(_find_unused(EVENT_TYPES, log.event_types, self._event_types))

    def close(self) -> None:
        self.index.close()

    def _take_object(self, one: LoggedObject, strays: Counted) -> None:
        self.object_count += 1
        _check_texts("object", one.id, one.type, *chain(*one.references), *(value.name for value in one.values))
        _check_texts("object", one.id, *(value.value.text for value in one.values))
        if not self.index.add(one.id, find_place(one, self.system)):
            strays.note("object told twice", f"object {one.id}: told twice; the last is kept")
        if len({(value.name, value.at) for value in one.values}) < len(one.values):
            strays.note("two values at one instant", f"object {one.id}: two values of an attribute; the last is kept")
        self._object_types[one.type].update(value.name for value in one.values)
        if one.type == LOG_TYPE:
            self._take_known(one)

    def _take_event(self, one: LoggedEvent, strays: Counted) -> None:
        self.event_count += 1
        if one.body:
            return
        _check_texts("event", one.id, one.type, *chain(*one.references), *one.attributes)
        _check_texts("event", one.id, *(value.text for value in one.attributes.values()))
        if not self.index.add_event(one.id):
            strays.note("event told twice", f"event {one.id}: told twice; the last is kept")
        self._event_types[one.type].update(one.attributes)

    def _take_known(self, one: LoggedObject) -> None:
        for value in one.values:
            for prefix, used in ((OBJECT_TYPES, self._object_types), (EVENT_TYPES, self._event_types)):
                if value.name.startswith(prefix):
                    used[value.name.removeprefix(prefix)].update(read_schema(value.value.text))


def find_place(one: LoggedObject, system: str) -> Place:
    """Which object of the store an object of a log is: in the log's system, or in the one it names itself."""
    own = next((value.value.text for value in one.values if value.name == convention.SYSTEM), "")
    if not own:
        return Place(plain(one.type), system, one.id)
    return Place(plain(one.type), own, one.id.removeprefix(convention.full_key(own, plain(one.type), "")))


def plain(name: str) -> str:
    """A type or a system without colons, which part a key."""
    return name.replace(":", "_")


def _check_texts(kind: str, id: str, *texts: str) -> None:
    try:
        "".join((id, *texts)).encode()
    except UnicodeEncodeError as error:
        raise PayloadError(f"{kind} {id!a}: a text in it is no Unicode: {error.reason}") from error


def write_schema(types: Mapping[str, str]) -> str:
    """Write attributes and their types in the order of their names, as JSON."""
    return json.dumps(dict(sorted(types.items())), ensure_ascii=False)


def read_schema(text: str) -> dict[str, str]:
    """The opposite of `write_schema`; empty for what is none."""
    try:
        types = json.loads(text)
    except ValueError:
        return {}
    return {str(name): read_type(str(one)) for name, one in types.items()} if isinstance(types, dict) else {}


def _find_unused(prefix: str, declared: Schema, used: Mapping[str, Iterable[str]]) -> Iterable[tuple[str, Value]]:
    for type_name, attributes in declared.items():
        known = used.get(type_name)
        missing = {name: one for name, one in attributes.items() if name not in (known or ()) and not is_own(name)}
        if known is None or missing:
            yield f"{prefix}{type_name}", Value(write_schema(missing), STRING)


def is_own(name: str) -> bool:
    """Whether an attribute is one of ours and says nothing of its type."""
    return name.startswith(convention.OWN)
