"""The columns one typed parse of a body becomes: one per path a source uses, named as the author wrote it.

A body is one message, or the first of several places in it is, or every element of a list is. But in the first case,
what a source uses of the whole body is parsed apart.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from collector.mapping.expression import Expression
from collector.mapping.layer import Definition
from collector.mapping.path import Each, Key, Path, Step
from collector.mapping.quote import quote_name, quote_text
from collector.mapping.resolve import find_paths, walk
from collector.mapping.shape import Shape
from collector.mapping.source import EventRule, ObjectRule, RelationRule, Source

_MESSAGE, _BODY = "message_parsed", "body_parsed"
_STEPS = re.compile(r"(?:tupleElement\()+[`\w ]+(?:, \d+\))+")


@dataclass(slots=True)
class Columns:
    """What a source uses of a body. `definitions` are `expression AS name`, in an order that fits."""

    source: Source
    explodes: bool = False
    message: Shape = field(default_factory=Shape)
    body: Shape = field(default_factory=Shape)
    inside: dict[str, Shape] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)
    lists: list[Path] = field(default_factory=list)

    @classmethod
    def of(cls, source: Source) -> "Columns":
        """Learn the shape of everything the source uses."""
        columns = cls(
            source, any(path.is_list for path in source.messages), inside={name: Shape() for name in source.inside}
        )
        columns.lists = _find_lists(source)
        if source.messages == (Path("", ()),):
            columns.body = columns.message
        used = find_paths((source.kind, source.id, source.event_source, source.events, source.ignore, source.values,
                           source.inside, source.changes))  # fmt: skip
        for path in used:
            columns._learn(path)
        columns.paths = [path for path in used if path.scope != "item"]
        return columns

    def _learn(self, path: Path) -> None:
        outer = path.within
        shape = self._shape((outer or path).scope)
        leaf = shape.learn((*outer.steps, *path.steps) if outer else path.steps)
        if path not in self.lists:
            leaf.is_text = True

    def _shape(self, scope: str) -> Shape:
        if scope in self.inside:
            return self.inside[scope]
        return self.body if scope == "body" else self.message

    def definitions(self, render: Callable[[Expression], str]) -> Iterator[Definition]:
        """Name the columns: the parses, the paths, JSON texts read again."""
        yield from self._parse()
        first = [path for path in self.paths if path.scope not in self.inside and not self.is_inline(path)]
        for path in first:
            yield quote_name(str(path)), self.reach(path)
        for name, text in self.source.inside.items():
            yield quote_name(f"inside {name}"), f"JSONExtract({render(text)}, {quote_text(self.inside[name].type)})"
        for path in self.paths:
            if path.scope in self.inside and not self.is_inline(path):
                yield quote_name(str(path)), self.reach(path)

    def _parse(self) -> Iterator[Definition]:
        """The typed parses of a row with `body`, and `message` where it has several."""
        yield _MESSAGE, self._parse_message()
        if self.body is not self.message and self.body.keys:
            yield _BODY, _parse("body", quote_text(self.body.type))

    def _parse_message(self) -> str:
        """Parse the message where it stands: the first of the places that is there, the last when none is."""
        column_type = quote_text(self.message.type)
        if self.explodes:
            return _parse("message", column_type)
        ways, last = [], ""
        for path in self.source.messages:
            keys = "".join(f", {quote_text(step.name)}" for step in path.steps if isinstance(step, Key))
            last = f"JSONExtract(body{keys}, {column_type})" if keys else _parse("body", column_type)
            ways.append(f"JSONHas(body{keys}), {last}")
        return f"multiIf({', '.join(ways[:-1])}, {last})" if ways[:-1] else last

    def reach(self, path: Path) -> str:
        """Write how to get to a path that is no element's."""
        if path.scope in self.inside:
            return self.inside[path.scope].reach(quote_name(f"inside {path.scope}"), path.steps)
        column = _BODY if path.scope == "body" and self.body is not self.message else _MESSAGE
        return self._shape(path.scope).reach(column, path.steps)

    def is_inline(self, path: Path) -> bool:
        """Tell whether a path is reached by stepping into a tuple alone, which costs nothing."""
        return _STEPS.fullmatch(self.reach(path)) is not None

    def reach_in_element(self, path: Path, variable: str) -> str:
        """Write how to get from an element of a list to a path inside it."""
        outer = path.within
        assert outer is not None
        return self._shape(outer.scope).learn(outer.steps).reach(variable, path.steps)


def _parse(text: str, column_type: str) -> str:
    """Parse an object. A list is none: the engine would take its elements for the fields, in order."""
    return f"if(startsWith({text}, '['), JSONExtract('', {column_type}), JSONExtract({text}, {column_type}))"


def split_messages(source: Source) -> str:
    """Write the texts of the messages in `body`, for a source whose bodies hold several."""
    choices = ""
    for path in source.messages:
        at = next((place for place, step in enumerate(path.steps) if isinstance(step, Each)), len(path.steps))
        places, inner = _write_keys(path.steps[:at]), _write_keys(path.steps[at + 1 :])
        if at == len(path.steps):
            choices += f"JSONHas(body{places}), [JSONExtractRaw(body{places})], " if places else ""
        elif path.steps[at] == Each(of_values=True):
            element = f"JSONExtractRaw(x.2{inner})" if inner else "x.2"
            elements = f"arrayMap(x -> {element}, JSONExtractKeysAndValuesRaw(body{places}))"
            choices += f"JSONType(body{places}) = 'Object', {elements}, "
        else:
            elements = f"JSONExtractArrayRaw(body{places})"
            elements = f"arrayMap(x -> JSONExtractRaw(x{inner}), {elements})" if inner else elements
            choices += f"JSONType(body{places}) = 'Array', {elements}, "
    return f"multiIf({choices}[body])"


def _write_keys(steps: Sequence[Step]) -> str:
    return "".join(f", {quote_text(step.name)}" for step in steps if isinstance(step, Key))


def _find_lists(source: Source) -> list[Path]:
    lists = [found.each for found in walk(source.events) if isinstance(found, EventRule | ObjectRule | RelationRule)]
    return [path for path in lists if path is not None]
