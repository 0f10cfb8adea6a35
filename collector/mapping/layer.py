"""Columns that use other columns, as nested selects: each layer uses only what the layers below it have computed.

The engine writes an alias out wherever it is used, so that a chain of them in one select grows without bound.
"""

import re
from collections.abc import Iterable

Definition = tuple[str, str]
"""A column's name, quoted where it needs to be, and its expression."""


def stack(rows: str, definitions: Iterable[Definition]) -> str:
    """Write a select that adds columns to rows. A definition may use those before it."""
    levels: list[list[Definition]] = []
    known: dict[str, int] = {}
    for name, sql in definitions:
        depth = max((known[used] + 1 for used in _find_names(sql) if used in known), default=0)
        known[name] = depth
        if depth == len(levels):
            levels.append([])
        levels[depth].append((name, sql))
    for level in levels:
        columns = ",\n".join(f"    {sql} AS {name}" for name, sql in level)
        rows = f"SELECT\n    *,\n{columns}\n{nest(rows)}"
    return rows


def nest(statement: str) -> str:
    """Write a statement as what another selects from."""
    return "FROM\n(\n" + "\n".join(f"    {line}" for line in statement.splitlines()) + "\n)"


def _find_names(sql: str) -> set[str]:
    """Find what may be a name; more than there are does no harm."""
    return set(re.findall(r"`(?:[^`\\]|\\.)+`|[a-z_]\w*", sql))
