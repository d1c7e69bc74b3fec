"""The regime map: the face of the product.

Read like a topographic map. Colour and contour lines say by how much; above zero lines are solid, below
zero dashed, so the map reads the same in grey. The heavy line is the border; the hatched band is where
the runs cannot tell; a ring marks the scenario's own place.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from scipy import ndimage

from sim.report import regime_marks as marks
from sim.report.numbers import words
from sim.report.style import (
    BLUE,
    GRID,
    INK,
    MUTED,
    VERMILLION,
    canvas,
    difference_colours,
    headline,
    styled,
)

if TYPE_CHECKING:
    from sim.experiment.planes import Axis, Plane
    from sim.experiment.regime import Regime

Array = np.ndarray[Any, Any]
FINE = 8  # times the lattice is drawn finer than it is measured; between nodes straight lines
BANDS = 7  # about so many bands of colour on the larger side
TINT = 0.86  # strongest tint of the two colours, so that text stays legible on it
SIZE = (10.6, 7.8)
PANEL = (7.4, 5.9)
TICKS = (0.01, 0.02, 0.05, 0.1, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)
TITLES = {"bundle": "The whole bundle", "reach": "Reach alone: how far the lead looks",
          "fit": "Fit alone: whom it picks", "practice": "Practice alone: how they work"}


def regime_map(found: Regime, effect: int = 0, *, ax: Axes | None = None, title: str | None = None,
               subtitle: str | None = None, small: bool = False) -> tuple[Figure, Axes]:
    """Draw one plane of a regime map.

    Parameters
    ----------
    found : what `sim.experiment.regime.regime` returned. effect : which of its planes; 0 is the bundle.
    ax, title, subtitle : where to draw, other words above it. small : one of several, with fewer words.
    """
    plane = found.planes[effect]
    with styled():
        figure, ax = canvas(ax, SIZE)
        mean, low, high = (fine(plane.field(what)) for what in ("mean", "low", "high"))
        levels = bands(mean)
        colour(ax, mean, levels)
        marks.doubt(ax, low, high)
        marks.contours(ax, mean, levels, small)
        if not small:
            marks.iso_lines(ax, found, [fine(other.field()) for other in found.iso])
            marks.measured(ax, plane)
        marks.names(ax, plane, low, high, found.own(), small)
        marks.own_place(ax, found, plane, small)
        frame(ax, found, small)
        text = _subtitle(found, plane) if subtitle is None else subtitle
        headline(ax, title or _title(plane), text)
    return figure, ax


def regime_maps(found: Regime) -> Figure:
    """Draw the bundle and its effects side by side, on the same conditions."""
    count = len(found.planes)
    columns = 2 if count > 1 else 1
    rows = -(-count // columns)
    with styled():
        figure = Figure(figsize=(PANEL[0] * columns, PANEL[1] * rows), layout="constrained")
        for k, plane in enumerate(found.planes):
            regime_map(found, k, ax=figure.add_subplot(rows, columns, k + 1), small=True,
                       title=TITLES[plane.effect], subtitle=_panel_subtitle(found, plane))
    return figure


def fine(field: Array) -> Array:
    """Return [y, x] of a field, finer, for drawing; straight lines between nodes, nothing rounded off."""
    side = field.shape[0] - 1
    along = np.linspace(0, side, side * FINE + 1)
    grid = np.meshgrid(along, along, indexing="ij")
    return np.asarray(ndimage.map_coordinates(field, grid, order=1)).T


def bands(mean: Array) -> list[float]:
    """Return round levels, zero among them, that cover the field."""
    largest = float(np.nanmax(np.abs(mean))) or 1.0
    step = float(MaxNLocator(BANDS, steps=[1, 2, 2.5, 5, 10]).tick_values(0, largest)[1])
    low, high = np.floor(np.nanmin(mean) / step), np.ceil(np.nanmax(mean) / step)
    return [step * k for k in range(int(min(low, -1)), int(max(high, 1)) + 1)]


def colour(ax: Axes, mean: Array, levels: Sequence[float]) -> None:
    """Colour each band by its middle, both sides on one scale."""
    where = marks.across(mean)
    ax.contourf(where, where, mean, levels=levels, colors=band_colours(levels), zorder=1)


def band_colours(levels: Sequence[float]) -> list[Any]:
    """Return the colour of each band between levels."""
    largest = max(abs(levels[0]), abs(levels[-1]))
    colours = difference_colours(VERMILLION, BLUE)
    middles = [(a + b) / 2 / largest for a, b in pairwise(levels)]
    return [colours(0.5 + TINT / 2 * np.sign(m) * abs(m) ** 0.8) for m in middles]


def frame(ax: Axes, found: Regime, small: bool) -> None:
    """Write the conditions along the sides."""
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    ax.set_xticks(*ticks(found.x))
    ax.set_yticks(*ticks(found.y))
    ax.tick_params(length=4, color=MUTED, labelcolor=INK)
    ax.set_xlabel(_side(found.x, small), labelpad=8, linespacing=1.4)
    ax.set_ylabel(_side(found.y, small), labelpad=8, linespacing=1.4)
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color(GRID)


def _side(axis: Axis, small: bool) -> str:
    """Return the name of a side, with what its ends mean beside it."""
    if small or not any(axis.ends):
        return axis.text
    return f"{axis.text}\n←  {axis.ends[0]}  ·  {axis.ends[1]}  →"


def ticks(axis: Axis) -> tuple[list[float], list[str]]:
    """Return places and labels of round values along an axis."""
    if axis.log:
        values = [v for v in TICKS if axis.low * 0.999 <= v <= axis.high * 1.001]
        ratio = np.log(axis.high / axis.low)
        return [float(np.log(v / axis.low) / ratio) for v in values], [f"{v:g}" for v in values]
    found = MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]).tick_values(axis.low, axis.high)
    values = [float(v) for v in found if axis.low - 1e-9 <= v <= axis.high + 1e-9]
    places = [(v - axis.low) / (axis.high - axis.low) for v in values]
    return places, [f"{v:g}".replace("-", "−") for v in values]


def _title(plane: Plane) -> str:
    return f"{words(plane.first).capitalize()} or {words(plane.second)}: which pays where?"


def _subtitle(found: Regime, plane: Plane) -> str:
    worlds = sorted({spot.worlds for spot in plane.spots})
    each = f"{worlds[0]}" if len(worlds) == 1 else f"{worlds[0]} to {worlds[-1]}"
    outcome = words(found.study.text.outcomes[0])
    doubt = "Hatched: cannot be told with" if (plane.classes == 0).any() else "Everywhere known with"
    said = (f"Lines: difference in {outcome}, {found.unit}, over {_years(found)}; solid ahead, dashed "
            f"behind.\n{doubt} {each} worlds a point. Dots: where it was measured.")
    chosen = found.study.text.map
    if found.iso and chosen is not None and chosen.paid is not None and chosen.lever is not None:
        what = found.study.text.uncertainties[chosen.lever].text or words(chosen.lever)
        said += f"\nBorder with {what} paid back: {marks.subsidised(found)}."
    return said


def _panel_subtitle(found: Regime, plane: Plane) -> str:
    return f"{words(plane.first).capitalize()} or {words(plane.second)}; lines in {found.unit}"


def _years(found: Regime) -> str:
    quarters = int(found.study.scenario.values()["world.steps"])
    return f"{quarters // 4} years" if quarters % 4 == 0 else f"{quarters} quarters"
