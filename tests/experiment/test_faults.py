"""Every way in which the system may refuse: each write, flush, link or rename in turn, limits, a lost cluster."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stand_ins

from sim.experiment.design import World, plan, resized
from sim.experiment.pools import Cluster, ClusterLost
from sim.experiment.runner import DIED, Runner
from sim.experiment.store import Store
from sim.experiment.worker import limited
from sim.record import CannotWrite
from sim.scenario import Scenario

HERE = Path(__file__).parent
CALLS = {"write": (os, "write"), "fsync": (os, "fsync"), "link": (os, "link"), "rename": (Path, "replace"), "open": (os, "open")}


@pytest.fixture()
def worlds(scenario: Scenario) -> list[World]:
    return plan(resized(scenario, 1))


def study(folder: Path, worlds: list[World], jobs: int = 1, **named: Any) -> tuple[Store, Runner]:
    store = Store(folder)
    with store.writing():
        store.begin(worlds, {"name": "small"})
        runner = Runner(store, worlds, jobs, "small.yaml", work=named.pop("work", stand_ins.work), **named)
        runner.run()
    return store, runner


def failing(real: Callable[..., Any], nth: int) -> Callable[..., Any]:
    """Return a call that fails the n-th time it is made, as a full disk does."""
    count = itertools.count(1)

    def call(*words: Any, **named: Any) -> Any:
        ours = "worker-" not in str(words[0])  # the stand-in's own mark
        if ours and next(count) == nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*words, **named)
    return call


@pytest.mark.parametrize("name", CALLS)
def test_every_nth_call_may_fail(tmp_path: Path, worlds: list[World], monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    expected = study(tmp_path / "undisturbed", worlds)[0].fingerprint()
    owner, attribute = CALLS[name]
    real, failures = getattr(owner, attribute), 0
    for nth in itertools.count(1):
        folder = tmp_path / f"{name}-{nth}"
        stand_ins.order(folder)
        with monkeypatch.context() as patch:
            patch.setattr(owner, attribute, failing(real, nth))
            try:
                study(folder, worlds)
                failed = False
            except CannotWrite as problem:
                failed = problem.exit_code == 4
                assert "No space left" in str(problem)
        assert not [path for path in folder.rglob("part-*") if path.stat().st_size == 0]
        store, _ = study(folder, worlds)  # the disk has room again: the same command goes on
        assert store.fingerprint() == expected
        failures += failed
        if not failed and nth > 3:
            break
    assert failures >= 2


# --- limits of one run --------------------------------------------------------------------------

def test_memory_is_refused_and_given_back() -> None:
    with pytest.raises(MemoryError), limited(None, 200):
        bytearray(2 * 10**9)
    assert len(bytearray(3 * 10**8)) == 3 * 10**8


@pytest.mark.slow
def test_a_hog_and_an_endless_loop_cost_themselves_only(tmp_path: Path, worlds: list[World]) -> None:
    hog, loop = worlds[0][0].run_id, worlds[1][1].run_id
    stand_ins.order(tmp_path / "one", hog=[hog], loop=[loop])
    store, runner = study(tmp_path / "one", worlds, 2, work=stand_ins.greedy, seconds=1, megabytes=500)
    assert set(runner.failures) == {hog, loop}
    assert "MemoryError" in runner.failures[hog].error and runner.failures[loop].error == DIED
    assert len(store.runs()) == len(worlds) * 3 - 2


# --- a Dask cluster -------------------------------------------------------------------------------

@pytest.fixture()
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a real scheduler and two worker processes."""
    pytest.importorskip("distributed")
    place = tmp_path / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])]), "PYTHONWARNINGS": "ignore",
                   "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}

    def start(part: str, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "dask", part, "--scheduler-file", str(place), "--no-dashboard", *words],
                                env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path)
    processes = [start("scheduler", "--port", "0", "--host", "127.0.0.1")]
    processes += [start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)) for _ in range(2)]
    try:
        deadline = time.monotonic() + 60
        while not place.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        import json

        yield json.loads(place.read_text())["address"], processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_a_worker_gives_the_same_bits(
        tmp_path: Path, scenario: Scenario, cluster: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    many = plan(resized(scenario, 8))
    expected = study(tmp_path / "undisturbed", many)[0].fingerprint()
    folder, (address, processes) = tmp_path / "one", cluster
    stand_ins.order(folder, slow=0.15)
    pool = Cluster(address)
    pool.client.wait_for_workers(2, timeout=60)
    kill = threading.Thread(target=_kill_when_begun, args=(folder, processes[2]))
    kill.start()
    store, runner = study(folder, many, pool=pool)
    kill.join()
    pool.close()
    assert not runner.failures and store.fingerprint() == expected
    assert processes[2].poll() is not None


def _kill_when_begun(folder: Path, process: subprocess.Popen[bytes], workers: int = 2) -> None:
    """End one of the processes that this test started, once so many workers have done something."""
    deadline = time.monotonic() + 60
    while len(list(folder.glob("worker-*"))) < workers and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_killed_scheduler_is_a_message_and_loses_nothing(
        tmp_path: Path, scenario: Scenario, cluster: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    many = plan(resized(scenario, 8))
    expected = study(tmp_path / "undisturbed", many)[0].fingerprint()
    folder, (address, processes) = tmp_path / "one", cluster
    stand_ins.order(folder, slow=0.15)
    kill = threading.Thread(target=_kill_when_begun, args=(folder, processes[0], 1))
    kill.start()
    with pytest.raises(ClusterLost, match="the same command to go on") as problem:
        study(folder, many, pool=Cluster(address))
    kill.join()
    assert problem.value.exit_code == 4
    stand_ins.order(folder)
    assert study(folder, many)[0].fingerprint() == expected
