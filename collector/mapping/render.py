"""Expressions and conditions as SQL. Everything that comes from a document is quoted here."""

from collections.abc import Iterator

from collector.mapping.columns import Columns
from collector.mapping.condition import AllOf, Among, AnyOf, Changed, Condition, Exists, Has, Matches, Not
from collector.mapping.expression import (
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
from collector.mapping.layer import Definition
from collector.mapping.path import Path
from collector.mapping.quote import quote_name, quote_text
from collector.mapping.render_time import format_moment, parse_moment
from collector.mapping.source import Changes

_RECORD_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


class Renderer:
    """Writes SQL over the columns of a source. `elements` says which variable holds the element of which list."""

    def __init__(self, columns: Columns, elements: dict[Path, str] | None = None) -> None:
        self._columns = columns
        self._elements = elements or {}

    def within(self, each: Path | None, variable: str) -> "Renderer":
        """Answer a renderer in which `$item:` of a list is a variable."""
        return Renderer(self._columns, {**self._elements, each: variable}) if each else self

    def text(self, expression: Expression) -> str:  # noqa: PLR0911, PLR0912  one case per word of the language
        """Write an expression as a String."""
        match expression:
            case Constant(text):
                return quote_text(text)
            case Path():
                return self._path(expression)
            case Named(name):
                return quote_name(f"={name}")
            case FirstOf(options):
                return self._first_of([self.text(option) for option in options])
            case Concat(parts):
                return self._concat(parts)
            case Case(value, function):
                return f"{function}UTF8({self.text(value)})"
            case Table(value, entries, otherwise):
                words, meanings = (", ".join(quote_text(pair[side]) for pair in entries) for side in (0, 1))
                return f"transform({self.text(value)}, [{words}], [{meanings}], {self.text(otherwise)})"
            case Extract(value, pattern):
                return f"extract({self.text(value)}, {quote_text(pattern)})"
            case Choose(when, then, otherwise):
                return f"if({self.holds(when)}, {self.text(then)}, {self.text(otherwise)})"
            case Scale(value, by, divides):
                text, sign = self.text(value), "/" if divides else "*"
                scaled = f"round(toDecimal128OrNull({text}, 9) {sign} toDecimal128({quote_text(by)}, 9), 6)"
                return f"ifNull(toString({scaled}), {text})"
            case RecordId(value):
                return _render_record_id(self.text(value))
            case Received():
                return format_moment("received_at")
            case Instant():
                return f"ifNull({format_moment(self.moment(expression))}, '')"
            case Day(instant):
                local = f"toTimeZone({self.moment(instant)}, {quote_text(instant.zone)})"
                return f"ifNull(toString(toDate32({local})), '')"

    def moment(self, expression: Expression) -> str:
        """Write an expression as a moment; NULL when it is absent or cannot be read."""
        match expression:
            case Instant(_, formats, zone):
                return parse_moment(self.told(expression), formats, zone)
            case FirstOf(options):
                pairs = [f"{self.told(option)} != '', {self.moment(option)}" for option in options]
                return f"multiIf({', '.join(pairs)}, NULL)"
            case Choose(when, then, otherwise):
                return f"if({self.holds(when)}, {self.moment(then)}, {self.moment(otherwise)})"
            case Received():
                return "toNullable(received_at)"
            case _:
                return parse_moment(self.text(expression), ("iso",), "UTC")

    def told(self, expression: Expression) -> str:
        """Write what was told of a moment, before it was read."""
        match expression:
            case Instant(value, formats, _):
                text = self.text(value)
                return (
                    f"if(match({text}, '^(/Date\\\\(-2208988800000|1900-01-01)'), '', {text})"
                    if "dotnet" in formats
                    else text
                )
            case FirstOf(options):
                return self._first_of([self.told(option) for option in options])
            case Choose(when, then, otherwise):
                return f"if({self.holds(when)}, {self.told(then)}, {self.told(otherwise)})"
            case _:
                return self.text(expression)

    def holds(self, condition: Condition) -> str:  # noqa: PLR0911
        """Write a condition as a truth value."""
        match condition:
            case Among(value, texts):
                listed = ", ".join(map(quote_text, texts))
                return f"{self.text(value)} IN ({listed})" if len(texts) > 1 else f"{self.text(value)} = {listed}"
            case Exists(value):
                return f"{self.text(value)} != ''"
            case Matches(value, pattern):
                return f"match({self.text(value)}, {quote_text(pattern)})"
            case Has(value, texts):
                return f"hasAny({self.texts(value)}, [{', '.join(map(quote_text, texts))}])"
            case Changed(fields):
                return self._changed(fields)
            case Not(inner):
                return f"NOT ({self.holds(inner)})"
            case AllOf(conditions):
                return " AND ".join(f"({self.holds(one)})" for one in conditions) or "true"
            case AnyOf(conditions):
                return " OR ".join(f"({self.holds(one)})" for one in conditions) or "false"

    def texts(self, expression: Expression) -> str:
        """Write an expression as a list of texts."""
        if isinstance(expression, Path) and expression.is_list:
            return self._reach(expression)
        return f"[{self.text(expression)}]"

    def _path(self, path: Path) -> str:
        return f"arrayStringConcat({self._reach(path)}, ',')" if path.is_list else self._reach(path)

    def _reach(self, path: Path) -> str:
        if path.within is not None:
            return self._columns.reach_in_element(path, self._elements[path.within])
        return self._columns.reach(path) if self._columns.is_inline(path) else quote_name(str(path))

    def _first_of(self, texts: list[str]) -> str:
        return f"firstNonDefault({', '.join(texts)})" if len(texts) > 1 else texts[0]

    def _concat(self, parts: tuple[Expression, ...]) -> str:
        told = [f"{self.text(part)} = ''" for part in parts if not isinstance(part, Constant)]
        joined = f"concat({', '.join(self.text(part) for part in parts)})"
        return f"if({' OR '.join(told)}, '', {joined})" if told else joined

    def _changed(self, fields: tuple[Expression, ...]) -> str:
        changes = self._columns.source.changes
        if changes is None:
            return "true"
        listed = ", ".join(quote_text(str(name).removeprefix("$")) for name in fields)
        tests = ["is_created", f"hasAny({self.texts(changes.names)}, [{listed}])"]
        if changes.undecoded:
            tests += [f"(is_undecoded AND {self.text(name)} != '')" for name in fields]
        return " OR ".join(tests)

    def changes(self, changes: Changes) -> Iterator[Definition]:
        """Name the columns `changed` looks at: whether everything is new, and whether the names cannot be read."""
        names = self.texts(changes.names)
        yield "is_created", self.holds(changes.created)
        yield "is_undecoded", f"arrayExists(x -> match(x, {quote_text(changes.undecoded)}), {names})"


def _render_record_id(text: str) -> str:
    """The last three letters tell which of the first fifteen are capitals, five bits each, lowest first."""
    short = f"if(length({text}) = 15, {text}, '')"
    bits = f"arraySum(i -> bitShiftLeft(toUInt8(substring({short}, b + i, 1) BETWEEN 'A' AND 'Z'), i), [0, 1, 2, 3, 4])"
    letters = f"arrayMap(b -> substring({quote_text(_RECORD_ID_LETTERS)}, 1 + {bits}, 1), [1, 6, 11])"
    return f"if(length({text}) = 15, concat({text}, arrayStringConcat({letters})), {text})"
