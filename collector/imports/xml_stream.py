"""Reads an XML document record by record. What entities and document types can do to a reader is refused."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from billtrail.errors import PayloadError
from collector.imports.file import open_file, reading


class Record(NamedTuple):
    """A whole element, in the element named `parent`; `place` counts those of its name there."""

    name: str
    parent: str
    place: int
    element: Element


def read_records(path: Path, names: Collection[str]) -> Iterator[Record]:
    """Give every element of these names that is no part of another of them. Raises PayloadError with the line."""
    with _parsing(path) as events:
        yield from _walk(events, names)


def read_root(path: Path) -> Iterator[str]:
    """Give the name of the root, and then those of its children until nobody asks any more. Raises PayloadError."""
    depth = 0
    with _parsing(path) as events:
        for event, element in events:
            depth += 1 if event == "start" else -1
            if event == "start" and depth <= 2:
                yield plain_name(element)
            if event == "end":
                element.clear()


@contextmanager
def _parsing(path: Path) -> Iterator[Iterator[tuple[str, Element]]]:
    with reading(path), open_file(path) as file:
        try:
            yield iterparse(file, events=("start", "end"), forbid_dtd=True)
        except ParseError as error:
            line, column = error.position
            told = str(error).partition(": line")[0]
            raise PayloadError(f"{path}: line {line}, column {column + 1}: not XML: {told}") from error
        except DefusedXmlException as error:
            raise PayloadError(
                f"{path}: a document type or an entity, which are refused: {type(error).__name__}",
                hint="remove the <!DOCTYPE …> of the file",
            ) from error
        except (ValueError, LookupError) as error:
            raise PayloadError(f"{path}: not XML: {error}") from error


def plain_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *names: str) -> Iterator[Element]:
    """Give the children of these names, whatever their namespace."""
    for child in element:
        if plain_name(child) in names:
            yield child


def _walk(events: Iterator[tuple[str, Element]], names: Collection[str]) -> Iterator[Record]:
    path: list[Element] = []
    counts: list[dict[str, int]] = []
    inside = 0
    for event, element in events:
        name = plain_name(element)
        if event == "start":
            path.append(element)
            counts.append({})
            inside += name in names
            continue
        path.pop()
        counts.pop()
        inside -= name in names
        if inside:
            continue
        if name in names and path:
            place = counts[-1][name] = counts[-1].get(name, -1) + 1
            yield Record(name, plain_name(path[-1]), place, element)
        if path:
            # What was read is forgotten, here and in its parent.
            path[-1].remove(element)
