"""What every kind of log comes down to: objects and events, with values that have a type.

A reader is asked for its objects and its events more than once and answers the same each time; it holds no more of a
file in memory than one record. What it cannot give as a record it notes in `strays`, and loses nothing in silence.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

Schema = dict[str, dict[str, str]]
"""Types, and the attributes of each with the type of their values: `string time integer float boolean`."""

_SHOWN = 100


class Value(NamedTuple):
    """A value in its one spelling (`value.py`)."""

    text: str
    type: str = "string"


class Dated(NamedTuple):
    """What an attribute of an object became at an instant, which is RFC 3339 in UTC."""

    name: str
    at: str
    value: Value


class Reference(NamedTuple):
    """To which object, and as what. With a `type` it names an object that need not be declared."""

    object_id: str
    qualifier: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """`time` is RFC 3339 in UTC, empty when the log has none. A `body` is the whole event as it was written."""

    id: str
    type: str
    time: str
    attributes: Mapping[str, Value]
    references: tuple[Reference, ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class LoggedObject:
    """An object with all the values it ever had."""

    id: str
    type: str
    values: tuple[Dated, ...]
    references: tuple[Reference, ...]


@dataclass(slots=True)
class Counted:
    """A number of things of one kind, and the first of them."""

    count: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    first: list[str] = field(default_factory=list)

    def note(self, kind: str, example: str) -> None:
        self.count += 1
        self.kinds[kind] += 1
        if len(self.first) < _SHOWN:
            self.first.append(example)


class Log(Protocol):
    """One log. `format` is its word on the command line."""

    name: str
    format: str
    object_types: Schema
    event_types: Schema
    attributes: dict[str, Value]
    strays: Counted

    def objects(self) -> Iterator[LoggedObject]: ...

    def events(self) -> Iterator[LoggedEvent]: ...
