"""How every picture looks: palette, type, titles inside the figure, and files with the same bytes each time.

Figures are `matplotlib.figure.Figure` objects made without pyplot, so nothing is global and nothing
needs a display. A policy is never told by its colour alone: each has a line style and a marker too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

INK, MUTED, GRID, PAPER = "#1f2933", "#52606d", "#e4e7eb", "#ffffff"
BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
TITLE_SIZE, TEXT_SIZE = 15, 12

RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",       # ships with matplotlib: the same glyphs on every machine
    "font.size": TEXT_SIZE, "axes.titlesize": TITLE_SIZE, "axes.labelsize": TEXT_SIZE,
    "xtick.labelsize": TEXT_SIZE, "ytick.labelsize": TEXT_SIZE, "legend.fontsize": TEXT_SIZE,
    "text.color": INK, "axes.labelcolor": INK, "xtick.color": MUTED, "ytick.color": MUTED,
    "axes.edgecolor": MUTED, "axes.linewidth": 0.8, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": False, "grid.color": GRID, "grid.linewidth": 0.8, "axes.axisbelow": True,
    "figure.facecolor": PAPER, "axes.facecolor": PAPER, "savefig.facecolor": PAPER,
    "lines.linewidth": 2.2, "lines.solid_capstyle": "round", "xtick.major.size": 0, "ytick.major.size": 0,
    "axes.unicode_minus": True,
    "svg.hashsalt": "mobilise", "svg.fonttype": "path",
}


@dataclass(frozen=True)
class Look:
    """How one policy is drawn: colour, line style and marker, told apart by each of the three."""

    colour: str
    line: Any
    marker: str


LOOKS = (
    Look(BLUE, "solid", "o"), Look(VERMILLION, (0, (6, 2.5)), "s"), Look(GREEN, (0, (1.2, 1.6)), "^"),
    Look("#CC79A7", (0, (6, 2, 1.2, 2)), "D"), Look("#A6761D", (0, (9, 2)), "v"),
    Look("#56B4E9", (0, (3, 1.5)), "P"), Look("#4B5563", (0, (1, 3)), "X"),
    Look("#000000", (0, (4, 1, 1, 1)), "*"),
)


def looks(policies: Sequence[str]) -> dict[str, Look]:
    """Return a look for each policy, in the order in which the study names them."""
    return {policy: LOOKS[index % len(LOOKS)] for index, policy in enumerate(policies)}


def level_colours() -> Any:
    """Return the map for levels: cividis, read the same with and without full colour vision."""
    return mpl.colormaps["cividis"]


def difference_colours(low: str = VERMILLION, high: str = BLUE) -> LinearSegmentedColormap:
    """Return a symmetric diverging map that runs from the second policy's colour to the first's."""
    return LinearSegmentedColormap.from_list("difference", [low, "#f7f7f7", high])


@contextmanager
def styled() -> Iterator[None]:
    """Draw and save under the house style, leaving the caller's matplotlib settings as they were."""
    with mpl.rc_context(cast(Any, RC)):
        yield


def canvas(ax: Axes | None, size: tuple[float, float] = (9.0, 5.4)) -> tuple[Figure, Axes]:
    """Return the figure and axes to draw on: the caller's, or fresh ones."""
    if ax is not None:
        figure = ax.get_figure(root=True)
        assert figure is not None
        return figure, ax
    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.add_subplot()


def headline(ax: Axes, title: str, subtitle: str = "") -> None:
    """Put the title and what is shown inside the figure, flush left."""
    lines = subtitle.count("\n") + 1 if subtitle else 0
    ax.set_title(title, loc="left", fontweight="bold", color=INK, pad=10 + 17 * lines)
    if subtitle:
        ax.annotate(subtitle, (0, 1), (0, 9), "axes fraction", textcoords="offset points",
                    va="bottom", color=MUTED, linespacing=1.25)


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Return positions moved apart until neighbours are at least ``gap`` apart, their centre kept."""
    values = np.asarray(positions, float)
    order = np.argsort(values, kind="stable")
    groups = [[values[k], 1] for k in order]
    merged: list[list[float]] = []
    for centre, count in groups:
        merged.append([centre, count])
        while len(merged) > 1 and _touch(merged[-2], merged[-1], gap):
            (one, n), (two, m) = merged[-2:]
            merged[-2:] = [[(one * n + two * m) / (n + m), n + m]]
    placed = [centre + gap * (k - (count - 1) / 2) for centre, count in merged for k in range(int(count))]
    result = np.empty(len(values))
    result[order] = placed
    return [float(x) for x in result]


def _touch(lower: Sequence[float], upper: Sequence[float], gap: float) -> bool:
    return upper[0] - lower[0] < gap * (lower[1] + upper[1]) / 2


def label_ends(ax: Axes, ends: Sequence[tuple[float, str, str]], gap: float = 0.075) -> None:
    """Write (value, text, colour) labels at the right edge, moved apart where they would touch."""
    low, high = ax.get_ylim()
    where = spread([(value - low) / (high - low) for value, _, _ in ends], gap)
    for (_, text, colour), y in zip(ends, where, strict=True):
        ax.annotate(text, (1, y), (8, 0), "axes fraction", textcoords="offset points", va="center",
                    color=colour, fontweight="bold", annotation_clip=False)


def save(figure: Figure, path: Path | str, title: str = "") -> Path:
    """Write the figure (SVG or PNG by its ending); the same figure gives the same bytes."""
    path = Path(path)
    kind = path.suffix.lower().lstrip(".")
    metadata: dict[str, Any] = {"Software": None} if kind == "png" else {"Date": None, "Creator": "mobilise"}
    if title:
        metadata["Title"] = title
    path.parent.mkdir(parents=True, exist_ok=True)
    with styled():
        figure.savefig(path, format=kind, metadata=metadata, dpi=150)
    return path
