"""Writes OCEL 2.0 in XML, after the standard's examples: a reference is a `relationship`."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from billtrail.errors import PayloadError
from collector.exports.layout import Layout
from collector.imports.record import LoggedEvent, LoggedObject, Reference, Schema, Value

# XML 1.0, section 2.2: what a document cannot hold, not even as a reference.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KEPT = {"\r": "&#13;"}


def is_unwritable(text: str) -> bool:
    """Whether a text holds what XML has no way to write."""
    return bool(_FORBIDDEN.search(text))


def fits_not(name: str, value: Value) -> bool:
    """XML has no control characters."""
    return is_unwritable(name) or is_unwritable(value.text)


def write_log(path: Path, layout: Layout, objects: Iterable[LoggedObject], events: Iterable[LoggedEvent]) -> None:
    """Write a whole log. Raises OSError, and PayloadError for an id or a type with a control character."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log>\n')
        _write_section(file, "object-types", _write_types("object-type", layout.object_types))
        _write_section(file, "event-types", _write_types("event-type", layout.event_types))
        _write_section(file, "objects", (_write_object(layout, one) for one in objects))
        _write_section(file, "events", (_write_event(layout, one) for one in events))
        file.write("</log>\n")


def write_tag(tag: str, closes: str = "", /, **attributes: str) -> str:
    """Write an opening tag; underscores in names of attributes are written as hyphens. Raises PayloadError."""
    for key, value in attributes.items():
        if is_unwritable(value):
            raise PayloadError(f"<{tag} {key}>: XML cannot hold {value[:40]!a}", hint="export as JSON or SQLite")
    told = "".join(f" {key.replace('_', '-')}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{tag}{told}{closes}>"


def _write_section(file: IO[str], name: str, records: Iterator[str]) -> None:
    file.write(f"  <{name}>\n")
    for record in records:
        file.write(record)
    file.write(f"  </{name}>\n")


def _write_types(word: str, types: Schema) -> Iterator[str]:
    for type_name, attributes in types.items():
        told = "".join(
            f"        {write_tag('attribute', '/', name=name, type=one)}\n" for name, one in attributes.items()
        )
        yield f"    {write_tag(word, name=type_name)}\n{_group('attributes', told)}    </{word}>\n"


def _write_object(layout: Layout, one: LoggedObject) -> str:
    told = "".join(
        _write_value(write_tag("attribute", name=value.name, time=value.at), value.value.text)
        for value in layout.arrange_object(one)
    )
    opening = write_tag("object", id=one.id, type=one.type)
    return f"    {opening}\n{_group('attributes', told)}{_write_references(one.references)}    </object>\n"


def _write_event(layout: Layout, one: LoggedEvent) -> str:
    told = "".join(
        _write_value(write_tag("attribute", name=name), value.text) for name, value in layout.arrange_event(one).items()
    )
    opening = write_tag("event", id=one.id, type=one.type, time=one.time)
    return f"    {opening}\n{_group('attributes', told)}{_write_references(one.references)}    </event>\n"


def _write_value(opening: str, text: str) -> str:
    return f"        {opening}{escape(text, _KEPT)}</attribute>\n"


def _write_references(references: Iterable[Reference]) -> str:
    told = "".join(
        f"        {write_tag('relationship', '/', object_id=one.object_id, qualifier=one.qualifier)}\n"
        for one in references
    )
    return _group("objects", told)


def _group(name: str, told: str) -> str:
    return f"      <{name}>\n{told}      </{name}>\n" if told else f"      <{name}/>\n"
