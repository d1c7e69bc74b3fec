"""Outcomes, found by being there: a function under ``@outcome`` in any file of this folder is one.

An outcome reads a `Record` (what happened in one compared run) and returns one number. It never
writes. Its first docstring line is the sentence people see; unit, direction and source stand beside it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal

import numpy as np

from sim.kernels.money import CENTS_PER_KEUR
from sim.outcomes.observe import REMEMBERED
from sim.vocab import Kind

Direction = Literal["higher", "lower", "neither"]
FAMILIES = ("outputs", "sme_results", "network", "quality", "money", "fairness", "funnel", "programme")


@dataclass(frozen=True)
class Start:
    """How the world stood when the comparison began, after the shared burn-in.

    Parameters
    ----------
    step : step of the world at that moment.
    alive : organisations alive.
    organisations, partnerships, seats, relations : rows in use.
    capital : [organisations] int64, cents of each organisation.
    openness : mean openness of the living.
    """

    step: int
    alive: int
    organisations: int
    partnerships: int
    seats: int
    relations: int
    capital: np.ndarray[Any, Any]
    openness: float


def start_of(world: Any) -> Start:
    """Return how ``world`` stands now."""
    counts = world.n
    orgs = world.orgs[: int(counts.organisations)]
    living = orgs.left == -1
    return Start(int(counts.step), int(living.sum()), len(orgs), int(counts.partnerships), int(counts.seats),
                 int(counts.relations), orgs.capital.copy(), mean(orgs.openness[living]))


@dataclass(frozen=True)
class Record:
    """What an outcome may read of one run.

    Parameters
    ----------
    series : name to [steps] float64; one entry for each series of `sim.outcomes.observe`.
    world : the world at the end (its tables, as `sim.world.world.World` or its view).
    start : how the world stood when the comparison began.
    """

    series: Mapping[str, np.ndarray[Any, Any]]
    world: Any
    start: Start

    def total(self, name: str) -> float:
        """Return the sum of a series over the compared quarters."""
        return float(self.series[name].sum())

    def thousands(self, name: str) -> float:
        """Return the sum of a money series in kEUR per organisation alive at the start."""
        return ratio(self.total(name) / CENTS_PER_KEUR, self.start.alive)

    @cached_property
    def orgs(self) -> Any:
        """Organisations in use."""
        return self.world.orgs[: int(self.world.n.organisations)]

    @cached_property
    def relations(self) -> Any:
        """Relations in use."""
        return self.world.rels[: int(self.world.n.relations)]

    @cached_property
    def partnerships(self) -> Any:
        """Partnerships of organisations (not of clusters) formed during the comparison."""
        formed = self.world.parts[self.start.partnerships: int(self.world.n.partnerships)]
        return formed[formed.of_clusters == 0]

    @cached_property
    def seats(self) -> Any:
        """Seats taken in the partnerships that formed during the comparison."""
        parts = self.partnerships
        used = parts.seats.astype(np.int64)
        before = np.cumsum(used) - used
        rows = np.repeat(parts.seat0 - before, used) + np.arange(int(used.sum()))
        return self.world.seats[rows]

    @cached_property
    def bridges(self) -> np.ndarray[Any, Any]:
        """[relations] bool: a cluster organisation is one of the two; these are not ties of firms."""
        pairs, kind = self.relations, self.orgs.kind
        return (kind[pairs.a] == Kind.CLUSTER_ORGANISATION) | (kind[pairs.b] == Kind.CLUSTER_ORGANISATION)

    @cached_property
    def alive_ties(self) -> np.ndarray[Any, Any]:
        """[relations] bool: two living organisations work together, or did within 8 quarters."""
        pairs, left, step = self.relations, self.orgs.left, int(self.world.n.step)
        recent = (pairs.running > 0) | ((pairs.times > 0) & (step - pairs.last <= REMEMBERED))
        return recent & ~self.bridges & (left[pairs.a] == -1) & (left[pairs.b] == -1)


@dataclass(frozen=True)
class Outcome:
    """A registered outcome: what it measures, in what unit, and which way is better."""

    name: str
    family: str
    text: str
    unit: str
    direction: Direction
    source: str
    measure: Callable[[Record], float]
    headline: bool = False


def outcome(unit: str, direction: Direction, source: str, headline: bool = False,
            name: str | None = None) -> Callable[[Callable[[Record], float]], Callable[[Record], float]]:
    """Mark a function of a `Record` as an outcome; the file's name is its family."""
    def mark(measure: Callable[[Record], float]) -> Callable[[Record], float]:
        text = (measure.__doc__ or "").strip().splitlines()[0]
        family = measure.__module__.rsplit(".", 1)[-1]
        made = Outcome(name or measure.__name__, family, text, unit, direction, source, measure, headline)
        measure.outcome = made  # type: ignore[attr-defined]
        return measure
    return mark


def _outcomes_in(module: Any) -> list[Outcome]:
    made = [(value, getattr(value, "outcome", None)) for value in vars(module).values()]
    return [one for value, one in made if isinstance(one, Outcome) and value.__module__ == module.__name__]


@cache
def outcomes() -> dict[str, Outcome]:
    """Return every outcome by name, family by family, in the order of the files."""
    package = importlib.import_module("sim.outcomes")
    modules = sorted((m.name for m in pkgutil.iter_modules(package.__path__)),
                     key=lambda n: (FAMILIES.index(n) if n in FAMILIES else len(FAMILIES), n))
    found: dict[str, Outcome] = {}
    for module in modules:
        for made in _outcomes_in(importlib.import_module(f"sim.outcomes.{module}")):
            if made.name in found:
                raise ValueError(f"two outcomes are called {made.name}")
            found[made.name] = made
    return found


def measure(record: Record) -> dict[str, float]:
    """Return the value of every outcome for one run."""
    return {name: float(one.measure(record)) for name, one in outcomes().items()}


def ratio(top: float, bottom: float) -> float:
    """Return top / bottom, and nan where there is nothing to divide by."""
    return float(top) / float(bottom) if bottom else float("nan")


def mean(values: Any) -> float:
    """Return the mean of an array, and nan for an empty one."""
    return float(np.mean(values)) if len(values) else float("nan")
