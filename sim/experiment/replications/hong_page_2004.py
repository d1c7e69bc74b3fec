"""Hong & Page 2004: a team of random problem solvers against a team of the ablest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np

from sim.errors import UsageError
from sim.experiment.replications.base import (
    PUBLISHED,
    REDONE,
    Cell,
    Curve,
    Outcome,
    Parameter,
    Replication,
    Values,
    label,
    mean_and_error,
)
from sim.jit import jit
from sim.luck import draw, key, stream, u01

RING, TEAM = stream("replication.hong_page.ring"), stream("replication.hong_page.team")
PRINTED = {(12, 10, 3, 2000): (92.56, 94.53)}  # l, N, k, n; 50 rings, printed
REDONE_RINGS, THEIR_RINGS = 500, 50
AGAIN = {(12, 10, 3, 2000): (92.50, 94.54)}  # an independent re-implementation, 500 rings
SLIP = {(12, 10, 3, 2000): 94.36}  # the same with one relay pass only
TWO_DIGITS = 0.005
TELLING = 1.0  # half of what random teams lead by in print: a wider tolerance could not tell the two teams apart
MOST_WORK = 5e8  # steps of the search for the ablest, at the most: l^k heuristics from n starts


@jit
def climb(values, steps, at):
    """Return where one agent stops: it cycles its steps, moves where the value is higher, ends after k failures."""
    n, k = len(values), len(steps)
    failures, step = 0, 0
    while failures < k:
        ahead = at + steps[step]
        if ahead >= n:
            ahead -= n
        if values[ahead] > values[at]:
            at, failures = ahead, 0
        else:
            failures += 1
        step += 1
        if step == k:
            step = 0
    return at


@jit
def fill(seed, name, out):
    """Write uniform draws for a purpose."""
    k = key(seed, name, np.uint64(0))
    for i in range(len(out)):
        out[i] = u01(draw(k, np.uint64(i)))


def uniform(seed: Any, name: Any, count: int) -> Any:
    """Return [count] uniform draws in (0, 1)."""
    out = np.empty(count)
    fill(seed, name, out)
    return out


@jit
def abilities(values, heuristics, ability):
    """Write the mean end value of each heuristic over all starts."""
    for h in range(len(heuristics)):
        total = 0.0
        for start in range(len(values)):
            total += values[climb(values, heuristics[h], start)]
        ability[h] = total / len(values)


@jit
def relay(values, team, one_pass):
    """Return the mean end value of a team over all starts: each from where the last stopped, until none improves.

    ``one_pass`` lets everybody have one turn only, the known slip.
    """
    total = 0.0
    for start in range(len(values)):
        at, idle, member, turns = start, 0, 0, 0
        while idle < len(team) and not (one_pass and turns == len(team)):
            end = climb(values, team[member], at)
            idle = idle + 1 if end == at else 1
            at = end
            member, turns = (member + 1) % len(team), turns + 1
        total += values[at]
    return total / len(values)


def one_ring(v: Values, number: int) -> tuple[float, float, float, float]:
    """Return best team, random team, random team after one pass, and the mean ability on one ring."""
    seed = np.uint64(number)
    ring = uniform(seed, RING, int(v["n"])) * 100.0
    heuristics = np.array(list(permutations(range(1, int(v["l"]) + 1), int(v["k"]))), np.int64)
    ability = np.empty(len(heuristics))
    abilities(ring, heuristics, ability)
    best = heuristics[np.argsort(-ability, kind="stable")[: int(v["N"])]]
    drawn = heuristics[np.argsort(uniform(seed, TEAM, len(heuristics)), kind="stable")[: int(v["N"])]]
    return relay(ring, best, False), relay(ring, drawn, False), relay(ring, drawn, True), float(ability.mean())


def check(v: Values) -> None:
    """Refuse a point that has too few heuristics for its team, or too many to search."""
    count = math.perm(int(v["l"]), int(v["k"]))
    if count < v["N"]:
        raise UsageError(
            f"hong_page_2004: N = {v['N']:g} members, but l = {v['l']:g} and k = {v['k']:g} give {count} "
            "heuristics; allowed: at most as many members as heuristics"
        )
    if count * v["n"] > MOST_WORK:
        raise UsageError(
            f"hong_page_2004: {count:,} heuristics from {v['n']:,.0f} starts are too many; allowed: "
            f"{MOST_WORK:,.0f} together; make l, k or n smaller"
        )


def cells_of(v: Values, rings: int) -> tuple[list[Cell], Any]:
    """Return the cells of one point and what each ring gave."""
    check(v)
    found = np.array([one_ring(v, number) for number in range(1, rings + 1)])
    text, cells = label(v, ("l", "N", "k", "n")), []
    point = (int(v["l"]), int(v["N"]), int(v["k"]), int(v["n"]))
    for at, name in enumerate(("best team", "random team")):
        mean, error = mean_and_error(found[:, at].tolist())
        for kind, known, their in ((PUBLISHED, PRINTED, THEIR_RINGS), (REDONE, AGAIN, REDONE_RINGS)):
            if point in known:
                cells.append(
                    Cell(
                        f"{name}, {text}",
                        mean,
                        error,
                        known[point][at],
                        kind,
                        TWO_DIGITS,
                        error * (rings / their) ** 0.5,
                        v,
                        telling=TELLING,
                    )
                )
        if point not in PRINTED:
            cells.append(Cell(f"{name}, {text}", mean, error, point=v))
    mean, error = mean_and_error(found[:, 2].tolist())
    cells.append(
        Cell(
            f"random team, one pass only (the known slip), {text}",
            mean,
            error,
            SLIP.get(point),
            REDONE if point in SLIP else "",
            TWO_DIGITS,
            error * (rings / REDONE_RINGS) ** 0.5,
            v,
            telling=TELLING,
        )
    )
    cells.append(Cell(f"random less best, {text}", *mean_and_error((found[:, 1] - found[:, 0]).tolist()), point=v))
    return cells, found


def run(points: Sequence[Values], rings: int) -> Outcome:
    """Run the points; the figure shows both teams on every ring of the first."""
    runs = [cells_of(v, rings) for v in points]
    x = list(range(1, rings + 1))
    curves = [
        Curve(name, x, np.sort(runs[0][1][:, at]).tolist()) for at, name in enumerate(("best team", "random team"))
    ]
    return Outcome(
        [cell for cells, _ in runs for cell in cells],
        curves,
        ("rings, in the order of the value", f"mean end value, {label(points[0], ('l', 'N', 'k', 'n'))}"),
        remarks=(
            "The spreads printed with the published means are standard errors; theirs is taken from our spread.",
            "A team works in relay until no member can improve; one pass only gives random teams a lower value.",
            "No engine phase is needed: nobody forms a partnership here.",
        ),
    )


PARAMETERS = {
    "l": Parameter(12, 1, 40, "largest step"),
    "N": Parameter(10, 1, 200, "members of a team"),
    "k": Parameter(3, 1, 5, "steps of a heuristic, all different"),
    "n": Parameter(2000, 50, 100_000, "values on the ring"),
}
REPLICATION = Replication(
    "hong_page_2004", "Diversity against ability", "Hong & Page 2004, PNAS 101:16385", PARAMETERS, [{}], run, seeds=50
)
