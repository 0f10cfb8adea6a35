"""Reads expressions, paths and conditions from a document. A mistake is noted with its place and read as nothing."""

import re
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import available_timezones

from collector.mapping.condition import AllOf, Among, AnyOf, Changed, Condition, Exists, Has, Matches, Not
from collector.mapping.document import Node, name_nearest
from collector.mapping.expression import (
    NOTHING,
    TIME_FORMATS,
    Case,
    Choose,
    Concat,
    Constant,
    Day,
    Expression,
    Extract,
    FirstOf,
    Instant,
    Named,
    Received,
    RecordId,
    Scale,
    Table,
)
from collector.mapping.path import Path, parse_path

_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,9})?")


def read_expression(node: Node, within: Path | None = None) -> Expression:
    """Read an expression; `within` is the list whose element `$item:` is."""
    if node.is_text:
        return _read_text(node, within)
    if not node.is_mapping:
        node.complain(f"expected an expression, got {node.kind}")
        return NOTHING
    names = [key.text for key, _ in node.entries()]
    word = next((name for name in names if name in _READERS), "")
    if not word:
        node.complain(
            f"expected an expression, got a mapping of {', '.join(names)}", name_nearest(_first(names), _READERS)
        )
        return NOTHING
    known, reader = _READERS[word]
    found = node.fields((word, *known), (word,))
    return reader(found, within)


def read_path(node: Node, within: Path | None = None) -> Path:
    """Read a path and nothing else."""
    text = node.word()
    if not text.startswith("$"):
        node.complain(f"expected a path such as $data.id, got {text!r}")
        return Path("", ())
    try:
        path = parse_path(text, within)
    except ValueError as error:
        node.complain(str(error))
        return Path("", ())
    if path.scope == "item" and within is None:
        node.complain("$item: means the element of an each, and there is none here")
    return path


def read_list(node: Node, within: Path | None = None) -> Path:
    """Read a path through one list, such as $lines[]."""
    path = read_path(node, within)
    if not path.is_list or "{}" in str(path):
        node.complain("expected a path to the elements of a list", f"did you mean {node.text}[]?")
    return path


def read_condition(node: Node, within: Path | None = None) -> Condition:
    """Read a mapping of tests, all of which must hold."""
    return AllOf(tuple(_read_test(key, value, within) for key, value in node.entries()))


def _read_test(key: Node, value: Node, within: Path | None) -> Condition:
    if key.text == "any":
        return AnyOf(tuple(read_condition(element, within) for element in value.elements()))
    if key.text == "not":
        return Not(read_condition(value, within))
    if key.text == "changed":
        return Changed(tuple(_read_changed(element) for element in value.elements()))
    if not key.text.startswith(("$", "=")):
        key.complain("expected a path, =name, any, not or changed", f"did you mean ${key.text}?")
        return AllOf(())
    subject = _read_text(key, within)
    if not value.is_mapping:
        return Among(subject, value.words())
    found = value.fields(("exists", "not", "matches", "has"))
    tests = [_TESTS[name](subject, node) for name, node in found.items()]
    return tests[0] if len(tests) == 1 else AllOf(tuple(tests))


def _read_changed(node: Node) -> Expression:
    name = node.word()
    if name.startswith("$"):
        node.complain("name the field without $")
    return read_path_text(node, f"${name}")


def read_path_text(node: Node, text: str) -> Path:
    try:
        return parse_path(text)
    except ValueError as error:
        node.complain(str(error))
        return Path("", ())


def _read_exists(subject: Expression, node: Node) -> Condition:
    if node.text not in ("true", "false"):
        node.complain(f"expected true or false, got {node.kind}")
    return Exists(subject) if node.text == "true" else Not(Exists(subject))


_TESTS: dict[str, Callable[[Expression, Node], Condition]] = {
    "exists": _read_exists,
    "not": lambda subject, node: Not(Among(subject, node.words())),
    "matches": lambda subject, node: Matches(subject, _read_pattern(node)),
    "has": lambda subject, node: Has(subject, node.words()),
}


def _read_text(node: Node, within: Path | None) -> Expression:
    text = node.word() if node.text.strip() else node.text
    if text.startswith("$"):
        return read_path(node, within)
    if text.startswith("="):
        return Named(text[1:])
    return Received() if text == "received" and node.key.endswith("time") else Constant(text)


def _read_options(found: dict[str, Node], within: Path | None, word: str) -> tuple[Expression, ...]:
    return tuple(read_expression(element, within) for element in found[word].elements())


def _read_table(found: dict[str, Node], within: Path | None) -> Expression:
    entries = tuple((key.text, value.text) for key, value in found["to"].entries()) if "to" in found else ()
    if not entries:
        found["map"].complain("map needs `to`, a table with at least one entry")
    otherwise = read_expression(found["else"], within) if "else" in found else NOTHING
    return Table(read_expression(found["map"], within), entries, otherwise)


def _read_extract(found: dict[str, Node], within: Path | None) -> Expression:
    if "by" not in found:
        found["extract"].complain("extract needs `by`, a regular expression")
        return NOTHING
    return Extract(read_expression(found["extract"], within), _read_pattern(found["by"]))


def _read_scale(found: dict[str, Node], within: Path | None) -> Expression:
    given = [name for name in ("by", "over") if name in found]
    factor = found[given[0]].text if len(given) == 1 else ""
    if not _DECIMAL.fullmatch(factor) or not float(factor):
        found["scale"].complain(f"scale needs `by` or `over`, a decimal that is not zero, got {factor!r}")
        factor = "1"
    return Scale(read_expression(found["scale"], within), factor, divides=given == ["over"])


def _read_choice(found: dict[str, Node], within: Path | None) -> Expression:
    if "then" not in found:
        found["when"].complain("when needs `then`")
        return NOTHING
    otherwise = read_expression(found["else"], within) if "else" in found else NOTHING
    return Choose(read_condition(found["when"], within), read_expression(found["then"], within), otherwise)


def _read_instant(found: dict[str, Node], within: Path | None) -> Instant:
    formats = found["as"].words() if "as" in found else ("iso",)
    for name in formats:
        if name not in TIME_FORMATS:
            found["as"].complain(f"{name} is no form of time", name_nearest(name, TIME_FORMATS))
    zone = found["zone"].word() if "zone" in found else ""
    if zone and zone not in available_timezones():
        found["zone"].complain(f"{zone} is no IANA time zone", name_nearest(zone, available_timezones()))
    if "local" in formats and not zone:
        found["as"].complain("a local time needs `zone`, such as Europe/Berlin")
    return Instant(read_expression(found["time"], within), formats, zone or "UTC")


def _read_day(found: dict[str, Node], within: Path | None) -> Expression:
    instant = read_expression(found["day"], within)
    if not isinstance(instant, Instant):
        found["day"].complain("day is the date of a moment: write time: … inside")
        return NOTHING
    return Day(instant)


def _read_pattern(node: Node) -> str:
    pattern = node.word()
    try:
        re.compile(pattern)
    except re.error as error:
        node.complain(f"{pattern!r} is no regular expression: {error}")
    return pattern


def as_instant(expression: Expression) -> Expression:
    """What stands under `time`: a bare path is read as ISO, of several the first that is there counts."""
    if isinstance(expression, Instant | Received):
        return expression
    if isinstance(expression, FirstOf):
        return replace(expression, options=tuple(as_instant(option) for option in expression.options))
    if isinstance(expression, Choose):
        return replace(expression, then=as_instant(expression.then), otherwise=as_instant(expression.otherwise))
    return Instant(expression)


def _first(names: list[str]) -> str:
    return names[0] if names else ""


_Reader = Callable[[dict[str, Node], Path | None], Expression]
_READERS: dict[str, tuple[tuple[str, ...], _Reader]] = {
    "first_of": ((), lambda found, within: FirstOf(_read_options(found, within, "first_of"))),
    "concat": ((), lambda found, within: Concat(_read_options(found, within, "concat"))),
    "lower": ((), lambda found, within: Case(read_expression(found["lower"], within), "lower")),
    "upper": ((), lambda found, within: Case(read_expression(found["upper"], within), "upper")),
    "constant": ((), lambda found, within: Constant(found["constant"].text)),
    "record_id": ((), lambda found, within: RecordId(read_expression(found["record_id"], within))),
    "map": (("to", "else"), _read_table),
    "extract": (("by",), _read_extract),
    "scale": (("by", "over"), _read_scale),
    "when": (("then", "else"), _read_choice),
    "time": (("as", "zone"), _read_instant),
    "day": ((), _read_day),
}
