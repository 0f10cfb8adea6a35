"""Reading YAML without losing where things stand: a file to its nodes, each with line and column.

Refuses what a hand-written document never needs and what can hurt: aliases, deep nesting, files of more than 256 KiB.
Never raises on bad text; what is wrong is in the list of problems. What a node may hold is its reader's affair.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from billtrail.document.problem import Problem

MAX_BYTES = 256 * 1024
MAX_DEPTH = 40


def compose_file(file: Path, label: str = "") -> tuple[list[yaml.Node], list[Problem]]:
    """Compose every document of a file. Shape: one node per document; a top-level list counts as its elements."""
    label = label or str(file)
    try:
        data = file.read_bytes()
        if len(data) > MAX_BYTES:
            raise ValueError(f"the file has {len(data)} bytes, more than {MAX_BYTES}")
        text = data.decode("utf-8")
        _refuse_traps(text)
        return list(_compose(text)), []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        return [], [Problem(label, line, column, "", f"not valid YAML: {error.problem}")]
    except _Trap as trap:
        return [], [Problem(label, trap.line, trap.column, "", str(trap))]
    except (yaml.YAMLError, OSError, ValueError) as error:
        return [], [Problem(label, 0, 0, "", f"cannot be read: {error}")]


class _Trap(ValueError):
    """Valid YAML that is refused, and where it stands."""

    def __init__(self, message: str, event: yaml.Event) -> None:
        super().__init__(message)
        mark = event.start_mark
        self.line, self.column = (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _compose(text: str) -> Iterator[Any]:
    for node in yaml.compose_all(text, Loader=yaml.SafeLoader):
        if isinstance(node, yaml.SequenceNode):
            yield from node.value
        elif node is not None:
            yield node


def _refuse_traps(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _Trap("aliases are not used here; write it out", event)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _Trap(f"nested deeper than {MAX_DEPTH}", event)
