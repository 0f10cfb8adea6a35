"""What is wanted of an SLA, or of several together: a share of kept promises over a window, and who is told."""

from dataclasses import dataclass
from enum import StrEnum

from slos.window import TimeWindow

DEFAULT_BURN_WINDOWS = "sre-workbook"


class BudgetMethod(StrEnum):
    """What is counted: promises; slices of time that were good enough; or the mean of the slices' shares."""

    OCCURRENCES = "Occurrences"
    TIME_SLICES = "Timeslices"
    RATIO_TIME_SLICES = "RatioTimeslices"


@dataclass(frozen=True, slots=True)
class Component:
    """One SLA in an objective and how much it counts. `weight` is above 0; the weights need not add up to anything.

    `slice_ms` and `slice_target_ratio`: of a slice of its time; 0 where promises are counted.
    """

    sla: str
    weight: float = 1.0
    slice_ms: int = 0
    slice_target_ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective of one component is that SLA's own; one of several is a composite under a name of its own."""

    sla: str
    display_name: str
    components: tuple[Component, ...]
    target_ratio: float
    window: TimeWindow
    severity: str
    owner: str
    runbook: str
    method: BudgetMethod = BudgetMethod.OCCURRENCES
    burn_windows: str = DEFAULT_BURN_WINDOWS
