"""An open study: told which worlds are wanted, it runs those that are missing and hands back all of them.

Comparison, sweep, regime map, sensitivity and calibration are this with different wishes. Everything
lies in one `Store`; what was run before, by whichever process, is not run again.
"""

from __future__ import annotations

import contextlib
import platform
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import MobiliseError, UsageError
from sim.experiment.findings import Failure
from sim.experiment.points import OWN, Expansion, Point
from sim.experiment.pools import Pool
from sim.experiment.runner import Progress, Runner, compiled, cores
from sim.experiment.shards import OUTCOME
from sim.experiment.store import Store
from sim.experiment.tally import Tally
from sim.run import RESULT_VERSION, RunSpec

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.load_study import Study
    from sim.scenario.scenario import Scenario

HOME = Path("results")
SHARD = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*)")


class NothingRan(MobiliseError):
    """Every run of a study failed."""


@dataclass(frozen=True)
class Shard:
    """One of several processes that share a study without talking: the k-th of n."""

    k: int
    n: int

    @classmethod
    def of(cls, text: str) -> Shard:
        """Read ``k/n``."""
        found = SHARD.fullmatch(text)
        if not found or int(found[1]) > int(found[2]):
            raise UsageError(f"--shard {text}: expected k/n with 1 <= k <= n, for example 2/8")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.k}of{self.n}"


@dataclass(frozen=True)
class How:
    """How a study is run; none of it changes a result.

    Parameters
    ----------
    jobs : worker processes; None: one for each core. pool : where runs are done instead.
    shard : which part of the worlds this process runs. force : set aside what is there.
    progress : called with runs done, planned and failed. note : called with the difference as it stands.
    path : the study's file, for the manifest. rules : the user's rule files.
    """

    jobs: int | None = None
    pool: Pool | None = None
    shard: Shard | None = None
    force: bool = False
    progress: Progress | None = None
    note: Callable[[str], None] | None = None
    path: str | None = None
    rules: tuple[str, ...] = ()


def about(scenario: Scenario, path: str | None) -> dict[str, Any]:
    """Return what the manifest says of a study beside its plan."""
    return {"name": scenario.name, "file": path, "scenario": scenario.canonical(),
            "result_version": RESULT_VERSION, "python": platform.python_version(),
            "packages": {name: version(name) for name in ("numpy", "numba", "pyarrow", "pandas")}}


def is_compiled() -> bool:
    """Whether the engine's compiled code is already in the cache."""
    import numba

    from sim import jit  # sets the cache folder

    return bool(jit) and compiled(Path(str(numba.config.CACHE_DIR)))


def folder_for(study: Study, out: str | Path | None) -> Path:
    """Return where a study's results go: ``out``, or ``results/<name>``."""
    return Path(out) if out else HOME / study.text.name


@dataclass
class Campaign:
    """A study that is open for writing; made by `campaign`.

    Parameters
    ----------
    study, store, how : what is studied, where it is kept, how it is run.
    planned : every run asked for so far, by run id, with the number of its point and replicate.
    failures : runs that did not finish.
    """

    study: Study
    store: Store
    how: How
    expansion: Expansion
    tally: Tally
    planned: dict[str, RunSpec] = field(default_factory=dict)
    points: dict[int, Point] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    _known: pd.DataFrame | None = None

    def run(self, plan: Sequence[tuple[Point, int]]) -> None:
        """Run what is missing of a plan (point and replicate), in its order."""
        worlds = self.expansion.worlds(plan)
        self.points |= {point.number: point for point, _ in plan}
        self.planned |= {spec.run_id: spec for world in worlds for spec in world}
        shard = self.how.shard
        mine = worlds if shard is None else worlds[shard.k - 1::shard.n]
        self._write_plan()
        limits, self._known = self.study.text.limits, None
        self.tally.expect(self.planned)
        runner = Runner(self.store, mine, self.how.jobs or cores(), str(self.store.folder), self.how.progress,
                        warm=is_compiled(), pool=self.how.pool, seconds=limits.seconds,
                        megabytes=limits.megabytes, heard=self.tally.hear)
        for failure in runner.run():
            self.failures[failure.run_id] = failure
        for run_id in runner.finished:
            self.failures.pop(run_id, None)

    def _write_plan(self) -> None:
        """Write all that is planned before the first run of it starts."""
        own = self.expansion.world(Point(OWN), 0)[0]
        content = {**about(self.study.scenario, self.how.path), "content": self.study.content(),
                   "series": self.study.text.series, "rules": list(self.how.rules),
                   "pair": [self.study.scenario.focus, self.study.scenario.baseline],
                   "decides": self.study.text.outcomes[0], "planned": len(self.planned),
                   "worlds": len({(spec.future, spec.replicate) for spec in self.planned.values()})}
        conditions = {number: dict(point.at) for number, point in self.points.items()}
        self.store.begin([list(self.planned.values())], content, identity(own), conditions)

    def frame(self) -> pd.DataFrame:
        """Return one row for each finished run: policy, future (its point), replicate, outcomes."""
        if self._known is None:
            self._known = self._read()
        return self._known

    def _read(self) -> pd.DataFrame:
        found = self.store.runs(self.planned)
        if found.empty:
            said = next(iter(self.failures.values())).error if self.failures else "nothing was planned"
            raise NothingRan(f"none of {len(self.planned)} runs finished; the first error: {said}")
        found["future"] = [self.planned[run_id].future for run_id in found["run_id"]]
        return found.sort_values(["future", "replicate", "policy"], kind="stable").reset_index(drop=True)


def identity(own: RunSpec) -> str:
    """Return what all runs of a study's folder share: the scenario and its luck."""
    from sim.experiment.shards import study_of

    return study_of(own)


@contextlib.contextmanager
def campaign(study: Study, out: str | Path | None = None, how: How | None = None) -> Iterator[Campaign]:
    """Open a study for writing."""
    how = how or How()
    store = Store(folder_for(study, out), study.text.series)
    expansion = Expansion(study, how.rules)
    with store.writing(str(how.shard) if how.shard else ""):
        if how.force:
            store.start_afresh()
        yield Campaign(study, store, how, expansion, Tally(study, how.note))


def values_of(frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return one outcome, [(future, replicate), policy]; nan where a run is missing."""
    return frame.pivot(index=["future", "replicate"], columns="policy", values=f"{OUTCOME}{outcome}")


def conduct(store: Store, worlds: Sequence[Sequence[RunSpec]], content: Mapping[str, Any], jobs: int | None = None,
            path: str | None = None, progress: Progress | None = None, force: bool = False) -> tuple[Failure, ...]:
    """Run what is missing of planned worlds; the store's lock must be held."""
    if force:
        store.start_afresh()
    store.begin(worlds, content)
    return Runner(store, worlds, jobs or cores(), path, progress, warm=is_compiled()).run()
