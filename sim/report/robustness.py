"""Which assumptions the answer hangs on: plausible futures in equal groups by each, as `compare` says them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.design import futures
from sim.experiment.doubts import Assumption, Band
from sim.report.numbers import parameter, signed, words
from sim.report.style import BLUE, INK, MUTED, VERMILLION, canvas, headline, styled

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison


def sentence(one: Assumption) -> str:
    """Return what an assumption does to the answer, in words."""
    first, last = one.bands[0], one.bands[-1]
    return (f"{parameter(one.key, one.text)}: on average {signed(first.mean)} where it is at most {first.high:.3g}, "
            f"{signed(last.mean)} where it is at least {last.low:.3g}.")


def futures_table(comparison: Comparison) -> tuple[list[dict[str, float]], Any]:
    """Return the drawn values of every finished future and the headline difference in it."""
    head, values = comparison.findings.headline, futures(comparison.scenario)
    totals = comparison.totals()
    drawn = totals[(totals["future"] > 0) & (totals["outcome"] == head.outcome)]
    wide = drawn.pivot(index="future", columns="policy", values="value")
    gap = (wide[head.policy] - wide[head.against]).dropna() if len(wide) else wide.sum(axis=1)
    return [dict(values[number - 1]) for number in gap.index], gap.to_numpy(float)


def rows(found: Sequence[Assumption]) -> list[list[str]]:
    """Return the assumptions as a table: how closely the difference follows each, then group by group."""
    return [[one.key, one.text, signed(one.correlation, 2),
             *(f"{signed(band.mean)} ({band.led:.0%})" for band in one.bands)] for one in found]


def heads(found: Sequence[Assumption]) -> list[str]:
    """Return the heads of that table."""
    groups = {3: ["lowest third", "middle third", "highest third"]}.get(
        len(found[0].bands), [f"group {k + 1}" for k in range(len(found[0].bands))])
    return ["assumption", "meaning", "correlation", *groups]


def meaning(comparison: Comparison, key: str) -> str:
    """Return what a parameter is, with its key."""
    return next(parameter(one.key, one.text) for one in comparison.findings.assumptions if one.key == key)


def chosen_bands(comparison: Comparison, key: str) -> tuple[Band, ...]:
    """Return the groups of futures by one assumption."""
    return next(one.bands for one in comparison.findings.assumptions if one.key == key)


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
        for one, other in pairwise(chosen_bands(comparison, key)):
            ax.axvline((one.high + other.low) / 2, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        ax.grid(axis="y")
        ax.set_xlabel(meaning(comparison, key))
        ax.legend(frameon=False, ncols=2, loc="best")
        headline(ax, "The difference in each plausible future",
                 f"{words(head.policy)} against {words(head.against)}: {words(head.outcome)}, {head.unit}")
    return figure, ax
