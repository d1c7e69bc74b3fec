"""Runs a study: worlds to workers, a bounded number in flight, whatever dies on the way.

What is done is what lies in the shards, so a study goes on where it stopped. A chunk of worlds whose
worker died is tried again alone, then in halves, down to single runs; only a run that dies alone
twice counts as failed.
"""

from __future__ import annotations

import contextlib
import math
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import MobiliseError
from sim.experiment.findings import Failure
from sim.experiment.pools import Pool, Processes, cores, submit
from sim.experiment.store import Store
from sim.experiment.worker import Report, Task, do, failure_of, ready
from sim.run import RunSpec, engine
from sim.scenario.budget import seconds_of_world

__all__ = ["Interrupted", "Runner", "compiled", "cores"]

DIED = "its process died (killed, out of memory, over its limit, or crashed)"
TRIES = 2  # a run is tried so often alone
CHUNK_SECONDS = 2.0  # aimed at for one chunk: long against its overhead, short against patience
DEATHS = 3  # in a row, after which it is asked whether worker processes begin at all
MOST_WORLDS = 50  # in a chunk, however quick they are
FEWEST_CHUNKS = 32  # so that several workers end at about the same time
Runs = tuple[RunSpec, ...]
Work = Callable[[Task], Report]
Progress = Callable[[int, int, int], None]


class NoWorkers(MobiliseError):
    """Worker processes die before they do anything: no run is to blame."""

    exit_code = 4


class Interrupted(MobiliseError):
    """Stopped by Ctrl-C or by the system; what is done is kept."""

    exit_code = 130


def chunked(worlds: Sequence[Runs], fewest: int = FEWEST_CHUNKS) -> list[tuple[Runs, ...]]:
    """Return worlds in chunks of about two seconds; the same worlds give the same chunks on any machine."""
    if not worlds:
        return []
    each = seconds_of_world(worlds[0][0].scenario, len(worlds[0]))
    size = max(1, min(int(CHUNK_SECONDS / each), MOST_WORLDS, math.ceil(len(worlds) / fewest)))
    return [tuple(worlds[k:k + size]) for k in range(0, len(worlds), size)]


class Runner:
    """Runs what is missing of a study.

    Parameters
    ----------
    store : where results go; its writer lock must be held.
    worlds : what is planned, world by world.
    jobs : worker processes; 1 runs everything in this process.
    path : for replay commands: the folder of results that plans the runs, or the scenario's file.
    progress : called with runs done (earlier ones included), planned and failed, whenever that changes.
    work : what a worker does with a task (tests put a stand-in here).
    warm : whether compiled code is in the cache; if not, one world goes ahead so that one process compiles.
    pool : where runs are done instead of processes on this machine.
    seconds, megabytes : what one run may take. heard : called with each report.
    """

    def __init__(self, store: Store, worlds: Sequence[Sequence[RunSpec]], jobs: int = 1,
                 path: str | None = None, progress: Progress | None = None, work: Work = do,
                 warm: bool = True, pool: Pool | None = None, seconds: int | None = None,
                 megabytes: int | None = None, heard: Callable[[Report], None] | None = None) -> None:
        self.store, self.path, self.work, self.warm = store, path, work, warm
        self.progress, self.heard = progress, heard
        self.pool = pool or Processes(max(1, jobs))
        self.alone = pool is None and jobs <= 1 and seconds is None and megabytes is None
        self.planned = sum(len(world) for world in worlds)
        self.failures: dict[str, Failure] = {}
        self.deaths = 0
        done = store.done(set_aside=True)
        self.finished = {spec.run_id for world in worlds for spec in world} & done
        left = [tuple(spec for spec in world if spec.run_id not in done) for world in worlds]
        self.tasks = deque(Task(chunk, str(store.folder), path, engine(), store.series_kept, seconds, megabytes)
                           for chunk in chunked([world for world in left if world]))

    def run(self) -> tuple[Failure, ...]:
        """Run all that is missing; return the runs that failed. Raises `Interrupted`."""
        self._tell()
        with stop_on_terminate():
            try:
                self._serial() if self.alone else self._parallel()
            except KeyboardInterrupt:
                raise Interrupted(
                    f"interrupted: {len(self.finished)} of {self.planned} runs are done and kept in "
                    f"{self.store.folder}; the same command goes on from there") from None
        return tuple(self.failures.values())

    def _serial(self) -> None:
        while self.tasks:
            self._take(self.work(self.tasks.popleft()))

    def _parallel(self) -> None:
        if self.tasks and not self.warm:
            self._fan_out(deque([self.tasks.popleft()]), 1)
        while self.tasks:
            self._fan_out(self.tasks, min(self.pool.size, len(self.tasks)))

    def _fan_out(self, tasks: deque[Task], size: int) -> None:
        """Run tasks until all are done or a worker dies; then see to those it had in hand."""
        suspects: list[Task] = []
        with self.pool.open(size) as executor:
            flying: dict[Future[Report], Task] = {}
            while (tasks and not suspects) or flying:
                while tasks and not suspects and len(flying) <= size:
                    task = tasks.popleft()
                    try:
                        flying[submit(executor, self.work, task)] = task
                    except self.pool.deaths:
                        suspects.append(task)
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    suspects += self._land(future, flying.pop(future))
        for task in suspects:
            self._alone(task)

    def _land(self, future: Future[Report], task: Task) -> list[Task]:
        """Take what a task reports; return it as a suspect when its process died."""
        try:
            self._take(future.result())
        except self.pool.deaths:
            return [task]
        return []

    def _alone(self, task: Task) -> None:
        """Try a suspect in a fresh process of its own, then its halves, down to single runs."""
        left = self._missing(task)
        if not left.worlds:
            return
        for _ in range(TRIES if len(left.specs) == 1 else 1):
            if self._survives(left):
                return
        if len(left.specs) == 1:
            self._take(Report((), (failure_of(left.specs[0], DIED, "", self.path),), 0.0))
        else:
            for half in halves(left):
                self._alone(half)

    def _missing(self, task: Task) -> Task:
        """Return the part of a task that its dead worker had not published."""
        done = self.store.done()
        self._take(Report(tuple(spec.run_id for spec in task.specs if spec.run_id in done), (), 0.0))
        left = (tuple(spec for spec in world if spec.run_id not in done) for world in task.worlds)
        return replace(task, worlds=tuple(world for world in left if world))

    def _survives(self, task: Task) -> bool:
        with self.pool.open(1) as executor:
            alive = not self._land(submit(executor, self.work, task), task)
        self.deaths = 0 if alive else self.deaths + 1
        if self.deaths == DEATHS:
            self._check_workers()
        return alive

    def _check_workers(self) -> None:
        """Raise `NoWorkers` when even a process that has nothing to do dies."""
        try:
            with self.pool.open(1) as executor:
                submit(executor, ready, self.work).result()
        except self.pool.deaths:
            raise NoWorkers(
                f"{DEATHS} worker processes in a row died, and one that had nothing to do as well: they do not get "
                f"through their start (mobilise doctor; or --jobs 1); {len(self.finished)} of {self.planned} runs are "
                f"done and kept in {self.store.folder}") from None

    def _take(self, report: Report) -> None:
        self.finished.update(report.done)
        self.store.mend(report.done)
        for failure in report.failures:
            self.failures[failure.run_id] = failure
            self.store.fail(failure)
        if self.heard:
            self.heard(report)
        self._tell()

    def _tell(self) -> None:
        if self.progress:
            self.progress(len(self.finished), self.planned, len(self.failures))


def halves(task: Task) -> tuple[Task, Task]:
    """Return a task's worlds, or the runs of its only world, in two halves."""
    worlds = task.worlds
    if len(worlds) == 1:
        middle = len(worlds[0]) // 2
        return replace(task, worlds=(worlds[0][:middle],)), replace(task, worlds=(worlds[0][middle:],))
    middle = len(worlds) // 2
    return replace(task, worlds=worlds[:middle]), replace(task, worlds=worlds[middle:])


@contextlib.contextmanager
def stop_on_terminate() -> Iterator[None]:
    """Treat the system's request to end like Ctrl-C, where this thread may say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def compiled(folder: Path) -> bool:
    """Whether compiled code lies in the cache folder of these sources."""
    return any(folder.rglob("*.nbc")) if folder.is_dir() else False
