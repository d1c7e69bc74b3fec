"""What a regime map is made of: two conditions, measured spots, and planes of an effect over them."""

from __future__ import annotations

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
    """One measured node: its place on the finest lattice, the difference there, and what can be said."""

    node: Node
    future: int
    mean: float
    low: float
    high: float
    worlds: int
    verdict: str


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
        """Return [x, y] of ``mean``, ``low`` or ``high`` at every node of the finest lattice."""
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
        mean = self.field()
        place = y * self.lattice.side
        below = min(int(place), self.lattice.side - 1)
        weight = place - below
        return crossings((1 - weight) * mean[:, below] + weight * mean[:, below + 1])
