"""Columns that use other columns, as nested selects: each layer uses only what the layers below it have computed.

The engine writes an alias out wherever it is used, so that a chain of them in one select grows without bound. A layer
passes on only what a later one uses: the engine plans every column of every layer, and that is what a statement costs
before it sees a row.
"""

import re
from collections.abc import Collection, Iterable

Definition = tuple[str, str]
"""A column's name, quoted where it needs to be, and its expression."""


def stack(rows: str, base: Iterable[str], definitions: Iterable[Definition], wanted: Collection[str]) -> str:
    """Write a select that adds columns to rows, which have those of `base`, and keeps the wanted ones.

    A definition may use those before it.
    """
    levels = _layer(definitions)
    needs = [set(wanted)]
    for level in reversed(levels):
        needs.append(needs[-1].union(*(find_names(sql) for _, sql in level)))
    there = list(base)
    for level, needed in zip(levels, reversed(needs[:-1]), strict=True):
        kept = [name for name in there if name in needed]
        columns = [*kept, *(f"{sql} AS {name}" for name, sql in level if name in needed)]
        rows = "SELECT\n    " + ",\n    ".join(columns) + f"\n{nest(rows)}"
        there = [*kept, *(name for name, _ in level if name in needed)]
    return rows


def _layer(definitions: Iterable[Definition]) -> list[list[Definition]]:
    """Sort definitions into layers, each as low as what it uses allows."""
    levels: list[list[Definition]] = []
    known: dict[str, int] = {}
    for name, sql in definitions:
        depth = max((known[used] + 1 for used in find_names(sql) if used in known), default=0)
        known[name] = depth
        if depth == len(levels):
            levels.append([])
        levels[depth].append((name, sql))
    return levels


def nest(statement: str) -> str:
    """Write a statement as what another selects from."""
    return "FROM\n(\n" + "\n".join(f"    {line}" for line in statement.splitlines()) + "\n)"


def find_names(sql: str) -> set[str]:
    """Find what may be a name; more than there are does no harm."""
    return set(re.findall(r"`(?:[^`\\]|\\.)+`|[a-z_]\w*", sql))
