"""How far a study is, read from its folder alone: by whoever, from wherever, while others write."""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import UsageError
from sim.experiment.campaign import HOME
from sim.experiment.lock import held
from sim.experiment.shards import OUTCOME, RUNS
from sim.experiment.stopping import interval
from sim.experiment.store import FAILURES, Store
from sim.record import DamagedFile, read_shards
from sim.run import engine

RECENT = 600.0  # seconds over which the pace is measured
LEVEL = 0.95
NAMES = ["run_id", "policy", "future", "replicate"]


@dataclass(frozen=True)
class Status:
    """How far a study is.

    Parameters
    ----------
    planned, done, failed : runs. running : whether a process writes to it now.
    pace : runs a second over the last ten minutes, None when none. left : seconds to go at that pace, or None.
    policy, against, outcome : what is compared. mean, low, high : its difference as it stands, 95 %.
    worlds : worlds behind it. other_engine : whether another version of the model made it.
    """

    name: str
    folder: str
    planned: int
    done: int
    failed: int
    running: bool
    pace: float | None
    left: float | None
    policy: str
    against: str
    outcome: str
    mean: float
    low: float
    high: float
    worlds: int
    other_engine: bool

    @property
    def complete(self) -> bool:
        """Whether every planned run is done or failed."""
        return self.done + self.failed >= self.planned

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, for ``--json``."""
        return asdict(self)


def folder_of(name: str | os.PathLike[str]) -> Path:
    """Return the folder that a person names: itself, or that of a study or scenario file."""
    path = Path(name)
    if path.is_dir():
        folder = path
    elif path.suffix in (".yaml", ".yml") and path.is_file():
        from sim.scenario.load import read_root

        node = read_root(path)
        assert isinstance(node.value, dict)
        folder = HOME / str(node.value["name"].value if "name" in node.value else path.stem)
    else:
        folder = HOME / path
    if not (folder / "manifest.json").is_file():
        raise UsageError(f"{folder}: no results of mobilise there (it holds no manifest.json)")
    return folder


def status(folder: Path) -> Status:
    """Return how far the study in a folder is."""
    store = Store(folder)
    try:
        manifest = store.manifest
    except DamagedFile as error:
        raise UsageError(str(error)) from None
    store.series_kept = bool(manifest.get("series", True))
    scenario = manifest.get("scenario", {})
    policy, against = manifest.get("pair") or (scenario.get("focus", ""), scenario.get("baseline", ""))
    outcome = str(manifest.get("decides", "net_value"))
    planned = planned_ids(folder) or set()
    finished = store.done() & planned
    failed = {path.stem for path in (folder / FAILURES).glob("*.json")} & planned - finished
    pace = pace_of(folder)
    open_runs = len(planned) - len(finished) - len(failed)
    running = held(folder / "writer.lock")
    gap = differences(folder, finished, policy, against, outcome)
    mean, low, high = interval(gap, LEVEL)
    name = str(manifest.get("name", folder.name))
    return Status(name, str(folder), len(planned), len(finished), len(failed), running, pace if running else None,
                  open_runs / pace if running and pace else None, policy, against, outcome, mean, low, high,
                  len(gap), manifest.get("engine") != engine())


def planned_ids(folder: Path) -> set[str] | None:
    """Return the ids of all planned runs, or None when the plan cannot be read."""
    import pyarrow.parquet as pq

    try:
        return set(pq.read_table(folder / "design.parquet", columns=["run_id"])["run_id"].to_pylist())
    except (OSError, ValueError):
        return None


def pace_of(folder: Path) -> float | None:
    """Return runs a second, from the times at which recent shards appeared; None when there are none."""
    import pyarrow.parquet as pq

    now, found = time.time(), []
    for path in (folder / RUNS).glob("part-*.parquet"):
        try:
            seen = path.stat().st_mtime
            if now - seen < RECENT:
                found.append((seen, pq.read_metadata(path).num_rows))
        except (OSError, ValueError):
            continue
    if len(found) < 2:
        return None
    found.sort()
    span = max(now - found[0][0], 1e-3)
    return sum(rows for _, rows in found[1:]) / span


def differences(folder: Path, finished: set[str], policy: str, against: str, outcome: str) -> Any:
    """Return the paired differences of all worlds that are complete so far."""
    import pandas as pd

    column = f"{OUTCOME}{outcome}"
    tables, _ = read_shards((folder / RUNS).glob("part-*"), RUNS, engine())
    frames = [table.select([*NAMES, column]).to_pandas() for table in tables if column in table.column_names]
    if not frames:
        return np.zeros(0)
    frame = pd.concat(frames).drop_duplicates("run_id")
    frame = frame[frame["run_id"].isin(finished) & frame["policy"].isin([policy, against])]
    wide = frame.pivot_table(index=["future", "replicate"], columns="policy", values=column, aggfunc="first")
    if not {policy, against} <= set(wide.columns):
        return np.zeros(0)
    return (wide[policy] - wide[against]).dropna().to_numpy()
