"""What stands on a regime map beside colour: border, contours, the band in doubt, names, the own place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import AbstractPathEffect, withStroke
from scipy import ndimage

from sim.experiment.planes import subsidy
from sim.report.numbers import places, signed, words
from sim.report.style import INK, PAPER

if TYPE_CHECKING:
    from sim.experiment.planes import Plane
    from sim.experiment.regime import Regime

Array = np.ndarray[Any, Any]
Spot = tuple[float, float]
Box = tuple[float, float, float, float]  # low x, high x, low y, high y of what a name may not stand on
NAME_SIZE, TEXT_SIZE = 17, 13
HATCH = "#9aa5b1"
DASHED = (0, (5, 2.5))
ISO_STYLES = ((0, (1.2, 1.6)), (0, (6, 1.5, 1.2, 1.5)), (0, (3, 1)))
ISO_NAMES = ("dotted", "dash-dot", "dashed")
LABEL_ROWS = (0.07, 0.94)  # heights at which numbers of contour lines are written
SLIVER = 0.04  # share of the map below which a region is not named
FAR = 0.88
MIDDLE = 0.6  # beyond it, texts stand to the left of what they name
WIDE = 0.13  # a band this deep has room for its name


def halo(width: float = 3.5) -> list[AbstractPathEffect]:
    """Return a paper-coloured rim that keeps text and lines legible on any colour."""
    return [withStroke(linewidth=width, foreground=PAPER)]


def across(mean: Array) -> Array:
    """Return the places between 0 and 1 of the columns (and rows) of a drawn field."""
    return np.linspace(0, 1, mean.shape[0])


def doubt(ax: Axes, low: Array, high: Array) -> None:
    """Hatch where neither is known to be ahead."""
    known = np.maximum(low, -high)
    if np.nanmin(known) >= 0:
        return
    where = across(known)
    shade = ax.contourf(where, where, known, levels=[-1e12, 0], colors=[PAPER], hatches=["////"], zorder=2)
    shade.set_edgecolor(HATCH)
    shade.set_linewidth(0.0)


def contours(ax: Axes, mean: Array, levels: Sequence[float], small: bool) -> None:
    """Draw contour lines, solid above zero and dashed below, and the border in one heavy stroke."""
    where = across(mean)
    for sign, style in ((1, "solid"), (-1, DASHED)):
        some = [level for level in levels[1:-1] if np.sign(level) == sign]
        if some:
            lines = ax.contour(where, where, mean, levels=some, colors=[INK], linewidths=0.9,
                               linestyles=[style], alpha=0.75, zorder=3)
            _number(ax, lines, mean, some)
    if np.nanmin(mean) < 0 < np.nanmax(mean):
        width = 2.4 if small else 3.2
        border = ax.contour(where, where, mean, levels=[0], colors=[INK], linewidths=width, zorder=4)
        border.set_path_effects(halo(width + 3))


def _number(ax: Axes, lines: Any, mean: Array, levels: Sequence[float]) -> None:
    """Write on each contour line how much it stands for, all in one row where they cross it."""
    digits = 0 if min(map(abs, levels)) >= 10 else min(places(level) for level in levels)
    spots = [spot for level in levels if (spot := _on_line(mean, level)) is not None]
    texts = ax.clabel(lines, fmt=lambda level: signed(level, digits), fontsize=12, manual=spots,
                      inline=True, inline_spacing=5) if spots else ()
    for text in texts:
        text.set_color(INK)
        text.set_rotation(0)
        text.set_path_effects(halo())


def _on_line(mean: Array, level: float, rows: Sequence[float] = LABEL_ROWS) -> Spot | None:
    """Return a place on a contour line, at the first of the rows that it crosses."""
    last = mean.shape[0] - 1
    for height in rows:
        row = mean[round(height * last)] - level
        found = np.flatnonzero(row[:-1] * row[1:] <= 0)
        inside = found[(found > 0.04 * last) & (found < 0.96 * last)]
        if len(inside):
            return float(inside[0]) / last, height
    return None


def iso_lines(ax: Axes, found: Regime, means: Sequence[Array]) -> None:
    """Draw where the border would run at other prices of the lever."""
    for k, (plane, mean) in enumerate(zip(found.iso, means, strict=True)):
        if not np.nanmin(mean) < 0 < np.nanmax(mean):
            continue
        where = across(mean)
        line = ax.contour(where, where, mean, levels=[0], colors=[INK], linewidths=2.0,
                          linestyles=[ISO_STYLES[k % len(ISO_STYLES)]], zorder=5)
        line.set_path_effects(halo(4))
        if found.study.text.map is not None and found.study.text.map.paid is not None:
            continue  # said in the subtitle: two lines and their prices would hide the map
        spot = _on_line(mean, 0.0, (0.16 + 0.14 * k, 0.5, 0.8))
        if spot is not None:
            side = -1 if spot[0] > FAR else 1
            ax.annotate(lever_text(found, plane), spot, (9 * side, 0), textcoords="offset points", va="center",
                        ha="left" if side > 0 else "right", color=INK, path_effects=halo(), zorder=9)


def lever_text(found: Regime, plane: Plane) -> str:
    """Return what a price of the lever means, as people say it."""
    chosen = found.study.text.map
    assert chosen is not None and chosen.lever is not None
    one = found.study.text.uncertainties.get(chosen.lever)
    text = one.text if one is not None and one.text else words(chosen.lever.split(".")[-1])
    if plane.price == 0:
        return f"border without\n{text}"
    times = "× " if one is not None and one.times else ""
    return f"border with\n{text} {times}{plane.price:g}"


def subsidised(found: Regime) -> str:
    """Return which line is the border with how much of a cost paid back, and the price there, at the own height."""
    own, said = found.own(), []
    height = own[1] if own else 0.5
    for line, plane in zip(ISO_NAMES, found.iso, strict=False):
        assert isinstance(plane.price, int | float)
        amounts = [subsidy(plane, found.planes[0], x, height) for x in plane.border(height)]
        about = "about " if plane.price == 0 else ""
        cost = f" ({about}{amounts[0]:,.0f} {found.unit.split()[0]})" if amounts else ""
        said.append(f"{line} {100 * (1 - plane.price):.0f} %{cost}")
    return ", ".join(said)


def measured(ax: Axes, plane: Plane) -> None:
    """Mark where it was measured: many points at the border, few elsewhere."""
    spots = np.array([plane.lattice.share(spot.node) for spot in plane.spots])
    ax.scatter(spots[:, 0], spots[:, 1], s=4, color=INK, alpha=0.35, linewidths=0, zorder=3.5, clip_on=False)


def names(ax: Axes, plane: Plane, low: Array, high: Array, own: Spot | None, small: bool) -> None:
    """Write into each side who is ahead there, where there is most room; name the band in doubt."""
    unknown = (low <= 0) & (high >= 0)
    taken = [] if own is None else [(own[0] - 0.16, own[0] + 0.16, own[1] - 0.2, own[1] + 0.06)]
    if unknown.any():
        taken += _name_doubt(ax, unknown, small)
    for name, where in ((plane.first, low > 0), (plane.second, high < 0)):
        spot = roomiest(where, taken)
        if spot is not None:
            text = f"{words(name).capitalize()}\nahead".replace(" ", "\n", 1 if small else 0)
            ax.text(*spot, text, ha="center", va="center", fontsize=TEXT_SIZE if small else NAME_SIZE,
                    fontweight="bold", color=INK, path_effects=halo(), linespacing=1.15, zorder=8)


def _name_doubt(ax: Axes, unknown: Array, small: bool) -> list[Box]:
    """Name the band in doubt, inside where there is room, else (on a large map) with a line; return where it stands."""
    last = unknown.shape[0] - 1
    depth = ndimage.distance_transform_edt(np.pad(unknown, 1))[1:-1, 1:-1] / last
    look: dict[str, Any] = {"color": INK, "fontsize": TEXT_SIZE, "path_effects": halo(), "zorder": 8}
    if depth.max() > WIDE:
        y, x = np.unravel_index(int(depth.argmax()), depth.shape)
        ax.text(x / last, y / last, "cannot be\ntold apart", ha="center", va="center", **look)
        return []
    if small:
        return []
    rows = np.flatnonzero(unknown.any(axis=1))
    row = rows[int(len(rows) * 0.9)]
    at, height = float(np.flatnonzero(unknown[row]).mean()) / last, float(row) / last
    side = -1 if at > MIDDLE else 1
    ax.annotate("cannot be told apart", (at, height), (70 * side, 0), textcoords="offset points",
                ha="left" if side > 0 else "right", va="center",
                arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 1.1}, **look)
    return [(min(at, at + 0.32 * side), max(at, at + 0.32 * side), height - 0.07, height + 0.07)]


def roomiest(where: Array, taken: Sequence[Box]) -> Spot | None:
    """Return the place (0 to 1) deepest inside a region and away from its edges, or None for a sliver."""
    if where.mean() < SLIVER:
        return None
    blocked = np.pad(where, 1)
    side = where.shape[0] - 1
    y, x = (along / side for along in np.ogrid[-1:side + 2, -1:side + 2])
    for left, right, low, high in taken:
        blocked &= ~((x > left) & (x < right) & (y > low) & (y < high))
    blocked[: int(0.13 * side)] = False  # numbers of the contour lines stand there, some at the top
    if blocked[: -int(0.16 * side)].any():
        blocked[-int(0.16 * side):] = False
    depth = ndimage.distance_transform_edt(blocked, sampling=(2.2, 1.0))[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return float(column) / side, float(row) / side


def own_place(ax: Axes, found: Regime, plane: Plane, small: bool) -> None:
    """Mark the scenario's own place and what the difference is there."""
    own = found.own()
    if own is None:
        return
    size = 9 if small else 13
    for width, ink in ((5.0, PAPER), (2.2, INK)):
        ax.plot(*own, marker="o", markersize=size, color="none", markeredgecolor=ink, markeredgewidth=width,
                zorder=9)
    ax.plot(*own, marker="o", markersize=size / 3, color=INK, zorder=9)
    below = own[1] > 0.2
    mean = at_own(found, plane)
    number = signed(mean, 0 if abs(mean) >= 10 else places(mean))
    ax.annotate(f"this scenario\n{number}" if not small else number, own, (0, -13 if below else 13),
                textcoords="offset points", ha="center", va="top" if below else "bottom", fontweight="bold",
                color=INK, fontsize=TEXT_SIZE, path_effects=halo(), zorder=9)


def at_own(found: Regime, plane: Plane) -> float:
    """Return the mean difference at the scenario's own place, as the map shows it."""
    own = found.own()
    assert own is not None
    grid = plane.field()
    side = grid.shape[0] - 1
    return float(ndimage.map_coordinates(grid, [[own[0] * side], [own[1] * side]], order=1)[0])
