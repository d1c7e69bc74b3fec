"""Where a study keeps what it has: one folder, whose shards are the truth about what is done.

::

    results/<study>/manifest.json     what is studied, versions, and how many runs are planned
                    design.parquet    one row for each planned run
                    runs/part-*       one row for each finished run: its outcomes, ties between sectors
                    series/part-*     one row for each run and quarter, one column for each series
                    failures/*.json   runs that did not finish, with traceback and replay command
                    set_aside/        files that could not be used, kept for whoever wants to know why
                    writer.lock       held while a process writes (writer-2of8.lock beside it by a shard)
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import MobiliseError, UsageError
from sim.experiment.findings import Failure
from sim.experiment.lock import writing
from sim.experiment.shards import RUNS, SERIES, design_columns, publish, study_of
from sim.record import (
    DamagedFile,
    make_folder,
    read_json,
    read_shard,
    read_shards,
    replace,
    sweep,
    to_bytes,
    to_frame,
    write_json,
)
from sim.run import RunResult, RunSpec, engine

FAILURES = "failures"
FEW = 3


class NotDeterministic(MobiliseError):
    """Two shards hold different numbers for the same run: nothing is hidden, both files are kept."""


class Store:
    """A study's folder.

    Parameters
    ----------
    folder : where it lies; made when first written to.
    series_kept : whether a run counts as done only with its series.
    """

    def __init__(self, folder: str | os.PathLike[str], series_kept: bool = True) -> None:
        self.folder, self.series_kept = Path(folder), series_kept
        self.notes: list[str] = []
        self._read: dict[tuple[str, ...], dict[Path, Any]] = {}  # shards that were read, by kind and columns

    # --- writing -----------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self, shard: str = "") -> Iterator[None]:
        """Be the only writer, or the only one of a shard (``2of8``) beside those of other shards.

        The only writer first sweeps what killed writers left; beside others that would be theirs.
        """
        make_folder(self.folder)
        with contextlib.ExitStack() as locks:
            locks.enter_context(writing(self.folder / "writer.lock", shared=bool(shard)))
            if shard:
                locks.enter_context(writing(self.folder / f"writer-{shard}.lock"))
            for part in (RUNS, *([SERIES] if self.series_kept else []), FAILURES, "."):
                folder = make_folder(self.folder / part)
                if not shard:
                    sweep(folder)
            yield

    def begin(self, worlds: Sequence[Sequence[RunSpec]], about: Mapping[str, Any], study: str = "",
              conditions: Mapping[int, Mapping[str, Any]] | None = None) -> None:
        """Write down what is planned before the first run starts.

        ``study`` names what may share a folder; ``conditions`` are those of each future.
        """
        study = study or study_of(worlds[0][0])
        if self.holds() not in (None, study):
            raise UsageError(f"{self.folder} holds another study ({self.manifest.get('name', 'unknown')}): "
                             "choose another folder with --out, or --force to set its results aside")
        specs = [spec for world in worlds for spec in world]
        replace(self.folder / "design.parquet", to_bytes(design_columns(specs, conditions), "design", engine()))
        content = {"planned": len(specs), "worlds": len(worlds), **about, "study": study, "engine": engine()}
        write_json(self.folder / "manifest.json", content)
        self.__dict__.pop("manifest", None)

    def start_afresh(self) -> None:
        """Set all results aside (``--force``)."""
        old = [path for part in (RUNS, SERIES, FAILURES, ".")
               for path in sorted((self.folder / part).glob("*")) if path.suffix in (".parquet", ".json")]
        for path in old:
            self._move(path)
        if old:
            self.notes.append(f"{len(old)} earlier files were set aside in {self.folder / 'set_aside'}")
        self.__dict__.pop("manifest", None)

    def keep(self, results: Sequence[RunResult]) -> None:
        """Publish finished runs of one world."""
        publish(self.folder, results)

    def _move(self, path: Path) -> Path:
        aside = make_folder(self.folder / "set_aside")
        number = 0
        while (target := aside / f"{path.stem}{f'.{number}' if number else ''}{path.suffix}").exists():
            number += 1
        with contextlib.suppress(FileNotFoundError):  # another shard was quicker
            path.replace(target)
        return target

    def fail(self, failure: Failure) -> None:
        """Keep a run that did not finish as a file of its own."""
        write_json(self.folder / FAILURES / f"{failure.run_id}.json", asdict(failure))

    def mend(self, run_ids: Iterable[str]) -> None:
        """Forget earlier failures of runs that are done now."""
        folder = self.folder / FAILURES
        known = {path.stem for path in folder.glob("*.json")} if folder.is_dir() else set()
        for run_id in known.intersection(run_ids):
            (folder / f"{run_id}.json").unlink(missing_ok=True)

    # --- reading -----------------------------------------------------------------------------

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the study is."""
        return read_json(self.folder / "manifest.json")

    def holds(self) -> str | None:
        """Return the study the folder holds, or None when it holds none."""
        with contextlib.suppress(DamagedFile):
            return str(self.manifest.get("study"))
        return None

    def tables(self, kind: str, set_aside: bool = False, columns: list[str] | None = None) -> list[Any]:
        """Return the good shards of a kind; what is wrong with others is noted, and they may be moved."""
        found, damaged = self._shards(kind, columns)
        if set_aside:
            self._tell(damaged)
            for problem in damaged:
                self._move(problem.path)
        return found

    def _shards(self, kind: str, columns: list[str] | None) -> tuple[list[Any], list[DamagedFile]]:
        """Return good and damaged shards; no file changes under its name, so rounds of a study read new ones only."""
        if kind != RUNS and columns is None:  # whole series are too large to be kept in memory
            return read_shards((self.folder / kind).glob("*.*"), kind, engine())
        known, damaged = self._read.setdefault((kind, *(columns or ())), {}), []
        paths = sorted((self.folder / kind).glob("*.*"))
        for path in paths:
            try:
                if path not in known:
                    known[path] = read_shard(path, kind, engine(), columns)
            except DamagedFile as problem:
                damaged.append(problem)
        return [known[path] for path in paths if path in known], damaged

    def _tell(self, damaged: Sequence[DamagedFile]) -> None:
        """Note what was wrong with files, each by name, many of a kind in one line."""
        for why, count in Counter(problem.why for problem in damaged).items():
            names = [str(problem.path) for problem in damaged if problem.why == why]
            who = ", ".join(names) if count <= FEW else f"{names[0]} and {count - 1} more files"
            self.notes.append(f"set aside in {self.folder / 'set_aside'} and run again: {who}: {why}")

    def done(self, set_aside: bool = False) -> set[str]:
        """Return the ids of the runs whose outcomes (and series, where kept) are there and whole."""
        runs = self._ids(RUNS, set_aside)
        return runs & self._ids(SERIES, set_aside) if self.series_kept else runs

    def _ids(self, kind: str, set_aside: bool) -> set[str]:
        tables = self.tables(kind, set_aside, ["run_id"])
        return {name for table in tables for name in table["run_id"].unique().to_pylist()}

    def runs(self, run_ids: Collection[str] | None = None) -> pd.DataFrame:
        """Return one row for each finished run: names, ``start``, ``sectors`` and ``outcome_<name>``."""
        return self._frame(RUNS, ["run_id"], run_ids)

    def series(self, run_ids: Collection[str] | None = None) -> pd.DataFrame:
        """Return one row for each finished run and compared quarter (``step`` counts from 1)."""
        return self._frame(SERIES, ["run_id", "step"], run_ids)

    def _frame(self, kind: str, by: list[str], run_ids: Collection[str] | None) -> pd.DataFrame:
        frame = to_frame(self.tables(kind))
        if frame.empty:
            return frame
        if run_ids is not None:
            frame = frame[frame["run_id"].isin(set(run_ids))]
        frame = self._once(kind, frame, by)
        order = ["future", "replicate", "policy", *by]
        return frame.sort_values(order, kind="stable").reset_index(drop=True)

    def _once(self, kind: str, frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """Drop second copies of a run; two copies that differ are a loud error."""
        twice = frame[frame.duplicated(by, keep=False)]
        for key, rows in twice.groupby(by):
            same = rows.drop(columns="future")  # the number of a future is the plan's, not the run's
            if len({row_text(row) for row in same.to_dict("records")}) > 1:
                raise NotDeterministic(f"{self.folder / kind}: run {key[0]} is there twice with different "
                                       "numbers; both are kept: please report this")
        return frame.drop_duplicates(by)

    def failures(self, run_ids: Collection[str]) -> tuple[Failure, ...]:
        """Return the runs among ``run_ids`` that did not finish."""
        paths = [self.folder / FAILURES / f"{run_id}.json" for run_id in run_ids]
        found = []
        for path in paths:
            with contextlib.suppress(DamagedFile, TypeError):
                found.append(Failure(**read_json(path)))
        return tuple(found)

    def fingerprint(self, run_ids: Collection[str] | None = None) -> str:
        """Return the SHA-256 of all results: the same for one process or many, resumed or not."""
        digest = hashlib.sha256()
        for frame in (self.runs(run_ids), self.series(run_ids)):
            for row in frame.to_dict("records"):
                digest.update(row_text(row).encode())
        return digest.hexdigest()


def row_text(row: Mapping[Any, Any]) -> str:
    """Return a row as text that differs whenever a bit of it does."""
    plain = {key: list(value) if isinstance(value, np.ndarray) else value for key, value in row.items()}
    return json.dumps(plain, sort_keys=True, default=float)
