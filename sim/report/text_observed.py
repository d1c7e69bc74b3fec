"""Observed and simulated, figure beside figure: what a comparison comes to of what was really seen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.names_programme import named
from sim.report.numbers import level, natural, words
from sim.report.table import Part

if TYPE_CHECKING:
    from sim.experiment.findings import Findings
    from sim.experiment.observed import Held

GOOD = "within 1.5"
READ = ("Within a factor of 1.5 is good. No rate of the model is set to these figures; the world is the scenario's, "
        "not the one in which they were counted.")


def observed(findings: Findings) -> Part:
    """Return the observed figures beside the simulated; no rows where the scenario gives none."""
    units = {one.outcome: one.unit for one in findings.levels}
    rows = [[named(one.outcome, units[one.outcome]), words(one.policy), figure(one, units[one.outcome]),
             level(one.simulated, units[one.outcome]), ratio(one), verdict(one)] for one in findings.observed]
    head = ["", "arm", "observed", "simulated [95 %]", "ratio", "verdict"]
    return Part("Observed and simulated", head, rows, (2, 3, 4), (*sources(findings.observed), READ))


def figure(one: Held, unit: str) -> str:
    """Return what was observed, as it was told: a figure, or the range of several."""
    low, high = (f"{natural(unit)[0] * value:,.10g}" for value in (one.low, one.high))
    return low if low == high else f"{low} to {high}"


def ratio(one: Held) -> str:
    """Return simulated over observed."""
    return "–" if math.isnan(one.ratio) else f"{one.ratio:.2f}"


def verdict(one: Held) -> str:
    """Return how near it comes, in words."""
    if one.near:
        return "in the range" if one.low < one.high and one.ratio == 1.0 else GOOD
    return f"off by {one.factor:.3g}" if math.isfinite(one.factor) else "none simulated"


def sources(found: tuple[Held, ...]) -> list[str]:
    """Return what was counted and who says so, each source once."""
    texts: dict[str, list[str]] = {}
    for one in found:
        texts.setdefault(one.source, []).extend([one.text] if one.text else [])
    return [f"Observed: {source}" + (f"; {'; '.join(dict.fromkeys(said))}" if said else "") + "."
            for source, said in texts.items()]
