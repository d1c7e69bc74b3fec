"""What a replication is: parameters of the original, points of them, cells with published values, and a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sim.errors import UsageError, nearest

Values = Mapping[str, float]
WIDTH = 3.0  # standard errors that a difference may have on each side, were they known exactly
FEWEST = 8  # draws behind an agreement: an error estimated from fewer may be anything
TELLING = 0.25  # of the known value: a wider tolerance tells nothing, unless a cell says better
MANY = 200  # points of one call, at the most
PUBLISHED, REDONE, THEORY = "pub", "re", "theory"


@dataclass(frozen=True)
class Parameter:
    """A parameter of the original: default, range, whole or not, meaning."""

    default: float
    low: float
    high: float
    text: str
    whole: bool = True

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        return f"{'a whole number' if self.whole else 'a number'} from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Cell:
    """One value of a replication.

    Parameters
    ----------
    name : what it is.
    ours, error : our value and its standard error: 0 for exact results, nan where one seed gives none.
    known : the value it is held against, None where this cell has none.
    kind : where that comes from: "pub" printed by the authors, "re" an independent re-implementation of the
        published rule, "theory" a proved or elementary formula.
    rounding : half a unit of the last digit of the known value.
    known_error : standard error of the known value.
    point : the parameters of the cell.
    sign : 1 or -1 where only the direction of a difference is known, else 0.
    draws : worlds behind the standard error, 0 where it is exact or of very many.
    telling : the widest tolerance that still tells something, in the unit of the value; None: a quarter of the known.
    """

    name: str
    ours: float
    error: float = 0.0
    known: float | None = None
    kind: str = ""
    rounding: float = 0.0
    known_error: float = 0.0
    point: Values = field(default_factory=dict)
    sign: int = 0
    draws: int = 0
    telling: float | None = None

    @property
    def width(self) -> float:
        """Standard errors on each side: three, or Student's counterpart where the error itself is from few draws."""
        if self.draws < 2:
            return WIDTH
        from scipy.stats import norm, t

        return float(t.ppf(norm.cdf(WIDTH), self.draws - 1))

    @property
    def allowed(self) -> float:
        """How far ours may lie from the known value: `width` standard errors of the difference, and the rounding."""
        error = math.hypot(self.error, 0.0 if math.isnan(self.known_error) else self.known_error)
        return self.width * error + self.rounding

    @property
    def verdict(self) -> str:
        """Whether ours lies within what is `allowed`; agreement is said only where that could have failed."""
        if self.known is None and not self.sign:
            return "no known value"
        if math.isnan(self.error):
            return "cannot tell: one seed"
        far = abs(self.ours - (self.known or 0.0)) > self.allowed
        if far and (self.known is not None or self.ours * self.sign < 0):
            return "differs"
        if self.error and 0 < self.draws < FEWEST:
            return f"cannot tell: fewer than {FEWEST} seeds"
        if self.known is None:
            return "agrees" if far else "cannot tell: more seeds"
        telling = TELLING * abs(self.known) if self.telling is None else self.telling
        return "cannot tell: too wide" if self.error and self.allowed > telling else "agrees"

    @property
    def expected(self) -> str:
        """The known value in print."""
        if self.known is None:
            return {1: "> 0", -1: "< 0"}.get(self.sign, "–")
        return f"{self.known:.6g}"


@dataclass(frozen=True)
class Curve:
    """A line of the figure: name, where, values and their standard errors."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    error: Sequence[float] = ()


@dataclass(frozen=True)
class Outcome:
    """Cells, curves and axes of the figure, and remarks."""

    cells: list[Cell]
    curves: list[Curve] = field(default_factory=list)
    axes: tuple[str, str] = ("", "")
    logarithmic: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replication:
    """A known result.

    Parameters
    ----------
    name, title, source : what is replicated.
    parameters : every parameter of the original.
    printed : the points for which values are known; they run when nothing is set.
    run : points and number of seeds to an outcome.
    seeds : seeds it takes by default, each a world, ring or network; 0 where nothing is drawn.
    needs : engine functions it claims to go through, as ``module:function``; a run fails if one is not called.
    presets : for a parameter and its value, other defaults that hold with it (a variant's own).
    """

    name: str
    title: str
    source: str
    parameters: Mapping[str, Parameter]
    printed: Sequence[Values]
    run: Callable[[Sequence[Values], int], Outcome]
    seeds: int
    needs: tuple[str, ...] = ()
    presets: Mapping[tuple[str, float], Values] = field(default_factory=dict)

    def points(self, changes: Mapping[str, Sequence[Any]]) -> list[Values]:
        """Return the points to run: the printed ones, or every combination of what is set."""
        if not changes:
            return [self.complete(point) for point in self.printed]
        given = {name: [self.check(name, value) for value in values] for name, values in changes.items()}
        combinations = [dict(zip(given, values, strict=True)) for values in product(*given.values())]
        if len(combinations) > MANY:
            raise UsageError(f"{len(combinations)} combinations of settings; allowed: at most {MANY} at once")
        return [self.complete(point) for point in combinations]

    def complete(self, point: Values) -> Values:
        """Return the point with the defaults of everything it does not name."""
        values: dict[str, float] = {name: parameter.default for name, parameter in self.parameters.items()}
        for (name, value), others in self.presets.items():
            if point.get(name) == value:
                values.update(others)
        return {**values, **point}

    def check(self, name: str, given: Any) -> float:
        """Return a setting as the number it is; refuse what does not exist or does not fit."""
        if name not in self.parameters:
            close = nearest(name, list(self.parameters))
            hint = f"; did you mean '{close}'?" if close else ""
            raise UsageError(f"{self.name} has no parameter '{name}'{hint} (allowed: {', '.join(self.parameters)})")
        parameter = self.parameters[name]
        try:
            value = {"true": 1.0, "false": 0.0}.get(str(given).lower()) if parameter.high == 1 else None
            value = float(given) if value is None else value
        except ValueError:
            value = math.nan
        if not parameter.low <= value <= parameter.high or (parameter.whole and value != int(value)):
            raise UsageError(
                f"{self.name}: {name} = {given} is not allowed; allowed: {parameter.allowed} ({parameter.text})"
            )
        return value


def mean_and_error(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and its standard error, nan for a single value."""
    count = len(values)
    mean = sum(values) / count
    if count < 2:
        return mean, math.nan
    return mean, math.sqrt(sum((value - mean) ** 2 for value in values) / (count - 1) / count)


def label(point: Values, names: Sequence[str]) -> str:
    """Return the named parameters of a point as text: ``p=0.5, q=1``."""
    return ", ".join(f"{name}={point[name]:g}" for name in names)
