"""The columns one typed parse of a body becomes: one per path a source uses, named as the author wrote it.

A body is one message, or the first of several places in it is, or every element of a list is. In the last case the
message and the body are parsed apart, since one body becomes several messages.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from collector.mapping.expression import Expression, Named
from collector.mapping.path import Each, Key, Path, Step
from collector.mapping.quote import quote_name, quote_text
from collector.mapping.resolve import find_paths, walk
from collector.mapping.shape import Shape
from collector.mapping.source import EventRule, ObjectRule, RelationRule, Source

_MESSAGE, _BODY = "message_parsed", "body_parsed"


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
        used = find_paths((source.kind, source.id, source.event_source, source.events, source.ignore, source.values,
                           source.inside, source.changes))  # fmt: skip
        for path in used:
            columns._learn(path)
        columns.paths = [path for path in used if path.scope != "item"]
        return columns

    def _learn(self, path: Path) -> None:
        outer = path.within
        start = (outer or path).scope
        steps = (*outer.steps, *path.steps) if outer else path.steps
        for shape, prefix in self._places(start):
            leaf = shape.learn((*prefix, *steps))
            if path not in self.lists:
                leaf.is_text = True

    def _places(self, scope: str) -> list[tuple[Shape, tuple[Step, ...]]]:
        """Where the paths of a scope start: the shape and the steps to it."""
        if scope == "body":
            return [(self.body, ())]
        if scope in self.inside:
            return [(self.inside[scope], ())]
        return [(self.message, ())] if self.explodes else [(self.body, path.steps) for path in self.source.messages]

    def definitions(self, render: Callable[[Expression], str]) -> Iterator[tuple[str, str]]:
        """Name the columns, after the parses: which place the message stands in, JSON texts read again, the paths."""
        first = [path for path in self.paths if path.scope not in self.inside]
        if not self.explodes and len(self.source.messages) > 1:
            yield "place_of_message", self._place_of_message()
        for path in first:
            yield quote_name(str(path)), self.reach(path)
        for name, text in self.source.inside.items():
            yield quote_name(f"inside {name}"), f"JSONExtract({render(text)}, {quote_text(self.inside[name].type)})"
        for path in self.paths:
            if path not in first:
                yield quote_name(str(path)), self.reach(path)

    def _place_of_message(self) -> str:
        """The first place at which the paths of `kind` lead somewhere; failing that the first that is there at all."""
        told = [self.source.values[found.name] for found in walk(self.source.kind) if isinstance(found, Named)]
        paths = [path for path in find_paths((self.source.kind, told)) if path.scope == ""]
        tests = []
        for number, prefix in enumerate(self.source.messages, 1):
            there = [f"{self.body.reach(_BODY, (*prefix.steps, *path.steps))} != ''" for path in paths]
            tests.append(f"{' OR '.join(there)}, {number}, " if there else "")
        for number, prefix in enumerate(self.source.messages[:-1], 1):
            tests.append(f"JSONHas(body, {_list_keys(prefix)}), {number}, ")
        return f"multiIf({''.join(tests)}{len(self.source.messages)})"

    def reach(self, path: Path) -> str:
        """Write how to get to a path that is no element's."""
        if path.scope in self.inside:
            return self.inside[path.scope].reach(quote_name(f"inside {path.scope}"), path.steps)
        if path.scope == "body":
            return self.body.reach(_BODY, path.steps)
        if self.explodes:
            return self.message.reach(_MESSAGE, path.steps)
        ways = [self.body.reach(_BODY, (*prefix.steps, *path.steps)) for prefix in self.source.messages]
        if len(ways) == 1:
            return ways[0]
        chosen = "".join(f"place_of_message = {number}, {way}, " for number, way in enumerate(ways[:-1], 1))
        return f"multiIf({chosen}{ways[-1]})"

    def reach_in_element(self, path: Path, variable: str) -> str:
        """Write how to get from an element of a list to a path inside it."""
        outer = path.within
        assert outer is not None
        shape, prefix = self._places(outer.scope)[0]
        return shape.learn((*prefix, *outer.steps)).reach(variable, path.steps)

    @property
    def parses(self) -> list[str]:
        """The typed parses of a row with `body`, and `message` where it has several."""
        parses = []
        if self.explodes:
            parses.append(f"JSONExtract(message, {quote_text(self.message.type)}) AS {_MESSAGE}")
        if not self.explodes or self.body.keys or self.body.element:
            parses.append(f"JSONExtract(body, {quote_text(self.body.type)}) AS {_BODY}")
        return parses


def split_messages(source: Source) -> str:
    """Write the texts of the messages in `body`, for a source whose bodies hold several."""
    choices = ""
    for path in source.messages:
        places = f", {keys}" if (keys := _list_keys(path)) else ""
        last = path.steps[-1] if path.steps else None
        if isinstance(last, Each) and last.of_values:
            elements = f"arrayMap(x -> x.2, JSONExtractKeysAndValuesRaw(body{places}))"
            choices += f"JSONType(body{places}) = 'Object', {elements}, "
        elif isinstance(last, Each):
            choices += f"JSONType(body{places}) = 'Array', JSONExtractArrayRaw(body{places}), "
        elif places:
            choices += f"JSONHas(body{places}), [JSONExtractRaw(body{places})], "
    return f"multiIf({choices}[body])"


def _list_keys(path: Path) -> str:
    return ", ".join(quote_text(step.name) for step in path.steps if isinstance(step, Key))


def _find_lists(source: Source) -> list[Path]:
    lists = [found.each for found in walk(source.events) if isinstance(found, EventRule | ObjectRule | RelationRule)]
    return [path for path in lists if path is not None]
