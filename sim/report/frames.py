"""From tidy frames to what a figure draws: paired differences, their mean and interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

Array = np.ndarray[Any, Any]
WORLD = ["future", "replicate"]


def paired_totals(totals: pd.DataFrame, outcome: str, baseline: str) -> pd.DataFrame:
    """Return one row per world and one column per policy: its value minus the baseline's.

    Worlds in which a policy or the baseline is missing stay as NaN and are left out of its mean.
    """
    wide = totals[totals["outcome"] == outcome].pivot(index=WORLD, columns="policy", values="value")
    return wide.sub(wide[baseline], axis=0).drop(columns=baseline)


def paired_series(series: pd.DataFrame, outcome: str, policy: str, baseline: str) -> pd.DataFrame:
    """Return one row per world and one column per step: policy minus baseline."""
    chosen = series[series["outcome"] == outcome]
    wide = chosen.pivot(index=[*WORLD, "step"], columns="policy", values="value")
    return (wide[policy] - wide[baseline]).unstack("step").dropna()


def mean_interval(values: Array, level: float = 0.95) -> tuple[float, float, float]:
    """Return mean and the t interval of one sample; with fewer than two values the interval is the mean."""
    kept = np.asarray(values, float)
    kept = kept[np.isfinite(kept)]
    if len(kept) == 0:
        return np.nan, np.nan, np.nan
    mean = float(kept.mean())
    if len(kept) < 2:
        return mean, mean, mean
    half = float(stats.t.ppf(0.5 + level / 2, len(kept) - 1) * kept.std(ddof=1) / np.sqrt(len(kept)))
    return mean, mean - half, mean + half


def intervals(matrix: Array) -> tuple[Array, Array, Array]:
    """Return mean, lower and upper bound of each column."""
    rows = np.array([mean_interval(column) for column in np.asarray(matrix, float).T])
    return rows[:, 0], rows[:, 1], rows[:, 2]


def overtakes(mean: Array) -> int | None:
    """Return the index from which the mean is positive for good, if it was negative before; else None."""
    values = np.asarray(mean)
    not_ahead = np.flatnonzero(values <= 0)
    if not (values < 0).any() or not_ahead[-1] + 1 >= len(values):
        return None
    return int(not_ahead[-1] + 1)
