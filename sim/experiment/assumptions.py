"""Which assumptions turn the answer: the difference over plausible futures, by what each of them holds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from sim.experiment import statistics as st
from sim.experiment.design import futures
from sim.experiment.doubts import Assumption, Band
from sim.parameters import BY_KEY
from sim.scenario.scenario import Scenario

Array = np.ndarray[Any, Any]
FEWEST = 6  # futures; with fewer nothing can be said
MANY = 30  # futures from which on five groups are shown instead of three


def assumptions(scenario: Scenario, numbers: Array, gap: Array, direction: str) -> tuple[Assumption, ...]:
    """Return every uncertain parameter of the scenario, the one that turns the difference most first.

    Parameters
    ----------
    numbers : [futures] int64, which plausible future each difference belongs to (1 is the first).
    gap : [futures] float64, difference of the headline's outcome, focus minus baseline.
    direction : which way is better.
    """
    there = np.isfinite(gap)
    numbers, gap = numbers[there], gap[there]
    if len(gap) < FEWEST:
        return ()
    drawn, keys = futures(scenario), tuple(scenario.futures.resolved())
    chance, made = critical(len(gap), len(keys)), []
    for key in keys:
        values = np.array([dict(drawn[number - 1])[key] for number in numbers])
        made.append(Assumption(key, BY_KEY[key].text, rank_correlation(values, gap), chance,
                               bands(values, gap, direction)))
    return tuple(sorted(made, key=lambda one: -abs(one.correlation)))


def rank_correlation(values: Array, gap: Array) -> float:
    """Return Spearman's rank correlation; 0 where either never changes."""
    if np.ptp(values) == 0 or np.ptp(gap) == 0:
        return 0.0
    return float(stats.spearmanr(values, gap).statistic)


def critical(count: int, among: int = 1) -> float:
    """Return the absolute rank correlation that the largest of ``among`` exceeds by chance one time in twenty.

    Student's t approximation for ``count`` futures, level shared out evenly (Bonferroni).
    """
    t = float(stats.t.ppf(1 - 0.025 / among, count - 2))
    return t / math.sqrt(count - 2 + t * t)


def bands(values: Array, gap: Array, direction: str) -> tuple[Band, ...]:
    """Return the futures in three or five equal groups by value."""
    groups = np.array_split(np.argsort(values, kind="stable"), 5 if len(values) >= MANY else 3)
    return tuple(Band(float(values[one].min()), float(values[one].max()), float(gap[one].mean()),
                      st.led(gap[one], direction), len(one)) for one in groups)
