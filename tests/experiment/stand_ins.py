"""Stand-ins for the work of a worker process: quick results that depend on the run alone, and deaths on order.

Orders lie in a file beside the study, so that a fresh process finds them: `die` (every time), `die_once`,
`fail` (raise), `full` (the disk refuses), `slow` (seconds for each task).
"""

from __future__ import annotations

import errno
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiment.shards import publish
from sim.experiment.worker import Report, Task, failure_of, limited
from sim.record import CannotWrite
from sim.run import RunResult, RunSpec

STEPS = 5
if "STAND_INS_DIE" in os.environ:  # as a worker does whose libraries cannot be loaded
    os._exit(1)


def result(spec: RunSpec) -> RunResult:
    """Return numbers that depend on the run id alone."""
    luck = np.random.default_rng(int(spec.run_id[:12], 16))
    series = {name: luck.integers(0, 1000, STEPS).astype(float) for name in ("value", "search", "from_known")}
    series |= {name: np.zeros(STEPS) for name in ("coordination", "goal", "from_self")}
    return RunResult(spec, series, {"net_value": float(luck.normal()), "trust": float("nan")},
                     luck.random((2, 2)), 26)


def orders_of(folder: str | Path) -> dict[str, Any]:
    """Return what the test asked for."""
    path = Path(folder) / "orders.txt"
    return json.loads(path.read_text()) if path.exists() else {}


def order(folder: str | Path, **orders: Any) -> None:
    """Ask the stand-ins for deaths and delays."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "orders.txt").write_text(json.dumps(orders))


def _obey(orders: dict[str, Any], task: Task, spec: RunSpec) -> None:
    once = Path(task.folder) / f"died-{spec.run_id}"
    if spec.run_id in orders.get("die_once", ()) and not once.exists():
        once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if spec.run_id in orders.get("die", ()):
        os.kill(os.getpid(), signal.SIGKILL)
    if spec.run_id in orders.get("full", ()):
        raise CannotWrite.of(Path(task.folder), OSError(errno.ENOSPC, "No space left on device"))


def work(task: Task) -> Report:
    """Do what `sim.experiment.worker.do` does, with invented results."""
    orders = orders_of(task.folder)
    (Path(task.folder) / f"worker-{os.getpid()}").touch()
    time.sleep(orders.get("slow", 0.0))
    results, failures = [], []
    for spec in task.specs:
        _obey(orders, task, spec)
        if spec.run_id in orders.get("fail", ()):
            failures.append(failure_of(spec, "ValueError: as ordered", "Traceback ...", task.path))
        else:
            results.append(result(spec))
    publish(task.folder, results)
    return Report(tuple(one.spec.run_id for one in results), tuple(failures), 0.0)


def greedy(task: Task) -> Report:
    """Do as `work` does, under the task's limits, with runs that want all memory or never end."""
    orders, results, failures = orders_of(task.folder), [], []
    for spec in task.specs:
        try:
            with limited(task.seconds, task.megabytes):
                if spec.run_id in orders.get("hog", ()):
                    bytearray(20 * 10**9)
                while spec.run_id in orders.get("loop", ()):
                    pass
            results.append(result(spec))
        except MemoryError as error:
            failures.append(failure_of(spec, f"{type(error).__name__}: {error}", "", task.path))
    publish(task.folder, results)
    return Report(tuple(one.spec.run_id for one in results), tuple(failures), 0.0)
