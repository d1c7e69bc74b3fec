"""What was really seen beside what the worlds give: figure by figure, how far off."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import statistics as st
from sim.experiment.findings import Estimate

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

GOOD = 1.5  # within this factor of what was observed counts as near (issue of the programmes)
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Held:
    """One observed figure and the simulated one.

    Parameters
    ----------
    outcome, policy : which outcome of which arm. text, source : what was counted, who says so.
    low, high : the figure, twice the same, or the range of several. simulated : mean over the own worlds.
    ratio : simulated over observed; 1 inside a range, against its nearer end outside.
    """

    outcome: str
    policy: str
    text: str
    source: str
    low: float
    high: float
    simulated: Estimate
    ratio: float

    @property
    def factor(self) -> float:
        """How many times too much or too little; infinite where there is nothing."""
        return max(self.ratio, 1.0 / self.ratio) if self.ratio > 0 else math.inf

    @property
    def near(self) -> bool:
        """Whether it lies within `GOOD`."""
        return self.factor <= GOOD


def held(scenario: Scenario, focus: str, policies: tuple[str, ...],
         values: Callable[[str, str], Array]) -> tuple[Held, ...]:
    """Return every observed figure of an arm that is compared, in the scenario's order.

    Parameters
    ----------
    values : function of policy and outcome to [own worlds] float64.
    """
    found = []
    for one in scenario.observed:
        policy = one.policy or focus
        if policy in policies:
            simulated = st.estimate(values(policy, one.outcome))
            found.append(Held(one.outcome, policy, one.text, one.source, *one.value, simulated,
                              ratio(simulated.mean, *one.value)))
    return tuple(found)


def ratio(mean: float, low: float, high: float) -> float:
    """Return how a simulated mean stands to a figure or a range; nan where either is nothing."""
    if low <= mean <= high:
        return 1.0
    end = low if mean < low else high
    return mean / end if end > 0 else math.nan
