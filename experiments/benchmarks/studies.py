"""Speed of studies, as ratios in one run: overhead of a run, two workers against one, a hundred thousand runs.

    python experiments/benchmarks/studies.py [--quick] [--only many]

The work is invented, so that only planning, handing out, publishing and reading are measured. Each part first
checks that what was kept is what was planned.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import studies_work

from sim.experiment.runner import Runner, chunked
from sim.experiment.store import Store
from sim.experiment.worker import Task
from sim.run import RunSpec, engine
from sim.scenario import loads

SMALL = "world: {smes: 24, clusters: 2, steps: 28}\nfutures: {count: 0}\n"
POLICIES = ("same_known_partners", "strategic_mobilisation")


def worlds(count: int) -> list[tuple[RunSpec, ...]]:
    scenario = loads(SMALL)
    return [tuple(RunSpec(scenario, name, 0, (), k) for name in POLICIES) for k in range(count)]


def study(folder: str, planned: list[tuple[RunSpec, ...]], jobs: int, work: object, series: bool) -> tuple[float, float]:
    """Run a study; return seconds on the clock and processor seconds of this process."""
    store = Store(folder, series)
    with store.writing():
        store.begin(planned, {"name": "benchmark"})
        runner = Runner(store, planned, jobs, work=work)
        start, cpu = time.monotonic(), time.process_time()
        runner.run()
    assert store.done() == {spec.run_id for world in planned for spec in world}
    return time.monotonic() - start, time.process_time() - cpu


def overhead(runs: int) -> None:
    """Time what a run costs beside its own work: serial, everything in one process."""
    planned = worlds(runs // 2)
    for series in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            inside = time.process_time()
            for world in planned:
                for spec in world:
                    studies_work.result(spec)
            inside = time.process_time() - inside
            clock, cpu = study(folder, planned, 1, studies_work.nothing, series)
        print(f"overhead of a run {'with' if series else 'without'} series: {(cpu - inside) / runs * 1e3:.2f} ms of processor time, "
              f"{(clock - inside) / runs * 1e3:.2f} ms on the clock ({runs:,} runs; goal 1 ms)", flush=True)


def workers(runs: int) -> None:
    """Time two workers against one on runs of 0.2 s: of processor time, and of waiting, which no other load disturbs."""
    planned = worlds(runs // 2)
    for what, work in (("of waiting", studies_work.waiting), ("of processor time", studies_work.busy)):
        took = {}
        for jobs in (1, 2):
            with tempfile.TemporaryDirectory() as folder:
                took[jobs], _ = study(folder, planned, jobs, work, False)
        load = os.getloadavg()[0]
        print(f"two workers against one, {runs} runs of {studies_work.SECONDS} s {what}: {took[1] / took[2]:.2f} times "
              f"({took[1]:.1f} s, {took[2]:.1f} s; load {load:.1f} on {os.cpu_count()} cores; goal 1.8)", flush=True)


def many(runs: int) -> None:
    """Time listing published runs and planning a resume of all of them, and the memory it takes."""
    planned = worlds(runs // 2)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        with store.writing():
            store.begin(planned, {"name": "benchmark"})
            for chunk in chunked(planned):
                studies_work.nothing(Task(chunk, folder, engine=engine()))
        files = len(list((Path(folder) / "runs").iterdir()))
        start = time.process_time()
        assert len(Store(folder).done()) == runs
        listed = time.process_time() - start
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        start = time.process_time()
        fresh = worlds(runs // 2)
        with store.writing():
            store.begin(fresh, {"name": "benchmark"})
            left = Runner(store, fresh).tasks
        resumed = time.process_time() - start
        assert not left
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{runs:,} published runs with series in {files:,} files: listed in {listed:.1f} s (goal 5), resume planned in {resumed:.1f} s "
          f"(goal 30) of processor time, peak memory {memory:.2f} GB ({before:.2f} before; goal 1)", flush=True)


PARTS = {"overhead": (overhead, 10_000), "many": (many, 100_000), "workers": (workers, 200)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    asked = parser.parse_args()
    part = 10 if asked.quick else 1
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name, (measure, runs) in PARTS.items():
        if asked.only in (None, name):
            measure(runs // part)


if __name__ == "__main__":
    main()
