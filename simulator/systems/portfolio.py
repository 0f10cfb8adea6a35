"""The portfolio tool: shows managers what the PSA reports of its projects. It keeps entries and nothing else."""

from simulator.systems.books import Books

SYSTEM = "portfolio"


class Portfolio(Books):
    """The portfolio tool's records."""

    system = SYSTEM
