"""Pictures of time: the paired-difference series and the fan chart of each policy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from sim.report.frames import Array, intervals, overtakes, paired_series
from sim.report.numbers import signed, words
from sim.report.style import BLUE, INK, VERMILLION, Look, canvas, headline, label_ends, looks, styled

YEAR = 4
MANY_WORLDS = 120
FEW = 2  # with more policies, wide bands cover one another
BANDS = ("the band holds the middle half of them", "bands hold half and nine tenths of them")


def difference_series(
    series: pd.DataFrame,
    outcome: str = "net_value",
    *,
    policy: str,
    baseline: str,
    unit: str = "kEUR per organisation",
    label: str | None = None,
    cumulative: bool = True,
    ax: Axes | None = None,
) -> tuple[Figure, Axes]:
    """Draw policy minus baseline over time: mean, 95 % interval, one thin line per world.

    Parameters
    ----------
    series : tidy frame [policy, future, replicate, step, outcome, value].
    outcome : which outcome to draw; with ``cumulative`` its running sum.
    policy, baseline : the difference is the first minus the second, world by world.
    unit, label : how the outcome is read by people.
    ax : axes to draw on; fresh ones by default.
    """
    differences = paired_series(series, outcome, policy, baseline)
    steps = differences.columns.to_numpy(float)
    matrix = differences.to_numpy(float)
    matrix = matrix.cumsum(axis=1) if cumulative else matrix
    with styled():
        figure, ax = canvas(ax)
        mean = _draw_difference(ax, steps, matrix)
        _mark_overtaking(ax, steps, mean)
        _time_axis(ax, steps)
        kind = "sum so far" if cumulative else "each quarter"
        headline(
            ax,
            f"{words(policy).capitalize()} minus {words(baseline)}",
            f"{label or words(outcome)}, {unit}, {kind}: mean, 95 % interval, a thin line for each of "
            f"{len(matrix)} worlds",
        )
    return figure, ax


def _draw_difference(ax: Axes, steps: Array, matrix: Array) -> Array:
    colour = BLUE if matrix[:, -1].mean() >= 0 else VERMILLION
    alpha = 0.28 if len(matrix) <= MANY_WORLDS else 0.12
    ax.plot(steps, matrix.T, color=colour, linewidth=0.7, alpha=alpha, zorder=2)
    mean, low, high = intervals(matrix)
    ax.fill_between(steps, low, high, color=colour, alpha=0.28, linewidth=0, zorder=3)
    ax.plot(steps, mean, color=colour, linewidth=3, zorder=4)
    ax.axhline(0, color=INK, linewidth=1, zorder=1)
    label_ends(ax, [(mean[-1], signed(mean[-1]), colour)])
    return mean


def _mark_overtaking(ax: Axes, steps: Array, mean: Array) -> None:
    index = overtakes(mean)
    if index is None:
        return
    at = steps[index]
    ax.plot(
        [at], [0], marker="o", markersize=9, color="white", markeredgecolor=INK, markeredgewidth=1.6, zorder=6
    )
    left = at < steps[0] + 0.6 * (steps[-1] - steps[0])
    ax.annotate(
        f"ahead from quarter {at:.0f}",
        (at, 0),
        (4, -14) if left else (-4, 12),
        textcoords="offset points",
        ha="left" if left else "right",
        va="top" if left else "bottom",
        color=INK,
        zorder=6,
        bbox={"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
    )


def _time_axis(ax: Axes, steps: Array) -> None:
    ax.xaxis.set_major_locator(MultipleLocator(YEAR))
    ax.set_xlim(steps[0], steps[-1])
    ax.set_xlabel("quarter")
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)


def fan_chart(
    series: pd.DataFrame,
    outcome: str = "net_value",
    *,
    policies: Sequence[str] | None = None,
    unit: str = "kEUR per organisation",
    label: str | None = None,
    cumulative: bool = True,
    ax: Axes | None = None,
) -> tuple[Figure, Axes]:
    """Draw each policy's median over worlds with the middle half and nine tenths of the worlds.

    Parameters are those of `difference_series`; ``policies`` chooses and orders what is drawn.
    """
    chosen = series[series["outcome"] == outcome]
    names = list(policies) if policies else sorted(chosen["policy"].unique())
    with styled():
        figure, ax = canvas(ax)
        styles, ends, steps = looks(names), [], np.zeros(0)
        for name in names:
            wide = chosen[chosen["policy"] == name].pivot(
                index=["future", "replicate"], columns="step", values="value"
            )
            steps, matrix = wide.columns.to_numpy(float), wide.to_numpy(float)
            matrix = matrix.cumsum(axis=1) if cumulative else matrix
            end = _fan(ax, steps, matrix, styles[name], wide_band=len(names) <= FEW)
            ends.append((end, words(name), styles[name].colour))
        _time_axis(ax, steps)
        label_ends(ax, ends)
        kind = "sum so far" if cumulative else "each quarter"
        headline(
            ax,
            f"{label or words(outcome).capitalize()}, {kind}",
            f"{unit}: median over worlds; {BANDS[len(names) <= FEW]}",
        )
    return figure, ax


def _fan(ax: Axes, steps: Array, matrix: Array, look: Look, wide_band: bool) -> float:
    low, quarter, median, three, high = np.nanquantile(matrix, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    if wide_band:
        ax.fill_between(steps, low, high, color=look.colour, alpha=0.10, linewidth=0, zorder=2)
    ax.fill_between(steps, quarter, three, color=look.colour, alpha=0.18, linewidth=0, zorder=2)
    ax.plot(
        steps,
        median,
        color=look.colour,
        linestyle=look.line,
        marker=look.marker,
        markevery=YEAR,
        markersize=7,
        markeredgecolor=INK,
        markeredgewidth=0.7,
        zorder=4,
    )
    return float(median[-1])
