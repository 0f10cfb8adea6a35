"""A YAML document whose every value knows where it stands. Mistakes are collected with line and column, never raised.

Refuses aliases, keys written twice, and files of more than 256 KiB. Scalars are texts as they are written: `true`, `12`
and `2026-01-01` are not converted, since payloads are compared as texts.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

MAX_BYTES = 256 * 1024
_LISTED = 24
_PARAMETER = re.compile(r"\{([a-z][a-z_]*)\}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. `line` and `column` count from 1; 0 means the file as a whole."""

    file: str
    line: int
    column: int
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        subject = f"{self.key}: " if self.key else ""
        return f"{place}: {subject}{self.message}" + (f" ({self.hint})" if self.hint else "")


@dataclass(slots=True)
class Document:
    """The file being read: its label in messages, what is wrong with it so far, and the values of its parameters."""

    label: str
    problems: list[Problem] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)


class Node:
    """One value of a document: a mapping, a list, a text or nothing."""

    def __init__(self, document: Document, node: yaml.Node, key: str) -> None:
        self.document = document
        self.key = key
        self._node = node

    @property
    def is_mapping(self) -> bool:
        return isinstance(self._node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self._node, yaml.SequenceNode)

    @property
    def is_text(self) -> bool:
        return isinstance(self._node, yaml.ScalarNode)

    @property
    def text(self) -> str:
        """The scalar as it is written, with the values of parameters in place of `{name}`; empty for anything else."""
        if not isinstance(self._node, yaml.ScalarNode):
            return ""
        known = self.document.parameters
        return _PARAMETER.sub(lambda match: known.get(match.group(1), match.group()), str(self._node.value))

    def complain(self, message: str, hint: str = "") -> None:
        mark = self._node.start_mark
        self.document.problems.append(
            Problem(self.document.label, mark.line + 1, mark.column + 1, self.key, message, hint)
        )

    def entries(self) -> list[tuple["Node", "Node"]]:
        """The keys and values of a mapping, in order. Anything else is a mistake and has none."""
        if not isinstance(self._node, yaml.MappingNode):
            self.complain(f"expected a mapping, got {self.kind}")
            return []
        return [
            (Node(self.document, key, self._at(str(key.value))), Node(self.document, value, self._at(str(key.value))))
            for key, value in self._node.value
        ]

    def elements(self) -> list["Node"]:
        """The elements of a list; one value stands for a list of one."""
        if not isinstance(self._node, yaml.SequenceNode):
            return [self]
        return [Node(self.document, value, f"{self.key}[{place}]") for place, value in enumerate(self._node.value)]

    def fields(self, known: Iterable[str], required: Iterable[str] = ()) -> dict[str, "Node"]:
        """Read a mapping of known keys: unknown, doubled and missing ones are mistakes."""
        found: dict[str, Node] = {}
        names = list(known)
        for key, value in self.entries():
            if key.text in found:
                key.complain("this key stands here twice")
            elif key.text not in names:
                key.complain("unknown key", name_nearest(key.text, names))
            else:
                found[key.text] = value
        for name in required:
            if self.is_mapping and name not in found:
                self.complain(f"{name} is missing")
        return found

    def word(self) -> str:
        """Read a text that is not empty. A parameter nobody declared is a mistake."""
        if not self.is_text or not self.text.strip():
            self.complain(f"expected a text, got {self.kind}")
        if unknown := _PARAMETER.search(self.text):
            self.complain(
                f"{unknown.group()} is no parameter", name_nearest(unknown.group(1), self.document.parameters)
            )
        return self.text.strip()

    def words(self) -> tuple[str, ...]:
        return tuple(element.word() for element in self.elements())

    def plain(self) -> object:
        """The value as plain Python: texts, lists and dictionaries."""
        if self.is_mapping:
            return {key.text: value.plain() for key, value in self.entries()}
        return [element.plain() for element in self.elements()] if self.is_list else self.text

    @property
    def kind(self) -> str:
        if self.is_mapping:
            return "a mapping"
        if self.is_list:
            return "a list"
        return f"the text {self.text[:60]!r}" if self.text.strip() else "nothing"

    def _at(self, key: str) -> str:
        return f"{self.key}.{key}" if self.key else key


def read_document(file: Path, document: Document) -> Node | None:
    """Read the one document of a file; None, with the reason among the problems, when there is none to use."""
    try:
        data = file.read_bytes()
        if len(data) > MAX_BYTES:
            raise ValueError(f"the file has {len(data)} bytes, more than {MAX_BYTES}")
        text = data.decode("utf-8")
        if place := next(_find_aliases(text), None):
            document.problems.append(Problem(document.label, *place, "", "aliases are not used here; write it out"))
            return None
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        document.problems.append(Problem(document.label, line, column, "", f"not valid YAML: {error.problem}"))
        return None
    except (yaml.YAMLError, OSError, ValueError) as error:
        document.problems.append(Problem(document.label, 0, 0, "", f"cannot be read: {error}"))
        return None
    if root is None:
        document.problems.append(Problem(document.label, 0, 0, "", "the file is empty"))
        return None
    return Node(document, root, "")


def name_nearest(word: str, known: Iterable[str]) -> str:
    """Hint at the valid name most like `word`, or list the valid names when none is."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"valid names: {', '.join(names[:_LISTED])}{', …' if len(names) > _LISTED else ''}" if names else ""


def _find_aliases(text: str) -> Iterator[tuple[int, int]]:
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) and event.start_mark is not None:
            yield event.start_mark.line + 1, event.start_mark.column + 1
