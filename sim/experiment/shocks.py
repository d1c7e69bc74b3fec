"""What a dated shock does to each policy: the level before it, the fall, what is lost, when it is made up for.

The scenario's own worlds are run once more without any shock: the same luck, so until the first shock they are the same
to the cent and afterwards what differs is its doing. A world alone is too noisy to say when it has recovered: the mean
over worlds says it, and a bootstrap over worlds how surely. An earlier shock goes on acting: each is measured from
where the year before it stood.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import statistics as st
from sim.experiment.analysis import COST_SERIES
from sim.experiment.campaign import about, conduct
from sim.experiment.design import plan
from sim.experiment.findings import Estimate, Findings
from sim.experiment.runner import Progress
from sim.experiment.store import Store
from sim.kernels.money import CENTS_PER_KEUR
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
YEAR = 4
MATTERS = 0.02  # recovered: within this share of the level before (assumed, as for differences of interest)
RESAMPLES, LOW, HIGH = 2000, 2.5, 97.5
ENDING = "-without-shocks"
SHOCKS = "shocks.csv"


@dataclass(frozen=True)
class Recovery:
    """How one policy came through what happened in one quarter; kEUR of net value per organisation.

    Parameters
    ----------
    shock : what happened. at, until : its quarter, and the last one before the next shock or the end.
    policy : which. before : net value a quarter, in the year before.
    fall : by how much a quarter is lower in the worst year after it than without it.
    lost : what all quarters from ``at`` to ``until`` lack.
    back : quarters until a year is as good as without it; 0 if none was worse, infinite if not until ``until``.
    back_low, back_high : 95 % bootstrap interval.
    ahead_before, ahead_after : against the baseline, a quarter, in the year before and the year after.
    """

    shock: str
    at: int
    until: int
    policy: str
    before: Estimate
    fall: Estimate
    lost: Estimate
    back: float
    back_low: float
    back_high: float
    ahead_before: Estimate
    ahead_after: Estimate


def undisturbed(scenario: Scenario) -> Scenario:
    """Return the scenario without shocks and without futures."""
    return scenario.model_copy(update={"shocks": (), "futures": scenario.futures.model_copy(update={"count": 0})})


def folder_beside(folder: Path) -> Path:
    """Return where the worlds without shocks are kept."""
    return folder.with_name(folder.name + ENDING)


def run_undisturbed(scenario: Scenario, folder: Path, rules: Sequence[str], jobs: int | None, path: str | None,
                    progress: Progress | None, force: bool) -> None:
    """Run what is missing of the worlds without shocks; nothing for a scenario that has none."""
    if not scenario.shocks:
        return
    calm, store = undisturbed(scenario), Store(folder_beside(folder))
    with store.writing():
        conduct(store, plan(calm, rules=rules), about(calm, path), jobs, path, progress, force)


def recoveries(scenario: Scenario, findings: Findings, series: pd.DataFrame, folder: Path,
               rules: Sequence[str] = ()) -> tuple[Recovery, ...]:
    """Return how each policy came through each shock; nothing where the worlds without shocks are not there."""
    store = Store(folder_beside(folder))
    if not scenario.shocks or store.holds() is None:
        return ()
    calm = store.series([spec.run_id for world in plan(undisturbed(scenario), rules=rules) for spec in world])
    if calm.empty:
        return ()
    scale = findings.organisations * CENTS_PER_KEUR
    dates = {shock.at: _named(scenario, shock.at) for shock in scenario.shocks if shock.at <= findings.quarters}
    return compared(dates,
                    {name: _flows(series, name) / scale for name in findings.policies},
                    {name: _flows(calm, name) / scale for name in findings.policies}, findings.baseline)


def _named(scenario: Scenario, at: int) -> str:
    return ", ".join(f"{one.kind.replace('_', ' ')}{'' if one.which < 0 else f' {one.which}'}"
                     for one in scenario.shocks if one.at == at)


def _flows(series: pd.DataFrame, policy: str) -> pd.DataFrame:
    """Return the net value of each quarter in cents, [replicate, step]: own worlds of one policy."""
    own = series[(series["future"] == 0) & (series["policy"] == policy)]
    net = own["value"] - own[[name for name in COST_SERIES if name in own]].sum(axis=1)
    return own.assign(net=net).pivot(index="replicate", columns="step", values="net")


def compared(shocks: dict[int, str], struck: dict[str, pd.DataFrame], calm: dict[str, pd.DataFrame],
             baseline: str) -> tuple[Recovery, ...]:
    """Return how each policy came through.

    Parameters
    ----------
    shocks : quarter (1 is the first) to what happened in it. baseline : the policy that others are set against.
    struck, calm : policy to a frame [replicate, step] of net value, with the shocks and without.
    """
    frames = [*struck.values(), *calm.values()]
    whole = sorted(set.intersection(*(set(frame.dropna().index) for frame in frames)))
    if not whole:
        return ()
    one = {name: frame.loc[whole].to_numpy(float) for name, frame in struck.items()}
    other = {name: frame.loc[whole].to_numpy(float) for name, frame in calm.items()}
    dates = sorted(shocks)
    ends = [*(date - 1 for date in dates[1:]), frames[0].shape[1]]
    return tuple(_recovery(shocks[at], at, until, name, one, other, baseline)
                 for at, until in zip(dates, ends, strict=True) for name in struck)


def _recovery(shock: str, at: int, until: int, name: str, struck: dict[str, Array], calm: dict[str, Array],
              baseline: str) -> Recovery:
    before, after = slice(max(0, at - 1 - YEAR), at - 1), slice(at - 1, min(until, at - 1 + YEAR))
    effect, gap = struck[name] - calm[name], struck[name] - struck[baseline]
    caused = effect[:, at - 1:until] - _mean(effect[:, before])[:, None]
    level = _mean(struck[name][:, before])
    years = np.lib.stride_tricks.sliding_window_view(caused, min(YEAR, caused.shape[1]), axis=1).mean(axis=2)
    enough = -MATTERS * abs(float(level.mean()))
    low, high = _spread(years, enough)
    return Recovery(shock, at, until, name, st.estimate(level), st.estimate(years[:, int(years.mean(axis=0).argmin())]),
                    st.estimate(caused.sum(axis=1)), back(years.mean(axis=0), enough), low, high,
                    st.estimate(_mean(gap[:, before])), st.estimate(_mean(gap[:, after])))


def _mean(values: Array) -> Array:
    """Return the mean over quarters, 0 where there are none (a shock in the first quarter)."""
    return values.mean(axis=1) if values.shape[1] else np.zeros(len(values))


def back(years: Array, enough: float) -> float:
    """Return after how many quarters a year begins from which on it is no worse than ``enough``; inf: never."""
    low = np.flatnonzero(years < enough)
    if not len(low):
        return 0.0
    return float(low[-1] + 1) if low[-1] + 1 < len(years) else math.inf


def _spread(years: Array, enough: float) -> tuple[float, float]:
    """Return the 95 % interval of `back` by bootstrap over worlds."""
    count = len(years)
    if count < 2:
        return math.nan, math.nan
    draws = np.random.default_rng(count).integers(0, count, (RESAMPLES, count))
    found = [back(years[draw].mean(axis=0), enough) for draw in draws]
    low, high = np.percentile(found, [LOW, HIGH], method="nearest")
    return float(low), float(high)


def table(found: Sequence[Recovery]) -> pd.DataFrame:
    """Return one row for each shock and policy, for a spreadsheet."""
    import pandas as pd

    rows = []
    for one in found:
        row: dict[str, Any] = {}
        for name, value in asdict(one).items():
            row |= {name: value["mean"], f"{name}_low_95": value["low"], f"{name}_high_95": value["high"]} \
                if isinstance(value, dict) else {name: value}
        rows.append(row)
    return pd.DataFrame(rows)
