"""Reads values out of JSON by the paths of the mapping language, and fills templates with them.

For what has to be known before the journal: where the items of an answer stand, positions, next pages. Everything else
of a message is read by the engine.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from collector.mapping.path import Each, Index, Key, Path, Pick, Step, parse_path
from collector.mapping.pull import Template

_HOLE = re.compile(r"\{([a-z]+)\}")
_PATH_HOLE = re.compile(r"\{(\$[^{}]*)\}")


def find_value(path: Path, value: Any) -> Any:
    """Answer what stands at a path, None when nothing does; of a path through a list the list."""
    for place, step in enumerate(path.steps):
        if isinstance(step, Each):
            rest = Path("", path.steps[place + 1 :])
            found = _find_elements(step, value)
            return None if found is None else [find_value(rest, element) for element in found]
        value = _take(step, value)
        if value is None:
            return None
    return value


def find_text(path: Path | None, value: Any) -> str:
    """Answer what stands at a path as the mapping language has it: nothing is the empty text."""
    found = find_value(path, value) if path else None
    return "" if found is None else found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def fill_text(text: str, holes: Mapping[str, str]) -> str:
    """Put values into the holes of a text."""
    return _HOLE.sub(lambda match: holes.get(match.group(1), match.group()), text)


def fill_template(template: Template, holes: Mapping[str, str]) -> Any:
    """Put values into the holes of every text of a template."""
    if isinstance(template, dict):
        return {key: fill_template(value, holes) for key, value in template.items()}
    if isinstance(template, list):
        return [fill_template(value, holes) for value in template]
    return fill_text(template, holes)


def shape_message(template: Template, item: Any) -> Any:
    """Make a message of an item: `$path` is what stands there, `{$path}` its text within a text."""
    if isinstance(template, dict):
        return {key: shape_message(value, item) for key, value in template.items()}
    if isinstance(template, list):
        return [shape_message(value, item) for value in template]
    if template.startswith("$"):
        return find_value(parse_path(template), item)
    return _PATH_HOLE.sub(lambda match: find_text(parse_path(match.group(1)), item), template)


def _find_elements(step: Each, value: Any) -> list[Any] | None:
    if step.of_values:
        return list(value.values()) if isinstance(value, dict) else None
    return value if isinstance(value, list) else None


def _take(step: Step, value: Any) -> Any:
    match step:
        case Key(name):
            return value.get(name) if isinstance(value, dict) else None
        case Index(place):
            is_there = isinstance(value, list) and -len(value) <= place < len(value)
            return value[place] if is_there else None
        case Pick(field, wanted):
            elements = value if isinstance(value, list) else []
            fitting = (one for one in elements if isinstance(one, dict) and str(one.get(field)) == wanted)
            return next(fitting, None)
    return None
