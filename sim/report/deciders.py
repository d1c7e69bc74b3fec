"""What decides, as a picture: how far each condition moves the difference, and which of them turn it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.numbers import words
from sim.report.style import BLUE, GRID, INK, MUTED, PAPER, TEXT_SIZE, TITLE_SIZE, VERMILLION, canvas, styled

if TYPE_CHECKING:
    from sim.experiment.sensitivity import Sensitivity

MOST = 12
ROW = 0.46


def deciders(found: Sensitivity, *, ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the conditions, the strongest on top; a filled mark turns the ranking, an open one does not."""
    shown = found.influences[:MOST][::-1]
    morris = found.kind == "morris"
    with styled():
        figure, ax = canvas(ax, (10.6, 2.2 + ROW * len(shown)))
        for row, one in enumerate(shown):
            value, low, high = (one.alone, one.low, one.high) if morris else (one.whole, one.whole_low, one.whole_high)
            colour = VERMILLION if one.flips else BLUE
            ax.plot([max(low, 0), high], [row, row], color=INK, linewidth=1.5, zorder=2)
            ax.scatter(
                [value],
                [row],
                s=64,
                marker="s" if one.flips else "o",
                zorder=3,
                edgecolors=colour,
                linewidths=1.8,
                color=colour if one.flips else PAPER,
            )
            if not morris:
                ax.scatter([max(one.alone, 0)], [row], s=36, marker="|", color=MUTED, linewidths=1.8, zorder=3)
        ax.set_yticks(range(len(shown)), [_name(one.name, one.text) for one in shown])
        ax.tick_params(axis="y", labelcolor=INK)
        for row in range(len(shown)):
            ax.axhline(row, color=GRID, linewidth=0.8, zorder=0)
        ax.spines["left"].set_visible(False)
        ax.set_xlim(0, 1.06 * max(np.nanmax([one.high if morris else one.whole_high for one in shown]), 1e-9))
        ax.set_xlabel(f"moves the difference by, {found.unit}" if morris else "share of the variance of the difference")
        title = f"What decides between {words(found.policy)} and {words(found.against)}?"
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=TITLE_SIZE, color=INK)
        ax.set_title(_subtitle(morris), loc="right", fontsize=TEXT_SIZE, color=MUTED, linespacing=1.25)
    return figure, ax


def _name(name: str, text: str) -> str:
    short = text if len(text) <= 52 else f"{text[:50].rsplit(' ', 1)[0]} …"
    return f"{short}\n({name})" if len(short) + len(name) > 46 else f"{short} ({name})"


def _subtitle(morris: bool) -> str:
    what = (
        "Morris screening: each condition across its whole range, others as they fall, with 95 % interval."
        if morris
        else "Sobol: with all interactions (mark and 95 % interval) and alone (tick)."
    )
    turns = "" if morris else "\nFilled squares turn the ranking on average; open circles only change its size."
    return what + turns
