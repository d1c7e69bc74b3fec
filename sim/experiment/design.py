"""Which worlds are run: policies × worlds, and what a plausible future is.

A *world* is a future and a replicate; every policy of the study runs in it. Half of a comparison's
worlds (`replicates`) hold the scenario's own values and differ in luck alone: the headline's
effect and interval rest on them. The other half (`futures.count`) are plausible futures, one world
each, with fresh luck: the share of futures led rests on them. The two halves alternate, so an
unfinished study is balanced. More replicates or another policy leave the own worlds as they were; another
number of futures draws the futures afresh.
"""

from __future__ import annotations

import hashlib
import math
import shlex
from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.run import RunSpec, find_policy
from sim.scenario import Scenario
from sim.scenario.futures_file import read_futures

FUTURES_FROM = 1_000_000  # replicates of future k are numbered from here: no luck shared with own worlds
LOG_FROM = 10.0  # a range that spans this factor or more is drawn on the logarithmic scale
DIGITS = 6
ID_SHOWN = 16  # characters of a run's id that a person is asked to type
World = list[RunSpec]


def luck(seed: int, address: str, k: int, purpose: str) -> float:
    """Return a number in (0, 1) that depends on these alone: another range changes no other draw."""
    digest = hashlib.sha256(f"{seed}\0{address}\0{purpose}\0{k}".encode()).digest()
    return (int.from_bytes(digest[:8], "little") // 4096 + 0.5) / 2**52


def latin(seed: int, address: str, count: int) -> list[float]:
    """Return one number from each of ``count`` equal strata of (0, 1), in random order (Latin hypercube)."""
    order = sorted(range(count), key=lambda k: (luck(seed, address, k, "order"), k))
    return [(stratum + luck(seed, address, k, "place")) / count for k, stratum in enumerate(order)]


def scaled(u: float, low: float, high: float) -> float:
    """Return where u in (0, 1) falls in a range: on the log scale where the range spans a factor of 10."""
    if low > 0 and high / low >= LOG_FROM:
        return low * math.exp(u * math.log(high / low))
    return low + u * (high - low)


def futures(scenario: Scenario) -> list[tuple[tuple[str, float], ...]]:
    """Return the values of each plausible future; future 0, the scenario's own values, is not among them."""
    ranges, count, rows = scenario.futures.resolved(), scenario.futures.count, _from_file(scenario)
    count = count if rows is None else len(rows)
    held: Collection[str] = rows[0] if rows else ()
    drawn = {address: [float(f"{scaled(u, low, high):.{DIGITS}g}") for u in latin(scenario.seed, address, count)]
             for address, (low, high) in ranges.items() if address not in held}
    own = [{address: values[k] for address, values in drawn.items()} for k in range(count)]
    return [tuple(sorted({**(rows[k] if rows else {}), **values}.items())) for k, values in enumerate(own)]


def _from_file(scenario: Scenario) -> list[dict[str, float]] | None:
    """Return the lines chosen from the table of futures; None without a table."""
    if scenario.futures.file is None:
        return None
    rows = read_futures(Path(scenario.futures.file))
    chosen = sorted(range(len(rows)), key=lambda k: (luck(scenario.seed, "futures.file", k, "order"), k))
    return [rows[k] for k in chosen[:scenario.futures.count]]


def plan(scenario: Scenario, policies: Sequence[str] | None = None, rules: Sequence[str] = ()) -> list[World]:
    """Return the runs of a study, world by world: own worlds and plausible futures in turn."""
    names = tuple(policies) if policies else tuple(policy.name for policy in scenario.policies)
    for name in names:
        find_policy(scenario, name)

    def world(future: int, values: tuple[tuple[str, float], ...], replicate: int) -> World:
        return [RunSpec(scenario, name, future, values, replicate, tuple(rules)) for name in names]

    own = [world(0, (), r) for r in range(scenario.replicates)]
    drawn = [world(k + 1, values, FUTURES_FROM + k) for k, values in enumerate(futures(scenario))]
    return [one for both in zip_longest(own, drawn) for one in both if one is not None]


def resized(scenario: Scenario, replicates: int | None = None, seed: int | None = None) -> Scenario:
    """Return the scenario with so many own worlds, as many futures (where it draws any), and this seed."""
    changes: dict[str, object] = {} if seed is None else {"seed": seed}
    if replicates is not None:
        if replicates < 1:
            raise UsageError(f"{replicates} replicates: a comparison needs at least one world")
        changes["replicates"] = replicates
        if scenario.futures.count:
            changes["futures"] = scenario.futures.model_copy(update={"count": replicates})
    return scenario.model_copy(update=changes)


def replay(spec: RunSpec, path: str | None) -> str:
    """Return the command that makes one run again: from the results that plan it, or from a scenario's file."""
    rules = [f"--rules {shlex.quote(rule)}" for rule in spec.rules]
    if path is not None and Path(path).is_dir():
        return " ".join(["mobilise run", shlex.quote(path), f"--id {spec.run_id[:ID_SHOWN]}", *rules])
    words = ["mobilise run", path or "SCENARIO", f"--policy {spec.policy}", f"--replicate {spec.replicate}",
             f"--seed {spec.scenario.seed}"]
    words += [f"--set {key}={value!r}" for key, value in spec.values]
    return " ".join([*words, *rules])


def command(path: str | None, replicates: int | None, seed: int | None,
            overrides: Sequence[str] | Mapping[str, Any], policies: Sequence[str] | None,
            rules: Sequence[str]) -> str:
    """Return the command that makes this comparison again, quoted for a shell."""
    changes = [f"{k}={v}" for k, v in overrides.items()] if isinstance(overrides, Mapping) else list(overrides)
    words = ["mobilise", "compare", path or "SCENARIO.yaml"]
    words += [] if replicates is None else ["--replicates", str(replicates)]
    words += [] if seed is None else ["--seed", str(seed)]
    words += [] if policies is None else ["--policies", ",".join(policies)]
    words += [word for change in changes for word in ("--set", change)]
    return shlex.join([*words, *(word for rule in rules for word in ("--rules", str(rule)))])
