"""What a share is worth that was seen on few promises: the Wilson score interval.

Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of the American
Statistical Association 22 (1927) 209-212. Recommended for small samples by Brown, Cai, DasGupta, Interval Estimation
for a Binomial Proportion, Statistical Science 16 (2001) 101-133.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """Between 0 and 1, both ends included."""

    low: float
    high: float


def wilson(hits: float, trials: float, confidence: float = CONFIDENCE) -> Interval:
    """Compute the interval of a share. Without trials it is everything from 0 to 1."""
    if trials <= 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = hits / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))
