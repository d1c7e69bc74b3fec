"""Compare policies on the same worlds: run what is missing, then say what the paired worlds show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.analysis import analyse
from sim.experiment.design import plan
from sim.experiment.findings import Findings
from sim.experiment.runner import Progress, run_missing
from sim.experiment.store import RUNS, SERIES, Lock, Store
from sim.record import write_csv
from sim.scenario.load import load
from sim.scenario.overrides import parse_overrides
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Comparison:
    """What `compare` returns.

    Parameters
    ----------
    scenario : what was compared. findings : what it says. folder : where the results are kept.
    runs : a row for each run. wide_series : a row for each run and quarter.
    """

    scenario: Scenario
    findings: Findings
    folder: Path
    runs: pd.DataFrame = field(repr=False)
    wide_series: pd.DataFrame = field(repr=False)

    def totals(self) -> pd.DataFrame:
        """Return a tidy frame: policy, future, replicate, outcome, value."""
        names = [name for name in self.runs.columns if name.startswith("outcome_")]
        tidy = self.runs.melt(["policy", "future", "replicate"], names, "outcome", "value")
        return tidy.assign(outcome=tidy["outcome"].str.removeprefix("outcome_"))

    def to_pandas(self) -> pd.DataFrame:
        """Return a tidy frame of all series: policy, future, replicate, step, outcome, value."""
        keys = ["policy", "future", "replicate", "step"]
        names = [name for name in self.wide_series.columns if name not in (*keys, "run_id")]
        return self.wide_series.melt(keys, names, "outcome", "value")

    def __repr__(self) -> str:
        from sim.report.text import headline, policies

        return f"{headline(self.findings)}\n\n{policies(self.findings)}"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(repr(self))}</pre>"


def compare(scenario: str | Path | Scenario, replicates: int | None = None, seed: int | None = None,
            jobs: int | None = None, out: str | Path | None = None, overrides: Sequence[str] = (),
            policies: Sequence[str] | None = None, rules: Sequence[str] = (), force: bool = False,
            progress: Progress | None = None) -> Comparison:
    """Compare the policies of a scenario on the same worlds.

    Parameters
    ----------
    scenario : path of a scenario file, or a loaded one.
    replicates : worlds with the scenario's own values (and as many plausible futures as it states).
    seed, overrides, policies : changes to the scenario; ``overrides`` as on the command line.
    jobs : processes; default: one for each core. out : result folder; default ``results/<name>``.
    rules : the user's rule files. force : run again what is already kept.

    Returns
    -------
    Comparison. What was finished before is not run again.
    """
    chosen = resolve(scenario, replicates, seed, overrides, policies, rules)
    folder = Path(out) if out else Path("results") / chosen.name
    planned = plan(chosen, rules=[str(Path(path).resolve()) for path in rules])
    store = Store(folder)
    with Lock(folder):
        if force:
            clear(store)
        store.begin(chosen, [spec for world in planned for spec in world])
        failures = run_missing(planned, store, jobs, progress)
    ids = {spec.run_id for world in planned for spec in world}
    runs, series = store.frame(RUNS), store.frame(SERIES)
    runs, series = runs[runs["run_id"].isin(ids)], series[series["run_id"].isin(ids)]
    findings = analyse(chosen, runs, series, failures)
    result = Comparison(chosen, findings, folder, runs, series)
    write_csv(folder / "comparison.csv", table(findings))
    return result


def resolve(scenario: str | Path | Scenario, replicates: int | None = None, seed: int | None = None,
            overrides: Sequence[str] = (), policies: Sequence[str] | None = None,
            rules: Sequence[str] = ()) -> Scenario:
    """Return the scenario with all changes of a call applied."""
    from sim.rules.registry import add_user_file

    for path in rules:
        add_user_file(path)
    changes: dict[str, Any] = dict(parse_overrides(list(overrides)))
    if replicates is not None:
        changes["replicates"] = replicates
    if seed is not None:
        changes["seed"] = seed
    if not isinstance(scenario, Scenario):
        if policies is not None:
            changes["policies"] = list(policies)
        return load(scenario, changes)
    update: dict[str, Any] = {name: changes[name] for name in ("replicates", "seed") if name in changes}
    if policies is not None:
        update["policies"] = tuple(scenario.policy(name) for name in policies)
    return scenario.model_copy(update=update)


def clear(store: Store) -> None:
    """Remove the kept results of a study."""
    for kind in (RUNS, SERIES):
        for path in (store.folder / kind).glob("part-*.parquet"):
            path.unlink()


def table(findings: Findings) -> pd.DataFrame:
    """Return the differences as a table for a spreadsheet."""
    import pandas as pd

    return pd.DataFrame([{
        "policy": d.policy, "against": d.against, "outcome": d.outcome, "unit": d.unit, "better": d.direction,
        "difference": d.estimate.mean, "low_95": d.estimate.low, "high_95": d.estimate.high,
        "worlds": d.estimate.worlds, "share_of_worlds_ahead": d.led,
        "futures": d.futures.worlds if d.futures else 0,
        "share_of_futures_ahead": d.futures.led if d.futures else float("nan"), "verdict": d.verdict,
        "variance_ratio": d.variance_ratio} for d in findings.differences])
