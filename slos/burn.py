"""Is a budget burning fast enough to tell somebody? Pure decisions, each with its reason.

An alert has a long window that says it matters and a short one that says it still goes on. Burn rate is the error ratio
over the share that may be late: at 1 the budget lasts exactly its period.
Source: The Site Reliability Workbook (2018), chapter 5, section "6: Multiwindow, Multi-Burn-Rate Alerts".
"""

from dataclasses import dataclass
from enum import StrEnum

from slos.budget import Count

_DAY_MS = 86_400_000
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class BurnWindow:
    """One row of a table. `budget_consumed_ratio`: gone after `long_ms` at the rate that makes it fire."""

    severity: str
    budget_consumed_ratio: float
    long_ms: int
    short_ms: int

    def rate_for(self, period_days: int) -> float:
        """The burn rate from which it fires, for a budget of so many days."""
        return self.budget_consumed_ratio * period_days * _DAY_MS / self.long_ms


@dataclass(frozen=True, slots=True)
class BurnTable:
    """The windows of a table and the number of promises in a long window below which nobody is told."""

    name: str
    source: str
    period_days: int
    minimum_sample: int
    windows: tuple[BurnWindow, ...]


class BurnState(StrEnum):
    """Why an alert fires or not."""

    BURNING = "burning"
    SLOW = "slow"
    NO_LONGER = "no_longer"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Burn:
    """The rates seen and the one from which it fires."""

    state: BurnState
    long_rate: float
    short_rate: float
    threshold: float

    @property
    def is_firing(self) -> bool:
        return self.state is BurnState.BURNING


def judge_burn(long: Count, short: Count, target_ratio: float, threshold: float, minimum_sample: int) -> Burn:
    """Decide whether one alert fires. Fewer promises in the long window than the sample never fire."""
    allowed = 1 - target_ratio
    # Rounded, so that a rate that equals its threshold on paper does so here.
    rates = round(long.error_ratio / allowed, _DIGITS), round(short.error_ratio / allowed, _DIGITS)
    threshold = round(threshold, _DIGITS)
    if rates[0] < threshold:
        return Burn(BurnState.SLOW, *rates, threshold)
    if long.promises < minimum_sample:
        return Burn(BurnState.TOO_FEW, *rates, threshold)
    return Burn(BurnState.BURNING if rates[1] >= threshold else BurnState.NO_LONGER, *rates, threshold)
