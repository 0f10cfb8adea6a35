"""Where an expression looks, in words for a person: the paths it uses, in order."""

from collector.mapping.expression import Constant, Expression, Named
from collector.mapping.path import Path
from collector.mapping.resolve import walk


def describe(expression: Expression) -> str:
    """Name the places an expression looks at, such as `$data.completedAt or $generatedAt`."""
    if isinstance(expression, Constant):
        return repr(expression.text)
    found = [one for one in walk(expression) if isinstance(one, Path | Named)]
    within = {one.within for one in found if isinstance(one, Path)}
    places = [f"={one.name}" if isinstance(one, Named) else str(one) for one in found if one not in within]
    return " or ".join(dict.fromkeys(places))
