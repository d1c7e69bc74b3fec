"""All figures of one set of consortia: measured, shuffled, and the lifts of the one over the other."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sim.experiment.consortia.data import Consortia
from sim.experiment.consortia.measure import measure
from sim.experiment.consortia.nulls import GROUPS, SHUFFLES, shuffled

Figures = dict[str, Any]
LIFTS = {"repeat_share": "lift", "same_country_share": "country_lift", "same_region_share": "region_lift"}


def figures(consortia: Consortia, shuffles: int = SHUFFLES) -> Figures:
    """Return `measure` with the lifts over both shuffles (`LIFTS`) and the shuffled figures (``null_<group>``).

    ``error_<group>`` holds the standard error of the shuffled figures: what a mean of so few shuffles leaves to luck.
    """
    found = measure(consortia)
    jobs = [(within, number) for within in GROUPS for number in range(shuffles)]
    with ThreadPoolExecutor() as pool:  # the heavy parts leave the interpreter
        measured = list(pool.map(lambda job: measure(shuffled(consortia, *job)), jobs))
    for n, within in enumerate(GROUPS):
        nulls = measured[n * shuffles : (n + 1) * shuffles]
        found[f"null_{within}"], found[f"error_{within}"] = mean_of(nulls), error_of(nulls)
    for year, row in found["years"].items():
        for within in GROUPS:
            null = found[f"null_{within}"]["years"][year]
            row.update({f"{lift}_{within}": ratio(row[share], null[share]) for share, lift in LIFTS.items()})
    return found


def ratio(top: float, bottom: float) -> float:
    """Return top / bottom, nan over nothing."""
    return top / bottom if bottom > 0 else float("nan")


def mean_of(measured: Sequence[Figures]) -> Figures:
    """Return the mean of each figure over several worlds; what is not there, or not a number, does not count."""
    return _each(measured, lambda values: float(np.mean(values)))


def error_of(measured: Sequence[Figures]) -> Figures:
    """Return the standard error of the mean of each figure over several worlds."""
    return _each(measured, lambda values: float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1
                 else float("nan"))


def _each(measured: Sequence[Figures], summary: Any) -> Figures:
    first = measured[0]
    result: Figures = {}
    for name, value in first.items():
        found = [one[name] for one in measured if name in one]
        if isinstance(value, dict):
            result[name] = _each(found, summary)
        else:
            finite = [one for one in found if np.isfinite(one)]
            result[name] = summary(finite) if finite else float("nan")
    return result
