"""Futures of a study: points in the space of what is uncertain, and the runs they stand for.

A point is a value for each condition. Conditions that are plain parameters travel in the run's
``values``; anything else (a whole number, a rule, the share of adopters) makes another scenario.
Replicate r has the same luck at every point, so that two points differ in their conditions alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import Problem, ScenarioError
from sim.experiment.design import DIGITS, World, latin, luck
from sim.run import RunSpec
from sim.scenario.check_study import is_number
from sim.scenario.files import Outside, inside
from sim.scenario.futures_file import read_futures

if TYPE_CHECKING:
    from sim.scenario.load_study import Study
    from sim.scenario.scenario import Scenario
    from sim.scenario.study import Uncertainty

Value = float | int | bool | str
OWN = 0  # number of the point that holds the scenario's own values


@dataclass(frozen=True)
class Point:
    """One future: its number in the study (0: own values) and the value of each condition it changes."""

    number: int
    at: tuple[tuple[str, Value], ...] = ()

    def __getitem__(self, name: str) -> Value:
        return dict(self.at)[name]


def placed(one: Uncertainty, u: float) -> Value:
    """Return where u in [0, 1] falls in a range, or in a list of values."""
    if one.values is not None:
        return one.values[min(int(u * len(one.values)), len(one.values) - 1)]
    assert one.range is not None
    low, high = one.range
    value = low * math.exp(u * math.log(high / low)) if one.logarithmic else low + u * (high - low)
    return min(high, max(low, float(f"{value:.{DIGITS}g}")))


def share(one: Uncertainty, value: float) -> float:
    """Return where a value lies in a range, 0 at its low and 1 at its high end."""
    assert one.range is not None
    low, high = one.range
    if one.logarithmic:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)


def own_share(study: Study, name: str) -> float | None:
    """Return where the scenario's own value lies in a condition's range, or None where it is outside."""
    one = study.text.uncertainties[name]
    place = share(one, 1.0 if one.times else study.scenario.values()[name])
    return place if -1e-9 <= place <= 1 + 1e-9 else None


def points(study: Study) -> list[Point]:
    """Return the futures of a study's design, the scenario's own values first."""
    rows = MAKERS[study.text.design.kind](study)
    return [Point(OWN), *numbered(rows)]


def numbered(rows: Iterable[Mapping[str, Value]]) -> list[Point]:
    """Return points for rows of condition to value, numbered from 1."""
    return [Point(number, tuple(row.items())) for number, row in enumerate(rows, OWN + 1)]


def from_shares(study: Study, names: Sequence[str], shares: Any) -> list[dict[str, Value]]:
    """Return rows for shares of the ranges, [points, names] in [0, 1]."""
    known = study.text.uncertainties
    return [{name: placed(known[name], float(u)) for name, u in zip(names, row, strict=True)} for row in shares]


def _grid(study: Study) -> list[dict[str, Value]]:
    uncertain = study.text.uncertainties
    if not uncertain:
        return []
    steps = np.linspace(0, 1, study.text.design.levels)
    axes = [one.values or tuple(placed(one, u) for u in steps.tolist()) for one in uncertain.values()]
    return [dict(zip(uncertain, values, strict=True)) for values in itertools.product(*axes)]


def _listed(study: Study) -> list[dict[str, Value]]:
    design = study.text.design
    rows: list[dict[str, Value]] = [dict(point) for point in design.points]
    return rows + (_from_file(study, design.file) if design.file else [])


def _from_file(study: Study, name: str) -> list[dict[str, Value]]:
    """Return the futures of a table beside the study, in whose columns conditions may stand too."""
    try:
        path = inside(name, study.file_folder)
    except Outside as error:
        raise ScenarioError([Problem("design.file", name, str(error), name)]) from None
    return [dict(row) for row in read_futures(path, study.text.uncertainties)]


def _latin(study: Study) -> list[dict[str, Value]]:
    names, count = sorted(study.text.uncertainties), study.text.design.samples
    if not names:
        return []
    columns = [latin(study.scenario.seed, name, count) for name in names]
    return from_shares(study, names, zip(*columns, strict=True))


def problem_of(study: Study) -> dict[str, Any]:
    """Return what SALib calls the problem: names and bounds; bounds are shares, scales are ours."""
    names = list(study.text.uncertainties)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def shares_of(study: Study) -> Any:
    """Return [points, conditions] shares of the ranges in a Sobol (Saltelli) or Morris design."""
    from SALib.sample import morris, sobol

    design, seed = study.text.design, study.scenario.seed % 2**32
    if design.kind == "sobol":
        return sobol.sample(problem_of(study), design.samples, calc_second_order=False, seed=seed)
    levels = design.levels + design.levels % 2  # Morris walks a lattice with an even number of levels
    return morris.sample(problem_of(study), design.trajectories, num_levels=levels, seed=seed)


def _salib(study: Study) -> list[dict[str, Value]]:
    return from_shares(study, list(study.text.uncertainties), shares_of(study))


MAKERS = {"grid": _grid, "list": _listed, "latin_hypercube": _latin, "sobol": _salib, "morris": _salib}


# --- from points to runs -----------------------------------------------------------------------

class Expansion:
    """Turns points of a study into runs; scenarios with other settings are built once each."""

    def __init__(self, study: Study, rules: Sequence[str] = ()) -> None:
        self.study, self.rules = study, tuple(rules)
        self.own = study.scenario.values()
        self.changed = lru_cache(maxsize=1000)(lambda settings: study.changed(dict(settings)))

    def split(self, point: Point) -> tuple[Scenario, tuple[tuple[str, float], ...]]:
        """Return the scenario of a point and the parameters that differ from it."""
        numbers: dict[str, float] = {}
        settings = []
        factors = []
        for name, value in point.at:
            one = self.study.text.uncertainties.get(name)
            if one is not None and one.times:
                factors += [(address, float(value)) for address in one.times]
            elif is_number(name):
                numbers[name] = float(value)
            else:
                settings.append((name, value))
        for address, factor in factors:  # conditions that multiply the same setting multiply one another
            numbers[address] = float(f"{factor * numbers.get(address, self.own[address]):.{DIGITS}g}")
        return self.changed(tuple(settings)), tuple(sorted(numbers.items()))

    def world(self, point: Point, replicate: int) -> World:
        """Return the runs of one world: every policy at a point, under one luck."""
        scenario, values = self.split(point)
        return [RunSpec(scenario, policy.name, point.number, values, replicate, self.rules)
                for policy in scenario.policies]

    def worlds(self, plan: Iterable[tuple[Point, int]]) -> list[World]:
        """Return the worlds of a plan (point and replicate), in its order."""
        return [self.world(point, replicate) for point, replicate in plan]


def interleaved(found: Sequence[Point], replicates: int, seed: int, shuffled: bool = True,
                first: int = 0) -> list[tuple[Point, int]]:
    """Return point and replicate in the order in which they are run: every point once, then again.

    An unfinished study is balanced: no point is ahead of another by more than one replicate, and
    points of a grid come in an order that is spread over it.
    """
    order = sorted(found, key=lambda p: luck(seed, "order", p.number, "points")) if shuffled else list(found)
    return [(point, replicate) for replicate in range(first, replicates) for point in order]
