"""Walks a source: every path and every name in it, in an order that fits `values` referring to earlier `values`."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from collector.mapping.condition import Changed
from collector.mapping.document import name_nearest
from collector.mapping.expression import Named
from collector.mapping.path import Path
from collector.mapping.source import Source


def walk(value: object) -> Iterator[object]:
    """Yield every expression and condition in something, itself included."""
    if isinstance(value, Mapping):
        for element in value.values():
            yield from walk(element)
    elif isinstance(value, tuple | list):
        for element in value:
            yield from walk(element)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in fields(value):
            yield from walk(getattr(value, field.name))


def find_paths(value: object) -> list[Path]:
    """List the paths in something, each once, in order."""
    return list(dict.fromkeys(found for found in walk(value) if isinstance(found, Path)))


def find_dangling(source: Source) -> Iterator[tuple[str, str]]:
    """Yield what a source refers to and does not have, with a hint."""
    scopes = {"", "body", "item", *source.inside}
    for path in find_paths(source):
        if path.scope not in scopes:
            yield f"{path}: nothing is called {path.scope} under `inside`", name_nearest(path.scope, scopes - {""})
    known: set[str] = set()
    for name, value in source.values.items():
        yield from _find_unknown_names(value, known)
        known.add(name)
    yield from _find_unknown_names((source.kind, source.id, source.events, source.ignore, source.changes), known)
    if not source.changes and any(isinstance(found, Changed) for found in walk((source.events, source.ignore))):
        yield "`changed` is used and `changes` does not say what changed", ""


def _find_unknown_names(value: object, known: set[str]) -> Iterator[tuple[str, str]]:
    for found in walk(value):
        if isinstance(found, Named) and found.name not in known:
            yield f"={found.name}: no such name under `values`, or only later", name_nearest(found.name, known)
