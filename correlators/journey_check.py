"""What is wrong with a journey that has the right shape: names nobody declared, circles, things declared twice.

Each mistake comes with where it stands: the keys and places that lead to it from the top of the document.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from billtrail.document.problem import name_nearest

if TYPE_CHECKING:
    from correlators.journey import Journey

ANY = "*"
Path = tuple[str | int, ...]


class Mistake(NamedTuple):
    """One mistake and the way to it, such as `("milestones", 3, "after", 0)`."""

    path: Path
    message: str
    hint: str = ""


def find_mistakes(journey: "Journey") -> Iterator[Mistake]:
    """Find what the shape of a document does not forbid."""
    yield from _check_types(journey)
    yield from _check_relations(journey)
    yield from _check_milestones(journey)


def _check_types(journey: "Journey") -> Iterator[Mistake]:
    types = journey.object_types
    for name, declared in types.items():
        for place, parent in enumerate(declared.of):
            yield from _unknown(parent, types, "object_types", name, "of", place)
    for circle in _find_circles({name: declared.of for name, declared in types.items()}):
        yield Mistake(("object_types", circle[0], "of"), f"part_of goes round in a circle: {' -> '.join(circle)}")
    if sum(declared.role == "root" for declared in types.values()) != 1:
        yield Mistake(("object_types",), "exactly one type must have the role root")


def _check_relations(journey: "Journey") -> Iterator[Mistake]:
    known = [*journey.object_types, ANY]
    for number, rule in enumerate(journey.relations):
        yield from _unknown(rule.from_type, known, "relations", number, "from")
        yield from _unknown(rule.to_type, known, "relations", number, "to")


def _check_milestones(journey: "Journey") -> Iterator[Mistake]:
    names = [milestone.name for milestone in journey.milestones]
    for number, milestone in enumerate(journey.milestones):
        if milestone.name in names[:number]:
            yield Mistake(("milestones", number, "name"), f"{milestone.name} is declared twice")
        yield from _unknown(milestone.of, journey.object_types, "milestones", number, "of")
        yield from _unknown(milestone.by, ["", *journey.roles], "milestones", number, "by")
        for place, before in enumerate(milestone.after):
            yield from _unknown(before, names, "milestones", number, "after", place)
    for circle in _find_circles({milestone.name: milestone.after for milestone in journey.milestones}):
        path = ("milestones", names.index(circle[0]), "after")
        yield Mistake(path, f"the order goes round in a circle: {' -> '.join(circle)}")


def _find_circles(steps: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Walk on from every name; a way that comes back to where it began is a circle, told from each of its names."""

    def walk(way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for following in steps.get(way[-1], ()):
            if following == way[0]:
                yield (*way, following)
            elif following not in way:
                yield from walk((*way, following))

    for name in steps:
        yield from walk((name,))


def _unknown(name: str, known: Iterable[str], *path: str | int) -> Iterator[Mistake]:
    known = list(known)
    if name not in known:
        yield Mistake(path, f"unknown name {name!r}", name_nearest(name, known))
