"""What the rules of a source tell, as columns: each rule's own expressions, chosen by the rule a row is of.

Rules that say the same share one expression. `canonical` makes the canonical columns of it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from collector.mapping.canonical import ATTRIBUTES, COPIED, DERIVED, LINES, LINKS, MOMENT, OBJECTS, PROBLEMS, TOLD
from collector.mapping.describe import describe
from collector.mapping.expression import NOTHING
from collector.mapping.layer import Definition
from collector.mapping.path import Path
from collector.mapping.quote import quote_text
from collector.mapping.render import Renderer
from collector.mapping.source import EventRule, ObjectRule, RelationRule, Source

_One = TypeVar("_One", ObjectRule, RelationRule)
_Entry = tuple[str, bool]
"""An element of a list, or, where true, a list of them."""


class EventColumns:
    """Writes the columns of the events, over rows that have `rule`, from 1, or 0 for what fits no rule."""

    def __init__(self, source: Source, render: Renderer) -> None:
        self._source = source
        self._render = render

    def definitions(self) -> Iterator[Definition]:
        """Name every column and its expression, in an order in which later ones may use earlier ones."""
        yield "source", self._render.text(self._source.spoken_source)
        yield "mapped_by", quote_text(self._source.name)
        yield "system", self._render.text(self._source.system)
        yield "event_type", self._choose(lambda rule: self._of(rule).text(rule.type))
        yield "event_id", self._choose(self._write_event_id)
        yield "named", self._choose(self._write_objects, _nothing(OBJECTS))
        yield "links_told", self._choose(self._write_links, _nothing(LINKS))
        yield "lines_told", self._choose(self._write_lines, _nothing(LINES))
        yield "time_told", self._choose(lambda rule: self._of(rule).told(rule.time))
        yield "parsed_at", self._choose(lambda rule: self._of(rule).moment(rule.time), f"CAST(NULL, '{MOMENT}')")
        for name in (*TOLD, *COPIED):
            yield f"{name}_told" if name in TOLD else name, self._choose(partial(self._write_text, name=name))
        yield "attributes", self._choose(self._write_attributes, f"CAST(map(), '{ATTRIBUTES}')")
        yield "withdrawn_id", self._choose(lambda rule: self._of(rule).text(rule.withdraws))
        yield from DERIVED.items()
        yield from self._define_problem()

    @property
    def places(self) -> str:
        """How many events a row becomes, as the places 1 to n; empty when no rule explodes."""
        rules = [(number, rule.each) for number, rule in enumerate(self._source.events, 1) if rule.each]
        if not rules:
            return ""
        sizes = "".join(f"rule = {number}, length({self._render.texts(each)}), " for number, each in rules)
        return f"range(1, 1 + multiIf({sizes}1))"

    def _define_problem(self) -> Iterator[Definition]:
        nameless = f"a message that does not say what it is: nothing at {describe(self._source.kind)}"
        yield "kind_told", f"if(kind = '', {quote_text(nameless)}, kind)"
        yield "id_place", self._choose(lambda rule: quote_text(describe(rule.id or self._source.id)))
        yield (
            "subject_place",
            self._choose(lambda rule: quote_text(describe(rule.objects[0].id) if rule.objects else "")),
        )
        yield "time_place", self._choose(lambda rule: quote_text(describe(rule.time)))
        yield "amount_place", self._choose(lambda rule: quote_text(describe(rule.texts.get("amount", NOTHING))))
        cases = "".join(f"{test}, ('{reason}', {detail}), " for test, reason, detail in PROBLEMS)
        yield "problem", f"multiIf({cases}('', ''))"
        yield "reason", "problem.1"
        yield "detail", "problem.2"

    def _of(self, rule: EventRule) -> Renderer:
        if rule.each is None:
            return self._render
        return self._render.within(rule.each, f"arrayElement({self._render.texts(rule.each)}, place)")

    def _choose(self, write: Callable[[EventRule], str], empty: str = "''") -> str:
        """Choose by rule. Rules with the same expression share it."""
        numbers: dict[str, list[str]] = {}
        for number, rule in enumerate(self._source.events, 1):
            numbers.setdefault(write(rule), []).append(str(number))
        numbers.pop(empty, None)
        if not numbers:
            return empty
        pairs = "".join(f"rule IN ({', '.join(listed)}), {sql}, " for sql, listed in numbers.items())
        return f"multiIf({pairs}{empty})"

    def _write_text(self, rule: EventRule, name: str) -> str:
        return self._of(rule).text(rule.texts.get(name, NOTHING))

    def _write_event_id(self, rule: EventRule) -> str:
        if rule.id is not None:
            return self._of(rule).text(rule.id)
        subject = ", ':', named[1].3" if rule.each is not None else ""
        return f"if(message_id = '', '', concat(message_id, ':', event_type{subject}))"

    def _write_objects(self, rule: EventRule) -> str:
        def write(render: Renderer, one: ObjectRule) -> str:
            return f"({', '.join(map(render.text, (one.type, one.system, one.id, one.qualifier)))})"

        return _join([self._repeat(rule, one, one.each, write) for one in rule.objects], OBJECTS)

    def _write_links(self, rule: EventRule) -> str:
        def write(render: Renderer, one: RelationRule) -> str:
            return f"({_write_key(render, one.start)}, {_write_key(render, one.end)}, {render.text(one.qualifier)})"

        return _join([self._repeat(rule, one, one.each, write) for one in rule.relations], LINKS)

    def _write_lines(self, rule: EventRule) -> str:
        def write(render: Renderer, one: ObjectRule) -> str:
            return f"({_write_key(render, one)}, {render.text(one.amount)})"

        return _join([self._repeat(rule, one, one.each, write) for one in rule.lines], LINES)

    def _repeat(self, rule: EventRule, one: _One, each: Path | None, write: Callable[[Renderer, _One], str]) -> _Entry:
        if each is None:
            return write(self._of(rule), one), False
        entry = write(self._of(rule).within(each, "i"), one)
        return f"arrayMap(i -> {entry}, {self._render.texts(each)})", True

    def _write_attributes(self, rule: EventRule) -> str:
        render = self._of(rule)
        pairs = [f"{quote_text(name)}, {render.text(value)}" for name, value in rule.attributes.items()]
        if rule.completes:
            pairs.append(f"'complete_from', if({self._write_text(rule, 'amount')} = '', 'object', '')")
        own = f"mapFilter((k, v) -> v != '', map({', '.join(pairs)}))" if pairs else f"CAST(map(), '{ATTRIBUTES}')"
        if rule.attributes_from == NOTHING:
            return own
        told = f"JSONExtract({render.text(rule.attributes_from)}, '{ATTRIBUTES}')"
        return f"mapUpdate({told}, {own})" if pairs else told


def _write_key(render: Renderer, one: ObjectRule) -> str:
    identity = render.text(one.id)
    return f"if({identity} = '', '', concat({render.text(one.system)}, ':', {render.text(one.type)}, ':', {identity}))"


def _nothing(column_type: str) -> str:
    return f"CAST([], '{column_type}')"


def _join(entries: list[_Entry], column_type: str) -> str:
    """Join single entries and whole lists, in order, into one list."""
    if not entries:
        return _nothing(column_type)
    if not any(is_list for _, is_list in entries):
        return f"[{', '.join(sql for sql, _ in entries)}]"
    return f"arrayConcat({', '.join(sql if is_list else f'[{sql}]' for sql, is_list in entries)})"
