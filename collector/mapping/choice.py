"""What differs from rule to rule, chosen by the rule a row is of: texts, and the entries of lists.

A row of no rule is no event, and nobody looks at what stands there: what all rules share is written without a choice.
A list is written once for all rules, place by place, and only its fields are chosen: a list of its own for each rule
costs many times that. A rule that has no entry at a place leaves its key empty; entries without a key are dropped.
"""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'")
_Said = TypeVar("_Said", bound=Hashable)
Told = Sequence[tuple[int, str]]
"""The numbers of rules, and what each says."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An element of a list by its fields; with `each`, one for every element of that list, which is called `i`."""

    fields: tuple[str, ...]
    each: str = ""


def choose(told: Told, rules: int, empty: str = "''") -> str:
    """Write what a row's rule says, `empty` where it says nothing. `rules` is how many there are."""
    said = [(number, sql) for number, sql in told if sql != empty]
    if not said:
        return empty
    groups = _group(said)
    if len(said) == rules and len(groups) == 1:
        return said[0][1]
    if all(_TEXT.fullmatch(sql) for sql in groups) and empty == "''":
        numbers, texts = (", ".join(map(str, listed)) for listed in zip(*said, strict=True))
        return f"transform(rule, [{numbers}], [{texts}], '')"
    pairs = "".join(f"{_is_one_of(numbers)}, {sql}, " for sql, numbers in groups.items())
    return f"multiIf({pairs}{empty})"


def write_list(entries: Sequence[Sequence[Entry]], key: int, column_type: str) -> str:
    """Write the list each rule, by its place, has the entries of. `key` is the field that says whether there is one."""
    parts: list[tuple[bool, str]] = []
    for place in range(max(map(len, entries), default=0)):
        here = [(number, listed[place]) for number, listed in enumerate(entries, 1) if place < len(listed)]
        if single := [(number, entry) for number, entry in here if not entry.each]:
            parts.append((False, _write_single(single, key, len(entries))))
        repeated = [(number, entry) for number, entry in here if entry.each]
        parts += [(True, _write_repeated(entry, numbers, len(entries))) for entry, numbers in _group(repeated).items()]
    lists = [
        part
        for is_list, group in groupby(parts, lambda part: part[0])
        for part in ([sql for _, sql in group] if is_list else [f"[{', '.join(sql for _, sql in group)}]"])
    ]
    if not lists:
        return f"CAST([], '{column_type}')"
    return lists[0] if len(lists) == 1 else f"arrayConcat({', '.join(lists)})"


def _write_single(told: Sequence[tuple[int, Entry]], key: int, rules: int) -> str:
    fields = []
    for place in range(len(told[0][1].fields)):
        said = [(number, entry.fields[place]) for number, entry in told]
        is_shared = len({sql for _, sql in said}) == 1 and place != key
        fields.append(said[0][1] if is_shared else choose(said, rules))
    return f"({', '.join(fields)})"


def _write_repeated(entry: Entry, numbers: Sequence[int], rules: int) -> str:
    elements = entry.each if len(numbers) == rules else f"if({_is_one_of(numbers)}, {entry.each}, [])"
    return f"arrayMap(i -> ({', '.join(entry.fields)}), {elements})"


def _group(told: Sequence[tuple[int, _Said]]) -> dict[_Said, list[int]]:
    numbers: dict[_Said, list[int]] = {}
    for number, said in told:
        numbers.setdefault(said, []).append(number)
    return numbers


def _is_one_of(numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers))
    return f"rule IN ({listed})" if len(numbers) > 1 else f"rule = {listed}"
