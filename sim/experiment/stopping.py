"""Stop when it is known: looks at doubling numbers of replicates, the error shared among all looks.

A group-sequential rule. Looks come at n, 2n, 4n, ... up to the budget. Each look uses Student's interval
at level 1 − (1 − level)/looks, so that the chance that *any* look's interval misses the true mean is at
most 1 − level (Bonferroni; Jennison & Turnbull 1999 call these repeated confidence intervals). The price
is width: at five looks the interval is about a third wider than that of a single look.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import stats

Array = np.ndarray[Any, Any]
FIRST = 4  # replicates before the first look: fewer say nothing about a spread
NARROW, SPENT = "narrow enough", "budget spent"


@dataclass(frozen=True)
class Rule:
    """When there are enough replicates.

    Parameters
    ----------
    half_width : asked half width; 0 never stops early. first, most : replicates at the first and last look.
    level : chance that no look's interval misses.
    """

    half_width: float
    first: int
    most: int
    level: float = 0.95

    def looks(self) -> list[int]:
        """Return the numbers of replicates at which one looks."""
        first, found = min(max(2, self.first), self.most), []
        while first < self.most:
            found.append(first)
            first *= 2
        return [*found, self.most]

    def each(self) -> float:
        """Return the level of each look's interval."""
        return 1 - (1 - self.level) / len(self.looks())


@lru_cache(maxsize=10_000)
def quantile(level: float, freedom: int) -> float:
    """Return the two-sided quantile of Student's t."""
    return float(stats.t.ppf(0.5 + level / 2, freedom))


def interval(values: Sequence[float] | Array, level: float) -> tuple[float, float, float]:
    """Return mean, low and high of Student's interval; an open one for fewer than two values."""
    kept = np.asarray(values, float)
    kept = kept[np.isfinite(kept)]
    if len(kept) == 0:
        return math.nan, math.nan, math.nan
    mean = float(kept.mean())
    if len(kept) == 1:
        return mean, -math.inf, math.inf
    half = quantile(level, len(kept) - 1) * float(kept.std(ddof=1)) / math.sqrt(len(kept))
    return mean, mean - half, mean + half


@dataclass(frozen=True)
class Stopped:
    """How a study came to its end: the interval at the last look, replicates used, and why."""

    mean: float
    low: float
    high: float
    replicates: int
    looks: int
    why: str

    @property
    def half_width(self) -> float:
        """Half width of the interval."""
        return (self.high - self.low) / 2


def until_known(rule: Rule, draw: Callable[[int], Sequence[float] | Array]) -> Stopped:
    """Ask for more values until their mean is known: ``draw(n)`` returns the first n."""
    looks = rule.looks()
    for number, count in enumerate(looks, 1):
        mean, low, high = interval(draw(count), rule.each())
        if (high - low) / 2 <= rule.half_width:
            return Stopped(mean, low, high, count, number, NARROW)
    return Stopped(mean, low, high, looks[-1], len(looks), SPENT)
