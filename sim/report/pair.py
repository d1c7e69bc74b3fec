"""The two policies of the headline once more in one world, with every event kept: for pictures and stories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.run import run_world

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison

LARGEST_MAP = 5_000  # organisations; a larger map shows nothing
LARGEST = 10_000  # organisations; running two larger worlds once more would take too long


@dataclass(frozen=True)
class Pair:
    """Both worlds at the end, the replicate, the step the comparison began at, and the names."""

    one: Any
    other: Any
    replicate: int
    since: int
    names: tuple[str, str]


def look(comparison: Comparison) -> Pair | None:
    """Run the pair of the headline in an average world; None when the world is too large to look at."""
    findings = comparison.findings
    if findings.organisations > LARGEST or not findings.own_worlds or findings.focus[0] == findings.focus[1]:
        return None
    replicate = average_world(comparison)
    specs = [comparison.spec(name, replicate=replicate) for name in findings.focus]
    one, other = (result.world for result in run_world(specs, log=True))
    since = int(comparison.scenario.values()["world.burn_in"])
    return Pair(one, other, replicate, since, findings.focus)


def average_world(comparison: Comparison) -> int:
    """Return the replicate whose headline difference lies closest to the mean over own worlds."""
    one, other = comparison.findings.focus
    totals = comparison.totals()
    own = totals[(totals["future"] == 0) & (totals["outcome"] == comparison.findings.headline.outcome)]
    wide = own.pivot(index="replicate", columns="policy", values="value")
    gap = (wide[one] - wide[other]).dropna()
    return int(gap.index[int(np.argmin(np.abs(gap - gap.mean())))])
