"""How runs become shards: the columns of each kind, published by the worker that made them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.record import make_folder, write_shard
from sim.run import RunResult, RunSpec, engine

RUNS, SERIES = "runs", "series"
OUTCOME = "outcome_"
NOT_THE_WORLD = ("policy", "others", "values", "replicate")


def study_of(spec: RunSpec) -> str:
    """Return 16 hex digits for the world that is studied: all that its runs share."""
    content = {key: value for key, value in spec.content().items() if key not in NOT_THE_WORLD}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def names_of(specs: Sequence[RunSpec]) -> dict[str, Any]:
    """Return the columns that name each run."""
    return {"run_id": [spec.run_id for spec in specs], "policy": [spec.policy for spec in specs],
            "future": np.array([spec.future for spec in specs], np.int64),
            "replicate": np.array([spec.replicate for spec in specs], np.int64)}


def design_columns(specs: Sequence[RunSpec],
                   conditions: Mapping[int, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Return the plan as columns: names of each run, uncertain parameters, other conditions (none: own value)."""
    values = [dict(spec.values) for spec in specs]
    addresses = sorted({address for one in values for address in one})
    columns = names_of(specs) | {a: np.array([one.get(a, np.nan) for one in values], float) for a in addresses}
    at = [(conditions or {}).get(spec.future, {}) for spec in specs]
    for name in sorted({name for one in at for name in one} - set(addresses)):
        found = [one.get(name) for one in at]
        if {type(value) for value in found if value is not None} == {int, float}:
            found = [None if value is None else float(value) for value in found]  # a price of 0 beside one of 0.5
        mixed = len({type(value) for value in found if value is not None}) > 1
        columns[name] = [str(value) if mixed and value is not None else value for value in found]
    return columns


def run_columns(results: Sequence[RunResult]) -> dict[str, Any]:
    """Return one row for each run: who, organisations at the start, sector ties, accounts, and every outcome."""
    import pyarrow as pa

    columns = names_of([result.spec for result in results])
    columns["start"] = np.array([result.start for result in results], np.int64)
    columns["sectors"] = [result.sectors.ravel().astype(float).tolist() for result in results]
    columns["accounts"] = pa.array([result.accounts.ravel().tolist() for result in results], pa.list_(pa.float64()))
    for name in results[0].totals:
        columns[f"{OUTCOME}{name}"] = np.array([result.totals[name] for result in results], float)
    return columns


def series_columns(results: Sequence[RunResult]) -> dict[str, Any]:
    """Return one row for each run and compared quarter (the first is 1), one column for each series."""
    steps = [len(next(iter(result.series.values()))) for result in results]
    names = names_of([result.spec for result in results])
    columns: dict[str, Any] = {key: np.repeat(np.asarray(value), steps) for key, value in names.items()}
    columns["step"] = np.concatenate([np.arange(1, count + 1) for count in steps])
    for name in results[0].series:
        columns[name] = np.concatenate([result.series[name] for result in results])
    return columns


def publish(folder: str | os.PathLike[str], results: Sequence[RunResult], series: bool = True) -> None:
    """Publish finished runs as one shard: series first, so that a run that is in ``runs`` is whole."""
    if not results:
        return
    stem = results[0].spec.run_id[:12]
    if series:
        write_shard(make_folder(Path(folder) / SERIES), stem, series_columns(results), SERIES, engine())
    write_shard(make_folder(Path(folder) / RUNS), stem, run_columns(results), RUNS, engine())
