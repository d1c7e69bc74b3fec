"""Forest plot: each policy's paired difference to the baseline, with its interval and every world."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.report.frames import Array, mean_interval, paired_totals
from sim.report.numbers import estimate, places, titled, words
from sim.report.style import BLUE, GRID, INK, MUTED, VERMILLION, canvas, headline, styled

ROW_HEIGHT = 0.52
NINE_OF_TEN = (0.05, 0.95)
BAR_SAYS = ",\na grey bar holds nine of ten plausible futures"
LANES, STRIDE = 7, 3  # dots of neighbouring worlds stand on different lanes


def forest(totals: pd.DataFrame, outcome: str = "net_value", *, baseline: str,
           drawn: pd.DataFrame | None = None, policies: Sequence[str] | None = None,
           unit: str = "kEUR per organisation", label: str | None = None,
           ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the paired difference of each policy to ``baseline``, the best on top.

    Parameters
    ----------
    totals : tidy frame [policy, future, replicate, outcome, value].
    outcome : which outcome to draw.
    baseline : the policy that the others are compared with.
    drawn : the same frame for plausible futures; a grey bar then holds nine of ten of them.
    policies : which of them to draw; all by default.
    unit, label : how the outcome is read by people.
    ax : axes to draw on; fresh ones by default.
    """
    differences = paired_totals(totals, outcome, baseline)
    differences = differences[list(policies)] if policies else differences
    order = differences.mean().sort_values(kind="stable").index
    with styled():
        figure, ax = canvas(ax, (9.6, 1.9 + ROW_HEIGHT * len(order)))
        digits = places(float(np.nanmax(np.abs(differences.mean()))))
        futures = None if drawn is None or drawn.empty else paired_totals(drawn, outcome, baseline)
        for row, policy in enumerate(order):
            if futures is not None:
                _bar(ax, row, futures[policy].to_numpy())
            _row(ax, row, differences[policy].to_numpy(), digits)
        _frame(ax, [titled(str(policy)) for policy in order])
        headline(ax, f"{label or words(outcome).capitalize()} against {words(baseline)}",
                 f"{unit}, difference in the same world; a faint dot is one world"
                 f"{BAR_SAYS if futures is not None else ''}\n")
        _aside(ax, None, "mean [95 % interval]", 14, "left", MUTED)
        _aside(ax, None, "worlds ahead", 262, "right", MUTED)
    return figure, ax


def _bar(ax: Axes, row: int, values: Array) -> None:
    """Draw the range that holds nine of ten plausible futures."""
    low, high = np.nanquantile(values, NINE_OF_TEN)
    ax.plot([low, high], [row, row], color=GRID, linewidth=9, solid_capstyle="butt", zorder=0.5)


def _row(ax: Axes, row: int, values: Array, digits: int) -> None:
    values = values[np.isfinite(values)]
    mean, low, high = mean_interval(values)
    clear = low > 0 or high < 0
    colour = (BLUE if mean > 0 else VERMILLION) if clear else MUTED
    lanes = np.linspace(-0.26, 0.26, LANES)[np.arange(len(values)) * STRIDE % LANES]
    ax.scatter(values, row + lanes, s=9, color=colour, alpha=0.25, linewidths=0, zorder=2)
    ax.plot([low, high], [row, row], color=INK, linewidth=1.6, marker="|", markersize=13, markeredgewidth=1.6,
            zorder=3)
    ax.scatter([mean], [row], s=46, marker="o" if clear else "D", color=colour if clear else "white",
               edgecolors=INK if clear else colour, linewidths=0.9 if clear else 1.8, zorder=4)
    _aside(ax, row, estimate(mean, low, high, digits), 14, "left", INK)
    _aside(ax, row, f"{int((values > 0).sum())} of {len(values)}", 262, "right", MUTED)


def _aside(ax: Axes, row: int | None, text: str, offset: float, side: str, colour: str) -> None:
    """Write into a column beside the axes, at a row or (None) at the column's head."""
    at = ((1, 1), "axes fraction") if row is None else ((1, row), ("axes fraction", "data"))
    ax.annotate(text, at[0], (offset, 0 if row is not None else 6), at[1], textcoords="offset points",
                va="bottom" if row is None else "center", ha=side, color=colour, annotation_clip=False)


def _frame(ax: Axes, labels: list[str]) -> None:
    ax.axvline(0, color=INK, linewidth=1.0, zorder=1)
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", labelcolor=INK, length=0)
    ax.set_ylim(-0.6, len(labels) - 0.4)
    for row in range(len(labels)):
        ax.axhline(row, color=GRID, linewidth=0.8, zorder=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:+g}".replace("-", "−") if value else "0")
