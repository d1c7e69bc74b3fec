"""Sector by sector: who works with whom under each of two policies, and the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.frames import Array
from sim.report.numbers import words
from sim.report.style import INK, difference_colours, headline, level_colours, styled


def sector_matrix(a: Array, b: Array, *, names: tuple[str, str], sectors: Sequence[str] | None = None,
                  unit: str = "ties per 100 organisations", ax: Sequence[Axes] | None = None,
                  ) -> tuple[Figure, list[Axes]]:
    """Draw two G x G matrices on one scale and their difference (first minus second) on its own.

    Parameters
    ----------
    a, b : [G, G] ties between sectors under the first and the second policy.
    names : the two policies.
    sectors : names of the sectors; numbers by default.
    unit : what a cell counts.
    ax : three axes to draw on; fresh ones by default.
    """
    labels = list(sectors) if sectors else [str(k + 1) for k in range(len(a))]
    with styled():
        figure, axes = _panels(ax)
        top = float(max(a.max(), b.max())) or 1.0
        first = _panel(axes[0], a, level_colours(), 0.0, top, labels)
        _panel(axes[1], b, level_colours(), 0.0, top, labels)
        reach = float(np.abs(a - b).max()) or 1.0
        last = _panel(axes[2], a - b, difference_colours(), -reach, reach, labels)
        headline(axes[0], words(names[0]).capitalize(), unit)
        headline(axes[1], words(names[1]).capitalize(), unit)
        headline(axes[2], "Difference", f"{unit}, first minus second")
        axes[0].set_ylabel("sector")
        _bar(figure, first, [axes[0], axes[1]], f"level: {unit}")
        _bar(figure, last, [axes[2]], "fewer   ·   more")
    return figure, axes


def _panels(ax: Sequence[Axes] | None) -> tuple[Figure, list[Axes]]:
    if ax is not None:
        figure = ax[0].get_figure(root=True)
        assert figure is not None
        return figure, list(ax)
    figure = Figure(figsize=(13.5, 5.9), layout="constrained")
    return figure, list(figure.subplots(1, 3))


def _panel(ax: Axes, matrix: Array, colours: Any, low: float, high: float, labels: list[str]) -> Any:
    image = ax.imshow(matrix, cmap=colours, vmin=low, vmax=high, interpolation="nearest", aspect="equal")
    ax.set_xticks(range(len(labels)), labels)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_xticks(np.arange(len(labels) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(labels) + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=1.2)
    ax.tick_params(which="both", length=0, labelcolor=INK)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return image


def _bar(figure: Figure, image: Any, axes: list[Axes], label: str) -> None:
    bar = figure.colorbar(image, ax=axes, orientation="horizontal", shrink=0.5, aspect=28, pad=0.03)
    bar.outline.set_visible(False)
    bar.set_label(label)
