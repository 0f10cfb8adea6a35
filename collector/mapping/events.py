"""What the rules of a source tell, as columns: each rule's own expressions, chosen by the rule a row is of.

`choice` writes them so that rules share what they say alike, `canonical` makes the canonical columns of it.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import TypeVar

from collector.mapping.canonical import (
    ATTRIBUTES,
    COPIED,
    DERIVED,
    LINES,
    LINKS,
    MOMENT,
    OBJECTS,
    TOLD,
    define_problem,
)
from collector.mapping.choice import Entry, choose, write_list
from collector.mapping.describe import describe
from collector.mapping.expression import NOTHING, Constant, Expression
from collector.mapping.layer import Definition
from collector.mapping.quote import quote_text
from collector.mapping.render import Renderer
from collector.mapping.source import EventRule, ObjectRule, RelationRule, Source

_One = TypeVar("_One", ObjectRule, RelationRule)
_NONE = f"CAST(map(), '{ATTRIBUTES}')"


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
        yield "named", write_list([self._list_objects(rule) for rule in self._source.events], 2, OBJECTS)
        yield "links_told", write_list([self._list_links(rule) for rule in self._source.events], 0, LINKS)
        yield "lines_told", write_list([self._list_lines(rule) for rule in self._source.events], 0, LINES)
        yield "time_told", self._choose(lambda rule: self._of(rule).told(rule.time))
        yield "parsed_at", self._choose(lambda rule: self._of(rule).moment(rule.time), f"CAST(NULL, '{MOMENT}')")
        for name in (*TOLD, *COPIED):
            yield f"{name}_told" if name in TOLD else name, self._choose(partial(self._write_text, name=name))
        yield "attributes", self._write_attributes()
        yield "withdrawn_id", self._choose(lambda rule: self._of(rule).text(rule.withdraws))
        yield "objects", self._write_objects()
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
        places = {
            "kind": f"if(kind = '', {quote_text(nameless)}, kind)",
            "id": self._describe(lambda rule: rule.id or self._source.id),
            "subject": self._describe(lambda rule: rule.objects[0].id if rule.objects else NOTHING),
            "time": self._describe(lambda rule: rule.time),
            "amount": self._describe(lambda rule: rule.texts.get("amount", NOTHING)),
        }
        return define_problem(places)

    def _describe(self, find: Callable[[EventRule], Expression]) -> str:
        return self._choose(lambda rule: quote_text(describe(find(rule))))

    def _of(self, rule: EventRule) -> Renderer:
        if rule.each is None:
            return self._render
        return self._render.within(rule.each, f"arrayElement({self._render.texts(rule.each)}, place)")

    def _choose(self, write: Callable[[EventRule], str], empty: str = "''") -> str:
        rules = self._source.events
        return choose([(number, write(rule)) for number, rule in enumerate(rules, 1)], len(rules), empty)

    def _write_text(self, rule: EventRule, name: str) -> str:
        return self._of(rule).text(rule.texts.get(name, NOTHING))

    def _write_event_id(self, rule: EventRule) -> str:
        if rule.id is not None:
            return self._of(rule).text(rule.id)
        subject = ", ':', named[1].3" if rule.each is not None else ""
        return f"if(message_id = '', '', concat(message_id, ':', event_type{subject}))"

    def _list_objects(self, rule: EventRule) -> list[Entry]:
        def write(render: Renderer, one: ObjectRule) -> tuple[str, ...]:
            return tuple(map(render.text, (one.type, one.system, one.id, one.qualifier)))

        return [self._list(rule, one, write) for one in rule.objects]

    def _list_links(self, rule: EventRule) -> list[Entry]:
        def write(render: Renderer, one: RelationRule) -> tuple[str, ...]:
            return _write_key(render, one.start), _write_key(render, one.end), render.text(one.qualifier)

        return [self._list(rule, one, write) for one in rule.relations]

    def _list_lines(self, rule: EventRule) -> list[Entry]:
        def write(render: Renderer, one: ObjectRule) -> tuple[str, ...]:
            return _write_key(render, one), render.text(one.amount)

        return [self._list(rule, one, write) for one in rule.lines]

    def _list(self, rule: EventRule, one: _One, write: Callable[[Renderer, _One], tuple[str, ...]]) -> Entry:
        if one.each is None:
            return Entry(write(self._of(rule), one))
        return Entry(write(self._of(rule).within(one.each, "i"), one), self._render.texts(one.each))

    def _write_objects(self) -> str:
        """Write the objects that are there, each once. Finding those named twice costs more than all the rest."""
        there = "arrayFilter(o -> o.3 != '', named)"
        repeating = [str(number) for number, rule in enumerate(self._source.events, 1) if _may_repeat(rule.objects)]
        return f"if(rule IN ({', '.join(repeating)}), arrayDistinct({there}), {there})" if repeating else there

    def _write_attributes(self) -> str:
        """Write one map for all rules; what a rule has no word for is empty, and left out."""
        rules = list(enumerate(self._source.events, 1))
        told: dict[str, list[tuple[int, str]]] = {}
        for number, rule in rules:
            for name, sql in self._list_attributes(rule):
                told.setdefault(name, []).append((number, sql))
        pairs = ", ".join(f"{quote_text(name)}, {choose(said, len(rules))}" for name, said in told.items())
        own = f"mapFilter((k, v) -> v != '', map({pairs}))" if pairs else _NONE
        given = self._choose(self._write_given, _NONE)
        return own if given == _NONE else f"mapUpdate({given}, {own})" if pairs else given

    def _write_given(self, rule: EventRule) -> str:
        if rule.attributes_from == NOTHING:
            return _NONE
        return f"JSONExtract({self._of(rule).text(rule.attributes_from)}, '{ATTRIBUTES}')"

    def _list_attributes(self, rule: EventRule) -> Iterator[tuple[str, str]]:
        for name, value in rule.attributes.items():
            yield name, self._of(rule).text(value)
        if rule.completes:
            yield "complete_from", f"if({self._write_text(rule, 'amount')} = '', 'object', '')"


def _write_key(render: Renderer, one: ObjectRule) -> str:
    identity = render.text(one.id)
    return f"if({identity} = '', '', concat({render.text(one.system)}, ':', {render.text(one.type)}, ':', {identity}))"


def _may_repeat(objects: Sequence[ObjectRule]) -> bool:
    """Tell whether an event may name an object twice in the same words."""
    return any(one.each for one in objects) or not all(_differ(one, other) for one, other in combinations(objects, 2))


def _differ(one: ObjectRule, other: ObjectRule) -> bool:
    told = zip((one.type, one.system, one.qualifier), (other.type, other.system, other.qualifier), strict=True)
    return any(isinstance(a, Constant) and isinstance(b, Constant) and a != b for a, b in told)
