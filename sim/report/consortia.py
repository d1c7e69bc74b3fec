"""Picture of a validation: how far each simulated and shuffled figure lies from the observed one, in tolerances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.style import BLUE, GRID, INK, MUTED, VERMILLION, canvas, headline, styled

if TYPE_CHECKING:
    from sim.experiment.consortia.rows import Verdict

FARTHEST = 4.0  # tolerances; what lies beyond is drawn at the edge


def misses(rows: Sequence[Verdict], title: str, ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw observed figures as the middle line, the tolerance as a band, simulated worlds and the shuffle beside it.

    Parameters
    ----------
    rows : what was compared (`Validation.verdicts`).
    title : what was fitted and predicted.
    ax : axes to draw on; fresh ones by default.
    """
    with styled():
        figure, ax = canvas(ax, (11.5, 2.2 + 0.42 * len(rows)))
        ax.axvspan(-1, 1, color=GRID, zorder=0)
        ax.axvline(0, color=INK, linewidth=1.4, zorder=1)
        for n, row in enumerate(reversed(rows)):
            _draw(ax, n, row)
        ax.set_yticks(range(len(rows)), [_name(row) for row in reversed(rows)], color=INK)
        ax.set_xlim(-FARTHEST - 0.2, FARTHEST + 0.2)
        ax.set_ylim(-0.7, len(rows) - 0.3)
        ax.set_xlabel("distance from the observed figure, in tolerances (at the edge: farther)", color=MUTED)
        headline(ax, title, "dot: mean of worlds, bar: their range; square: shuffle in year; grey: within")
    return figure, ax


def _draw(ax: Axes, n: int, row: Verdict) -> None:
    """Draw one row: range and mean of the worlds, and the shuffle."""
    values = (row.smallest, row.largest, row.mean, row.shuffled[0])
    low, high, mean, null = (float(np.clip((value - row.observed) / row.scale, -FARTHEST, FARTHEST))
                             for value in values)
    ax.plot([low, high], [n, n], color=BLUE, linewidth=3.2, alpha=0.45, zorder=2)
    if np.isfinite(mean):
        ax.plot([mean], [n], "o", color=BLUE, markersize=8, zorder=4)
    else:
        ax.text(FARTHEST, n, "not in every world", color=VERMILLION, ha="right", va="center", fontsize=9)
    if np.isfinite(null):
        ax.plot([null], [n], "s", markersize=7, markerfacecolor="white", markeredgecolor=VERMILLION, zorder=3)


def _name(row: Verdict) -> str:
    return f"{row.row.text}{f', {row.year}' if row.row.of_year else ''}"
