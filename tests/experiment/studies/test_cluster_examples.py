"""The worked cluster examples hold together: not run on a cluster, but read as one would read them."""

from __future__ import annotations

import importlib.util
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from sim.cli.app import app

CLUSTER = Path(__file__).parents[3] / "experiments" / "cluster"


def options_of(words: list[str]) -> dict[str, Any]:
    """Return what the command line makes of an example's words; what it does not know is an error."""
    verb = get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    return dict(verb.make_context(words[0], words[1:]).params)


def test_the_job_script_of_dask_on_slurm() -> None:
    pytest.importorskip("dask_jobqueue")
    found = importlib.util.spec_from_file_location("slurm_dask", CLUSTER / "slurm_dask.py")
    assert found is not None and found.loader is not None
    example = importlib.util.module_from_spec(found)
    found.loader.exec_module(example)
    with example.jobs_of("short") as jobs:
        script = jobs.job_script()
    said = [line.removeprefix("#SBATCH ") for line in script.splitlines() if line.startswith("#SBATCH")]
    asked = dict(line.split("=" if line.startswith("--") else " ", 1) for line in said)
    assert (asked["-p"], asked["-n"], asked["--cpus-per-task"], asked["-t"]) == ("short", "1", "1", "02:00:00")
    assert asked["--mem"] in ("4G", "3815M", "3.73G") and "--nthreads 1" in script and "--lifetime 110m" in script


def test_the_job_array_runs_every_shard_once() -> None:
    text = (CLUSTER / "slurm_array.sh").read_text("utf-8")
    subprocess.run(["bash", "-n", str(CLUSTER / "slurm_array.sh")], check=True)
    low, high = next(line for line in text.splitlines() if "--array=" in line).split("--array=")[1].split()[0].split("-")
    command = next(line for line in text.splitlines() if "--shard" in line)
    count = int(high) - int(low) + 1
    shards = set()
    for task in range(int(low), int(high) + 1):
        known = {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_COUNT": str(count), "PATH": "/usr/bin:/bin"}
        said = subprocess.run(["bash", "-c", f"echo {command}"], capture_output=True, text=True, check=True, env=known).stdout
        words = shlex.split(said)
        shards.add(words[words.index("--shard") + 1])
    assert shards == {f"{k}/{count}" for k in range(1, count + 1)}


def test_the_kubernetes_example_names_what_it_makes() -> None:
    claim, dask, job = yaml.safe_load_all((CLUSTER / "kubernetes.yaml").read_text("utf-8"))
    assert [one["kind"] for one in (claim, dask, job)] == ["PersistentVolumeClaim", "DaskCluster", "Job"]
    pods = [dask["spec"]["worker"]["spec"], job["spec"]["template"]["spec"]]
    for pod in pods:
        volumes = {one["name"]: one["persistentVolumeClaim"]["claimName"] for one in pod["volumes"]}
        assert set(volumes.values()) == {claim["metadata"]["name"]}
        assert {mount["name"] for box in pod["containers"] for mount in box["volumeMounts"]} == set(volumes)
    scheduler, service = dask["spec"]["scheduler"]["spec"], dask["spec"]["scheduler"]["service"]
    ports = {port["name"]: port["containerPort"] for port in scheduler["containers"][0]["ports"]}
    assert all(port["port"] == ports[port["targetPort"]] for port in service["ports"])
    assert service["selector"]["dask.org/cluster-name"] == dask["metadata"]["name"]
    box = pods[1]["containers"][0]
    options = options_of(box["command"][1:])
    assert options["scheduler"] == f"tcp://{dask['metadata']['name']}-scheduler:{ports['tcp-comm']}"
    mounted = {mount["mountPath"] for mount in box["volumeMounts"]}
    assert any(str(options["out"]).startswith(path) for path in mounted)
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"] and pods[1]["restartPolicy"] == "OnFailure"
