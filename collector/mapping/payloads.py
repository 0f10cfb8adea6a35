"""Payload files as the messages a source would be given for them, for `sources test` and golden files.

A file of JSON or text is one body; XML becomes JSON as at the door; a file of rows becomes what the drop folder makes
of it; an OTLP request in JSON becomes the messages that are among its spans. What cannot be read at all is a body
nobody can read, with the file's own bytes.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from billtrail.errors import PayloadError, SettingsError
from billtrail.store import Store
from collector.load.span_messages import read_request
from collector.mapping.source import Source
from collector.pull.table_file import read_rows
from collector.webhook.xml import read_xml

SUFFIXES = (".json", ".xml", ".txt", ".csv", ".tsv", ".jsonl")
_ROWS = (".csv", ".tsv", ".jsonl")


def find_payloads(place: Path) -> list[Path]:
    """List a file, or the payload files of a folder. Raises SettingsError when there is none."""
    if not place.exists():
        raise SettingsError(f"{place} does not exist", hint="give a payload file, or a folder of them")
    files = [place] if place.is_file() else sorted(path for path in place.iterdir() if path.suffix in SUFFIXES)
    answers = {find_answer(path) for path in files}
    files = [path for path in files if path not in answers]
    if not files:
        raise SettingsError(
            f"there is no payload in {place}", hint=f"put files there that end in {', '.join(SUFFIXES)}"
        )
    return files


def find_answer(payload: Path) -> Path | None:
    """Find what a sample says its payload becomes: `out-a.json` beside `in-a.json` or `in-a.xml`."""
    answer = payload.with_name(f"out-{payload.name.removeprefix('in-')}").with_suffix(".json")
    return answer if payload.name.startswith("in-") and answer.exists() else None


def find_silent(files: Sequence[Path], bodies: Sequence[tuple[str, str]]) -> list[str]:
    """Name the files that hold no message, such as a request of spans none of which is meant."""
    heard = {name.partition(" [")[0] for name, _ in bodies}
    return [path.name for path in files if path.name not in heard]


def read_payloads(store: Store, files: Sequence[Path], source: Source) -> list[tuple[str, str]]:
    """Read payload files; shape: name and body, one for each message."""
    return [(name, body) for path in files for name, body in _read(store, path, source)]


def _read(store: Store, path: Path, source: Source) -> Iterator[tuple[str, str]]:
    try:
        bodies = _find_bodies(store, path, source)
    except PayloadError:
        bodies = [path.read_bytes()]
    for number, body in enumerate(bodies, 1):
        name = path.name if len(bodies) == 1 else f"{path.name} [{number}]"
        yield name, body.decode("utf-8", "replace").removeprefix("\ufeff")


def _find_bodies(store: Store, path: Path, source: Source) -> list[bytes]:
    if path.suffix in _ROWS:
        return read_rows(path, source.files)
    body = path.read_bytes()
    if source.receive.format == "xml" and body.lstrip().startswith(b"<"):
        return read_xml(body, source.receive)
    if source.spans and b'"resourceSpans"' in body:
        return read_request(store, body, source.spans)
    return [body]
