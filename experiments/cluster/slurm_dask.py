"""A study on SLURM through dask-jobqueue: workers are jobs of the queue, this script coordinates.

    sbatch --cpus-per-task=1 --mem=4G --wrap "python experiments/cluster/slurm_dask.py experiments/regime_face.yaml"

The coordinator may be killed as well: the same line goes on from what workers have published.
"""

from __future__ import annotations

import argparse
import contextlib
import os
from pathlib import Path
from typing import Any

from sim.experiment.campaign import How
from sim.experiment.pools import Cluster
from sim.experiment.regime import regime
from sim.experiment.sensitivity import sensitivity
from sim.experiment.sweep import sweep
from sim.scenario.load_study import load_study

VERBS = {"sweep": sweep, "regime": regime, "sensitivity": sensitivity}


def jobs_of(queue: str | None) -> Any:
    """Return workers as SLURM jobs: one core, process and thread each; a new one replaces one whose time is up."""
    from dask_jobqueue import SLURMCluster

    return SLURMCluster(queue=queue, cores=1, processes=1, memory="4GB", walltime="02:00:00",
                        worker_extra_args=["--lifetime", "110m", "--lifetime-stagger", "8m"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study")
    parser.add_argument("--verb", choices=VERBS, default="regime")
    parser.add_argument("--workers", type=int, default=32)
    parser.add_argument("--queue", default=None)
    asked = parser.parse_args()
    study = load_study(asked.study)
    out = Path(os.environ.get("SCRATCH", ".")) / study.text.name
    with jobs_of(asked.queue) as jobs:
        jobs.adapt(minimum=1, maximum=asked.workers)
        with contextlib.closing(Cluster(jobs.scheduler_address)) as pool:
            found = VERBS[asked.verb](study, out, How(pool=pool, path=asked.study, note=print))
    print(f"results in {found.folder}; {len(found.failures)} runs failed")


if __name__ == "__main__":
    main()
