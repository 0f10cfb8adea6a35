"""A file of rows as messages: one JSON object a row, by the names in its first line. Nothing of a bad file is used.

The encoding is what a byte order mark says, else what the source says, else UTF-8; the delimiter is what the source
says, else the one of `, ; tab |` that stands most often in the first line. Every row also carries `@file`, `@row` (from
1) and `@row_id`, which is the same for the same row of a file that is delivered again, under whatever name.
"""

import codecs
import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from billtrail.errors import PayloadError
from collector.mapping.pull import FileRule

MAX_FILE_BYTES = 256 << 20
_DELIMITERS = ",;\t|"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_rows(path: Path, rule: FileRule) -> list[bytes]:
    """Read a whole file as messages. Raises PayloadError that says where, OSError when it cannot be read at all."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise PayloadError(f"the file has more than {MAX_FILE_BYTES} bytes", hint="split it")
    data = path.read_bytes()
    if path.suffix == ".jsonl":
        return list(_read_lines(data))
    text = _decode(data, rule)
    return [
        json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") for row in _read_table(text, rule, path.name)
    ]


def _read_lines(data: bytes) -> Iterator[bytes]:
    for number, line in enumerate(data.removeprefix(codecs.BOM_UTF8).splitlines(), 1):
        if not line.strip():
            continue
        try:
            json.loads(line)
        except (ValueError, RecursionError) as error:
            raise PayloadError(f"line {number}: no JSON: {error}") from error
        yield line.strip()


def _decode(data: bytes, rule: FileRule) -> str:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    encoding = marked or rule.encoding or "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PayloadError(
            f"line {line}: the file is not {encoding}", hint="say its `encoding` under `files` in the source.yaml"
        ) from error
    if "\0" in text:
        raise PayloadError(f"line {text[: text.index(chr(0))].count(chr(10)) + 1}: there is a NUL in the text")
    return text


def _read_table(text: str, rule: FileRule, name: str) -> Iterator[dict[str, str]]:
    delimiter = rule.delimiter or find_delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = _read_header(next(rows, []))
        seen: Counter[str] = Counter()
        number = 0
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            number += 1
            if len(cells) != len(header):
                raise PayloadError(f"line {rows.line_num}: {len(cells)} cells, and the first line has {len(header)}")
            digest = hashlib.sha256("\x1f".join((*header, *cells)).encode("utf-8", "replace")).hexdigest()[:24]
            seen[digest] += 1
            known = {"@file": name, "@row": str(number), "@row_id": f"{digest}-{seen[digest]}"}
            yield dict(zip(header, cells, strict=True)) | known
    except csv.Error as error:
        raise PayloadError(f"line {rows.line_num}: {error}") from error


def _read_header(cells: list[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    if not any(header):
        raise PayloadError("line 1: the names of the columns are missing")
    doubled = [cell for cell, count in Counter(header).items() if count > 1 or not cell]
    if doubled:
        raise PayloadError(f"line 1: a column has no name, or the name of another: {doubled[0]!r}")
    return header


def find_delimiter(text: str) -> str:
    """Find what stands between the names in the first line, outside of quotes."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    bare = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)
