"""A kept comparison, opened again from its folder without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sim.errors import UsageError
from sim.experiment.analysis import analyse
from sim.experiment.compare import Comparison, carriers
from sim.experiment.design import plan
from sim.experiment.shocks import recoveries
from sim.experiment.store import Store
from sim.run import engine
from sim.scenario.scenario import Scenario


def reopen(folder: str | Path, rules: Sequence[str] = ()) -> Comparison:
    """Return the comparison that ``mobilise compare`` kept in a folder (``rules``: files it was run with).

    Raises `UsageError` when the folder holds none, one of another version, or one without a finished run.
    """
    store = Store(Path(folder))
    if store.holds() is None:
        raise UsageError(f"{folder}: no comparison is kept here; name a folder that mobilise compare wrote")
    if "source" not in store.manifest:
        raise UsageError(f"{folder}: not a comparison, or one of an earlier version; run mobilise compare again")
    if store.manifest.get("engine") != engine():
        raise UsageError(f"{folder}: made by another version of the model; run "
                         f"{store.manifest.get('command', 'mobilise compare')} again")
    scenario = _scenario(store)
    files = tuple(str(Path(path).resolve()) for path in rules)
    specs = [spec for world in plan(scenario, rules=files) for spec in world]
    ids = [spec.run_id for spec in specs]
    runs, series = store.runs(ids), store.series(ids)
    if runs.empty:
        raise UsageError(f"{folder}: none of its runs is finished; run {store.manifest['command']} first")
    findings = analyse(scenario, runs, series, store.failures(ids), store.notes)
    findings = replace(findings, carriers=carriers(scenario, specs[0]),
                       shocks=recoveries(scenario, findings, series, store.folder, files))
    return Comparison(scenario, findings, store.folder, runs, series, files)


def _scenario(store: Store) -> Scenario:
    """Return the scenario as the manifest keeps it."""
    try:
        kept = Scenario.model_validate_json(store.manifest["source"])
    except ValueError:
        raise UsageError(f"{store.folder / 'manifest.json'}: its scenario cannot be read; "
                         "run mobilise compare again") from None
    return kept.with_tables(kept.tables.given(), dict(store.manifest["scenario"]["tables"]))
