"""Where a study keeps its results: one folder, shards that are whole or absent, resume by what is there.

``results/<study>/manifest.json`` (what is planned), ``runs/part-*.parquet`` (a row for each run) and
``series/part-*.parquet`` (a row for each run and quarter). The run ids in the run shards are the truth.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import record
from sim.errors import UsageError
from sim.run import RESULT_VERSION, RunResult, RunSpec, engine

if TYPE_CHECKING:
    import pandas as pd

RUNS, SERIES = "runs", "series"


class Store:
    """The result folder of one study."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (RUNS, SERIES):
            record.make_folder(folder / name)
        self.damaged: list[record.DamagedFile] = []

    def begin(self, scenario: Any, planned: Sequence[RunSpec]) -> None:
        """Sweep leftovers and write the manifest: what this study is made of."""
        for name in (RUNS, SERIES, "."):
            record.sweep(self.folder / name)
        record.write_json(self.folder / "manifest.json", {
            "study": scenario.name, "scenario": scenario.canonical(), "result_version": RESULT_VERSION,
            "engine": engine(), "schema": record.SCHEMA_VERSION, "runs": [spec.run_id for spec in planned]})

    def keep(self, results: Sequence[RunResult]) -> None:
        """Publish the results of one world: first the series, then the runs that vouch for them."""
        if not results:
            return
        stem = f"{results[0].spec.future:05d}_{results[0].spec.replicate:05d}"
        record.write_shard(self.folder / SERIES, stem, series_columns(results), SERIES, engine())
        record.write_shard(self.folder / RUNS, stem, run_columns(results), RUNS, engine())

    def frame(self, kind: str) -> pd.DataFrame:
        """Return all good rows of one kind; damaged and foreign shards are set aside and remembered."""
        paths = [path for path in (self.folder / kind).iterdir() if path.suffix == ".parquet"]
        tables, damaged = record.read_shards(paths, kind, engine())
        for problem in damaged:
            problem.path.rename(problem.path.with_suffix(".set-aside"))
        self.damaged += damaged
        frame = record.to_frame(tables)
        keys = ["run_id"] if kind == RUNS else ["run_id", "step"]
        return frame.drop_duplicates(keys).reset_index(drop=True) if len(frame) else frame

    def done(self) -> set[str]:
        """Return the ids of all runs whose results are kept."""
        frame = self.frame(RUNS)
        return set(frame["run_id"]) if len(frame) else set()


def run_columns(results: Sequence[RunResult]) -> dict[str, Any]:
    """Return one row for each run: who, where, and every outcome."""
    columns = _who(results, 1)
    columns["start"] = [result.start for result in results]
    columns["sectors"] = [result.sectors.ravel().astype(float).tolist() for result in results]
    for name in results[0].totals:
        columns[f"outcome_{name}"] = np.array([result.totals[name] for result in results], float)
    return columns


def series_columns(results: Sequence[RunResult]) -> dict[str, Any]:
    """Return one row for each run and compared quarter, wide in what was observed."""
    steps = len(next(iter(results[0].series.values())))
    columns = _who(results, steps)
    columns["step"] = np.tile(np.arange(1, steps + 1), len(results))
    for name in results[0].series:
        columns[name] = np.concatenate([result.series[name] for result in results])
    return columns


def _who(results: Sequence[RunResult], rows: int) -> dict[str, Any]:
    specs = [result.spec for result in results for _ in range(rows)]
    return {"run_id": [s.run_id for s in specs], "policy": [s.policy for s in specs],
            "future": [s.future for s in specs], "replicate": [s.replicate for s in specs]}


class Lock:
    """One writer for each study: the second one says so."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "writer.lock"

    def __enter__(self) -> Lock:
        try:
            handle = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            if _alive(self.path):
                raise UsageError(f"{self.path.parent}: another mobilise is writing this study; wait for it, "
                                 "or choose another --out") from None
            self.path.unlink(missing_ok=True)
            return self.__enter__()
        with os.fdopen(handle, "w") as stream:
            stream.write(str(os.getpid()))
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


def _alive(path: Path) -> bool:
    """Whether the process that wrote the lock still runs."""
    try:
        os.kill(int(path.read_text() or "0"), 0)
    except (OSError, ValueError):
        return False
    return True
