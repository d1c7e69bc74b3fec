"""What public money bought: extra projects, active firms, ties, and their price against each other arm.

Extra is what exists in one arm and not in another on the same worlds. A price is the ratio of two mean
differences, money over extra, with Fieller's interval over worlds, the counterpart of Student's for a ratio; where the
extra may be nothing at all, the price has no upper end.
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
SUPPORTED, PRIVATE = "projects_in_time", "private_money"


@dataclass(frozen=True)
class Price:
    """What public money bought of one thing, against another policy on the same worlds.

    Parameters
    ----------
    text : one piece of it. against : the policy without it. extra : how much more there is.
    each, low, high : kEUR of public money for each, with Fieller's 95 % interval; infinite where
        there may be nothing extra.
    """

    text: str
    against: str
    extra: Estimate
    each: float
    low: float
    high: float


@dataclass(frozen=True)
class Leverage:
    """What organisations put in themselves beyond what they would have, against another policy on the same worlds.

    Parameters
    ----------
    against : the policy without it. extra : kEUR of their own money more, supported or not.
    each, low, high : of it for each euro of public money, with Fieller's 95 % interval.
    """

    against: str
    extra: Estimate
    each: float
    low: float
    high: float


def bought(values: Callable[[str, str], Array], focus: str, policies: tuple[str, ...]) -> dict[str, Any]:
    """Return prices, share of supported projects that is extra, and net leverage, as `Findings` keeps them."""
    found = prices(values, focus, policies)
    against = dict.fromkeys(one.against for one in found)
    supported = bool(against) and float(np.nanmean(values(focus, SUPPORTED))) > 0
    return {"prices": found,
            "additional": tuple((name, additional(values, focus, name)) for name in against if supported),
            "leverages": tuple(leverage(values, focus, name) for name in against)}


def leverage(values: Callable[[str, str], Array], focus: str, against: str) -> Leverage:
    """Return the private money that comes with the public money, net of what there would be without."""
    money = values(focus, MONEY) - values(against, MONEY)
    extra = values(focus, PRIVATE) - values(against, PRIVATE)
    low, high = st.ratio_interval(extra, money)
    return Leverage(against, st.estimate(extra), float(extra.mean() / money.mean()), low, high)


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
    mean, (low, high) = float(extra.mean()), st.ratio_interval(money, extra)
    each = float(money.mean()) / mean if mean > 0 else float("inf")
    if mean <= 0 and high < np.inf:  # there is surely less
        low = high = float("inf")
    return Price(text, against, st.estimate(extra), each, max(low, 0.0), high)


def additional(values: Callable[[str, str], Array], focus: str, against: str) -> float | None:
    """Return which share of the projects supported in time is extra; None where the worlds tell no more from less."""
    extra = st.estimate(values(focus, "projects_of_two") - values(against, "projects_of_two"))
    told = extra.low > 0 or extra.high < 0
    return extra.mean / float(np.mean(values(focus, SUPPORTED))) if told else None
