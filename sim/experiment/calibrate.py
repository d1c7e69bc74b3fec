"""Calibration: which values of uncertain conditions bring outcomes close to what was observed.

Distances are on means over replicates, in tolerances: 1 means one tolerance away. Every trial is a future
of the study, run and kept like all others, so a calibration resumes and runs on a cluster as a sweep does.

*abc*: trials spread over the ranges (Latin hypercube, the prior); the share ``keep`` that comes closest is the
posterior (rejection ABC; Beaumont, Zhang & Balding 2002). *optuna*: trials asked for and told in batches, TPE for
one target, NSGA-II for several, whose Pareto set is kept. Either is written as futures that `compare` can draw from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UsageError
from sim.experiment.campaign import Campaign, How, campaign, values_of
from sim.experiment.design import latin
from sim.experiment.findings import Failure, without_nan
from sim.experiment.points import Point, from_shares, interleaved, numbered
from sim.record import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.load_study import Study

BATCH = 16  # trials that Optuna is asked for at once: it learns between batches
TRIALS, KEPT = "trials.csv", {"abc": "posterior.csv", "optuna": "pareto.csv"}
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Narrowed:
    """What calibration says of one condition: ends of its range, and of the middle 90 % of what was kept."""

    name: str
    low: float
    high: float
    kept_low: float
    middle: float
    kept_high: float


@dataclass(frozen=True)
class Met:
    """How well one target is met by what was kept: observed, tolerance, simulated mean and range."""

    outcome: str
    observed: float
    tolerance: float
    mean: float
    low: float
    high: float


@dataclass
class Calibration:
    """What a calibration found.

    Parameters
    ----------
    method : abc or optuna. policy : under which the targets are measured.
    best : distance of the best trial, in tolerances. trials, kept : how many.
    narrowed, met : conditions and targets. file : futures for `compare`.
    """

    study: Study
    folder: Path
    method: str
    policy: str
    best: float
    trials: int
    kept: int
    narrowed: tuple[Narrowed, ...]
    met: tuple[Met, ...]
    file: Path
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    table: pd.DataFrame = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, for ``--json``."""
        plain: dict[str, Any] = without_nan({
            "study": self.study.text.name, "folder": str(self.folder), "method": self.method, "policy": self.policy,
            "best": self.best, "trials": self.trials, "kept": self.kept, "file": str(self.file),
            "narrowed": [asdict(one) for one in self.narrowed], "met": [asdict(one) for one in self.met],
            "failures": [asdict(one) for one in self.failures], "notes": list(self.notes)})
        return plain


def calibrate(study: Study, out: str | Path | None = None, how: How | None = None) -> Calibration:
    """Calibrate the study's conditions against its targets; trials run before are not run again."""
    if study.text.calibrate is None:
        raise UsageError(f"study '{study.text.name}' has no targets: say calibrate: {{targets: {{outcome: [value, "
                         "tolerance]}}")
    if not study.text.uncertainties:
        raise UsageError(f"study '{study.text.name}' has no uncertainties: there is nothing to calibrate")
    with campaign(study, out, how) as one:
        if one.how.shard is not None and study.text.calibrate.method == "optuna":
            raise UsageError("--shard: optuna learns from trial to trial; shards go with method: abc")
        points = {"abc": spread, "optuna": searched}[study.text.calibrate.method](one)
        return finished(one, points)


def spread(one: Campaign) -> list[Point]:
    """Run trials spread over the ranges."""
    study, chosen = one.study, one.study.text.calibrate
    assert chosen is not None
    names = list(study.text.uncertainties)
    columns = [latin(study.scenario.seed, name, chosen.trials) for name in names]
    found = numbered(from_shares(study, names, zip(*columns, strict=True)))
    one.run(interleaved(found, study.text.replicates, study.scenario.seed))
    return found


def searched(one: Campaign) -> list[Point]:
    """Run the trials that Optuna asks for; the same study asks for the same ones again."""
    try:
        import optuna
    except ImportError:
        raise UsageError("method: optuna needs Optuna: pip install 'mobilise[calibration]'") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    chosen, seed = one.study.text.calibrate, one.study.scenario.seed % 2**32
    assert chosen is not None
    several = len(chosen.targets) > 1
    sampler: Any = optuna.samplers.NSGAIISampler(seed=seed, population_size=BATCH) if several else \
        optuna.samplers.TPESampler(seed=seed, n_startup_trials=BATCH, constant_liar=True)
    search = optuna.create_study(directions=["minimize"] * len(chosen.targets), sampler=sampler)
    found: list[Point] = []
    for size in _batches(chosen.trials):
        found += _ask_and_tell(one, search, len(found), size)
    return found


def _batches(trials: int) -> Iterator[int]:
    for start in range(0, trials, BATCH):
        yield min(BATCH, trials - start)


def _ask_and_tell(one: Campaign, search: Any, before: int, size: int) -> list[Point]:
    """Ask for one batch of trials, run it, and tell how far each came."""
    import optuna

    names = list(one.study.text.uncertainties)
    asked = [search.ask() for _ in range(size)]
    shares = [[trial.suggest_float(name, 0.0, 1.0) for name in names] for trial in asked]
    found = [Point(before + k + 1, tuple(row.items())) for k, row in enumerate(from_shares(one.study, names, shares))]
    one.run(interleaved(found, one.study.text.replicates, one.study.scenario.seed))
    distances = distances_of(one, found)
    for trial, row in zip(asked, distances, strict=True):
        if np.isfinite(row).all():
            search.tell(trial, [float(value) for value in row])
        else:
            search.tell(trial, state=optuna.trial.TrialState.FAIL)
    return found


def distances_of(one: Campaign, found: Sequence[Point]) -> Array:
    """Return [points, targets] distances of means over replicates, in tolerances; nan where nothing finished."""
    chosen, frame = one.study.text.calibrate, one.frame()
    assert chosen is not None
    columns = []
    for name, (observed, tolerance) in chosen.targets.items():
        means = values_of(frame, name)[one.study.scenario.focus].groupby(level="future").mean()
        columns.append(np.abs(means.reindex([p.number for p in found]).to_numpy() - observed) / tolerance)
    return np.array(columns, float).T


def pareto(distances: Array) -> Array:
    """Return which rows no other row beats in every column and in one strictly."""
    worse = [(np.all(distances <= row, axis=1) & np.any(distances < row, axis=1)).any() for row in distances]
    return ~np.array(worse) & np.isfinite(distances).all(axis=1)


def finished(one: Campaign, found: Sequence[Point]) -> Calibration:
    """Choose what to keep, write trials and futures, and say what they are like."""
    import pandas as pd

    chosen = one.study.text.calibrate
    assert chosen is not None
    each = distances_of(one, found)
    total = np.sqrt((each**2).mean(axis=1))
    kept = chosen_rows(each, total, chosen.method, chosen.keep)
    rows = [{**dict(point.at), **dict(one.expansion.split(point)[1]), "distance": total[k]}
            for k, point in enumerate(found)]
    table = pd.DataFrame(rows).assign(kept=kept, future=[point.number for point in found])
    file = one.store.folder / KEPT[chosen.method]
    write_csv(one.store.folder / TRIALS, table)
    write_csv(file, table[table["kept"]].drop(columns=["kept", "future"]).sort_values("distance", kind="stable"))
    return Calibration(one.study, one.store.folder, chosen.method, one.study.scenario.focus, float(np.nanmin(total)),
                       len(found), int(kept.sum()), tuple(narrowed(one.study, table)), tuple(met(one, table)), file,
                       tuple(one.failures.values()), notes(total, kept), table)


def chosen_rows(each: Array, total: Array, method: str, keep: float) -> Array:
    """Return which trials are kept: the Pareto set of several targets, else the closest share."""
    if method == "optuna" and each.shape[1] > 1:
        return pareto(each)
    count = max(1, round(keep * np.isfinite(total).sum()))
    closest = np.argsort(np.where(np.isfinite(total), total, np.inf), kind="stable")[:count]
    return np.isin(np.arange(len(total)), closest)


def narrowed(study: Study, table: pd.DataFrame) -> Iterator[Narrowed]:
    """Give what was kept of each condition's range."""
    for name, one in study.text.uncertainties.items():
        ends = one.range or tuple(float(v) for v in one.values or () if isinstance(v, int | float))
        column = table.loc[table["kept"], name]
        if len(ends) >= 2 and np.issubdtype(column.dtype, np.number):
            low, middle, high = np.quantile(column, [0.05, 0.5, 0.95])
            yield Narrowed(name, min(ends), max(ends), float(low), float(middle), float(high))


def met(one: Campaign, table: pd.DataFrame) -> Iterator[Met]:
    """Give how well each target is met by what was kept."""
    chosen, frame = one.study.text.calibrate, one.frame()
    assert chosen is not None
    futures = table.loc[table["kept"], "future"]
    for name, (observed, tolerance) in chosen.targets.items():
        means = values_of(frame, name)[one.study.scenario.focus].groupby(level="future").mean().reindex(futures)
        low, high = np.nanquantile(means, [0.05, 0.95])
        yield Met(name, observed, tolerance, float(np.nanmean(means)), float(low), float(high))


def notes(total: Array, kept: Array) -> tuple[str, ...]:
    """Return plain warnings."""
    worst = float(np.nanmax(total[kept])) if kept.any() else float("nan")
    if not worst > 1:
        return ()
    return (f"What was kept lies up to {worst:.2g} tolerances from the targets: more trials, wider ranges, or the "
            "model cannot meet them.",)
