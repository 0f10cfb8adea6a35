"""Reads and checks a `source.yaml`. Raises one SourceError that names every mistake with its line and column.

A folder is refused as a whole: a source with a mistake maps nothing, so that no message is mapped by half a document.
"""

from collections.abc import Mapping
from pathlib import Path as File

from billtrail.errors import SettingsError
from collector.mapping.condition import AnyOf
from collector.mapping.document import Document, Node, Problem, name_nearest, read_document
from collector.mapping.expression import NOTHING, Expression
from collector.mapping.path import Path
from collector.mapping.pull import FileRule
from collector.mapping.read_event import read_events
from collector.mapping.read_expression import read_condition, read_expression, read_list, read_path
from collector.mapping.read_pull import read_files, read_pulls, read_spans
from collector.mapping.read_receive import read_receive
from collector.mapping.receive import Receive
from collector.mapping.resolve import find_dangling
from collector.mapping.source import Changes, Source

FILE = "source.yaml"
_KEYS = (
    "source", "title", "system", "event_source", "parameters", "receive", "pull", "files", "spans", "messages",
    "inside", "values", "changes", "kind", "id", "defaults", "ignore", "events",
)  # fmt: skip


class SourceError(SettingsError):
    """A source that cannot be used. `problems` are all that was found wrong."""

    def __init__(self, label: str, problems: list[Problem]) -> None:
        super().__init__(
            "\n".join(map(str, problems)) or f"{label}: unusable",
            hint="the language is described in collector/sources/README.md",
        )
        self.problems = problems


def read_source(folder: File, parameters: Mapping[str, str] | None = None) -> Source:
    """Read `folder/source.yaml`; `parameters` replace the defaults it declares. Raises SourceError."""
    document = Document(str(folder / FILE))
    root = read_document(folder / FILE, document)
    source = _read(root, folder.name, parameters or {}) if root else None
    if not source or document.problems:
        raise SourceError(document.label, document.problems)
    return source


def _read(root: Node, folder: str, parameters: Mapping[str, str]) -> Source | None:
    found = root.fields(_KEYS, ("source", "title", "system", "kind", "id", "events"))
    _take_parameters(root, found, parameters)
    if not {"source", "title", "system", "kind", "id", "events"} <= set(found):
        return None
    if found["source"].word() != folder:
        found["source"].complain(f"the folder is called {folder}", "a source is named after its folder")
    source = Source(
        name=found["source"].word(),
        title=found["title"].word(),
        system=read_expression(found["system"]),
        kind=read_expression(found["kind"]),
        id=read_expression(found["id"]),
        events=read_events(found["events"], found.get("defaults"), read_expression(found["system"])),
        ignore=tuple(read_condition(node) for node in found["ignore"].elements()) if "ignore" in found else (),
        event_source=read_expression(found["event_source"]) if "event_source" in found else NOTHING,
        messages=tuple(read_path(node) for node in found["messages"].elements())
        if "messages" in found
        else (Path("", ()),),
        inside=_read_named(found, "inside"),
        values=_read_named(found, "values"),
        changes=_read_changes(found["changes"]) if "changes" in found else None,
        parameters=dict(root.document.parameters),
        receive=read_receive(found["receive"]) if "receive" in found else Receive(),
        pulls=read_pulls(found["pull"]) if "pull" in found else (),
        files=read_files(found["files"]) if "files" in found else FileRule(),
        spans=read_spans(found["spans"]) if "spans" in found else None,
    )
    for name, hint in find_dangling(source):
        root.complain(name, hint)
    return source


def _take_parameters(root: Node, found: Mapping[str, Node], given: Mapping[str, str]) -> None:
    declared = found["parameters"].entries() if "parameters" in found else []
    defaults = {key.text: value.text for key, value in declared}
    for name in given:
        if name not in defaults:
            root.complain(f"it has no parameter {name}", name_nearest(name, defaults))
    root.document.parameters.update(defaults | {name: given[name] for name in given if name in defaults})


def _read_changes(node: Node) -> Changes | None:
    found = node.fields(("created", "names", "undecoded"), ("names",))
    if "names" not in found:
        return None
    created = read_condition(found["created"]) if "created" in found else AnyOf(())
    return Changes(created, read_list(found["names"]), found["undecoded"].word() if "undecoded" in found else "")


def _read_named(found: Mapping[str, Node], name: str) -> dict[str, Expression]:
    return {key.text: read_expression(value) for key, value in found[name].entries()} if name in found else {}
