"""Scenario discovery: boxes of conditions in which something happens more often than elsewhere (PRIM).

"Where does the focus fall behind?" A box is a range for a few conditions; coverage is the share of all such
futures that lie inside, density the share of futures inside that are such. Found by EMA Workbench (Bryant & Lempert
2010; Kwakkel & Cunningham 2016), without its optimiser Platypus, which is under the GPL. One box is chosen: the
densest that still covers half of the cases.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.experiment.sweep import Row

if TYPE_CHECKING:
    import pandas as pd

FEW = 20  # futures below which nothing is looked for
COVERAGE = 0.5
LEAST_MASS = 0.05
TRIFLE = 0.05  # share of a range


@dataclass(frozen=True)
class Box:
    """A box of conditions: ranges, and how many of the cases lie in it (coverage), how pure it is (density)."""

    case: str
    limits: dict[str, tuple[float, float]]
    coverage: float
    density: float
    share: float


def boxes(rows: Sequence[Row], cases: Sequence[str]) -> tuple[Box, ...]:
    """Return one box for each case (a verdict) that happens in some futures but not in all.

    Raises `UsageError` without EMA Workbench.
    """
    import pandas as pd

    found = []
    varied = [row for row in rows if row.at]
    x = pd.DataFrame([row.at for row in varied]).select_dtypes("number")
    for case in cases:
        y = pd.Series([row.verdict == case for row in varied])
        if len(varied) >= FEW and 0 < y.sum() < len(y) and not x.isna().any().any():
            found.append(_box(case, x, y))
    return tuple(found)


def _box(case: str, x: pd.DataFrame, y: pd.Series[bool]) -> Box:
    try:
        prim = prim_of_ema()
    except ImportError:
        raise UsageError("boxes need EMA Workbench, without its optimiser, which is under the GPL: pip install "
                         "'mobilise[discovery]' && pip install --no-deps ema_workbench") from None
    peeled = prim.Prim(x, y.to_numpy(bool), threshold=0.1, peel_alpha=0.05, mass_min=LEAST_MASS).find_box()
    path = peeled.peeling_trajectory
    good = path[path["coverage"] >= COVERAGE]
    chosen = int((good if len(good) else path)["density"].idxmax())
    coverage, density = float(path["coverage"][chosen]), float(path["density"][chosen])
    return Box(case, _limits(peeled.box_lims[chosen], x), coverage, density, float(y.mean()))


def prim_of_ema() -> Any:
    """Import EMA Workbench's PRIM, with or without Platypus.

    The package names classes of Platypus while it is imported, even for those who want nothing but PRIM. Where
    Platypus is not there an empty placeholder stands in for it meanwhile.
    """
    absent = "platypus" not in sys.modules and not _there("platypus")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it says about evaluators that are not installed
        try:
            if absent:
                sys.modules["platypus"] = Placeholder("platypus")
            return importlib.import_module("ema_workbench.analysis.prim")
        finally:
            if absent:
                del sys.modules["platypus"]


def _there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


class Empty:
    """Takes anything and does nothing."""

    def __init__(self, *_args: Any, **_named: Any) -> None:
        pass


class Placeholder(ModuleType):
    """A module that has any class one asks for, and nothing in them."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Empty,), {})


def _limits(lims: Any, x: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return the conditions that the box restricts; an end that cuts off next to nothing is open (infinite)."""
    found = {}
    for name in x.columns:
        least, most = float(x[name].min()), float(x[name].max())
        low, high = float(lims[name].iloc[0]), float(lims[name].iloc[1])
        trifle = TRIFLE * (most - least)
        ends = (low if low > least + trifle else -math.inf, high if high < most - trifle else math.inf)
        if ends != (-math.inf, math.inf):
            found[str(name)] = ends
    return found
