"""One mapping of a document, read key by key. Every mistake is noted with its place, none is raised.

A reader that meets a mistake answers with the empty value of its type, so that the rest is read and all mistakes are
told at once; whoever builds something from a section looks at the problems first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from billtrail.document.problem import Problem, name_nearest

_KINDS = {"str": "text", "int": "a whole number", "float": "a number", "bool": "yes or no", "null": "nothing"}


@dataclass(slots=True)
class Source:
    """The file being read and what is wrong with it so far."""

    label: str
    problems: list[Problem] = field(default_factory=list)


class Section:
    """A mapping, or nothing at all: reading from nothing gives empty values and no further problems."""

    def __init__(self, source: Source, node: yaml.Node | None, path: str) -> None:
        self.source = source
        self.path = path
        self._node = node
        self._keys: dict[str, yaml.Node] = {}
        self._values: dict[str, yaml.Node] = {}
        if isinstance(node, yaml.MappingNode):
            self._take(node)
        elif node is not None:
            self._note(node, path, f"expected a mapping, got {_kind(node)}")
            self._node = None

    @property
    def keys(self) -> list[str]:
        return list(self._values)

    def has(self, key: str) -> bool:
        return key in self._values

    def quietly(self) -> "Section":
        """The same section for a look that notes nothing."""
        return Section(Source(self.source.label), self._node, self.path)

    def only(self, *known: str) -> "Section":
        """Refuse every other key, with the nearest valid name."""
        for key, node in self._keys.items():
            if key not in known:
                self._note(node, self._at(key), "unknown key", name_nearest(key, known))
        return self

    def complain(self, key: str, message: str, hint: str = "") -> None:
        """Note a mistake at the value of `key`, or at the section where the key is absent."""
        node = self._values.get(key) or self._node
        if node is not None:
            self._note(node, self._at(key) if key else self.path, message, hint)

    def text(self, key: str, default: str | None = None) -> str:
        """Read text. Without a default the key is required."""
        node = self._find(key, default is None)
        if node is None:
            return default or ""
        if not isinstance(node, yaml.ScalarNode) or _tag(node) != "str" or not node.value.strip():
            hint = "put it in quotes" if isinstance(node, yaml.ScalarNode) and node.value.strip() else ""
            self._note(node, self._at(key), f"expected text, got {_kind(node)}", hint)
            return default or ""
        return str(node.value).strip()

    def number(self, key: str, default: float | None = None) -> float:
        """Read a number. Without a default the key is required."""
        node = self._find(key, default is None)
        if node is None:
            return default or 0.0
        if not isinstance(node, yaml.ScalarNode) or _tag(node) not in ("int", "float"):
            self._note(node, self._at(key), f"expected a number, got {_kind(node)}")
            return default or 0.0
        try:
            return float(node.value.replace("_", ""))
        except ValueError:
            self._note(node, self._at(key), f"expected a plain decimal number, got {node.value}")
            return default or 0.0

    def flag(self, key: str) -> bool:
        """Read yes or no; absent is no."""
        node = self._find(key, False)
        if node is None:
            return False
        if _tag(node) != "bool":
            self._note(node, self._at(key), f"expected true or false, got {_kind(node)}")
            return False
        return str(node.value).lower() in ("true", "yes", "on")

    def texts(self, key: str, *, is_required: bool = False) -> tuple[str, ...]:
        """Read a list of text; one text stands for a list of one."""
        node = self._find(key, is_required)
        if node is None:
            return ()
        items: Sequence[yaml.Node] = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for item in items:
            if not isinstance(item, yaml.ScalarNode) or _tag(item) != "str" or not item.value.strip():
                self._note(item, self._at(key), f"expected text, got {_kind(item)}", "put it in quotes")
        return tuple(str(item.value).strip() for item in items if isinstance(item, yaml.ScalarNode))

    def scalars(self, key: str) -> tuple[str, ...]:
        """Read a list of scalars as they are written, dates included."""
        node = self._find(key, False)
        if node is None:
            return ()
        items: Sequence[yaml.Node] = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return tuple(item.value if isinstance(item, yaml.ScalarNode) else "" for item in items)

    def section(self, key: str, *, is_required: bool = False) -> "Section":
        """Read a mapping; absent is nothing at all."""
        return Section(self.source, self._find(key, is_required), self._at(key))

    def sections(self, key: str, *, is_required: bool = False) -> Iterator["Section"]:
        """Read a list of mappings."""
        node = self._find(key, is_required)
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self._note(node, self._at(key), f"expected a list, got {_kind(node)}")
            return
        for index, item in enumerate(node.value):
            yield Section(self.source, item, f"{self._at(key)}[{index}]")

    def choice(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """Read a word of a closed list, refusing others with the nearest one."""
        word = self.text(key, default)
        names = list(known)
        if word and word not in names and word != default:
            self.complain(key, f"{word} is not known", name_nearest(word, names))
            return ""
        return word

    def choices(self, key: str, known: Iterable[str], what: str) -> tuple[str, ...]:
        """Read a list of words of a closed list; each other one is refused where it stands, with the nearest one."""
        words, names = self.texts(key), list(known)
        node = self._values.get(key)
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for word, item in zip(words, (one for one in items if isinstance(one, yaml.ScalarNode)), strict=True):
            if word not in names:
                self._note(item, self._at(key), f"there is no {what} {word}", name_nearest(word, names))
        return words

    def _take(self, node: yaml.MappingNode) -> None:
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._note(key, self.path, "a key must be text")
            elif key.value in self._values:
                self._note(key, self._at(key.value), "this key stands here twice")
            else:
                self._keys[key.value], self._values[key.value] = key, value

    def _find(self, key: str, is_required: bool) -> yaml.Node | None:
        node = self._values.get(key)
        if node is not None and _tag(node) == "null" and not is_required:
            return None
        if node is None and is_required and self._node is not None:
            self._note(self._node, self._at(key), "is missing")
        return node

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _note(self, node: yaml.Node, key: str, message: str, hint: str = "") -> None:
        mark = node.start_mark
        self.source.problems.append(Problem(self.source.label, mark.line + 1, mark.column + 1, key, message, hint))


def _tag(node: yaml.Node) -> str:
    return str(node.tag).rsplit(":", 1)[-1]


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    if not node.value.strip():
        return "nothing"
    return f"{_KINDS.get(_tag(node), _tag(node))} ({node.value[:60]})"
