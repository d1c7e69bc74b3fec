"""Engine against its plain-Mesa twin, in one run: equal outcomes first, then speed, then memory.

    python experiments/benchmarks/bench.py

Times are CPU seconds of this process (one thread on both sides), so that a busy machine disturbs
them less. Exit code 1 if the outcomes are not equal; nothing is timed then.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from equal import differences
from twin import Twin
from worlds import burnt_in

from sim.simulation import ORDER, Simulation

POLICIES = ("strategic_mobilisation", "same_known_partners")
SMALL, SMALL_CLUSTERS, SMALL_QUARTERS, SMALL_SEEDS = 300, 8, 8, (5, 11)
WORK = ("challenges", "contacts", "invited", "formed", "attempts", "left")
SMES_PER_CLUSTER = 50  # as in the default scenario: 1 000 SMEs in 20 clusters
BURN_IN = 8


def conditions() -> str:
    """Return what the figures depend on."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("mesa", "numba", "numpy"))
    load = ", load {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()) if hasattr(os, "getloadavg") else ""
    return (f"{processor()}, {os.cpu_count()} cores{load}; {platform.system()}, Python {platform.python_version()}, "
            f"{packages}; one thread each, CPU seconds")


def processor() -> str:
    """Return the processor's name where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def check_equal() -> bool:
    """Run engine and oracle twin side by side on small worlds; print and return whether they agree exactly."""
    good = True
    for policy in POLICIES:
        for seed in SMALL_SEEDS:
            world = burnt_in(SMALL, SMALL_CLUSTERS, policy, BURN_IN, seed)
            engine, twin, formed = Simulation(world.copy()), Twin(world, oracle=True), 0
            for quarter in range(SMALL_QUARTERS):
                engine.step()
                twin.step()
                formed += twin.flow["formed"]
                if found := differences(engine.world, twin):
                    print(f"DIFFERENT: {policy}, seed {seed}, quarter {quarter}: {found}")
                    good = False
                    break
            else:
                print(f"equal: {policy}, seed {seed}, {SMALL} SMEs, {SMALL_QUARTERS} quarters, "
                      f"{formed} partnerships formed")
    return good


def timed(steps: int, model: Any) -> list[float]:
    """Return the CPU seconds of each of the next steps of an engine or a twin."""
    gc.collect()
    gc.freeze()  # the twin does not pay for the garbage collector's walks over the loaded world
    seconds = []
    for _ in range(steps):
        start = time.process_time()
        model.step()
        seconds.append(time.process_time() - start)
    gc.unfreeze()
    return seconds


def mean(seconds: list[float]) -> float:
    """Return the mean."""
    return sum(seconds) / len(seconds)


def engine_phases(simulation: Simulation) -> dict[str, float]:
    """Return the CPU seconds of each phase in the engine's next quarter."""
    seconds = {}
    for name, phase in zip(ORDER, simulation.phases, strict=True):
        start = time.process_time()
        phase()
        seconds[name] = time.process_time() - start
    simulation.world.n.step += 1
    return seconds


def print_times(world: Any, quarters: int, oracle_quarters: int) -> None:
    """Time engine, random twin and oracle twin from the same world and print both ratios."""
    Simulation(world.copy()).step()  # whatever is still to be compiled or touched
    simulation = Simulation(world.copy())
    engine = timed(quarters, simulation)
    show("engine", engine)
    fast, done = mean(engine), work_of({name: int(simulation.world.flow[name]) for name in WORK})
    show("engine, the quarters after", timed(quarters, simulation))
    plain = Twin(world)
    twin = timed(quarters, plain)
    show("twin, random.Random", twin)
    print(f"work in the last of these quarters, engine: {done}; twin: {work_of(plain.flow)}")
    print(f"RATIO, twin with random.Random to engine: {mean(twin) / fast:.1f}")
    oracle = Twin(world, oracle=True)
    keyed = timed(oracle_quarters, oracle)
    show("twin, keyed draws", keyed)
    print(f"RATIO, twin with keyed draws to engine: {mean(keyed) / mean(engine[:oracle_quarters]):.1f}")
    same = Simulation(world.copy())
    same.run(oracle_quarters)
    print(f"large world, keyed twin against engine after these quarters: {differences(same.world, oracle) or 'equal'}")
    by_phase = engine_phases(simulation)
    print("engine by phase, ms: " + ", ".join(f"{name} {1000 * took:.0f}" for name, took in by_phase.items()))


def work_of(flow: Mapping[str, int]) -> str:
    """Return how much was done in a quarter: with other luck, the amounts should be alike."""
    return ", ".join(f"{flow[name]} {name}" for name in WORK)


def show(name: str, seconds: list[float]) -> None:
    """Print the times of some quarters."""
    print(f"{name}: {mean(seconds):.3f} s a quarter (" + ", ".join(f"{took:.3f}" for took in seconds) + ")")


def print_memory(world: Any) -> None:
    """Print the bytes of table rows for each SME and each relation."""
    organisations, relations = int(world.n.organisations), int(world.n.relations)
    row, tie = world.orgs.dtype.itemsize, world.rels.dtype.itemsize
    places = (world.slots.nbytes + world.members.nbytes) / organisations
    index = world.index.nbytes / max(1, relations)
    print(f"memory for each SME: {row} B of its row, + {places:.0f} B of slots and member list (goal 400 B)")
    print(f"memory for each relation: {tie} B of its row, + {index:.0f} B of pair index (goal 60 B)")
    others = sum(getattr(world, name).nbytes for name in ("parts", "seats", "roles", "props"))
    alive = int((world.orgs.left[:organisations] < 0).sum())
    print(f"rows are never reused: {alive} of {organisations} organisations are alive; tables grow by a quarter at a time")
    print(f"partnerships, seats, roles and proposals beside them: {others / 1e6:.1f} MB "
          f"for {organisations} organisations and {relations} relations")


def main() -> int:
    """Check, time, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smes", type=int, default=20_000)
    parser.add_argument("--quarters", type=int, default=3, help="timed quarters")
    parser.add_argument("--oracle-quarters", type=int, default=1, help="timed quarters of the twin with keyed draws")
    given = parser.parse_args()
    print(conditions())
    if not check_equal():
        return 1
    clusters = max(1, given.smes // SMES_PER_CLUSTER)
    world = burnt_in(given.smes, clusters, "strategic_mobilisation", BURN_IN, 7)
    print(f"{given.smes} SMEs at the start, {clusters} clusters, after {BURN_IN} quarters of common burn-in: "
          f"{int(world.n.active)} partnerships running, {int(world.n.relations)} relations")
    print_times(world, given.quarters, given.oracle_quarters)
    print_memory(world)
    print(conditions())
    return 0


if __name__ == "__main__":
    sys.exit(main())
