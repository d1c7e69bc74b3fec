"""Two networks on equal positions: what differs is the ties, never the map.

Sectors are wedges, clusters are hubs inside them, members sit around their hub. A tie that both
policies have is grey; one that only this policy has carries its colour. Above about a thousand
ties a picture of lines teaches nothing, so ties are bundled from cluster to cluster.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Wedge

from sim.report.layout import find_hubs, place, sector_of_clusters
from sim.report.numbers import words
from sim.report.style import INK, LOOKS, MUTED, headline, styled
from sim.report.ties import SHARED, Ties, bundles, lines

VISIBLE_TIES = 1000
GROUND = ("#f5f7f9", "#ebeff3")
FIRM, GREY_DISC = "#5b6670", "#c3cad2"
MARKERS = {"sme": "o", "cluster_organisation": "s", "research": "^", "large": "D", "public": "P"}


def network_pair(nodes: pd.DataFrame, edges: tuple[pd.DataFrame, pd.DataFrame], *, names: tuple[str, str],
                 subtitle: str = "", ax: Sequence[Axes] | None = None) -> tuple[Figure, list[Axes]]:
    """Draw two networks side by side on equal positions.

    Parameters
    ----------
    nodes : frame [id, cluster, sector, kind] and, if known, x and y.
    edges : for each policy a frame [a, b, trust, age] with node ids; age in quarters.
    names : the two policies.
    subtitle : what both panels show, such as the world and the quarter.
    ax : two axes to draw on; fresh ones by default.
    """
    placed = place(nodes)
    with styled():
        figure, axes = _panels(ax)
        sides = [_ties(edges[side], edges[1 - side]) for side in (0, 1)]
        bundled = max(len(ties.ends) for ties in sides) > VISIBLE_TIES
        drawing, least = bundles(placed, sides) if bundled else (lines(placed, sides), 0)
        for side, ties in enumerate(sides):
            _ground(axes[side], placed)
            for artist in drawing[side]:
                axes[side].add_artist(artist)
            _nodes(axes[side], placed)
            says = [f"{len(ties.ends):,} ties, {int((~ties.shared).sum()):,} of them only here", subtitle]
            headline(axes[side], words(names[side]).capitalize(), "\n".join(filter(None, says)))
        _legend(figure, least)
    return figure, axes


def _panels(ax: Sequence[Axes] | None) -> tuple[Figure, list[Axes]]:
    if ax is not None:
        figure = ax[0].get_figure(root=True)
        assert figure is not None
        return figure, list(ax)
    figure = Figure(figsize=(13, 6.9))
    return figure, [figure.add_axes((left, 0.07, 0.485, 0.81)) for left in (0.01, 0.505)]


def _ties(edges: pd.DataFrame, other: pd.DataFrame) -> Ties:
    there = set(map(frozenset, zip(other["a"], other["b"], strict=True)))
    ends = edges[["a", "b"]].to_numpy()
    shared = np.array([frozenset((a, b)) in there for a, b in ends], bool)
    return Ties(ends, edges["trust"].to_numpy(float), edges["age"].to_numpy(float), shared)


def _ground(ax: Axes, nodes: pd.DataFrame) -> None:
    """Lay out the wedges of the sectors and fix the window, the same for every network of these nodes."""
    angle, hubs, _ = find_hubs(nodes)
    sector = sector_of_clusters(nodes)
    half = np.pi / len(hubs)
    for number, name in enumerate(sorted(set(sector))):
        turns = [angle[c] for c in sector.index[sector == name]]
        low, high = np.degrees(min(turns) - half), np.degrees(max(turns) + half)
        shade = GROUND[number % 2]
        ax.add_patch(Wedge((0, 0), 1.36, low, high, width=0.72, color=shade, linewidth=0, zorder=0))
        middle = (min(turns) + max(turns)) / 2
        side = {1: "left", 0: "center", -1: "right"}[int(np.sign(np.round(np.cos(middle), 1)))]
        text = words(name) if isinstance(name, str) else f"sector {int(name) + 1}"
        ax.text(1.41 * np.cos(middle), 1.43 * np.sin(middle), text, ha=side, va="center", color=MUTED)
    ax.set_aspect("equal")
    ax.set_xlim(-1.85, 1.85)
    ax.set_ylim(-1.49, 1.49)
    ax.axis("off")


def _nodes(ax: Axes, nodes: pd.DataFrame) -> None:
    for kind, group in nodes.groupby("kind"):
        hub = kind == "cluster_organisation"
        ax.scatter(group["x"], group["y"], marker=MARKERS.get(str(kind), "o"), s=64 if hub else 14,
                   color=INK if hub else FIRM, edgecolors="white", linewidths=1.2 if hub else 0.4,
                   zorder=5 if hub else 4)


def _legend(figure: Figure, least: int) -> None:
    def dot(marker: str, size: int, colour: str) -> Line2D:
        return Line2D([], [], marker=marker, markersize=size, markerfacecolor=colour, color="none",
                      markeredgecolor="white")

    entries = [
        (dot("s", 9, INK), "cluster organisation"),
        (dot("o", 6, FIRM), "firm"),
    ]
    if least:
        entries += [(Line2D([], [], color=MUTED, linewidth=4), f"{least} or more ties between two clusters"),
                    (dot("o", 15, GREY_DISC),
                     "ties inside a cluster (darker: more)")]
    else:
        entries += [(Line2D([], [], color=SHARED, linewidth=2), "tie under both"),
                    (Line2D([], [], color=LOOKS[0].colour, linewidth=2), "only left"),
                    (Line2D([], [], color=LOOKS[1].colour, linewidth=2), "only right"),
                    (Line2D([], [], color=INK, linewidth=4), "thicker: older; fainter: less trust")]
    handles, labels = zip(*entries, strict=True)
    figure.legend(handles, labels, loc="lower center", ncols=len(entries), frameon=False, columnspacing=1.6)
