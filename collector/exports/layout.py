"""The head of a log: which types there are, and of which type the values of each attribute are.

Learned from all records beforehand. A value that is of another type than most of its name, or that a format cannot
write as it is, moves into `billtrail.more` of its record.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from billtrail.errors import StoreError
from collector.exports.canonical import write_json
from collector.imports.convention import EVENT_TYPES, LOG_TYPE, MORE, OBJECT_TYPES
from collector.imports.record import Dated, LoggedEvent, LoggedObject, Schema, Value
from collector.imports.scan import read_schema
from collector.imports.value import EPOCH

Unfit = Callable[[str, Value], bool]
"""Tells that a format cannot write a value of an attribute."""

_ORDER = ("string", "float", "integer", "time", "boolean")
_T = TypeVar("_T")


class Layout:
    """Take every record, then `settle`, then ask."""

    def __init__(self, unfit: Unfit, choose_names: Callable[[Iterable[str]], set[str]] = set) -> None:
        self.object_types: Schema = {}
        self.event_types: Schema = {}
        self._unfit, self._choose_names = unfit, choose_names
        self._found: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        self._needs_more: set[tuple[str, str]] = set()

    def take_object(self, one: LoggedObject) -> None:
        self._take("object", one.type, ((value.name, value.value) for value in one.values))
        if one.type == LOG_TYPE:
            self._take_declared(one)

    def take_event(self, one: LoggedEvent) -> None:
        self._take("event", one.type, one.attributes.items())

    def settle(self) -> None:
        for (kind, type_name), attributes in sorted(self._found.items()):
            names = self._choose_names(attributes)
            types = {name: _choose(found) for name, found in attributes.items() if found and name in names}
            is_mixed = any(sum(count > 0 for count in found.values()) > 1 for found in attributes.values())
            if is_mixed or len(names & set(attributes)) < len(attributes) or (kind, type_name) in self._needs_more:
                types[MORE] = "string"
            (self.object_types if kind == "object" else self.event_types)[type_name] = dict(sorted(types.items()))

    def arrange_object(self, one: LoggedObject) -> list[Dated]:
        """The values of an object as they can be written."""
        types = _know(self.object_types, one.type)
        fit, rest = _part(one.values, lambda value: self._fits(value.name, value.value, types))
        more = [(value.name, value.at, value.value.type, value.value.text) for value in rest]
        if more and MORE not in types:
            raise _too_late(one.type)
        first_at = min((value.at for value in one.values), default=EPOCH)
        return [*fit, *([Dated(MORE, first_at, Value(write_json(more)))] if more else [])]

    def arrange_event(self, one: LoggedEvent) -> dict[str, Value]:
        """The values of an event as they can be written."""
        types = _know(self.event_types, one.type)
        fit, rest = _part(one.attributes.items(), lambda item: self._fits(*item, types))
        more = [(name, "", value.type, value.text) for name, value in rest]
        if more and MORE not in types:
            raise _too_late(one.type)
        return dict(fit) | ({MORE: Value(write_json(more))} if more else {})

    def _take(self, kind: str, type_name: str, values: Iterable[tuple[str, Value]]) -> None:
        found = self._found[kind, type_name]
        for name, value in values:
            if self._unfit(name, value):
                self._needs_more.add((kind, type_name))
            else:
                found[name][value.type] += 1

    def _take_declared(self, log: LoggedObject) -> None:
        for value in log.values:
            for prefix, kind in ((OBJECT_TYPES, "object"), (EVENT_TYPES, "event")):
                if value.name.startswith(prefix):
                    found = self._found[kind, value.name.removeprefix(prefix)]
                    for name, type_name in read_schema(value.value.text).items():
                        if not self._unfit(name, Value("", type_name)):
                            found[name][type_name] += 0

    def _fits(self, name: str, value: Value, types: dict[str, str]) -> bool:
        return types.get(name) == value.type and not self._unfit(name, value)


def _know(types: Schema, type_name: str) -> dict[str, str]:
    if type_name not in types:
        raise _too_late(type_name)
    return types[type_name]


def _too_late(type_name: str) -> StoreError:
    told = f"{type_name}: something came in while the export ran that its head knows nothing of"
    return StoreError(told, is_transient=True, hint="export again")


def _choose(found: Counter[str]) -> str:
    """The type most values have; of two with as many, the one that stands first."""
    return min(found, key=lambda name: (-found[name], _ORDER.index(name)))


def _part(values: Iterable[_T], fits: Callable[[_T], bool]) -> tuple[list[_T], list[_T]]:
    parts: tuple[list[_T], list[_T]] = ([], [])
    for value in values:
        parts[not fits(value)].append(value)
    return parts
