"""Engine against its plain-Mesa twin, in one run: equal outcomes first, then speed, then memory.

    python experiments/benchmarks/bench.py

Prints a table for each policy and writes it, a figure and the conditions to ``results/benchmarks``. Times are CPU
seconds of this process, one thread on both sides, so that a busy machine disturbs them less; beside them the wall clock
of the engine on two threads, which plain Mesa cannot use. Exit code 1 if the outcomes are not equal; nothing is timed then.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
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
TWO_THREADS = "engine, two threads"
ENGINE_RUNS = 5  # the same quarters again, each from a fresh copy


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


def timed(steps: int, model: Any, clock: Callable[[], float] = time.process_time) -> list[float]:
    """Return the CPU seconds, or those of another clock, of each of the next steps of an engine or a twin."""
    gc.collect()
    gc.freeze()  # the twin does not pay for the garbage collector's walks over the loaded world
    seconds = []
    for _ in range(steps):
        start = clock()
        model.step()
        seconds.append(clock() - start)
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


def measure(policy: str, smes: int, quarters: int, oracle_quarters: int) -> dict[str, Any]:
    """Time engine, random twin and keyed twin from the same world; return and print the times."""
    world = burnt_in(smes, max(1, smes // SMES_PER_CLUSTER), policy, BURN_IN, 7)
    print(f"\n{policy}: {smes} SMEs at the start, after {BURN_IN} quarters of common burn-in: "
          f"{int(world.n.active)} partnerships running, {int(world.n.relations)} relations")
    Simulation(world.copy()).step()  # whatever is still to be compiled or touched
    engine = [timed(quarters, Simulation(world.copy())) for _ in range(ENGINE_RUNS)]
    shared = [timed(quarters, Simulation(world.copy(), threads=2), time.perf_counter) for _ in range(ENGINE_RUNS)]
    by_phase = engine_phases(Simulation(world.copy()))
    plain, oracle, same = Twin(world), Twin(world, oracle=True), Simulation(world.copy())
    found = {"engine": [took for run in engine for took in run], TWO_THREADS: [took for run in shared for took in run], "twin": timed(quarters, plain),
             "keyed twin": timed(oracle_quarters, oracle)}
    for name, seconds in found.items():
        show(name, seconds)
    same.run(oracle_quarters)
    print(f"keyed twin against engine after {oracle_quarters} quarters: {differences(same.world, oracle) or 'equal'}")
    same.run(quarters - oracle_quarters)
    done = work_of({name: int(same.world.flow[name]) for name in WORK})
    print(f"work in the last of these quarters, engine: {done}; twin: {work_of(plain.flow)}")
    print("engine by phase, first quarter, ms: " + ", ".join(f"{name} {1000 * took:.1f}" for name, took in by_phase.items()))
    print_memory(world)
    return {"policy": policy, **found, "phases": by_phase}


def ratio(row: dict[str, Any], twin: str, engine: str = "engine") -> float:
    """Return how many times the engine's mean a twin takes, over the quarters that both were timed in."""
    quarters = len(row[engine]) // ENGINE_RUNS
    same = [took for n, took in enumerate(row[engine]) if n % quarters < len(row[twin])]
    return mean(row[twin]) / mean(same)


def table(rows: list[dict[str, Any]]) -> str:
    """Return times and ratios in Markdown."""
    lines = ["| policy | engine, mean (least) s a quarter | twin, mean (least) | ratio | keyed twin | ratio "
             "| engine on two threads, wall clock | twin against it |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        cells = [f"{mean(row[name]):.3f} ({min(row[name]):.3f})" for name in ("engine", "twin", "keyed twin", TWO_THREADS)]
        lines.append(f"| `{row['policy']}` | {cells[0]} | {cells[1]} | **{ratio(row, 'twin'):.0f}** | {cells[2]} | "
                     f"{ratio(row, 'keyed twin'):.0f} | {cells[3]} | {ratio(row, 'twin', TWO_THREADS):.0f} |")
    return "\n".join(lines)


def draw(rows: list[dict[str, Any]], file: Path) -> None:
    """Draw the times of engine and twins, and where the engine's time goes."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    places = range(len(rows))
    for n, name in enumerate(("engine", "twin", "keyed twin")):
        bars = left.bar([place + 0.27 * (n - 1) for place in places], [mean(row[name]) for row in rows], 0.25, label=name)
        left.bar_label(bars, [f"{mean(row[name]):.2g} s" for row in rows], fontsize=8)
    left.set(yscale="log", ylabel="CPU seconds a quarter (log scale)", title="The same rules, the same world")
    for place, row in enumerate(rows):
        base = 0.0
        for n, (name, took) in enumerate(row["phases"].items()):
            right.bar(place, 1000 * took, 0.5, base, color=plt.get_cmap("tab20")(n), label=name if place == 0 else None)
            base += 1000 * took
    right.set(ylabel="CPU ms a quarter", title="Where the engine's time goes")
    for axes in (left, right):
        axes.set_xticks(list(places), [row["policy"] for row in rows])
        axes.legend(frameon=False, fontsize=8, loc="upper right" if axes is left else "center left",
                    bbox_to_anchor=None if axes is left else (1.0, 0.5))
    left.margins(y=0.25)
    figure.savefig(file, dpi=120)


def work_of(flow: Mapping[str, int]) -> str:
    """Return how much was done in a quarter: with other luck, the amounts should be alike."""
    return ", ".join(f"{flow[name]} {name}" for name in WORK)


def show(name: str, seconds: list[float]) -> None:
    """Print the times of some quarters."""
    print(f"{name}: mean {mean(seconds):.3f}, least {min(seconds):.3f} s a quarter, {len(seconds)} times")


def print_memory(world: Any) -> None:
    """Print the bytes of table rows for each SME and each relation."""
    organisations, relations = int(world.n.organisations), int(world.n.relations)
    row, tie = world.orgs.dtype.itemsize, world.rels.dtype.itemsize
    places = (world.slots.nbytes + world.members.nbytes) / organisations
    index = world.index.nbytes / max(1, relations)
    print(f"memory for each SME: {row} B of its row, + {places:.0f} B of slots and member list (goal 300 B)")
    print(f"memory for each relation: {tie} B of its row, + {index:.0f} B of pair index (goal 40 B)")
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
    parser.add_argument("--out", type=Path, default=Path("results/benchmarks"))
    given = parser.parse_args()
    before = conditions()
    print(before)
    if not check_equal():
        return 1
    rows = [measure(policy, given.smes, given.quarters, given.oracle_quarters) for policy in POLICIES]
    text = f"{table(rows)}\n\nBefore: {before}\nAfter: {conditions()}\n"
    print("\n" + text)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "bench.md").write_text(text, encoding="utf-8")
    (given.out / "bench.json").write_text(json.dumps({"conditions": before, "policies": rows}, indent=1), encoding="utf-8")
    draw(rows, given.out / "bench.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
