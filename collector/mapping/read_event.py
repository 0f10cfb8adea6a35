"""Reads the entries of `events`: one canonical event each, with its objects, lines, relations and texts.

What stands under `defaults` holds for every event that does not say it itself. The first object is the subject.
"""

from collections.abc import Mapping

from collector.mapping.condition import AllOf
from collector.mapping.document import Node, name_nearest
from collector.mapping.expression import NOTHING, Constant, Expression, Received
from collector.mapping.path import Path
from collector.mapping.read_expression import as_instant, read_condition, read_expression, read_list
from collector.mapping.source import TEXT_FIELDS, EventRule, ObjectRule, RelationRule

_SHARED = ("time", *TEXT_FIELDS, "attributes", "attributes_from")
_OWN = ("type", "when", "objects", "id", "each", "relations", "lines", "withdraws", "complete_from")
_OBJECT = ("type", "id", "system", "qualifier", "each")
_CLOSED: dict[str, tuple[str, ...]] = {
    "outcome": ("success", "failure"),
    "billing_model": ("time_and_materials", "fixed_fee", "milestone", "retainer"),
    "error_category": (
        "timeout",
        "rate_limit",
        "auth",
        "validation",
        "mapping",
        "duplicate",
        "not_found",
        "unavailable",
        "other",
    ),
}


def read_events(node: Node, defaults: Node | None, system: Expression) -> tuple[EventRule, ...]:
    """Read the list of events. `system` is the one of objects that name none."""
    shared = defaults.fields(_SHARED) if defaults else {}
    return tuple(_Reader(system, shared).read(element) for element in node.elements())


class _Reader:
    def __init__(self, system: Expression, shared: Mapping[str, Node]) -> None:
        self._system = system
        self._shared = shared

    def read(self, node: Node) -> EventRule:
        found = node.fields((*_OWN, *_SHARED), ("type",))
        each = read_list(found["each"]) if "each" in found else None
        merged = {**self._shared, **found}
        attributes = [*_entries(self._shared, "attributes"), *_entries(found, "attributes")]
        return EventRule(
            type=read_expression(found["type"], each) if "type" in found else NOTHING,
            when=read_condition(found["when"]) if "when" in found else AllOf(()),
            objects=self._objects(found, each),
            time=_read_time(node, merged, each),
            id=read_expression(found["id"], each) if "id" in found else None,
            each=each,
            relations=tuple(self._relation(element, each) for element in _list(found, "relations")),
            lines=tuple(self._object(element, each, has_amount=True) for element in _list(found, "lines")),
            texts={name: _read_text(merged[name], name, each) for name in TEXT_FIELDS if name in merged},
            attributes={key.text: read_expression(value, each) for key, value in attributes},
            attributes_from=read_expression(merged["attributes_from"], each)
            if "attributes_from" in merged
            else NOTHING,
            withdraws=read_expression(found["withdraws"], each) if "withdraws" in found else NOTHING,
            completes=_read_completion(found),
        )

    def _objects(self, found: Mapping[str, Node], each: Path | None) -> tuple[ObjectRule, ...]:
        objects = [self._object(element, each) for element in _list(found, "objects")]
        if objects and objects[0].qualifier == NOTHING:
            first = objects[0]
            objects[0] = ObjectRule(first.type, first.id, first.system, Constant("subject"), first.each)
        return tuple(objects)

    def _object(self, node: Node, each: Path | None, *, has_amount: bool = False) -> ObjectRule:
        required = ("type", "id", "amount") if has_amount else ("type", "id")
        found = node.fields((*_OBJECT, "amount") if has_amount else _OBJECT, required)
        own = read_list(found["each"]) if "each" in found else None
        inner = own or each
        if any(name not in found for name in required):
            return ObjectRule(NOTHING, NOTHING, NOTHING)
        if found["type"].is_text and ":" in found["type"].text and not found["type"].text.startswith("$"):
            found["type"].complain("an object type holds no colon")
        return ObjectRule(
            type=read_expression(found["type"], inner),
            id=read_expression(found["id"], inner),
            system=read_expression(found["system"], inner) if "system" in found else self._system,
            qualifier=read_expression(found["qualifier"], inner) if "qualifier" in found else NOTHING,
            each=own,
            amount=read_expression(found["amount"], inner) if has_amount else NOTHING,
        )

    def _relation(self, node: Node, each: Path | None) -> RelationRule:
        found = node.fields(("from", "qualifier", "to", "each"), ("from", "qualifier", "to"))
        own = read_list(found["each"]) if "each" in found else None
        if not {"from", "qualifier", "to"} <= set(found):
            nothing = ObjectRule(NOTHING, NOTHING, NOTHING)
            return RelationRule(nothing, NOTHING, nothing)
        inner = own or each
        return RelationRule(
            self._object(found["from"], inner),
            read_expression(found["qualifier"], inner),
            self._object(found["to"], inner),
            own,
        )


def _list(found: Mapping[str, Node], name: str) -> list[Node]:
    return found[name].elements() if name in found else []


def _entries(found: Mapping[str, Node], name: str) -> list[tuple[Node, Node]]:
    return found[name].entries() if name in found else []


def _read_time(node: Node, found: Mapping[str, Node], each: Path | None) -> Expression:
    if "time" not in found:
        node.complain("time is missing", "say where it stands, or `time: received` for systems that name none")
        return Received()
    return as_instant(read_expression(found["time"], each))


def _read_text(node: Node, name: str, each: Path | None) -> Expression:
    expression = read_expression(node, each)
    if isinstance(expression, Constant) and name in _CLOSED and expression.text not in _CLOSED[name]:
        node.complain(f"{expression.text!r} is no {name}", name_nearest(expression.text, _CLOSED[name]))
    return expression


def _read_completion(found: Mapping[str, Node]) -> bool:
    if "complete_from" not in found:
        return False
    if found["complete_from"].text != "object":
        found["complete_from"].complain(f"expected object, got {found['complete_from'].kind}")
    return True
