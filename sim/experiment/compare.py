"""Compare policies on the same worlds: run what is missing, then say what the paired worlds show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UsageError
from sim.experiment.analysis import analyse
from sim.experiment.campaign import HOME, NothingRan, about, conduct
from sim.experiment.design import command, futures, plan, resized
from sim.experiment.findings import Carrier, Difference, Findings, with_nan
from sim.experiment.runner import Progress
from sim.experiment.shards import OUTCOME, study_of
from sim.experiment.shocks import SHOCKS, recoveries, run_undisturbed
from sim.experiment.shocks import table as shocks_table
from sim.experiment.store import Store
from sim.record import DamagedFile, read_json, write_csv
from sim.run import RunSpec, engine, find_policy
from sim.scenario.cautions import cautions
from sim.scenario.load import load
from sim.scenario.overrides import parse_overrides
from sim.scenario.policy import policy_names
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

TABLE = "comparison.csv"
CHANNELS, CHANNELS_FILE = "-channels", "channels.json"


@dataclass
class Comparison:
    """What `compare` returns.

    Parameters
    ----------
    scenario : what was compared. findings : what it says. folder : where the results are kept.
    runs : a row for each run. wide_series : a row for each run and quarter.
    rules : the user's rule files that were named.
    """

    scenario: Scenario
    findings: Findings
    folder: Path
    runs: pd.DataFrame = field(repr=False)
    wide_series: pd.DataFrame = field(repr=False)
    rules: tuple[str, ...] = ()

    def totals(self) -> pd.DataFrame:
        """Return a tidy frame: policy, future, replicate, outcome, value."""
        names = [name for name in self.runs.columns if name.startswith(OUTCOME)]
        tidy = self.runs.melt(["policy", "future", "replicate"], names, "outcome", "value")
        return tidy.assign(outcome=tidy["outcome"].str.removeprefix(OUTCOME))

    def to_pandas(self) -> pd.DataFrame:
        """Return a tidy frame of all series: policy, future, replicate, step, outcome, value."""
        keys = ["policy", "future", "replicate", "step"]
        names = [name for name in self.wide_series.columns if name not in (*keys, "run_id")]
        tidy = self.wide_series.melt(keys, names, "outcome", "amount")  # a series is called "value" too
        return tidy.rename(columns={"amount": "value"})

    def sectors(self, policy: str) -> np.ndarray[Any, Any]:
        """Return [sectors, sectors] float64: mean ties alive at the end under a policy, over own worlds."""
        own = self.runs[(self.runs["policy"] == policy) & (self.runs["future"] == 0)]["sectors"]
        flat = np.mean(np.stack([np.asarray(one, float) for one in own]), axis=0)
        side = round(len(flat) ** 0.5)
        return flat.reshape(side, side)

    def table(self) -> pd.DataFrame:
        """Return every difference as one row (also in ``comparison.csv``)."""
        return table(self.findings)

    def spec(self, policy: str, future: int = 0, replicate: int = 0) -> RunSpec:
        """Return one run of the comparison, for `sim.run.run` or a closer look at its world."""
        row = self.runs[(self.runs["policy"] == policy) & (self.runs["future"] == future)]
        if not future:
            row = row[row["replicate"] == replicate]
        if row.empty:
            raise UsageError(f"no run of {policy} in future {future}, replicate {replicate}")
        values = futures(self.scenario)[future - 1] if future else ()
        return RunSpec(self.scenario, policy, future, values, int(row["replicate"].iloc[0]), self.rules)

    def __repr__(self) -> str:
        return summary(self.findings)

    def _repr_html_(self) -> str:
        said, frame = escape(summary(self.findings).splitlines()[0]), self.table()
        rows = frame[frame["outcome"] == self.findings.headline.outcome].drop(columns=["against", "outcome"])
        table_said = rows.to_html(index=False, float_format="{:.3g}".format, border=0)
        return f"<p><b>{said}</b></p>{table_said}{_replay(self)}"


def _replay(comparison: Comparison) -> str:
    """Return the replay that the page above this layer makes (asked for by name), or nothing without it."""
    try:
        return str(import_module("sim.app.notebook").shown(comparison))
    except ModuleNotFoundError:
        return ""


def summary(findings: Findings) -> str:
    """Return the headline and the net value of every policy in plain lines."""
    head = findings.headline
    worlds = f"{head.led * head.estimate.worlds:g} of {head.estimate.worlds} worlds"
    if head.futures:
        drawn = head.futures
        worlds += f" and {drawn.led * drawn.worlds:g} of {drawn.worlds} plausible futures"
    lines = [f"{_said(head)}; {head.verdict}; ahead in {worlds}"]
    lines += [f"  {_said(d)}; {d.verdict}" for d in findings.differences
              if d.outcome == head.outcome and d.policy != head.policy]
    return "\n".join(lines)


def _said(d: Difference) -> str:
    value = d.estimate
    size = f"{value.mean:+.3g} [{value.low:+.3g}, {value.high:+.3g}] {d.unit}"
    return f"{d.policy} against {d.against}: {size} ({d.outcome})"


def compare(scenario: str | Path | Scenario, replicates: int | None = None, seed: int | None = None,
            jobs: int | None = None, out: str | Path | None = None,
            overrides: Sequence[str] | Mapping[str, Any] = (), policies: Sequence[str] | None = None,
            rules: Sequence[str] = (), force: bool = False, progress: Progress | None = None) -> Comparison:
    """Compare the policies of a scenario on the same worlds.

    Parameters
    ----------
    scenario : path of a scenario file, or a loaded one.
    replicates : worlds with the scenario's own values, and as many plausible futures where it draws any.
    seed, policies : other luck; other policies than the scenario's.
    overrides : changes to settings, as on the command line (``["trust.general=0.4"]``) or as a mapping.
    jobs : processes; default: one for each core.
    out : folder for results; default: ``results/<name>``.
    rules : the user's rule files.
    force : set aside what is already there and run everything again.
    progress : called with runs done, planned and failed.

    Returns
    -------
    Comparison
        What was finished before is not run again. Raises `runner.Interrupted` when stopped.
    """
    chosen = resolve(scenario, replicates, seed, overrides, policies, rules)
    files = tuple(str(Path(path).resolve()) for path in rules)
    worlds = plan(chosen, rules=files)
    store = Store(out or default_folder(chosen, worlds[0][0]))
    path = None if isinstance(scenario, Scenario) else str(scenario)
    with store.writing():
        asked = command(path, replicates, seed, overrides, policies, rules)
        content = {**about(chosen, path), "command": asked, "source": chosen.model_dump_json()}
        failures = conduct(store, worlds, content, jobs, str(store.folder), progress, force)
        run_undisturbed(chosen, store.folder, files, jobs, path, progress, force)
        ids = [spec.run_id for world in worlds for spec in world]
        runs, series = store.runs(ids), store.series(ids)
        if runs.empty:
            raise NothingRan(f"none of {len(ids)} runs finished; the first error: {failures[0].error}")
        findings = analyse(chosen, runs, series, failures, (*cautions(chosen), *store.notes))
        findings = replace(findings, carriers=carriers(chosen, worlds[0][0]),
                           shocks=recoveries(chosen, findings, series, store.folder, files))
        write_csv(store.folder / TABLE, table(findings))
        if findings.shocks:
            write_csv(store.folder / SHOCKS, shocks_table(findings.shocks))
    return Comparison(chosen, findings, store.folder, runs, series, files)


def default_folder(scenario: Scenario, spec: RunSpec, ending: str = "") -> Path:
    """Return ``results/<name>``, or a folder of its own for a scenario changed since (``--set``)."""
    folder = HOME / f"{scenario.name}{ending}"
    study = study_of(spec)
    return folder if Store(folder).holds() in (None, study) else HOME / f"{scenario.name}{ending}-{study[:6]}"


def carriers(scenario: Scenario, spec: RunSpec) -> tuple[Carrier, ...]:
    """Return what each channel carries, where `sim.experiment.channels` has found it out for this very study."""
    try:
        found = read_json(default_folder(scenario, spec, CHANNELS) / CHANNELS_FILE)
        about_it = (found["policy"], found["against"], found["study"], found["engine"])
        if about_it != (scenario.focus, scenario.baseline, study_of(spec), engine()):
            return ()
        return tuple(Carrier(one["name"], with_nan(one["loss"]), with_nan(one["gain"])) for one in found["channels"])
    except (DamagedFile, KeyError, TypeError):  # not there, or not ours: it is said how to find out
        return ()


def resolve(scenario: str | Path | Scenario, replicates: int | None = None, seed: int | None = None,
            overrides: Sequence[str] | Mapping[str, Any] = (), policies: Sequence[str] | None = None,
            rules: Sequence[str] = ()) -> Scenario:
    """Return the scenario with all changes of a call applied."""
    from sim.rules.registry import add_user_file

    for path in rules:
        add_user_file(path)
    changes = dict(overrides) if isinstance(overrides, Mapping) else dict(parse_overrides(list(overrides)))
    if isinstance(scenario, Scenario):
        if changes:
            raise UsageError("overrides change a scenario file, not a scenario that is already loaded")
        chosen = scenario
        if policies is not None:
            found = tuple(find_policy(chosen, name) for name in policies)
            chosen = chosen.model_copy(update={"policies": found})
    else:
        chosen = _loaded(scenario, changes, policies)
    if "futures.count" in changes and replicates is not None:
        return resized(chosen, None, seed).model_copy(update={"replicates": replicates})
    return resized(chosen, replicates, seed)


def _loaded(path: str | Path, changes: dict[str, Any], policies: Sequence[str] | None) -> Scenario:
    """Return the scenario in a file under some policies: built-in ones, or arms of its own by their names."""
    if policies is None or not set(policies) - set(policy_names()):
        return load(path, changes | ({} if policies is None else {"policies": list(policies)}))
    loaded = load(path, changes)
    if loaded.baseline not in policies:
        raise UsageError(f"--policies: the baseline {loaded.baseline!r} must be among them")
    found = tuple(find_policy(loaded, name) for name in dict.fromkeys(policies))
    focus = loaded.focus if loaded.focus in policies else next((n for n in policies if n != loaded.baseline), None)
    return loaded.model_copy(update={"policies": found, "focus": focus or loaded.baseline})


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
