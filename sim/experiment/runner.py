"""Run what is missing: worlds over processes, each publishing its own results; a death costs one world.

A task is one world: the world is built and burnt in once, then every policy that is missing runs
on a copy. A worker that dies takes nobody with it: what was in flight is tried again alone, in a
process of its own, and a second death is recorded as the failure of that world.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from sim.errors import MobiliseError
from sim.experiment.findings import Failure
from sim.experiment.store import Store
from sim.run import Broken, RunResult, RunSpec, run_each

IN_FLIGHT = 2  # worlds for each worker
Progress = Callable[[int, int, int], None]


class Interrupted(MobiliseError):
    """Stopped by the user; what was finished is kept."""

    exit_code = 130


def run_and_keep(specs: Sequence[RunSpec], folder: str) -> list[Broken]:
    """Run the policies of one world and publish what finished; return what broke (in a worker)."""
    results: list[RunResult] = []
    broken: list[Broken] = []
    for result in run_each(specs):
        (results if isinstance(result, RunResult) else broken).append(result)  # type: ignore[arg-type]
    Store(Path(folder)).keep(results)
    return broken


def run_missing(worlds: Sequence[Sequence[RunSpec]], store: Store, jobs: int | None = None,
                progress: Progress | None = None) -> list[Failure]:
    """Run every run that is not kept yet; return the failures. Raises `Interrupted` on SIGINT."""
    done = store.done()
    todo = [[spec for spec in world if spec.run_id not in done] for world in worlds]
    todo = [world for world in todo if world]
    jobs = min(jobs or os.cpu_count() or 1, max(1, len(todo)))
    report = _Report(len(todo), progress)
    try:
        if jobs == 1:
            for world in todo:
                report.finish(run_and_keep(world, str(store.folder)))
        elif todo:
            report.finish(_alone(todo[0], store))  # compiles the engine once, before the others need it
            _in_parallel(todo[1:], store, jobs, report)
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted: {report.done} of {len(todo)} worlds of this call are finished and "
                          f"kept in {store.folder}; the same command goes on from there") from None
    return report.failures


class _Report:
    """What is done and what failed."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.done, self.failures, self.progress = total, 0, list[Failure](), progress

    def finish(self, broken: Sequence[Broken]) -> None:
        self.done += 1
        self.failures += [failure(one.spec, one.error, one.traceback) for one in broken]
        if self.progress:
            self.progress(self.done, self.total, len(self.failures))


def failure(spec: RunSpec, error: str, trace: str = "") -> Failure:
    """Describe a failed run and the command that replays it."""
    settings = " ".join(f"--set {key}={value!r}" for key, value in spec.values)
    replay = f"mobilise run SCENARIO --policy {spec.policy} --replicate {spec.replicate} {settings}".strip()
    return Failure(spec.run_id, spec.policy, spec.future, spec.replicate, error, trace, replay)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _in_parallel(todo: Sequence[Sequence[RunSpec]], store: Store, jobs: int, report: _Report) -> None:
    """Keep a bounded number of worlds in flight; retry alone what a dying worker took along."""
    waiting, flying = list(todo), dict[Future[list[Broken]], Sequence[RunSpec]]()
    pool = _pool(jobs)
    try:
        while waiting or flying:
            while waiting and len(flying) < IN_FLIGHT * jobs:
                world = waiting.pop(0)
                flying[pool.submit(run_and_keep, world, str(store.folder))] = world
            finished, _ = wait(flying, return_when=FIRST_COMPLETED)
            try:
                for future in finished:
                    report.finish(future.result())
                    del flying[future]
            except BrokenProcessPool:
                pool.shutdown(wait=True, cancel_futures=True)
                for world in flying.values():
                    report.finish(_alone(world, store))
                flying.clear()
                pool = _pool(jobs)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(world: Sequence[RunSpec], store: Store) -> list[Broken]:
    """Run one world in a process of its own; its death is its own failure."""
    kept = store.done()
    missing = [spec for spec in world if spec.run_id not in kept]
    if not missing:
        return []
    with _pool(1) as pool:
        try:
            return pool.submit(run_and_keep, missing, str(store.folder)).result()
        except BrokenProcessPool:
            return [Broken(spec, "the process died (killed, or out of memory)", "") for spec in missing]
