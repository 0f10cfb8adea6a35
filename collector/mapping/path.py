"""Paths into a payload, as they are written in a `source.yaml`.

    $StageName                     a key of the message           $"odata.etag"        a key with odd characters
    $facts.reportId                a key of a key                 $recordIds[0]        an element, from 0; [-1] the last
    $fields[name=dealId].value     the element whose name is …    $items[].field       of every element: a list
    $body:event.EventUuid          from the top of the body       $item:amount         of the element of an `each`
    $payload:total                 of a JSON text named by `inside`

What is not there, or is null, is the empty text; numbers and truth values are the text JSON writes for them.
"""

import re
from dataclasses import dataclass

_SCOPE = re.compile(r"\$([a-z_]+):")
_STEP = re.compile(
    r'\.?(?P<key>[\w@#$-]+)|\.?"(?P<quoted>[^"]+)"|(?P<all>\[\])|(?P<values>\{\})'
    r"|\[(?P<index>-?\d+)\]|\[(?P<field>[\w.@-]+)=(?P<value>[^\]]*)\]"
)


@dataclass(frozen=True, slots=True)
class Key:
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    place: int


@dataclass(frozen=True, slots=True)
class Pick:
    """The first element whose field has a value."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Each:
    """Every element of a list; with `of_values`, every value of an object."""

    of_values: bool = False


Step = Key | Index | Pick | Each


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the start of a scope: '' the message, `body`, `item` (of `within`), or a name of `inside`."""

    scope: str
    steps: tuple[Step, ...]
    within: "Path | None" = None

    @property
    def is_list(self) -> bool:
        return any(isinstance(step, Each) for step in self.steps)

    def __str__(self) -> str:
        start = f"${self.scope}:" if self.scope else "$"
        return start + "".join(_write(step) for step in self.steps).removeprefix(".")


def parse_path(text: str, within: Path | None = None) -> Path:
    """Read a path. Raises ValueError, saying from where on it cannot be read."""
    scope, rest = "", text[1:]
    if match := _SCOPE.match(text):
        scope, rest = match.group(1), text[match.end() :]
    steps: list[Step] = []
    place = 0
    while place < len(rest):
        step = _STEP.match(rest, place)
        if not step or ((place and step.group().startswith(('"',))) or (not place and step.group().startswith("."))):
            raise ValueError(f"the path {text} cannot be read from {rest[place:]!r} on")
        steps.append(_read(step))
        place = step.end()
    if sum(isinstance(step, Each) for step in steps) > 1:
        raise ValueError(f"the path {text} goes through more than one list")
    return Path(scope, tuple(steps), within if scope == "item" else None)


def _read(step: re.Match[str]) -> Step:
    if name := step.group("key") or step.group("quoted"):
        return Key(name)
    if index := step.group("index"):
        return Index(int(index))
    if field := step.group("field"):
        return Pick(field, step.group("value"))
    return Each(of_values=bool(step.group("values")))


def _write(step: Step) -> str:
    match step:
        case Key(name):
            return f".{name}" if re.fullmatch(r"[\w@#$-]+", name) else f'."{name}"'
        case Index(place):
            return f"[{place}]"
        case Pick(field, value):
            return f"[{field}={value}]"
        case Each(of_values):
            return "{}" if of_values else "[]"
