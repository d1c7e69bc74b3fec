"""What all futures together say: regret, the worst case, enough, and whether the ranking stays.

Every future counts once, with its mean over replicates; a future in which a policy has no finished
run counts for nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.campaign import values_of
from sim.experiment.findings import AHEAD, ALIKE, BEHIND, OPEN
from sim.experiment.points import OWN
from sim.experiment.stopping import interval
from sim.outcomes.registry import outcomes

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.95
SMALLEST_SHARE = 0.02  # smallest difference of interest: this share of the baseline's own level (assumed)
NOT_A_RIVAL = "oracle"
NAN = float("nan")
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Standing:
    """How one policy fares over all futures.

    Parameters
    ----------
    policy : its name. mean : over futures. worst : its worst future (maximin looks at this).
    regret, worst_regret : shortfall against the best policy of each future, mean and largest.
    enough : share of futures in which it reaches the threshold (satisficing).
    best : share of futures in which it is the best. rank : mean rank, 1 is the best.
    """

    policy: str
    mean: float
    worst: float
    regret: float
    worst_regret: float
    enough: float
    best: float
    rank: float


@dataclass(frozen=True)
class Robust:
    """All policies over all futures.

    Parameters
    ----------
    outcome, unit : what is compared. futures : how many count.
    threshold : what is enough, the baseline's level under the scenario's own values.
    standings : the policies, least mean regret first.
    stability : mean Kendall correlation between each future's ranking and the ranking of the means.
    same_ranking : share of futures whose whole ranking is that of the means.
    verdicts : futures in which focus against baseline is ahead, behind, alike, or cannot be told.
    """

    outcome: str
    unit: str
    futures: int
    threshold: float
    standings: tuple[Standing, ...]
    stability: float
    same_ranking: float
    verdicts: dict[str, int]


def class_of(low: float, high: float, smallest: float, direction: str = "higher") -> str:
    """Return what an interval of a difference allows to say."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return OPEN
    if max(abs(low), abs(high)) < smallest or low == high == 0.0:
        return ALIKE
    if low <= 0.0 <= high:
        return OPEN
    return AHEAD if (low > 0) == (direction != "lower") else BEHIND


def smallest_of(table: pd.DataFrame, baseline: str) -> float:
    """Return the smallest difference of interest: a share of the baseline's level at the own values."""
    own = table[table.index.get_level_values("future") == OWN]
    level = (own if len(own) else table)[baseline].mean()
    return float(SMALLEST_SHARE * abs(level))


def verdicts(table: pd.DataFrame, focus: str, baseline: str, smallest: float, direction: str) -> dict[str, int]:
    """Return the number of futures of each class, from intervals over replicates."""
    counts = dict.fromkeys((AHEAD, ALIKE, OPEN, BEHIND), 0)
    for _, gap in (table[focus] - table[baseline]).groupby(level="future"):
        _, low, high = interval(gap.to_numpy(), LEVEL)
        counts[class_of(low, high, smallest, direction)] += 1
    return counts


def kendall(one: Array, other: Array) -> float:
    """Return Kendall's correlation of two rankings without ties: share of pairs in the same order, scaled."""
    i, j = np.triu_indices(len(one), 1)
    return float(np.mean(np.sign(one[i] - one[j]) * np.sign(other[i] - other[j]))) if len(i) else 1.0


def robust(frame: pd.DataFrame, outcome: str, focus: str, baseline: str) -> Robust:
    """Return what all futures say of all policies; nan where no future has a number for every policy."""
    one = outcomes()[outcome]
    table = values_of(frame, outcome)
    means = table.groupby(level="future").mean().dropna()
    names = [name for name in means.columns if name != NOT_A_RIVAL]
    classes = verdicts(table, focus, baseline, smallest_of(table, baseline), one.direction)
    if means.empty:
        standings = tuple(Standing(name, *[NAN] * 7) for name in names)
        return Robust(outcome, one.unit, 0, NAN, standings, NAN, NAN, classes)
    sign = -1.0 if one.direction == "lower" else 1.0
    level = means[baseline]
    own = float(level[level.index == OWN].mean() if OWN in means.index else level.mean())
    values = sign * means[names].to_numpy()
    order = np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1, kind="stable") + 1
    overall = np.argsort(np.argsort(-values.mean(axis=0), kind="stable"), kind="stable") + 1
    found = [_standing(name, sign, values, k, order, sign * own) for k, name in enumerate(names)]
    return Robust(outcome, one.unit, len(means), own, tuple(sorted(found, key=lambda s: s.regret)),
                  float(np.mean([kendall(row, overall) for row in order])),
                  float(np.mean((order == overall).all(axis=1))), classes)


def _standing(name: str, sign: float, values: Array, k: int, order: Array, threshold: float) -> Standing:
    column, short = values[:, k], values.max(axis=1) - values[:, k]
    return Standing(name, float(sign * column.mean()), float(sign * column.min()), float(short.mean()),
                    float(short.max()), float((column >= threshold).mean()), float((short == 0).mean()),
                    float(order[:, k].mean()))


def plain(found: Sequence[Any]) -> list[dict[str, Any]]:
    """Return dataclasses as plain data."""
    return [asdict(one) for one in found]
