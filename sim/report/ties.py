"""How ties are drawn: a line for each, or bundles from cluster to cluster when there are too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle

from sim.report.frames import Array
from sim.report.layout import find_hubs
from sim.report.style import LOOKS

SHARED = "#8a94a0"
OLD = 20.0          # quarters after which a line is at its thickest
MOST_BUNDLES = 70   # thinner bundles are left out: the eye follows no more
WIDEST = 9.0


@dataclass(frozen=True)
class Ties:
    """The ties of one policy: both ends (node ids), trust, age, and whether the other policy has them too."""

    ends: Array
    trust: Array
    age: Array
    shared: Array


def lines(nodes: pd.DataFrame, sides: Sequence[Ties]) -> list[list[Artist]]:
    """Return for each side a line per tie: thicker when older, fainter with less trust."""
    at = nodes.set_index("id")[["x", "y"]]
    return [[_collection(at, ties, shared, side) for shared in (True, False)]
            for side, ties in enumerate(sides)]


def _collection(at: pd.DataFrame, ties: Ties, shared: bool, side: int) -> LineCollection:
    chosen = ties.shared == shared
    ends = ties.ends[chosen]
    segments = np.stack([at.loc[ends[:, 0]].to_numpy(), at.loc[ends[:, 1]].to_numpy()], axis=1)
    base = SHARED if shared else LOOKS[side].colour
    shades = [to_rgba(base, 0.2 + 0.65 * float(np.clip(trust, 0, 1))) for trust in ties.trust[chosen]]
    widths = 0.6 + 1.6 * np.minimum(ties.age[chosen] / OLD, 1)
    return LineCollection(list(segments), colors=shades, linewidths=widths, capstyle="round",
                          zorder=2 if shared else 3)


def bundles(nodes: pd.DataFrame, sides: Sequence[Ties]) -> tuple[list[list[Artist]], int]:
    """Return for each side bundles between clusters and discs for ties inside them, on one common scale.

    Second: the smallest number of ties for which two clusters are joined by a bundle.
    """
    cluster = nodes.set_index("id")["cluster"]
    counts = [_count(cluster, ties) for ties in sides]
    between = [sorted(n for (a, b), n in table.items() if a != b) for table in counts]
    most = max((n for column in between for n in column), default=1)
    inside = max((n for table in counts for (a, b), n in table.items() if a == b), default=1)
    least = _least_shown(between)
    drawn = [[*_discs(nodes, table, inside, side), _bundle_lines(nodes, table, least, most, side)]
             for side, table in enumerate(counts)]
    return drawn, least


def _least_shown(between: list[list[int]]) -> int:
    """Return the smallest count that is drawn: the same on both sides, so that panels can be compared."""
    fullest = max(between, key=len)
    return 1 if len(fullest) <= MOST_BUNDLES else fullest[-MOST_BUNDLES] + 1


def _count(cluster: pd.Series, ties: Ties) -> dict[tuple[int, int], int]:
    ends = np.sort(np.stack([cluster.loc[ties.ends[:, k]].to_numpy() for k in (0, 1)], axis=1), axis=1)
    pairs, count = np.unique(ends, axis=0, return_counts=True)
    return {(int(a), int(b)): int(n) for (a, b), n in zip(pairs, count, strict=True)}


def _discs(nodes: pd.DataFrame, table: dict[tuple[int, int], int], most: int, side: int) -> list[Artist]:
    _, hubs, radius = find_hubs(nodes)
    size = nodes.groupby("cluster")["id"].size()
    wide = 0.035 + radius * np.sqrt(size / size.max())
    return [Circle(tuple(hubs[a]), float(wide[a]), linewidth=0, zorder=1,
                   facecolor=to_rgba(LOOKS[side].colour, 0.55 * n / most))
            for (a, b), n in table.items() if a == b]


def _bundle_lines(nodes: pd.DataFrame, table: dict[tuple[int, int], int], least: int, most: int,
                  side: int) -> LineCollection:
    _, hubs, _ = find_hubs(nodes)
    kept = [(a, b, n) for (a, b), n in table.items() if a != b and n >= least]
    return LineCollection([_curve(hubs[a], hubs[b]) for a, b, _ in kept],
                          colors=[to_rgba(LOOKS[side].colour, 0.15 + 0.55 * n / most) for _, _, n in kept],
                          linewidths=[WIDEST * n / most for _, _, n in kept], capstyle="round", zorder=2)


def _curve(a: Array, b: Array, points: int = 24) -> Array:
    """Return a curve from hub to hub that bends towards the middle, so that bundles part from the ring."""
    t = np.linspace(0, 1, points)[:, None]
    return (1 - t) ** 2 * a + 2 * t * (1 - t) * (a + b) * 0.18 + t**2 * b
