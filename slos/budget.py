"""The error budget: how many promises may be late before the target is missed, and how much of that is gone.

Pure: counts in, a statement out. A promise counts once it is decided: when it was kept in time, at that moment; when it
was not, at its due time. So every count is the same however late its events arrive. Clocks that run, stand still, are
cancelled or unknown do not count. A promise that is late can only lower what remains.
Source: The Site Reliability Workbook (2018), chapter 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from slos.interval import Interval, wilson


@dataclass(frozen=True, slots=True)
class Count:
    """`good` and `bad` in the unit of the budget (promises or slices), `promises` how many were decided."""

    good: float = 0.0
    bad: float = 0.0
    promises: int = 0

    @property
    def total(self) -> float:
        return self.good + self.bad

    @property
    def error_ratio(self) -> float:
        return self.bad / self.total if self.total else 0.0


class BudgetState(StrEnum):
    """Why a budget reads as it does."""

    NOTHING_DECIDED = "nothing_decided"
    TOO_FEW = "too_few"
    WITHIN = "within"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Budget:
    """`remaining_ratio`: 1 when untouched, 0 when just spent, below 0 when overdrawn. `likely`: of the attainment."""

    state: BudgetState
    count: Count
    attainment_ratio: float | None
    allowed: float
    remaining_ratio: float
    likely: Interval


def weigh(parts: Sequence[tuple[float, Count]]) -> Count:
    """Join the counts of an objective's components: each by its weight, those with nothing decided not at all.

    The joined error ratio is the weighted mean of the components' error ratios, whatever their numbers.
    """
    seen = [(weight, count) for weight, count in parts if count.total]
    if not seen:
        return Count()
    total = sum(count.total for _, count in seen)
    error_ratio = sum(weight * count.error_ratio for weight, count in seen) / sum(weight for weight, _ in seen)
    if len(seen) == 1:
        return seen[0][1]
    return Count(total * (1 - error_ratio), total * error_ratio, sum(count.promises for _, count in seen))


def judge_budget(count: Count, target_ratio: float, minimum_sample: int) -> Budget:
    """Say how much of the budget is left. With fewer promises than the sample it says so instead of judging."""
    allowed = (1 - target_ratio) * count.total
    remaining = round(1 - count.bad / allowed, 9) if allowed else 1.0
    likely = wilson(count.good, count.total)
    if not count.total:
        return Budget(BudgetState.NOTHING_DECIDED, count, None, 0.0, 1.0, likely)
    if count.promises < minimum_sample:
        state = BudgetState.TOO_FEW
    else:
        state = BudgetState.WITHIN if remaining > 0 else BudgetState.SPENT
    return Budget(state, count, count.good / count.total, allowed, remaining, likely)
