"""Begins the folder of a new source from one payload: the document to finish, the README's headings, the payload."""

import json
import re
from pathlib import Path

from billtrail.errors import PayloadError, SettingsError
from collector.mapping.pull import FileRule
from collector.mapping.read_source import FILE
from collector.mapping.scaffold import scaffold_source
from collector.pull.table_file import read_rows

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_README = """\
# {name}

## What to switch on in the vendor

## Permissions

## What it reports

| message | event |
|---|---|

## What it cannot

## How ids link

## How it redelivers
"""


def begin_source(root: Path, name: str, sample: Path) -> Path:
    """Write `root/name` and answer it. Raises SettingsError where it is there already, PayloadError on a bad sample."""
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"{name!r} is no name for a source", hint="lower case letters, digits and underscores: my_system"
        )
    if not sample.is_file():
        raise SettingsError(f"{sample} is no file", hint="give one payload as the system sends it, in JSON")
    folder = root / name
    if (folder / FILE).exists():
        raise SettingsError(f"{folder / FILE} is there already", hint="choose another name, or go on with that one")
    text = _read(sample)
    document = scaffold_source(name, text)
    (folder / "samples").mkdir(parents=True, exist_ok=True)
    (folder / "samples" / f"in-{sample.stem}.json").write_text(text, encoding="utf-8")
    (folder / "README.md").write_text(_README.format(name=name), encoding="utf-8")
    (folder / FILE).write_text(document, encoding="utf-8")
    return folder


def _read(sample: Path) -> str:
    """Read a payload; of a file of rows the first row is one."""
    if sample.suffix in (".csv", ".tsv"):
        rows = read_rows(sample, FileRule())
        if not rows:
            raise PayloadError(f"{sample} has no row", hint="give a file with one row at least")
        return json.dumps(json.loads(rows[0]), ensure_ascii=False, indent=2) + "\n"
    try:
        return sample.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PayloadError(f"{sample} is not UTF-8", hint="give one payload as the system sends it, in JSON") from error
