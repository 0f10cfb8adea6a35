"""The typed shape of a body: a tree of the paths a source uses, the column type it needs, and how to reach a leaf.

A key that is used both as a text and for what is inside it is taken as a text and read again.
"""

from dataclasses import dataclass, field

from collector.mapping.path import Index, Key, Pick, Step
from collector.mapping.quote import quote_name, quote_text


@dataclass(slots=True)
class Shape:
    """What is used of one JSON value. Learn every path first, then ask for types and ways."""

    keys: dict[str, "Shape"] = field(default_factory=dict)
    element: "Shape | None" = None
    is_text: bool = False

    def learn(self, steps: tuple[Step, ...]) -> "Shape":
        """Note that the value at the end of some steps is used; answer its shape."""
        shape = self
        for step in steps:
            shape = shape._step(step)
        return shape

    def _step(self, step: Step) -> "Shape":
        if isinstance(step, Key):
            return self.keys.setdefault(step.name, Shape())
        self.element = self.element or Shape()
        if isinstance(step, Pick):
            self.element.keys.setdefault(step.field, Shape()).is_text = True
        return self.element

    @property
    def type(self) -> str:
        """The column type to extract."""
        if self.is_text or bool(self.keys) == bool(self.element):
            return "String"
        return self._inner_type()

    def reach(self, sql: str, steps: tuple[Step, ...]) -> str:
        """Write how to get from a value of this shape to the end of some steps."""
        if not steps:
            return sql
        step, rest = steps[0], steps[1:]
        if self.type == "String":
            sql = f"JSONExtract({sql}, {quote_text(self._type_towards(step))})"
        if isinstance(step, Key):
            place = list(self.keys).index(step.name) + 1
            return self.keys[step.name].reach(f"tupleElement({sql}, {place})", rest)
        element = self.element
        assert element is not None
        match step:
            case Index(place):
                return element.reach(f"arrayElement({sql}, {place + 1 if place >= 0 else place})", rest)
            case Pick(name, value):
                test = f"{element.reach('x', (Key(name),))} = {quote_text(value)}"
                return element.reach(f"arrayFirst(x -> {test}, {sql})", rest)
        return sql if not rest else f"arrayMap(x -> {element.reach('x', rest)}, {sql})"

    def _type_towards(self, step: Step) -> str:
        return (
            self._tuple_type() if isinstance(step, Key) else f"Array({self.element.type if self.element else 'String'})"
        )

    def _inner_type(self) -> str:
        return self._tuple_type() if self.keys else f"Array({self.element.type if self.element else 'String'})"

    def _tuple_type(self) -> str:
        return f"Tuple({', '.join(f'{quote_name(name)} {shape.type}' for name, shape in self.keys.items())})"
