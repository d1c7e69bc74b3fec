"""Paired numbers: means, intervals, shares, verdicts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from sim.experiment.findings import AHEAD, ALIKE, BEHIND, HIGHER, LOWER, OPEN, Estimate, Futures

Array = np.ndarray[Any, Any]
RESAMPLES = 2000
LEVEL = 0.95
NAN = float("nan")


def finite(values: Any) -> Array:
    """Return the finite values as float64."""
    array = np.asarray(values, float)
    return array[np.isfinite(array)]


def estimate(values: Any) -> Estimate:
    """Return mean, Student's t and percentile bootstrap interval over worlds."""
    kept = finite(values)
    count = len(kept)
    if count == 0:
        return Estimate(NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0)
    mean = float(kept.mean())
    if count == 1:
        return Estimate(mean, NAN, NAN, NAN, NAN, NAN, NAN, 1)
    spread = float(kept.std(ddof=1))
    error = spread / math.sqrt(count)
    half = float(stats.t.ppf(0.5 + LEVEL / 2, count - 1)) * error
    draws = kept[np.random.default_rng(count).integers(0, count, (RESAMPLES, count))].mean(axis=1)
    low, high = np.quantile(draws, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    return Estimate(mean, mean - half, mean + half, float(low), float(high), error, spread, count)


def ratio_interval(top: Any, bottom: Any) -> tuple[float, float]:
    """Return the 95 % interval of mean(top) / mean(bottom) over worlds (Fieller 1954); NaN with fewer than two.

    Where the mean of ``bottom`` may be 0 by Student's t, the ratio has no upper end; what is left of its lower end
    is the least ratio above 0 that cannot be ruled out.
    """
    top, bottom = np.asarray(top, float), np.asarray(bottom, float)
    count = len(top)
    if count < 2:
        return NAN, NAN
    squared = float(stats.t.ppf(0.5 + LEVEL / 2, count - 1)) ** 2 / count
    (of_top, of_both), (_, of_bottom) = squared * np.cov(top, bottom)
    a, b = bottom.mean() ** 2 - of_bottom, top.mean() * bottom.mean() - of_both
    c = top.mean() ** 2 - of_top
    root = math.sqrt(max(0.0, b * b - a * c))
    if a > 0:
        ratio = top.mean() / bottom.mean()
        return float(min(ratio, (b - root) / a)), float(max(ratio, (b + root) / a))
    return float((b - root) / a) if c > 0 and a < 0 else -math.inf, math.inf


def led(values: Any, direction: str) -> float:
    """Return the share of worlds in which the first policy is ahead; a tie counts half."""
    kept = finite(values)
    if len(kept) == 0:
        return float("nan")
    sign = -1.0 if direction == "lower" else 1.0
    return float(((sign * kept > 0) + 0.5 * (kept == 0)).mean())


def futures(values: Any, direction: str) -> Futures | None:
    """Return the range over plausible futures, or None without any."""
    kept = finite(values)
    if len(kept) == 0:
        return None
    low, high = np.quantile(kept, [0.05, 0.95])
    return Futures(float(kept.mean()), float(low), float(high), led(kept, direction), len(kept))


def verdict(value: Estimate, smallest: float, direction: str) -> str:
    """Say what the interval allows to say."""
    if value.worlds < 2:
        return OPEN
    if max(abs(value.low), abs(value.high)) < smallest or value.low == value.high == 0.0:
        return ALIKE
    if value.low <= 0.0 <= value.high:
        return OPEN
    higher = value.mean > 0
    if direction == "neither":
        return HIGHER if higher else LOWER
    return AHEAD if higher == (direction == "higher") else BEHIND


def variance_ratio(one: Any, other: Any) -> float:
    """Return how many times fewer worlds paired runs need than unpaired ones."""
    a, b = np.asarray(one, float), np.asarray(other, float)
    both = np.isfinite(a) & np.isfinite(b)
    if both.sum() < 3:
        return float("nan")
    paired = float(np.var(a[both] - b[both], ddof=1))
    apart = float(np.var(a[both], ddof=1) + np.var(b[both], ddof=1))
    return apart / paired if paired > 0 else float("inf" if apart > 0 else "nan")
