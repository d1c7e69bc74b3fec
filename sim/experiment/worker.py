"""What a worker process does: run worlds under their policies and publish what came of them.

A worker ignores Ctrl-C (the coordinator decides) and ends when its coordinator does.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.errors import MobiliseError
from sim.experiment.design import replay
from sim.experiment.findings import Failure
from sim.experiment.shards import publish
from sim.run import Broken, RunResult, RunSpec, engine, run_each


@dataclass(frozen=True)
class Task:
    """Worlds to run, each the runs of one future and replicate.

    Parameters
    ----------
    worlds : the runs, world by world. folder : where results go. path : folder or scenario, for replays.
    engine : the engine that is expected. series : whether to keep a row for each quarter.
    seconds, megabytes : what one run may take, or None; the operating system enforces it.
    """

    worlds: tuple[tuple[RunSpec, ...], ...]
    folder: str
    path: str | None = None
    engine: str = ""
    series: bool = True
    seconds: int | None = None
    megabytes: int | None = None

    @property
    def specs(self) -> tuple[RunSpec, ...]:
        """All runs of the task."""
        return tuple(spec for world in self.worlds for spec in world)


@dataclass(frozen=True)
class Report:
    """What came of a task: runs published, runs that broke, seconds it took, totals of the published."""

    done: tuple[str, ...]
    failures: tuple[Failure, ...]
    seconds: float
    totals: dict[str, dict[str, float]] = field(default_factory=dict)


class OtherEngine(MobiliseError):
    """A worker found other sources than its coordinator: their numbers must not meet."""


def ready(_work: object) -> bool:
    """Do nothing: a process that answers has read all that the work needs."""
    return True


def failure_of(spec: RunSpec, error: str, trace: str, path: str | None) -> Failure:
    """Return a run that did not finish, with the command that replays it."""
    return Failure(spec.run_id, spec.policy, spec.future, spec.replicate, error, trace, replay(spec, path))


def do(task: Task) -> Report:
    """Run the policies of each world and publish all as one shard."""
    if task.engine != engine():
        raise OtherEngine("the sources of sim changed while the study ran: what is done is kept; start it again")
    start = time.monotonic()
    results: list[RunResult] = []
    failures: list[Failure] = []
    for one in _run(task):
        if isinstance(one, Broken):
            failures.append(failure_of(one.spec, one.error, one.traceback, task.path))
        else:
            one.world = None
            results.append(one)
    publish(task.folder, results, task.series)
    return Report(tuple(one.spec.run_id for one in results), tuple(failures), time.monotonic() - start,
                  {one.spec.run_id: one.totals for one in results})


def _run(task: Task) -> Iterator[RunResult | Broken]:
    for world in task.worlds:
        runs = run_each(world)
        for _ in world:
            with limited(task.seconds, task.megabytes):
                one = next(runs)
            yield one


@contextlib.contextmanager
def limited(seconds: int | None, megabytes: int | None) -> Iterator[None]:
    """Let the system end this process after so many seconds of its time, and refuse it more memory.

    Enforced by the kernel, so that compiled code which never returns is ended as well. Systems
    without resource limits (Windows) run without.
    """
    if seconds is None and megabytes is None:
        yield
        return
    try:
        import resource
    except ImportError:
        yield
        return
    asked = {}
    if seconds is not None:
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        asked[resource.RLIMIT_CPU] = int(used) + seconds + 1
    if megabytes is not None:
        asked[resource.RLIMIT_AS] = _bytes_mapped() + megabytes * 10**6
    before = {kind: resource.getrlimit(kind) for kind in asked}
    for kind, most in asked.items():
        resource.setrlimit(kind, (most, before[kind][1]))
    try:
        yield
    finally:
        for kind, old in before.items():
            resource.setrlimit(kind, old)


def _bytes_mapped() -> int:
    """Return the bytes of address space in use, 0 where the system does not say."""
    try:
        with open("/proc/self/statm") as file:  # noqa: PTH123
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def begin() -> None:
    """Set up a fresh worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
