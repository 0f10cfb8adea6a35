"""One measured number beside its reference."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """`promise` is what DESIGN asks for; `reference` is another way to do the same work, measured in the same run."""

    name: str
    value: float
    unit: str
    promise: str = ""
    reference: str = ""
    reference_value: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference_value if self.reference_value else None

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def print_figures(figures: Iterable[Figure]) -> None:
    """Print a table of figures."""
    table = Table("what", "measured", "promise", "reference", "ratio", title="Billtrail, measured in one run")
    for figure in figures:
        beside = f"{figure.reference}: {_number(figure.reference_value)}" if figure.reference_value else ""
        ratio = f"{figure.ratio:.2f}" if figure.ratio else ""
        table.add_row(figure.name, f"{_number(figure.value)} {figure.unit}", figure.promise, beside, ratio)
    console = Console()
    console.width = max(console.width, 140)
    console.print(table)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
