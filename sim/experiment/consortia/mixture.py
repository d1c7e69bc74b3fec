"""Which mix of policies explains real consortia best: leads follow different policies, and the shares are fitted.

Every mix on a grid of shares is simulated at the observed calls of the fitted years; its misfit is the mean squared
miss over the aimed-at rows, in tolerances. Mixes whose misfit is not larger than the best one's by more than the
spread between worlds cannot be told apart: the interval of a share is its range over those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.experiment.consortia.data import Consortia
from sim.experiment.consortia.figures import Figures, figures
from sim.experiment.consortia.fit import Fit
from sim.experiment.consortia.formation import calls_of, form
from sim.experiment.consortia.rows import verdicts
from sim.scenario.policy import Policy, builtin

COMPONENTS: dict[str, dict[str, Any]] = {
    "old teams": {"sources": ("old_teams", "by_activity")},
    "known": {"sources": ("known", "by_activity")},
    "closure": {"sources": ("partners_of_partners", "by_activity")},
    "wide": {"sources": ("by_activity",)},
    "fitting": {"sources": ("by_activity",), "search": "all", "terms": {"similarity": 1.0},
                "scan": {"by_activity": 64}, "contacts": {"by_activity": 64}},
}
"""What a share of leads does; everything else is that of the policy `old_teams`."""
PARTS = 3  # shares are multiples of 1 / PARTS
WORLDS = 5
MOST_MISS = 5.0  # tolerances; farther misses count as this


@dataclass(frozen=True)
class Mix:
    """Shares of leads by component, and how badly the mix explains the fitted years (mean and spread over worlds)."""

    shares: dict[str, float]
    misfit: float
    spread: float


def component(name: str) -> Policy:
    """Return the policy of a component."""
    return builtin("old_teams").model_copy(update={"name": name.replace(" ", "_"), **COMPONENTS[name]})


def grid(names: Sequence[str], parts: int = PARTS) -> Iterator[dict[str, float]]:
    """Yield all shares that are multiples of 1 / parts and add up to one."""
    def rest(left: int, of: Sequence[str]) -> Iterator[tuple[int, ...]]:
        if len(of) == 1:
            yield (left,)
            return
        for mine in range(left + 1):
            for others in rest(left - mine, of[1:]):
                yield (mine, *others)

    for counts in rest(parts, names):
        yield {name: count / parts for name, count in zip(names, counts, strict=True)}


def mixes(consortia: Consortia, found: Fit, names: Sequence[str] = tuple(COMPONENTS), parts: int = PARTS,
          worlds: int = WORLDS) -> list[Mix]:
    """Return all mixes, the best first; activity, inflow and strength stay as fitted.

    Parameters
    ----------
    consortia : real ones; only the fitted years are looked at.
    found : what was fitted (`fit.fit`).
    """
    seen = consortia.years(*found.years)
    observed, calls = figures(seen), calls_of(seen, found.years)
    result = []
    for shares in grid(names, parts):
        used = {name: share for name, share in shares.items() if share}
        mixed = replace(found.formation, policy=tuple(component(name) for name in used), shares=tuple(used.values()))
        misfits = [misfit(observed, figures(form(calls, mixed, seed), 1), found.years)
                   for seed in range(1, worlds + 1)]
        result.append(Mix(shares, float(np.mean(misfits)), float(np.std(misfits, ddof=1))))
    return sorted(result, key=lambda mix: mix.misfit)


def misfit(observed: Figures, simulated: Figures, years: tuple[int, int]) -> float:
    """Return the mean squared miss over the aimed-at rows of all fitted years, in tolerances."""
    rows = verdicts(observed, [simulated], range(years[0], years[1] + 1))
    return float(np.mean([row.distance(MOST_MISS) ** 2 for row in rows]))


def intervals(found: Sequence[Mix]) -> dict[str, tuple[float, float, float]]:
    """Return best, lowest and highest share of each component over the mixes that cannot be told from the best."""
    best = found[0]
    alike = [mix for mix in found
             if mix.misfit - best.misfit <= 2 * np.sqrt((best.spread**2 + mix.spread**2) / WORLDS)]
    return {name: (share, min(mix.shares[name] for mix in alike), max(mix.shares[name] for mix in alike))
            for name, share in best.shares.items()}
