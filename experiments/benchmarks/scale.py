"""Where the time goes, and how it grows with the world: one command, a table, a figure, the conditions.

    python experiments/benchmarks/scale.py --sizes 2000 20000 200000

For each size: building, time of a quarter by phase, time for each SME and quarter, memory, what one candidate costs
against one random row (the machine's own limit, measured here), and two threads against one with equal bits.
CPU seconds, except for threads, where the wall clock counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import numba
import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from bench import conditions
from worlds import burnt_in, populated

from sim.jit import jit
from sim.phases.challenges import challenges
from sim.phases.desk_work import open_desk
from sim.phases.mobilise import plan_all
from sim.rules.linked import sources
from sim.simulation import ORDER, Simulation

POLICY, SEED, BURN_IN, QUARTERS, PER_CLUSTER = "strategic_mobilisation", 7, 8, 3, 50
TABLES = {"orgs": "organisations", "rels": "relations", "parts": "partnerships", "seats": "seats", "roles": "roles"}
BESIDE_SME, BESIDE_RELATION = ("slots", "members", "member_uids"), ("index", "ties")
GATHERED = 2_000_000
WORDS_OF_A_LINE = 8


@numba.njit(nogil=True)  # type: ignore[misc, unused-ignore]
def gather(rows: Any, order: Any) -> int:
    """Return a sum over rows in a given order: of each, one word of every cache line is read."""
    total = 0
    for n in range(len(order)):
        for word in range(0, rows.shape[1], WORDS_OF_A_LINE):
            total += rows[order[n], word]
    return total


@jit
def scan_all(w, s, order):
    """Look through all sources for every proposal, as `mobilise` does, and do no more; return the profiles seen."""
    profiles = 0
    for n in range(len(order)):
        open_desk(w, s, order[n])
        for source in range(w.pol.open.shape[1]):
            s.k.scanned = 0
            if w.pol[s.k.policy].open[source]:
                sources(source, w, s, order[n])
                profiles += s.k.scanned
    return profiles


def gather_cost(rows: int, bytes_each: int) -> float:
    """Return the ns that reading one row at random costs this machine: the limit for scanning candidates."""
    table = np.ones((rows, bytes_each // 8), np.int64)
    order = np.random.default_rng(1).integers(0, rows, GATHERED)
    gather(table, order[:10])
    return 1e9 * min(_timed(gather, table, order) for _ in range(3)) / GATHERED


def _timed(function: Any, *arguments: Any) -> float:
    start = time.process_time()
    function(*arguments)
    return time.process_time() - start


def phases(simulation: Simulation) -> dict[str, float]:
    """Return the CPU ms of each phase of the next quarter."""
    for name in simulation.world.flow.dtype.names:
        simulation.world.flow[name] = 0
    took = {name: 1e3 * _timed(phase) for name, phase in zip(ORDER, simulation.phases, strict=True)}
    simulation.world.n.step += 1
    return took


def fingerprint(world: Any) -> str:
    """Return a hash of the rows in use of all large tables."""
    digest = hashlib.sha256()
    for name, count in TABLES.items():
        digest.update(getattr(world, name)[: int(world.n[count])].tobytes())
    return digest.hexdigest()[:16]


def threads(world: Any) -> tuple[float, bool]:
    """Return by how much two threads are faster than one on the wall clock, and whether the bits are the same."""
    seconds, prints = [], []
    for count in (1, 2):
        simulation = Simulation(world.copy(), threads=count)
        start = time.perf_counter()
        simulation.run(QUARTERS)
        seconds.append(time.perf_counter() - start)
        prints.append(fingerprint(simulation.world))
    return seconds[0] / seconds[1], prints[0] == prints[1]


def candidate_cost(world: Any) -> tuple[float, float, float]:
    """Return ns for each profile of a quarter's searches, profiles for each search, and ns for a profile scanned."""
    simulation = Simulation(world.copy())
    challenges(simulation.world)
    count = int(simulation.world.n.proposals)
    simulation.world.reserve_plans(count)
    profiles = simulation.desks.get(simulation.world)[0].k
    took = _timed(plan_all, simulation.world, simulation.desks, count)
    order = np.argsort(simulation.world.orgs.cluster[simulation.world.props.lead[:count]], kind="stable")
    view, desk = simulation.world.view(), simulation.desks.get(simulation.world)[0]
    scanned = int(scan_all(view, desk, order))
    scan = 1e9 * min(_timed(scan_all, view, desk, order) for _ in range(3)) / max(1, scanned)
    return 1e9 * took / max(1, int(profiles.profiles)), int(profiles.profiles) / max(1, count), scan


def measure(smes: int) -> dict[str, Any]:
    """Return all figures of one size."""
    clusters = max(1, smes // PER_CLUSTER)
    start = time.process_time()
    populated(smes, clusters, POLICY, SEED)
    built = time.process_time() - start
    world = burnt_in(smes, clusters, POLICY, BURN_IN, SEED)
    simulation = Simulation(world.copy())
    by_phase = [phases(simulation) for _ in range(QUARTERS)]
    quarter = {name: sum(took[name] for took in by_phase) / QUARTERS for name in ORDER}
    living = int((world.orgs.left[: int(world.n.organisations)] < 0).sum())
    gain, same = threads(world)
    cost, profiles, scan = candidate_cost(world)
    of = {name: getattr(world, name).nbytes for name in (*BESIDE_SME, *BESIDE_RELATION)}
    return {"smes": smes, "living": living, "build_seconds": built, "quarter_ms": quarter,
            "ns_per_sme": 1e6 * sum(quarter.values()) / living, "steps_to_build": 1e3 * built / sum(quarter.values()),
            "bytes_per_sme": world.orgs.dtype.itemsize + sum(of[n] for n in BESIDE_SME) / int(world.n.organisations),
            "bytes_per_relation": world.rels.dtype.itemsize + of["index"] / int(world.n.relations),
            "two_threads": gain, "same_bits": same, "ns_per_profile": cost, "profiles_per_search": profiles, "ns_per_scan": scan,
            "gather_ns": gather_cost(int(world.n.organisations), world.orgs.dtype.itemsize)}


def table(rows: list[dict[str, Any]]) -> str:
    """Return the figures as a table in Markdown."""
    heads = ["", *(f"{row['smes']:,} SMEs" for row in rows)]
    lines = [heads, ["---"] * len(heads)]
    for label, key, form in (
            ("ns for each SME and quarter", "ns_per_sme", "{:,.0f}"), ("building, in quarters", "steps_to_build", "{:.1f}"),
            ("B for each SME", "bytes_per_sme", "{:.0f}"), ("B for each relation, index included", "bytes_per_relation", "{:.1f}"),
            ("two threads, wall clock", "two_threads", "{:.2f} times"), ("same bits", "same_bits", "{}"),
            ("ns for each profile of a search, team and answers included", "ns_per_profile", "{:.0f}"),
            ("profiles in a search", "profiles_per_search", "{:.0f}"),
            ("ns for each profile scanned, all sources open", "ns_per_scan", "{:.0f}"),
            ("ns to read one row at random", "gather_ns", "{:.1f}")):
        lines.append([label, *(form.format(row[key]) for row in rows)])
    lines += [[f"{name}, ms", *(f"{row['quarter_ms'][name]:.1f}" for row in rows)] for name in ORDER]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def draw(rows: list[dict[str, Any]], file: Path) -> None:
    """Draw the time for each SME and quarter by phase, for each size."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4.5))
    names, base = [f"{row['smes']:,}" for row in rows], np.zeros(len(rows))
    for place, name in enumerate(ORDER):
        values = np.array([1e6 * row["quarter_ms"][name] / row["living"] for row in rows])
        axes.bar(names, values, bottom=base, label=name, color=plt.get_cmap("tab20")(place))
        base += values
    axes.set(xlabel="SMEs", ylabel="ns for each SME and quarter", title=f"Where the time goes: {POLICY}")
    axes.legend(bbox_to_anchor=(1.01, 1), loc="upper left", frameon=False)
    figure.savefig(file, dpi=120, bbox_inches="tight")


def main() -> int:
    """Measure every size, print the table, write table, figures and conditions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, 20_000, 200_000])
    parser.add_argument("--out", type=Path, default=Path("results/benchmarks"))
    given = parser.parse_args()
    measure(300)  # compiles whatever is needed
    rows = [measure(smes) for smes in given.sizes]
    text = f"{table(rows)}\n\n{conditions()}\n"
    print(text)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "scale.md").write_text(text, encoding="utf-8")
    (given.out / "scale.json").write_text(json.dumps({"conditions": conditions(), "sizes": rows}, indent=1), encoding="utf-8")
    draw(rows, given.out / "scale.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
