"""Where one world lies among all paired worlds of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.report.numbers import estimate

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison
    from sim.experiment.findings import Findings, Futures


def paired(comparison: Comparison, names: Sequence[str], replicate: int) -> dict[str, Any]:
    """Return the difference of the first two policies in every own world, and which of them is watched.

    Nothing is returned when there are not two, or the world is not one of the comparison's.
    """
    if len(names) < 2:
        return {}
    head = comparison.findings.headline
    totals = comparison.totals()
    own = totals[(totals["future"] == 0) & (totals["outcome"] == head.outcome)]
    wide = own.pivot(index="replicate", columns="policy", values="value")
    if not {*names[:2]} <= {*wide.columns}:
        return {}
    gap = (wide[names[0]] - wide[names[1]]).dropna()
    if replicate not in gap.index:
        return {}
    return {"worlds": {"gaps": [float(f"{value:.4g}") for value in gap], "here": gap.index.get_loc(replicate),
                       "unit": head.unit, **_verdict(comparison.findings, names[0], names[1])}}


def _led(futures: Futures, sign: float) -> list[float]:
    """Return in how many plausible futures the first policy leads (a tie counts half), and of how many."""
    return [round((futures.led if sign > 0 else 1.0 - futures.led) * futures.worlds, 1), futures.worlds]


def _verdict(findings: Findings, one: str, other: str) -> dict[str, Any]:
    """Return what all worlds say of the two; nothing for one world, or two that were not set against each other."""
    for found in findings.differences:
        known = found.outcome == findings.headline.outcome and found.estimate.worlds > 1
        if known and (found.policy, found.against) in ((one, other), (other, one)):
            sign = 1.0 if found.policy == one else -1.0
            low, high = sorted((sign * found.estimate.low, sign * found.estimate.high))
            said = {"all": estimate(sign * found.estimate.mean, low, high), "verdict": found.verdict}
            return said if found.futures is None else said | {"futures": _led(found.futures, sign)}
    return {}
