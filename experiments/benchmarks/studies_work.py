"""Invented work for the benchmark of studies: nothing, a fixed time of one processor, or a wait."""

from __future__ import annotations

import time

import numpy as np

from sim.experiment.shards import publish
from sim.experiment.worker import Report, Task
from sim.run import RunResult, RunSpec

QUARTERS, SERIES, OUTCOMES = 28, 30, 40
SECONDS = 0.2


def result(spec: RunSpec) -> RunResult:
    luck = np.random.default_rng(int(spec.run_id[:12], 16))
    table = luck.random((SERIES, QUARTERS))
    totals = {f"outcome{k}": float(value) for k, value in enumerate(luck.random(OUTCOMES))} | {"net_value": 1.0}
    return RunResult(spec, {f"series{k}": table[k] for k in range(SERIES)}, totals, np.zeros((10, 10)), 250)


def nothing(task: Task) -> Report:
    results = [result(spec) for spec in task.specs]
    publish(task.folder, results, task.series)
    return Report(tuple(one.spec.run_id for one in results), (), 0.0)


def waiting(task: Task) -> Report:
    for _ in task.specs:
        time.sleep(SECONDS)
    return nothing(task)


def busy(task: Task) -> Report:
    for _ in task.specs:
        end = time.process_time() + SECONDS
        while time.process_time() < end:
            pass
    return nothing(task)
