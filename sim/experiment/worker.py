"""What a worker process does: run one world under its policies and publish what came of it.

A worker ignores Ctrl-C (the coordinator decides) and ends when its coordinator does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from dataclasses import dataclass

from sim.errors import MobiliseError
from sim.experiment.design import replay
from sim.experiment.findings import Failure
from sim.experiment.shards import publish
from sim.run import Broken, RunResult, RunSpec, engine, run_each


@dataclass(frozen=True)
class Task:
    """The runs of one world, where their results go, the scenario's file for replays, the engine expected."""

    specs: tuple[RunSpec, ...]
    folder: str
    path: str | None = None
    engine: str = ""


@dataclass(frozen=True)
class Report:
    """What came of a task: runs published, runs that broke, and seconds it took."""

    done: tuple[str, ...]
    failures: tuple[Failure, ...]
    seconds: float


class OtherEngine(MobiliseError):
    """A worker found other sources than its coordinator: their numbers must not meet."""


def failure_of(spec: RunSpec, error: str, trace: str, path: str | None) -> Failure:
    """Return a run that did not finish, with the command that replays it."""
    return Failure(spec.run_id, spec.policy, spec.future, spec.replicate, error, trace, replay(spec, path))


def do(task: Task) -> Report:
    """Run the policies of one world and publish them as one shard."""
    if task.engine != engine():
        raise OtherEngine("the sources of sim changed while the study ran: what is done is kept; start it again")
    start = time.monotonic()
    results: list[RunResult] = []
    failures: list[Failure] = []
    for one in run_each(task.specs):
        if isinstance(one, Broken):
            failures.append(failure_of(one.spec, one.error, one.traceback, task.path))
        else:
            one.world = None
            results.append(one)
    publish(task.folder, results)
    return Report(tuple(one.spec.run_id for one in results), tuple(failures), time.monotonic() - start)


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
