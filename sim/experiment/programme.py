"""What public money bought: extra projects, active firms, ties, and their price against each other arm.

Extra is what exists in one arm and not in another on the same worlds. A price is the ratio of two mean
differences, money over extra, with a percentile bootstrap over worlds; where the extra may be nothing
at all, the price has no upper end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiment import statistics as st
from sim.experiment.findings import Estimate

Array = np.ndarray[Any, Any]
MONEY = "public_money"
EXTRAS = (("projects_of_two", "extra partnership"), ("projects_abroad", "extra partnership abroad"),
          ("active", "activated firm"), ("bridges_built", "extra bridge between clusters"),
          ("cross_sector_ties", "extra cross-sector tie alive at the end"))
SUPPORTED = "supported_projects"
RESAMPLES, LOW, HIGH = 2000, 2.5, 97.5


@dataclass(frozen=True)
class Price:
    """What public money bought of one thing, against another policy on the same worlds.

    Parameters
    ----------
    text : one piece of it. against : the policy without it. extra : how much more there is.
    each, low, high : kEUR of public money for each, with a 95 % bootstrap interval; infinite where
        there may be nothing extra.
    """

    text: str
    against: str
    extra: Estimate
    each: float
    low: float
    high: float


def prices(values: Callable[[str, str], Array], focus: str, policies: tuple[str, ...]) -> tuple[Price, ...]:
    """Return what the money of the focus bought against each other policy; nothing where it spent nothing more.

    Parameters
    ----------
    values : function of policy and outcome to [own worlds] float64.
    """
    found = []
    for against in (name for name in policies if name != focus):
        money = values(focus, MONEY) - values(against, MONEY)
        if not len(money) or float(np.nanmean(money)) <= 0:
            continue
        for outcome, text in EXTRAS:
            found.append(price(text, against, money, values(focus, outcome) - values(against, outcome)))
    return tuple(found)


def price(text: str, against: str, money: Array, extra: Array) -> Price:
    """Return the price of one thing: mean money for mean extra."""
    count = len(money)
    draws = np.random.default_rng(count).integers(0, count, (RESAMPLES, count))
    extras, costs = extra[draws].mean(axis=1), money[draws].mean(axis=1)
    ratios = np.where(extras > 0, costs / np.where(extras > 0, extras, 1.0), np.inf)
    mean = float(extra.mean())
    low, high = np.percentile(ratios, [LOW, HIGH], method="nearest") if count > 1 else (np.nan, np.nan)
    each = float(money.mean()) / mean if mean > 0 else float("inf")
    found = st.estimate(extra)
    return Price(text, against, found, each, float(low), float(high) if found.low > 0 else np.inf)


def additional(values: Callable[[str, str], Array], focus: str, against: str) -> float | None:
    """Return which share of the supported projects is extra; None where the worlds do not tell more from less."""
    extra = st.estimate(values(focus, "projects_of_two") - values(against, "projects_of_two"))
    told = extra.low > 0 or extra.high < 0
    return extra.mean / float(np.mean(values(focus, SUPPORTED))) if told else None
