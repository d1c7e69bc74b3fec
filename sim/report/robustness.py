"""Which assumptions the answer hangs on: plausible futures split at the middle of each uncertain parameter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.design import futures
from sim.parameters import BY_KEY
from sim.report.numbers import plain, signed, words
from sim.report.style import BLUE, INK, MUTED, VERMILLION, canvas, headline, styled

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison

FEWEST = 8  # futures under which halves say nothing


@dataclass(frozen=True)
class Assumption:
    """An uncertain parameter: where the futures are split, and the headline difference on both sides.

    Parameters
    ----------
    key, text : the parameter. middle : value at which the futures are halved.
    low, high : mean difference in the lower and the upper half. ahead_low, ahead_high : share of futures ahead.
    noise : standard error of (high − low), from the spread within halves.
    """

    key: str
    text: str
    middle: float
    low: float
    high: float
    ahead_low: float
    ahead_high: float
    noise: float

    @property
    def sentence(self) -> str:
        """What it does to the answer, in words."""
        return (f"{self.key} ({self.text.rstrip('.').lower()}): on average {signed(self.low)} below "
                f"{self.middle:.3g}, {signed(self.high)} above.")


def futures_table(comparison: Comparison) -> tuple[list[dict[str, float]], Any]:
    """Return the drawn values of every finished future and the headline difference in it."""
    head, values = comparison.findings.headline, futures(comparison.scenario)
    totals = comparison.totals()
    drawn = totals[(totals["future"] > 0) & (totals["outcome"] == head.outcome)]
    wide = drawn.pivot(index="future", columns="policy", values="value")
    gap = (wide[head.policy] - wide[head.against]).dropna() if len(wide) else wide.sum(axis=1)
    return [dict(values[number - 1]) for number in gap.index], gap.to_numpy(float)


def assumptions(comparison: Comparison) -> list[Assumption]:
    """Return the uncertain parameters, the one that moves the headline difference most (against noise) first."""
    drawn, gap = futures_table(comparison)
    if len(gap) < FEWEST:
        return []
    found = [_split(key, np.array([values[key] for values in drawn]), gap) for key in drawn[0]]
    return sorted(found, key=lambda one: -abs(one.high - one.low) / max(one.noise, 1e-12))


def _split(key: str, values: Any, gap: Any) -> Assumption:
    middle = float(np.median(values))
    low, high = gap[values < middle], gap[values >= middle]
    noise = float(np.sqrt(low.var(ddof=1) / len(low) + high.var(ddof=1) / len(high))) if len(low) > 1 else np.inf
    text = BY_KEY[key].text if key in BY_KEY else words(key)
    return Assumption(key, text, middle, float(low.mean()) if len(low) else float("nan"), float(high.mean()),
                      float((low > 0).mean()) if len(low) else float("nan"), float((high > 0).mean()), noise)


def rows(found: list[Assumption]) -> list[list[str]]:
    """Return the assumptions as a table."""
    return [[one.key, one.text, f"{one.middle:.3g}", signed(one.low), signed(one.high), f"{one.ahead_low:.0%}",
             f"{one.ahead_high:.0%}", plain(abs(one.high - one.low) / one.noise, 1)] for one in found]


def futures_figure(comparison: Comparison, key: str, ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the headline difference of every future against one parameter."""
    drawn, gap = futures_table(comparison)
    head = comparison.findings.headline
    with styled():
        figure, ax = canvas(ax)
        at = np.array([values[key] for values in drawn])
        for ahead, colour, marker in ((True, BLUE, "o"), (False, VERMILLION, "s")):
            chosen = (gap > 0) == ahead
            ax.scatter(at[chosen], gap[chosen], s=64, color=colour, marker=marker, edgecolors=INK, linewidths=0.7,
                       label="ahead" if ahead else "behind", zorder=3)
        ax.axhline(0, color=INK, linewidth=1, zorder=1)
        ax.axvline(float(np.median(at)), color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        ax.grid(axis="y")
        ax.set_xlabel(f"{key} (dashed: where the futures are halved)")
        ax.legend(frameon=False, ncols=2, loc="best")
        headline(ax, "The difference in each plausible future",
                 f"{words(head.policy)} against {words(head.against)}: {words(head.outcome)}, {head.unit}")
    return figure, ax
