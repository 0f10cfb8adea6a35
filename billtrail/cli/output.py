"""How the command line speaks: rich tables for people, JSON for programs, one red line and a hint for errors.

Results go to standard output, everything else to standard error, so that `--json` can be piped.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from billtrail.errors import BilltrailError

PIPED_WIDTH = 160


def _width(stream: TextIO) -> int | None:
    """None is that of the terminal. What goes into a file or a pipe has room, so that words can be searched for."""
    return None if stream.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH


console = Console(width=_width(sys.stdout))
error_console = Console(stderr=True, width=_width(sys.stderr))


def print_error(error: BilltrailError) -> None:
    """Say what went wrong on one red line, and the next step on another."""
    error_console.print(Text(f"error: {error}".replace("\n", " "), style="red"), soft_wrap=True)
    if error.hint:
        error_console.print(Text(f"  try: {error.hint}"), soft_wrap=True)


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool, empty: str = "nothing there") -> None:
    """Print a listing. `empty` is what people read when there is none; programs get `[]`."""
    if as_json:
        print_json(list(rows))
    elif not rows:
        console.print(Text(empty, style="dim"))
    else:
        console.print(_draw_table(rows))


def print_json(value: Any) -> None:
    """Print one JSON document, instants in ISO 8601 and money as text."""
    console.print(Text(json.dumps(value, indent=2, default=_plain, ensure_ascii=False)), soft_wrap=True)


def format_instant(at: datetime | None) -> str:
    """Write an instant for people, in UTC to the minute."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if at else "–"


def _draw_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    first, *others = rows[0]
    table.add_column(first.replace("_", " "), overflow="fold", width=_whole_width(first, rows))
    for name in others:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_readable(value)) for value in row.values()))
    return table


def _whole_width(name: str, rows: Sequence[Mapping[str, Any]]) -> int | None:
    """How wide a column is that folds nothing, so that its names can be copied; None where that takes too much room."""
    wanted = max(len(text) for text in (name, *(_readable(row[name]) for row in rows)))
    return wanted if wanted <= console.width // 4 else None


def _readable(value: Any) -> str:
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(_readable(one) for one in value)
    return "–" if value is None or value == "" else str(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
