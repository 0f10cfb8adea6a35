"""What the command line asks of this room: the SLAs in force with their attainment, and a check of a file."""

from datetime import datetime
from pathlib import Path

from billtrail.document.problem import Problem
from billtrail.store import Row, Store
from slos.catalogue import Journeys, find_problems
from slos.objective_row import read_objectives
from slos.settings import SlosSettings

PACKAGE = "slos"


def list_slas(store: Store, now: datetime) -> list[Row]:
    """List the SLAs in force with met, late, open, at_risk, breached, unknown and attainment_ratio over their window.

    `attainment_ratio` is None while nothing in the window was decided. Cost: all clocks.
    """
    starts = {one.sla: one.window.around(now).starts_at for one in read_objectives(store)}
    asked = {"slas": list(starts), "since_ms": [int(at.timestamp() * 1000) for at in starts.values()]}
    return store.rows(PACKAGE, "list_slas", asked)


def validate(path: Path, settings: SlosSettings, journeys: Journeys) -> tuple[Problem, ...]:
    """Check an SLA document or a folder of them. Empty means it can be put in force."""
    return find_problems(path, settings, journeys)
