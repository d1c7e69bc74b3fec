"""The regime map: under which of two conditions each policy wins, by how much, and where it cannot be told.

The plane is measured on a coarse lattice first; then only where the border runs, finer and finer. Every
node is a future like any other, so the map resumes, is shared and is exported as every study is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UsageError
from sim.experiment.campaign import Campaign, How, campaign, values_of
from sim.experiment.findings import Failure, without_nan
from sim.experiment.lattice import Lattice, Node, follow
from sim.experiment.planes import Axis, Plane, Spot
from sim.experiment.points import OWN, Point, Value, interleaved, own_share, placed
from sim.experiment.robust import LEVEL, Robust, class_of, robust, smallest_of
from sim.experiment.stopping import interval
from sim.experiment.sweep import rule_of
from sim.outcomes.registry import outcomes
from sim.record import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.load_study import Study

TABLE = "regime.csv"
BUNDLE = "bundle"
Array = np.ndarray[Any, Any]
Weights = Mapping[str, float]


@dataclass
class Regime:
    """What a regime map found.

    Parameters
    ----------
    study, folder : what was studied, where results are kept. x, y : the conditions.
    planes : the bundle first, then effects. iso : the bundle at other prices of the lever.
    unit : of the difference. robust : all policies over futures spread evenly (the coarse lattice).
    worlds_run, worlds_grid : worlds measured, and those a full grid as fine would take (same replicates).
    """

    study: Study
    folder: Path
    x: Axis
    y: Axis
    planes: tuple[Plane, ...]
    iso: tuple[Plane, ...]
    unit: str
    robust: Robust
    worlds_run: int
    worlds_grid: int
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    runs: pd.DataFrame = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, for ``--json``."""
        def plane(one: Plane) -> dict[str, Any]:
            return {"effect": one.effect, "first": one.first, "second": one.second, "price": one.price,
                    "smallest": one.smallest, "shares": one.shares(), "spots": [asdict(s) for s in one.spots]}

        plain: dict[str, Any] = without_nan(
            {"study": self.study.text.name, "folder": str(self.folder), "x": asdict(self.x), "y": asdict(self.y),
             "unit": self.unit, "planes": [plane(one) for one in self.planes], "iso": [plane(one) for one in self.iso],
             "robust": asdict(self.robust), "worlds_run": self.worlds_run, "worlds_grid": self.worlds_grid,
             "failures": [asdict(one) for one in self.failures], "notes": list(self.notes)})
        return plain

    def table(self) -> pd.DataFrame:
        """Return every measured node of every plane as one row (also in ``regime.csv``)."""
        import pandas as pd

        rows = []
        for one in (*self.planes, *self.iso):
            for spot in sorted(one.spots, key=lambda s: s.node):
                x, y = one.lattice.share(spot.node)
                rows.append({"effect": one.effect, "price": one.price, self.x.name: self.x.value(x),
                             self.y.name: self.y.value(y), "difference": spot.mean, "low": spot.low,
                             "high": spot.high, "worlds": spot.worlds, "verdict": spot.verdict})
        return pd.DataFrame(rows)

    def own(self) -> tuple[float, float] | None:
        """Return the scenario's own place in the unit square, or None where it lies outside."""
        if self.x.own is None or self.y.own is None:
            return None
        return self.x.own, self.y.own


def axis(study: Study, name: str) -> Axis:
    """Return one side of the map."""
    from sim.parameters import BY_KEY

    one = study.text.uncertainties[name]
    assert one.range is not None
    text = one.text or (f"{BY_KEY[name].text}" if name in BY_KEY else name.replace("_", " "))
    own = 1.0 if one.times else study.scenario.values()[name]
    return Axis(name, text, *one.range, one.logarithmic, own_share(study, name), own, one.ends)


def weights_of(study: Study, effect: str) -> Weights:
    """Return the weight of each policy in an effect: of the bundle, or a main effect of the design."""
    if effect == BUNDLE:
        return {study.scenario.focus: 1.0, study.scenario.baseline: -1.0}
    names = {policy.name for policy in study.policies}
    both = [cell for cell in _cells() if cell[3] in names]
    full = len(both) == 8
    cells = both if full else [cell for cell in both if cell[2] == 0]
    factor = ("reach", "fit", "practice").index(effect)
    return {cell[3]: (1.0 if cell[factor] else -1.0) * 2 / len(cells) for cell in cells}


def _cells() -> list[tuple[int, int, int, str]]:
    return [(r, f, p, f"{'wide' if r else 'known'}_by_{'fit' if f else 'trust'}{'_with_practice' if p else ''}")
            for r in (0, 1) for f in (0, 1) for p in (0, 1)]


SIDES = {"reach": ("wide search", "known partners"), "fit": ("choice by fit", "choice by trust"),
         "practice": ("strategic practice", "plain work")}


class Surveyor:
    """Measures nodes of one plane through a campaign.

    Parameters
    ----------
    one : the open study. price : value of the lever, None without.
    """

    def __init__(self, one: Campaign, price: Value | None = None, place: int = 0) -> None:
        self.one, self.price = one, price
        chosen = one.study.text.map
        assert chosen is not None
        self.map = chosen
        self.lattice = Lattice(chosen.steps, chosen.refine)
        self.offset = 1 + place * (self.lattice.side + 1) ** 2
        self.points: dict[Node, Point] = {}
        self.weights = weights_of(one.study, BUNDLE)

    def point(self, node: Node) -> Point:
        """Return the future at a node."""
        known = self.one.study.text.uncertainties
        x, y = self.lattice.share(node)
        at: list[tuple[str, Value]] = [(self.map.x, placed(known[self.map.x], x)),
                                       (self.map.y, placed(known[self.map.y], y))]
        if self.map.lever is not None and self.price is not None:
            at.append((self.map.lever, self.price))
        return Point(self.offset + node[0] * (self.lattice.side + 1) + node[1], tuple(at))

    def measure(self, nodes: Iterable[Node]) -> dict[Node, float]:
        """Run nodes, with more replicates where the winner is in doubt, and return their mean differences."""
        new = {node: self.point(node) for node in nodes}
        if not new:
            return {}
        self.points |= new
        rule = rule_of(self.one.study)
        looks = rule.looks() if rule else [self.one.study.text.replicates]
        asked: Sequence[Point] = list(new.values())
        for count in looks:
            self.one.run(interleaved(asked, count, self.one.study.scenario.seed))
            if self.one.how.shard is not None:
                break
            asked = self._in_doubt(asked)
            if not asked:
                break
        table = effect_of(self.one.frame(), self.one.study, self.weights)
        means = table.groupby(level="future").mean()
        return {node: float(means[p.number]) for node, p in new.items() if p.number in means.index}

    def _in_doubt(self, asked: Sequence[Point]) -> list[Point]:
        """Return the points whose winner is not known, and whose interval is wider than asked."""
        rule = rule_of(self.one.study)
        if rule is None:
            return []
        table = effect_of(self.one.frame(), self.one.study, self.weights)
        left = []
        for point in asked:
            _, low, high = interval(_at(table, point.number), rule.each())
            if low <= 0 <= high and (high - low) / 2 > rule.half_width:
                left.append(point)
        return left

    def plane(self, effect: str, frame: pd.DataFrame) -> Plane:
        """Return the map of one effect at the nodes that were measured."""
        study, rule = self.one.study, rule_of(self.one.study)
        table = effect_of(frame, study, weights_of(study, effect))
        smallest = smallest_of(values_of(frame, study.text.outcomes[0]), study.scenario.baseline)
        direction = outcomes()[study.text.outcomes[0]].direction
        paid = self._paid(frame) if effect == BUNDLE else {}
        spots = []
        for node, point in self.points.items():
            values = _at(table, point.number)
            mean, low, high = interval(values, rule.each() if rule else LEVEL)
            if len(values):
                verdict = class_of(low, high, smallest, direction)
                spots.append(Spot(node, point.number, mean, low, high, len(values), verdict,
                                  paid.get(point.number, math.nan)))
        first, second = SIDES.get(effect, (study.scenario.focus, study.scenario.baseline))
        return Plane(effect, first, second, self.lattice, tuple(spots), smallest, self.price)

    def _paid(self, frame: pd.DataFrame) -> dict[int, float]:
        """Return what the focus bears of the cost that the lever cuts, by future."""
        if self.map.paid is None:
            return {}
        means = values_of(frame, self.map.paid)[self.one.study.scenario.focus].groupby(level="future").mean()
        return {int(str(number)): float(value) for number, value in means.items()}


def effect_of(frame: pd.DataFrame, study: Study, weights: Weights) -> pd.Series[float]:
    """Return an effect world by world, by future and replicate; worlds in which a policy failed are left out."""
    outcome = study.text.outcomes[0]
    sign = -1.0 if outcomes()[outcome].direction == "lower" else 1.0
    table = values_of(frame, outcome)
    total = sum(sign * weight * table[name] for name, weight in weights.items())
    return total.dropna()  # type: ignore[union-attr]


def _at(table: pd.Series[float], number: int) -> Array:
    return np.asarray(table[table.index.get_level_values("future") == number], float)


def regime(study: Study, out: str | Path | None = None, how: How | None = None) -> Regime:
    """Draw the map of a study; what was run before is not run again.

    Raises `UsageError` for a study without a ``map``; `runner.Interrupted` when stopped.
    """
    if study.text.map is None:
        raise UsageError(f"study '{study.text.name}' has no map: say which two conditions, map: {{x: ..., y: ...}}")
    with campaign(study, out, how) as one:
        surveyors = survey(one)
        found = result(one, surveyors)
        write_csv(one.store.folder / TABLE, found.table())
    return found


def survey(one: Campaign) -> list[Surveyor]:
    """Measure the plane, once for each price of the lever, and the scenario's own place."""
    chosen = one.study.text.map
    assert chosen is not None
    one.run(interleaved([Point(OWN)], one.study.text.replicates, one.study.scenario.seed))
    surveyors = [Surveyor(one, price, place) for place, price in enumerate((None, *chosen.prices))]
    for surveyor in surveyors:
        if one.how.shard is not None:  # shards share what is known beforehand; whoever comes last refines
            surveyor.measure(surveyor.lattice.nodes())
        else:
            follow(surveyor.lattice, surveyor.measure)
    return surveyors


def evenly(frame: pd.DataFrame, surveyor: Surveyor) -> pd.DataFrame:
    """Return the runs of the coarse lattice and of the own place: futures spread evenly, not crowded at the border."""
    coarse = [surveyor.points[node].number for node in surveyor.lattice.nodes() if node in surveyor.points]
    return frame[frame["future"].isin([OWN, *coarse])]


def result(one: Campaign, surveyors: Sequence[Surveyor]) -> Regime:
    """Return what the finished runs say."""
    study, frame = one.study, one.frame()
    chosen = study.text.map
    assert chosen is not None
    first = surveyors[0]
    planes = tuple(first.plane(effect, frame) for effect in (BUNDLE, *chosen.effects))
    name, scenario = study.text.outcomes[0], study.scenario
    rule = rule_of(study)
    most = rule.most if rule else study.text.replicates
    full = (first.lattice.side + 1) ** 2 * len(surveyors)
    run = len(frame.loc[frame["future"] != OWN, ["future", "replicate"]].drop_duplicates())
    return Regime(study, one.store.folder, axis(study, chosen.x), axis(study, chosen.y), planes,
                  tuple(s.plane(BUNDLE, frame) for s in surveyors[1:]), outcomes()[name].unit,
                  robust(evenly(frame, first), name, scenario.focus, scenario.baseline), run, full * most,
                  tuple(one.failures.values()), tuple(one.store.notes), frame)
