"""The picture of a replication: its curves with error bars, and the known values as open rings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import style

if TYPE_CHECKING:
    from sim.experiment.replications.base import Curve, Outcome, Replication

MANY = 30  # points; a longer line carries no markers


def picture(known: Replication, outcome: Outcome, ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the curves of an outcome; without curves, our values against the known ones."""
    with style.styled():
        figure, ax = style.canvas(ax)
        if outcome.curves:
            draw_curves(ax, outcome)
        else:
            draw_cells(ax, outcome)
        style.headline(ax, known.title, subtitle(known, outcome))
    return figure, ax


def subtitle(known: Replication, outcome: Outcome) -> str:
    """Return the source, and what bars and rings mean where there are any."""
    bars = not outcome.curves or any(np.nan_to_num(curve.error).any() for curve in outcome.curves if len(curve.error))
    rings = any(known_on(curve, outcome) for curve in outcome.curves)
    return "; ".join([known.source, *(["bars: one standard error"] if bars else []),
                      *(["rings: known values"] if rings else [])])


def draw_curves(ax: Axes, outcome: Outcome) -> None:
    """Draw each curve with its error bars, and the known values that lie on one."""
    looks = style.looks([curve.name for curve in outcome.curves])
    for curve in outcome.curves:
        look = looks[curve.name]
        error = np.nan_to_num(np.asarray(curve.error or np.zeros(len(curve.x)), float))
        ax.errorbar(
            curve.x,
            curve.y,
            yerr=error if error.any() else None,
            color=look.colour,
            linestyle=look.line,
            marker=look.marker if len(curve.x) < MANY else "",
            markersize=6,
            capsize=3,
            label=curve.name,
        )
        rings = known_on(curve, outcome)
        if rings:
            ax.scatter(
                [x for x, _ in rings], [y for _, y in rings], s=130, facecolors="none", edgecolors=style.INK, zorder=4
            )
    if outcome.logarithmic:
        ax.set_xscale("log")
    ax.set_xlabel(outcome.axes[0])
    ax.set_ylabel(outcome.axes[1])
    ax.grid(axis="y")
    ax.legend(frameon=False, loc="best")


def known_on(curve: Curve, outcome: Outcome) -> list[tuple[float, float]]:
    """Return the known values of the cells whose value lies on a curve."""
    places = dict(zip(curve.y, curve.x, strict=True))
    return [(places[cell.ours], cell.known) for cell in outcome.cells if cell.known is not None and cell.ours in places]


def draw_cells(ax: Axes, outcome: Outcome) -> None:
    """Draw one row for each value, ours with its error and the known one as a ring."""
    names = [cell.name for cell in outcome.cells]
    rows = np.arange(len(names))[::-1]
    error = np.nan_to_num(np.array([cell.error for cell in outcome.cells], float))
    ax.errorbar([cell.ours for cell in outcome.cells], rows, xerr=error, fmt="o", color=style.BLUE, capsize=3)
    for row, cell in zip(rows, outcome.cells, strict=True):
        if cell.known is not None:
            ax.scatter([cell.known], [row], s=130, facecolors="none", edgecolors=style.INK, zorder=4)
    ax.set_yticks(rows, names)
    ax.grid(axis="x")
