"""Runs a study: worlds to worker processes, a bounded number in flight, whatever dies on the way.

What is done is what lies in the shards, so a study goes on where it stopped. A world whose worker
died is tried again alone, then run by run; only a run that dies alone twice counts as failed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import types
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import MobiliseError
from sim.experiment.findings import Failure
from sim.experiment.store import Store
from sim.experiment.worker import Report, Task, begin, do, failure_of
from sim.run import RunSpec, engine

DIED = "its process died (killed, out of memory, or crashed)"
Work = Callable[[Task], Report]
Progress = Callable[[int, int, int], None]


class Interrupted(MobiliseError):
    """Stopped by Ctrl-C or by the system; what is done is kept."""

    exit_code = 130


def cores() -> int:
    """Return the processors this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Runner:
    """Runs what is missing of a study.

    Parameters
    ----------
    store : where results go; its writer lock must be held.
    worlds : what is planned, world by world.
    jobs : worker processes; 1 runs everything in this process.
    path : the scenario's file, for replay commands.
    progress : called with runs done (earlier ones included), planned and failed, whenever that changes.
    work : what a worker does with a task (tests put a stand-in here).
    warm : whether compiled code is in the cache; if not, one world goes ahead so that one process compiles.
    """

    def __init__(self, store: Store, worlds: Sequence[Sequence[RunSpec]], jobs: int = 1,
                 path: str | None = None, progress: Progress | None = None, work: Work = do,
                 warm: bool = True) -> None:
        self.store, self.jobs, self.path, self.work, self.warm = store, max(1, jobs), path, work, warm
        self.progress = progress
        self.planned = sum(len(world) for world in worlds)
        self.failures: dict[str, Failure] = {}
        done = store.done(set_aside=True)
        self.finished = {spec.run_id for world in worlds for spec in world} & done
        left = [tuple(spec for spec in world if spec.run_id not in done) for world in worlds]
        self.tasks = deque(Task(specs, str(store.folder), path, engine()) for specs in left if specs)

    def run(self) -> tuple[Failure, ...]:
        """Run all that is missing; return the runs that failed. Raises `Interrupted`."""
        self._tell()
        with stop_on_terminate():
            try:
                self._serial() if self.jobs == 1 else self._parallel()
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
            self._fan_out(self.tasks, min(self.jobs, len(self.tasks)))

    def _fan_out(self, tasks: deque[Task], jobs: int) -> None:
        """Run tasks in a pool until all are done or a worker dies; then see to those it had in hand."""
        suspects: list[Task] = []
        with pool_of(jobs) as pool:
            flying: dict[Future[Report], Task] = {}
            while (tasks and not suspects) or flying:
                while tasks and not suspects and len(flying) <= jobs:
                    task = tasks.popleft()
                    try:
                        flying[submit(pool, self.work, task)] = task
                    except BrokenProcessPool:
                        suspects.append(task)
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    suspects += self._land(future, flying.pop(future))
        for task in suspects:
            self._alone(task)

    def _land(self, future: Future[Report], task: Task) -> list[Task]:
        """Take what a task reports; return it as a suspect when its process died."""
        try:
            self._take(future.result())
        except BrokenProcessPool:
            return [task]
        return []

    def _alone(self, task: Task) -> None:
        """Try a suspect in a fresh process of its own, then run by run."""
        done = self.store.done()
        left = tuple(spec for spec in task.specs if spec.run_id not in done)
        self._take(Report(tuple(spec.run_id for spec in task.specs if spec.run_id in done), (), 0.0))
        if not left or self._survives(replace(task, specs=left)):
            return
        for spec in left:
            if len(left) == 1 or not self._survives(replace(task, specs=(spec,))):
                self._take(Report((), (failure_of(spec, DIED, "", self.path),), 0.0))

    def _survives(self, task: Task) -> bool:
        with pool_of(1) as pool:
            return not self._land(submit(pool, self.work, task), task)

    def _take(self, report: Report) -> None:
        self.finished.update(report.done)
        self.store.mend(report.done)
        for failure in report.failures:
            self.failures[failure.run_id] = failure
            self.store.fail(failure)
        self._tell()

    def _tell(self) -> None:
        if self.progress:
            self.progress(len(self.finished), self.planned, len(self.failures))


@contextlib.contextmanager
def pool_of(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of fresh processes; interrupted once, let what runs finish; twice, end it."""
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=begin)
    try:
        yield pool
        pool.shutdown()
    except BaseException:
        try:
            pool.shutdown(cancel_futures=True)
        except KeyboardInterrupt:
            for child in set(multiprocessing.active_children()) - before:
                child.terminate()
            raise
        raise


def submit(pool: ProcessPoolExecutor, work: Work, task: Task) -> Future[Report]:
    """Hand a task to the pool; processes it starts need only `sim`, never the script that called it."""
    real = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        return pool.submit(work, task)
    finally:
        sys.modules["__main__"] = real


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
