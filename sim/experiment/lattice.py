"""A square lattice that is measured where it matters: cells at a border are halved, others left coarse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Node = tuple[int, int]  # place on the finest lattice, x then y


@dataclass(frozen=True)
class Lattice:
    """Nodes of a square that starts with ``steps`` cells a side and may be halved ``refine`` times."""

    steps: int
    refine: int

    @property
    def side(self) -> int:
        """Cells a side of the finest lattice."""
        return self.steps * 2**self.refine

    def nodes(self, level: int = 0) -> list[Node]:
        """Return all nodes of one level; level 0 is the coarsest."""
        places = range(0, self.side + 1, 2 ** (self.refine - level))
        return [(x, y) for x in places for y in places]

    def cells(self, level: int) -> list[Node]:
        """Return the lower left corner of every cell of one level."""
        width = 2 ** (self.refine - level)
        places = range(0, self.side, width)
        return [(x, y) for x in places for y in places]

    def corners(self, cell: Node, level: int) -> tuple[Node, Node, Node, Node]:
        """Return the corners of a cell."""
        width = 2 ** (self.refine - level)
        x, y = cell
        return (x, y), (x + width, y), (x, y + width), (x + width, y + width)

    def halved(self, cell: Node, level: int) -> list[Node]:
        """Return the nodes that halving a cell adds: middles of its sides, and its own."""
        half = 2 ** (self.refine - level - 1)
        x, y = cell
        return [(x + half, y), (x, y + half), (x + half, y + half), (x + 2 * half, y + half), (x + half, y + 2 * half)]

    def share(self, node: Node) -> tuple[float, float]:
        """Return a node's place in the unit square."""
        return node[0] / self.side, node[1] / self.side

    def doubtful(self, level: int, known: Mapping[Node, float]) -> list[Node]:
        """Return the cells of a level whose four corners are known and do not agree in sign."""
        found = []
        for cell in self.cells(level):
            values = [known.get(corner) for corner in self.corners(cell, level)]
            if None not in values and len({np.sign(value) for value in values}) > 1:  # type: ignore[arg-type]
                found.append(cell)
        return found

    def filled(self, known: Mapping[Node, float]) -> Array:
        """Return [x, y] values at every node of the finest lattice; between measured ones, means of neighbours."""
        field = np.full((self.side + 1, self.side + 1), np.nan)
        for (x, y), value in known.items():
            field[x, y] = value
        for level in range(self.refine):
            width = 2 ** (self.refine - level)
            self._sides(field, width)
            self._middles(field, width)
        return field

    def _sides(self, field: Array, width: int) -> None:
        half = width // 2
        for grid in (field, field.T):  # first along x, then along y
            between = (grid[:-width:width, ::width] + grid[width::width, ::width]) / 2
            target = grid[half::width, ::width]
            np.copyto(target, between, where=np.isnan(target))

    def _middles(self, field: Array, width: int) -> None:
        half = width // 2
        around = (field[:-width:width, half::width] + field[width::width, half::width]
                  + field[half::width, :-width:width] + field[half::width, width::width]) / 4
        target = field[half::width, half::width]
        np.copyto(target, around, where=np.isnan(target))


def crossings(row: Array) -> list[float]:
    """Return where a row of values changes sign, as places between 0 and 1, by straight lines between nodes."""
    last, found = len(row) - 1, []
    for k in range(last):
        a, b = row[k], row[k + 1]
        if np.isfinite(a) and np.isfinite(b) and a * b < 0:
            found.append((k + a / (a - b)) / last)
        elif a == 0:
            found.append(k / last)
    return found


def follow(lattice: Lattice, measure: Callable[[Iterable[Node]], Mapping[Node, float]]) -> dict[Node, float]:
    """Measure the coarse lattice, then halve cells at the border until the finest level.

    ``measure`` takes nodes and returns a value for each of those it could measure.
    """
    known = dict(measure(lattice.nodes()))
    for level in range(lattice.refine):
        asked = {node for cell in lattice.doubtful(level, known) for node in lattice.halved(cell, level)}
        known |= measure(sorted(asked - known.keys()))
    return known
