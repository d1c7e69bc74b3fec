"""Kill a study hundreds of times, at random instants, and see whether anything is lost.

    python experiments/stress/kill.py --kills 300
    python experiments/stress/kill.py --poison 4         runs that kill whoever runs them: found, nobody else blamed

Each study has 20 worlds (60 runs) of invented work that depends on the run id alone, published through the real
runner, workers and store. Its coordinator runs in a process of its own; at a random instant a worker, all workers,
the coordinator, or everything is killed (kill -9), or the coordinator gets SIGINT or SIGTERM. Then the same
command goes on. When a study is complete, its fingerprint must be that of an undisturbed one and no run may be
blamed. Only processes that this command started are killed, each by its id.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "experiment")]

import stand_ins

from sim.experiment.design import World, plan, resized
from sim.experiment.runner import Interrupted, Runner
from sim.experiment.store import Store
from sim.scenario import loads

TEXT = """
name: stress
policies: [same_known_partners, strategic_mobilisation, solo]
world: {smes: 24, clusters: 2, steps: 5, burn_in: 1}
futures: {count: 10}
replicates: 10
"""
KINDS = ("one worker", "all workers", "coordinator", "everything", "SIGINT", "SIGTERM")
SLOW = 0.25  # seconds of each world


def worlds() -> list[World]:
    return plan(resized(loads(TEXT), 10))


def coordinate(folder: str) -> None:
    """Run what is missing of the study: what the child process does."""
    store = Store(folder)
    with store.writing():
        planned = worlds()
        store.begin(planned, {"name": "stress"})
        with contextlib.suppress(Interrupted):
            Runner(store, planned, 2, work=stand_ins.work).run()


def undisturbed(folder: Path) -> str:
    coordinate(str(folder))
    return Store(folder).fingerprint()


def workers_of(folder: Path, since: float) -> list[int]:
    found = []
    for mark in folder.glob("worker-*"):
        with contextlib.suppress(OSError):
            if mark.stat().st_mtime >= since:
                found.append(int(mark.name.removeprefix("worker-")))
    return [number for number in found if _is_ours(number)]


def _is_ours(number: int) -> bool:
    """Whether a process still is a Python worker of this study and not some other that took its id."""
    with contextlib.suppress(OSError):
        return b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes()
    return False


def harm(kind: str, child: subprocess.Popen[bytes], folder: Path, since: float, luck: random.Random) -> bool:
    """Do one kind of harm; return whether there was anybody to harm."""
    workers = workers_of(folder, since)
    if kind in ("SIGINT", "SIGTERM"):
        child.send_signal(getattr(signal, kind))
        return True
    victims = {"one worker": workers[:0] or ([luck.choice(workers)] if workers else []), "all workers": workers,
               "coordinator": [child.pid], "everything": [child.pid, *workers]}[kind]
    for number in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    return bool(victims)


def one_start(folder: Path, luck: random.Random, done: Counter[str]) -> None:
    """Start the coordinator, harm it at a random instant, wait for its end."""
    since = time.time()
    child = subprocess.Popen([sys.executable, __file__, "--coordinate", str(folder)], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not workers_of(folder, since) and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    while child.poll() is None:
        time.sleep(luck.expovariate(1 / 1.5))
        if child.poll() is not None:
            break
        kind = luck.choice(KINDS)
        if harm(kind, child, folder, since, luck):
            done[kind] += 1
        if kind not in ("one worker", "all workers"):
            child.wait(60)


def poison(count: int, luck: random.Random) -> None:
    """Run a study some of whose runs kill their process every time, beside one without them."""
    with tempfile.TemporaryDirectory() as home:
        expected = {row["run_id"]: row["outcome_net_value"] for row in _rows(Path(home) / "undisturbed")}
        bad = sorted(luck.sample(sorted(expected), count))
        folder = Path(home) / "poisoned"
        stand_ins.order(folder, die=bad)
        start = time.monotonic()
        coordinate(str(folder))
        found = {row["run_id"]: row["outcome_net_value"] for row in Store(folder).runs().to_dict("records")}
        blamed = {failure.run_id for failure in Store(folder).failures(expected)}
        same = found == {key: value for key, value in expected.items() if key not in bad}
        print(f"{count} poison runs in {len(expected)}: {len(blamed)} blamed ({'they' if blamed == set(bad) else 'NOT only they'}), "
              f"{len(found)} finished, numbers {'equal' if same else 'NOT equal'}, {time.monotonic() - start:.0f} s")
        sys.exit(0 if same and blamed == set(bad) else 1)


def _rows(folder: Path) -> list[dict[str, object]]:
    coordinate(str(folder))
    return Store(folder).runs().to_dict("records")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--poison", type=int)
    parser.add_argument("--coordinate")
    asked = parser.parse_args()
    if asked.coordinate:
        coordinate(asked.coordinate)
        return
    if asked.poison:
        poison(asked.poison, random.Random(asked.seed))
    luck, done, studies, lost, blamed, aside = random.Random(asked.seed), Counter(), 0, 0, 0, 0
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        expected = undisturbed(Path(home) / "undisturbed")
        planned = {spec.run_id for world in worlds() for spec in world}
        while sum(done.values()) < asked.kills:
            folder = Path(home) / f"study-{studies}"
            stand_ins.order(folder, slow=SLOW)
            while Store(folder).done() != planned:
                one_start(folder, luck, done)
            store = Store(folder)
            lost += store.fingerprint() != expected
            blamed += len(store.failures(planned))
            aside += len(list((folder / "set_aside").glob("*"))) if (folder / "set_aside").is_dir() else 0
            studies += 1
            print(f"{studies} studies, {sum(done.values())} blows, {lost} differ, {blamed} blamed", flush=True)
    print(f"{sum(done.values())} blows ({', '.join(f'{kind} {count}' for kind, count in sorted(done.items()))}) to {studies} studies "
          f"of {len(planned)} runs in {time.monotonic() - start:.0f} s: {lost} fingerprints differ from the undisturbed one, "
          f"{blamed} runs blamed, {aside} files torn; Python {platform.python_version()}, {os.cpu_count()} cores")
    sys.exit(1 if lost or blamed else 0)


if __name__ == "__main__":
    main()
