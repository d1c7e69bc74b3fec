"""A sweep: policies × futures × replicates, until all is run or the difference is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import statistics as st
from sim.experiment.campaign import Campaign, How, campaign, values_of
from sim.experiment.findings import Estimate, Failure, without_nan
from sim.experiment.points import OWN, Point, interleaved, points
from sim.experiment.robust import Robust, class_of, robust, smallest_of
from sim.experiment.shards import OUTCOME
from sim.experiment.stopping import FIRST, NARROW, SPENT, Rule, interval
from sim.outcomes.registry import outcomes
from sim.record import write_csv
from sim.scenario.cautions import cautions

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.load_study import Study

TABLE = "sweep.csv"
IN_ORDER = ("sobol", "morris")  # their points come in blocks that belong together


@dataclass(frozen=True)
class Row:
    """Focus against baseline at one future: what it changes, the paired difference, and what can be said."""

    future: int
    at: dict[str, Any]
    estimate: Estimate
    verdict: str


@dataclass
class Sweep:
    """What a sweep found.

    Parameters
    ----------
    study : what was studied. folder : where results are kept.
    rows : the difference in the deciding outcome, future by future.
    robust : all policies over all futures. own : paired differences of all policies and outcomes at own values.
    saved : how many times fewer runs the pairing needs, by policy, over own values' worlds.
    why : why it stopped. failures, notes : what did not finish, plain warnings.
    runs : a row for each run.
    """

    study: Study
    folder: Path
    rows: tuple[Row, ...]
    robust: Robust
    own: tuple[dict[str, Any], ...]
    saved: dict[str, float]
    why: str
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    runs: pd.DataFrame = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, for ``--json``."""
        names = ("rows", "robust", "own", "saved", "why", "failures", "notes")
        plain: dict[str, Any] = without_nan(
            {"study": self.study.text.name, "folder": str(self.folder), "runs": len(self.runs)}
            | {key: _plain(getattr(self, key)) for key in names})
        return plain

    def table(self) -> pd.DataFrame:
        """Return every future as one row (also in ``sweep.csv``)."""
        import pandas as pd

        rows = [{"future": row.future, **row.at, "difference": row.estimate.mean, "low_95": row.estimate.low,
                 "high_95": row.estimate.high, "worlds": row.estimate.worlds, "verdict": row.verdict}
                for row in self.rows]
        means = self.runs.pivot_table(index="future", columns="policy", aggfunc="mean", sort=False,
                                      values=f"{OUTCOME}{self.study.text.outcomes[0]}")
        return pd.DataFrame(rows).merge(means.reset_index(), on="future", how="left")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def sweep(study: Study, out: str | Path | None = None, how: How | None = None) -> Sweep:
    """Run a study and say what its futures show; what was run before is not run again.

    Raises `runner.Interrupted` when stopped; `campaign.NothingRan` when no run finished.
    """
    with campaign(study, out, how) as open_study:
        why = run_design(open_study, points(study))
        found = findings(open_study, why)
        write_csv(open_study.store.folder / TABLE, found.table())
    return found


def run_design(one: Campaign, found: list[Point]) -> str:
    """Run every point of a design under every policy; with a stop rule, until it is known."""
    study = one.study
    shuffled = study.text.design.kind not in IN_ORDER
    rule = rule_of(study)
    if rule is None:
        one.run(interleaved(found, study.text.replicates, study.scenario.seed, shuffled))
        return "all planned runs are done"
    for count in rule.looks():
        one.run(interleaved(found, count, study.scenario.seed, shuffled))
        if one.how.shard is None and widest(one, rule) <= rule.half_width:
            return f"{NARROW}: half width at most {rule.half_width:g} after {count} replicates"
    return f"{SPENT}: {rule.most} replicates"


def rule_of(study: Study) -> Rule | None:
    """Return the study's stop rule; the first look comes at its ``replicates``."""
    stop = study.text.stop
    return None if stop is None else Rule(stop.half_width, max(FIRST, study.text.replicates), stop.most, stop.level)


def widest(one: Campaign, rule: Rule) -> float:
    """Return the largest half width, over futures, of the difference's interval at this look."""
    gap = differences(one.frame(), one.study)
    return max((high - low) / 2 for _, low, high in
               (interval(values.to_numpy(), rule.each()) for _, values in gap.groupby(level="future")))


def differences(frame: pd.DataFrame, study: Study) -> pd.Series[float]:
    """Return focus − baseline in the deciding outcome, by future and replicate."""
    table = values_of(frame, study.text.outcomes[0])
    return table[study.scenario.focus] - table[study.scenario.baseline]


def findings(one: Campaign, why: str) -> Sweep:
    """Return what the finished runs say."""
    study, frame = one.study, one.frame()
    outcome = outcomes()[study.text.outcomes[0]]
    focus, baseline = study.scenario.focus, study.scenario.baseline
    smallest = smallest_of(values_of(frame, outcome.name), baseline)
    rule = rule_of(study)
    rows = []
    for key, values in differences(frame, study).groupby(level="future"):
        number = int(str(key))
        value = st.estimate(values.to_numpy())
        low, high = (value.low, value.high) if rule is None else interval(values.to_numpy(), rule.each())[1:]
        rows.append(Row(number, dict(one.points[number].at), value,
                        class_of(low, high, smallest, outcome.direction)))
    return Sweep(study, one.store.folder, tuple(rows), robust(frame, outcome.name, focus, baseline),
                 tuple(own_differences(frame, study)), savings(frame, study), why, tuple(one.failures.values()),
                 (*cautions(study.scenario), *one.store.notes), frame)


def own_differences(frame: pd.DataFrame, study: Study) -> list[dict[str, Any]]:
    """Return each policy against the baseline in each outcome, under the scenario's own values."""
    known, found = outcomes(), []
    own = frame[frame["future"] == OWN]
    for name in study.text.outcomes if len(own) else ():
        table = values_of(own, name)
        for policy in table.columns.drop(study.scenario.baseline):
            value = st.estimate((table[policy] - table[study.scenario.baseline]).to_numpy())
            found.append({"outcome": name, "unit": known[name].unit, "policy": policy, "difference": value.mean,
                          "low": value.low, "high": value.high, "worlds": value.worlds})
    return found


def savings(frame: pd.DataFrame, study: Study) -> dict[str, float]:
    """Return how many times fewer runs the paired difference needs: median over futures of the variance ratio."""
    table = values_of(frame, study.text.outcomes[0])
    baseline = study.scenario.baseline
    ratios: Mapping[str, list[float]] = {
        policy: [st.variance_ratio(rows[policy], rows[baseline]) for _, rows in table.groupby(level="future")]
        for policy in table.columns if policy != baseline}
    return {policy: float(np.nanmedian(found)) for policy, found in ratios.items() if np.isfinite(found).any()}
