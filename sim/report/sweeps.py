"""Pictures of sweeps: a difference along one condition, policies side by side along another, runs saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.campaign import values_of
from sim.experiment.robust import LEVEL
from sim.experiment.stopping import interval
from sim.report.numbers import places, plain, signed, words
from sim.report.style import BLUE, GRID, INK, LOOKS, MUTED, canvas, headline, label_ends, styled

if TYPE_CHECKING:
    from sim.experiment.sweep import Sweep

ROW = 0.5


def along(found: Sweep, name: str, *, title: str, ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the difference between focus and baseline along one condition, with its interval over worlds."""
    rows = sorted((row for row in found.rows if name in row.at), key=lambda row: float(row.at[name]))
    x = [float(row.at[name]) for row in rows]
    mean, low, high = (np.array([getattr(row.estimate, what) for row in rows]) for what in ("mean", "low", "high"))
    scenario = found.study.scenario
    with styled():
        figure, ax = canvas(ax)
        ax.axhline(0, color=INK, linewidth=1)
        ax.fill_between(x, low, high, color=BLUE, alpha=0.18, linewidth=0)
        ax.plot(x, mean, color=BLUE, marker="o", markersize=6)
        if len(x) > 1:
            ax.plot([x[0], x[-1]], [mean[0], mean[-1]], color=MUTED, linewidth=1.2, linestyle=(0, (4, 3)))
        for at in (0, len(x) - 1):
            ax.annotate(signed(mean[at], places(mean[-1])), (x[at], mean[at]), (0, 10), textcoords="offset points",
                        ha="center", fontweight="bold", color=INK)
        ax.set_xlabel(found.study.text.uncertainties[name].text or name)
        ax.set_xlim(min(x) - 0.03 * (max(x) - min(x)), max(x) + 0.05 * (max(x) - min(x)))
        ax.margins(y=0.14)
        headline(ax, title, f"{words(scenario.focus).capitalize()} − {words(scenario.baseline)}, {found.robust.unit}.\n"
                            "Band: 95 % interval over worlds. Dashed: in proportion to the share.")
    return figure, ax


def by_policy(found: Sweep, order: dict[str, float], condition: str, *, title: str, label: str,
              ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the level of policies that stand for numbers (team sizes), one line for each value of a condition."""
    table = values_of(found.runs, found.study.text.outcomes[0])
    numbers = {value: row.future for row in found.rows for value in [row.at.get(condition)] if value is not None}
    with styled():
        figure, ax = canvas(ax)
        ends = []
        for k, value in enumerate(sorted(numbers, key=float)):
            spans = [interval(_at(table[name], numbers[value]), LEVEL) for name in order]
            look, x = LOOKS[k % len(LOOKS)], list(order.values())
            mean = [span[0] for span in spans]
            ax.fill_between(x, [s[1] for s in spans], [s[2] for s in spans], color=look.colour, alpha=0.15, linewidth=0)
            ax.plot(x, mean, color=look.colour, linestyle=look.line, marker=look.marker)
            best = int(np.argmax(mean))
            ax.scatter([x[best]], [mean[best]], s=150, facecolors="none", edgecolors=INK, linewidths=1.6, zorder=5)
            ends.append((mean[-1], f"{value:g}", look.colour))
        ax.axhline(0, color=INK, linewidth=0.8)
        label_ends(ax, ends)
        ax.set_xlabel(label)
        what = found.study.text.uncertainties[condition].text
        headline(ax, title, f"{words(found.robust.outcome).capitalize()}, {found.robust.unit}.\nNumbers at the right: "
                            f"{what}.\nRings: best size. Bands: 95 % interval over worlds.")
    return figure, ax


def _at(column: Any, future: int) -> Any:
    return column[column.index.get_level_values("future") == future].to_numpy(float)


def runs_saved(found: Sweep, *, ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw how many times fewer runs a paired comparison needs, policy by policy."""
    saved = sorted(found.saved.items(), key=lambda pair: pair[1])
    with styled():
        figure, ax = canvas(ax, (9.6, 2.2 + ROW * len(saved)))
        for row, (_, ratio) in enumerate(saved):
            ax.plot([1, ratio], [row, row], color=GRID, linewidth=6, solid_capstyle="butt", zorder=1)
            ax.scatter([ratio], [row], s=70, color=BLUE, edgecolors=INK, linewidths=0.8, zorder=2)
            ax.annotate(f"{plain(ratio, 1)} ×", (ratio, row), (10, 0), textcoords="offset points", va="center",
                        color=INK)
        ax.axvline(1, color=INK, linewidth=1)
        ax.set_yticks(range(len(saved)), [words(name) for name, _ in saved])
        ax.tick_params(axis="y", labelcolor=INK)
        ax.set_xlim(0, 1.12 * max(2.0, *(ratio for _, ratio in saved)))
        ax.set_xlabel("times fewer runs for the same interval (1: pairing gains nothing)")
        headline(ax, "Runs saved because every policy meets the same luck",
                 f"Against {words(found.study.scenario.baseline)}, {words(found.robust.outcome)}; median over "
                 f"{len(found.rows)} futures, the scenario's own values among them")
    return figure, ax
