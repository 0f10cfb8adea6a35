"""Columns that use other columns, as nested selects: each layer uses only what the layers below it have computed.

The engine writes an alias out wherever it is used, so that a chain of them in one select grows without bound. A layer
passes on only what a later one uses, and constants are written where they are used: the engine plans every column of
every layer, and that is what a statement costs before it sees a row.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

Definition = tuple[str, str]
"""A column's name, quoted where it needs to be, and its expression."""

_TEXT = r"'(?:[^'\\]|\\.)*'"
_TOKEN = re.compile(rf"`(?:[^`\\]|\\.)+`|{_TEXT}|[a-z_]\w*")
_CONSTANT = re.compile(rf"{_TEXT}|CAST\((?:\[\]|map\(\)|NULL), {_TEXT}\)|toUInt32\(\d+\)")


def stack(rows: str, base: Iterable[str], definitions: Iterable[Definition], wanted: Sequence[str]) -> str:
    """Write a select of the wanted columns over rows, which are a clause with FROM and have the columns of `base`.

    A definition may use those before it.
    """
    constants, varying = _fold(definitions)
    levels = _layer(varying) or [[]]
    needs = [set(wanted)]
    for level in reversed(levels):
        needs.append(needs[-1].union(*(find_names(sql) for _, sql in level)))
    there = list(base)
    for number, (level, needed) in enumerate(zip(levels, reversed(needs[:-1]), strict=True), 1):
        columns = {name: name for name in there if name in needed} | {
            name: sql for name, sql in level if name in needed
        }
        if number == len(levels):
            columns = {name: constants.get(name) or columns[name] for name in wanted}
        rows = nest(_select(columns) + "\n" + rows) if number < len(levels) else _select(columns) + "\n" + rows
        there = list(columns)
    return rows


def _select(columns: Mapping[str, str]) -> str:
    return "SELECT\n    " + ",\n    ".join(sql if sql == name else f"{sql} AS {name}" for name, sql in columns.items())


def _fold(definitions: Iterable[Definition]) -> tuple[dict[str, str], list[Definition]]:
    """Take out what is constant, and write it where it is used."""
    constants: dict[str, str] = {}
    varying: list[Definition] = []
    for name, told in definitions:
        sql = _TOKEN.sub(lambda found: constants.get(found.group(), found.group()), told)
        if _CONSTANT.fullmatch(sql):
            constants[name] = sql
        else:
            varying.append((name, sql))
    return constants, varying


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
    """Find what may be a name, outside of texts; more than there are does no harm but that a column is passed on."""
    return {found for found in _TOKEN.findall(sql) if not found.startswith("'")}
