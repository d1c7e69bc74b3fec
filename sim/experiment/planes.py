"""What a regime map is made of: two conditions, measured spots, and planes of an effect over them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.experiment.findings import AHEAD, ALIKE, BEHIND, OPEN
from sim.experiment.lattice import Lattice, Node, crossings
from sim.experiment.points import Value

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Axis:
    """One side of the map: condition, what people call it, its range, whether logarithmic, the own place.

    ``ends`` say in words what low and high mean; ``own`` is the scenario's place between 0 and 1, or None.
    """

    name: str
    text: str
    low: float
    high: float
    log: bool
    own: float | None
    own_value: float
    ends: tuple[str, str] = ("", "")

    def value(self, share: float) -> float:
        """Return the value at a place between 0 and 1."""
        if self.log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)


@dataclass(frozen=True)
class Spot:
    """One measured node: its place on the finest lattice, the difference there, and what can be said.

    ``paid`` is the cost that a lever leaves to the firms in part, as the first policy bears it there.
    """

    node: Node
    future: int
    mean: float
    low: float
    high: float
    worlds: int
    verdict: str
    paid: float = math.nan


@dataclass(frozen=True)
class Plane:
    """One map: an effect over the plane.

    Parameters
    ----------
    effect : bundle, reach, fit or practice. first, second : what leads where the difference is above, below 0.
    lattice : where it could be measured. spots : where it was.
    smallest : smallest difference of interest. price : value of the lever, or None.
    """

    effect: str
    first: str
    second: str
    lattice: Lattice
    spots: tuple[Spot, ...]
    smallest: float
    price: Value | None = None

    def field(self, what: str = "mean") -> Array:
        """Return [x, y] of ``mean``, ``low``, ``high`` or ``paid`` at every node of the finest lattice."""
        return self.lattice.filled({spot.node: getattr(spot, what) for spot in self.spots})

    @cached_property
    def classes(self) -> Array:
        """Return [x, y] the class of every node: 1 first ahead, −1 second ahead, 0 cannot be told, 2 alike."""
        low, high = self.field("low"), self.field("high")
        alike = np.maximum(abs(low), abs(high)) < self.smallest
        return np.where(alike, 2, np.where(low > 0, 1, np.where(high < 0, -1, 0)))

    def shares(self) -> dict[str, float]:
        """Return the share of the plane that each class covers."""
        inner = self.classes
        codes = {AHEAD: 1, BEHIND: -1, ALIKE: 2, OPEN: 0}
        return {name: float((inner == code).mean()) for name, code in codes.items()}

    def border(self, y: float) -> list[float]:
        """Return the places along x (0 to 1) where the mean difference changes sign, at a height y (0 to 1)."""
        return crossings(self._row("mean", y))

    def paid_at(self, x: float, y: float) -> float:
        """Return what the first policy bears of the lever's cost at a place (both 0 to 1); nan where unknown."""
        return float(np.interp(x * self.lattice.side, np.arange(self.lattice.side + 1), self._row("paid", y)))

    def _row(self, what: str, y: float) -> Array:
        field = self.field(what)
        place = y * self.lattice.side
        below = min(int(place), self.lattice.side - 1)
        weight = place - below
        return np.asarray((1 - weight) * field[:, below] + weight * field[:, below + 1])


def subsidy(plane: Plane, full: Plane, x: float, y: float) -> float:
    """Return what a subsidy costs for each organisation of the first policy, at a place of a map at another price.

    The firms bear the share ``plane.price`` of a cost and the subsidy the rest. Where they bear nothing, the cost is
    that of the plane at the full price.
    """
    assert isinstance(plane.price, int | float)
    if plane.price == 0:
        return full.paid_at(x, y)
    return plane.paid_at(x, y) * (1 - plane.price) / plane.price
