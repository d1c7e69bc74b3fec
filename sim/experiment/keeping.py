"""What is done with results that are there: merged, exported, made again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.experiment.campaign import is_compiled
from sim.experiment.design import plan
from sim.experiment.points import OWN, Expansion, Point
from sim.experiment.runner import Progress, Runner, cores
from sim.experiment.shards import RUNS, SERIES
from sim.experiment.store import Store, row_text
from sim.record import read_shards, replace, write_csv, write_shard
from sim.run import RunSpec, engine
from sim.scenario.check_study import is_number

if TYPE_CHECKING:
    import pandas as pd

RUNS_A_FILE = {RUNS: 5000, SERIES: 500}
NAMES = ("run_id", "policy", "future", "replicate")
FORMATS = ("csv", "parquet")


def opened(folder: Path) -> Store:
    """Return the store of a folder as its manifest describes it."""
    store = Store(folder)
    store.series_kept = bool(store.manifest.get("series", True))
    return store


# --- compact -----------------------------------------------------------------------------------

def compact(folder: Path) -> dict[str, tuple[int, int]]:
    """Merge shards into few; return files before and after, by kind. Killed half-way, nothing is lost.

    Merged shards are published first, then the old ones removed: in between a run is there twice, in
    equal copies, which count once.
    """
    store = opened(folder)
    with store.writing():
        return {kind: _merge(folder, kind) for kind in ((RUNS, SERIES) if store.series_kept else (RUNS,))}


def _merge(folder: Path, kind: str) -> tuple[int, int]:
    place = folder / kind
    before = sorted(place.glob("part-*.parquet"))
    good, _ = read_shards(before, kind, engine())
    if len(good) < 2:
        return len(before), len(before)
    kept = {write_shard(place, table["run_id"][0].as_py()[:12], table_columns(table), kind, engine())
            for table in _batches(good, kind)}
    damaged = {problem.path for problem in read_shards(before, kind, engine(), ["run_id"])[1]}
    for path in before:
        if path not in kept and path not in damaged:
            path.unlink()
    return len(before), len(list(place.glob("part-*.parquet")))


def _batches(tables: Sequence[Any], kind: str) -> Iterator[Any]:
    """Give the rows of tables in the order of run ids, a number of whole runs at a time."""
    import pyarrow as pa

    whole = pa.concat_tables(tables, promote_options="default")
    by = [("run_id", "ascending")] + ([("step", "ascending")] if kind == SERIES else [])
    whole = whole.sort_by(by)
    ids = whole["run_id"].to_numpy()
    starts = [0, *(k for k in range(1, len(ids)) if ids[k] != ids[k - 1]), len(ids)]
    for k in range(0, len(starts) - 1, RUNS_A_FILE[kind]):
        end = starts[min(k + RUNS_A_FILE[kind], len(starts) - 1)]
        yield whole.slice(starts[k], end - starts[k])


def table_columns(table: Any) -> dict[str, Any]:
    """Return the columns of an Arrow table by name."""
    return {name: table[name].combine_chunks() for name in table.column_names}


# --- export ------------------------------------------------------------------------------------

def export(folder: Path, kind: str = "csv", out: Path | None = None) -> list[Path]:
    """Write runs (and series, where kept) as one tidy table each, conditions beside outcomes; return the files."""
    if kind not in FORMATS:
        raise UsageError(f"--format {kind}: expected one of {', '.join(FORMATS)}")
    store = opened(folder)
    target = out or folder / "export"
    target.mkdir(parents=True, exist_ok=True)
    made = []
    tables = {"runs": runs_with_conditions(store)} | ({"series": store.series()} if store.series_kept else {})
    for name, frame in tables.items():
        if frame.empty:
            continue
        path = target / f"{name}.{kind}"
        if kind == "csv":
            write_csv(path, frame.drop(columns=["sectors", "accounts"], errors="ignore"))
        else:
            replace(path, _parquet(frame))
        made.append(path)
    if not made:
        raise UsageError(f"{folder}: no run of this version of the model is finished there")
    return made


def runs_with_conditions(store: Store) -> pd.DataFrame:
    """Return one row for each finished run, with the conditions of its future."""
    import pandas as pd

    runs = store.runs()
    if runs.empty:
        return runs
    planned = pd.read_parquet(store.folder / "design.parquet")
    return planned.merge(runs.drop(columns=[*NAMES[1:]]), on="run_id", how="inner")


def _parquet(frame: pd.DataFrame) -> bytes:
    import io

    sink = io.BytesIO()
    frame.to_parquet(sink, index=False)
    return sink.getvalue()


# --- reproduce ---------------------------------------------------------------------------------

@dataclass(frozen=True)
class Reproduction:
    """What came of making results again.

    Parameters
    ----------
    runs : runs made again. same : of them, those with equal numbers, bit for bit. differ : ids of the others.
    fingerprint : SHA-256 of what was made again. other_engine : whether another version of the model made them.
    """

    folder: str
    runs: int
    same: int
    differ: tuple[str, ...]
    fingerprint: str
    other_engine: bool
    failures: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, for ``--json``."""
        return asdict(self)


def reproduce(folder: Path, sample: int | None = None, jobs: int | None = None,
              progress: Progress | None = None) -> Reproduction:
    """Make finished runs again, elsewhere, from the manifest alone, and compare the numbers bit for bit."""
    store = opened(folder)
    kept = rows_of(store)
    specs = {spec.run_id: spec for spec in planned_specs(store) if spec.run_id in kept}
    if not specs:
        raise UsageError(f"{folder}: none of its runs can be made by this version of the model")
    chosen = sorted(specs)[:sample]
    with tempfile.TemporaryDirectory(prefix="mobilise-") as elsewhere:
        again = Store(elsewhere, store.series_kept)
        with again.writing():
            failures = Runner(again, [[specs[run_id]] for run_id in chosen], jobs or cores(), None, progress,
                              warm=is_compiled()).run()
        made = rows_of(again)
        fingerprint = again.fingerprint()
    differ = tuple(run_id for run_id in chosen if made.get(run_id) != kept[run_id])
    return Reproduction(str(folder), len(chosen), len(chosen) - len(differ), differ, fingerprint,
                        store.manifest.get("engine") != engine(), tuple(one.error for one in failures))


def rows_of(store: Store) -> dict[str, str]:
    """Return the numbers of each finished run as text that differs whenever a bit of it does."""
    found: dict[str, str] = {}
    frames = [store.runs(), store.series()] if store.series_kept else [store.runs()]
    for frame in frames:
        for row in frame.drop(columns="future", errors="ignore").to_dict("records"):
            found[str(row["run_id"])] = found.get(str(row["run_id"]), "") + row_text(row)
    return found


def planned_run(folder: Path, run_id: str, rules: Sequence[str] = ()) -> RunSpec:
    """Return the planned run whose id begins so; its rule files are those named by the caller."""
    store = opened(folder)
    if store.holds() is None:
        raise UsageError(f"{folder}: no results are kept here")
    found = [spec for spec in planned_specs(store, rules) if run_id and spec.run_id.startswith(run_id)]
    if len(found) != 1:
        how_many = f"{len(found)} runs begin so" if found else "no run that this version of the model plans begins so"
        raise UsageError(f"--id {run_id}: {how_many} in {folder} (its failures/ and runs/ hold ids in full)")
    return found[0]


def planned_specs(store: Store, rules: Sequence[str] | None = None) -> list[RunSpec]:
    """Return the planned runs, rebuilt from what the manifest and the plan hold; rule files: the plan's, or others."""
    import pandas as pd

    manifest = store.manifest
    if "content" not in manifest:
        return _compared(manifest, store.folder, rules or ())
    from sim.scenario.load_study import restored

    study = restored(manifest["content"])
    expansion = Expansion(study, manifest.get("rules", ()) if rules is None else rules)
    planned = pd.read_parquet(store.folder / "design.parquet")
    names = [name for name in planned.columns if name in study.text.uncertainties or is_number(name)]
    keys = set(study.text.uncertainties)
    worlds = planned.drop_duplicates(["future", "replicate"])
    made: list[RunSpec] = []
    for row in worlds.to_dict("records"):
        at = tuple((name, _plain(name, row[name])) for name in names
                   if _given(row[name]) and (name in keys or not _made(study, name)))
        point = Point(int(row["future"]), at if row["future"] != OWN else ())
        made += expansion.world(point, int(row["replicate"]))
    return made


def _made(study: Any, address: str) -> bool:
    """Whether a condition of the study multiplies this parameter, so that it is no condition itself."""
    return any(address in one.times for one in study.text.uncertainties.values())


def _plain(name: str, value: Any) -> Any:
    """Return a condition as it was before a table made its whole numbers decimal."""
    whole = isinstance(value, float) and value.is_integer() and not is_number(name)
    return int(value) if whole else value


def _given(value: Any) -> bool:
    return value is not None and value == value  # noqa: PLR0124  nan: this future leaves it alone


def _compared(manifest: Mapping[str, Any], folder: Path, rules: Sequence[str]) -> list[RunSpec]:
    from sim.scenario.scenario import Scenario

    if "source" not in manifest:
        raise UsageError(f"{folder}: its manifest does not hold the scenario it was made from")
    scenario = Scenario.model_validate_json(manifest["source"])
    return [spec for world in plan(scenario, rules=rules) for spec in world]
