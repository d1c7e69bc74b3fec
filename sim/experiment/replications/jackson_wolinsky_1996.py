"""Jackson & Wolinsky 1996, connections model: which networks are efficient, which are stable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.experiment.replications.base import (
    REDONE,
    THEORY,
    Cell,
    Curve,
    Outcome,
    Parameter,
    Replication,
    Values,
    label,
)
from sim.jit import jit

PRINTED = {(4, 0.5, 0.2): (3.6, 1), (4, 0.5, 0.3): (2.7, 7), (4, 0.5, 0.45): (1.8, 16), (4, 0.5, 0.6): (0.9, 1)}
EXACT = 1e-9
TIE = 1e-12  # gains below this are rounding


@jit
def utilities(links, n, delta, cost, distance, out):
    """Write u_i = sum over others of delta to the distance, less the cost of own links; strangers give nothing."""
    far = n + 1
    for i in range(n):
        for j in range(n):
            distance[i, j] = 0 if i == j else (1 if links[i, j] else far)
    for k in range(n):
        for i in range(n):
            for j in range(n):
                distance[i, j] = min(distance[i, j], distance[i, k] + distance[k, j])
    for i in range(n):
        out[i] = 0.0
        for j in range(n):
            if i != j:
                if distance[i, j] < far:
                    out[i] += delta ** distance[i, j]
                if links[i, j]:
                    out[i] -= cost


@jit
def is_stable(links, n, delta, cost, distance, now, then):
    """Whether nobody gains by cutting a link, and no two gain by making one (one strictly, the other not losing)."""
    utilities(links, n, delta, cost, distance, now)
    for i in range(n):
        for j in range(i):
            had = links[i, j]
            links[i, j] = links[j, i] = not had
            utilities(links, n, delta, cost, distance, then)
            links[i, j] = links[j, i] = had
            gain_i, gain_j = then[i] - now[i], then[j] - now[j]
            if had and (gain_i > TIE or gain_j > TIE):
                return False
            if not had and min(gain_i, gain_j) >= -TIE and max(gain_i, gain_j) > TIE:
                return False
    return True


@jit
def enumerate_graphs(n, delta, cost):
    """Return the efficient value, the fewest links of an efficient graph, and how many labelled graphs are stable."""
    distance, now, then = np.empty((n, n), np.int64), np.empty(n), np.empty(n)
    links = np.zeros((n, n), np.bool_)
    best, best_links, stable = -1e300, n * n, 0
    for graph in range(1 << (n * (n - 1) // 2)):
        bit, count = 0, 0
        for i in range(n):
            for j in range(i):
                links[i, j] = links[j, i] = (graph >> bit) & 1 == 1
                count += links[i, j]
                bit += 1
        utilities(links, n, delta, cost, distance, now)
        total = now.sum()
        if total > best + TIE or (total > best - TIE and count < best_links):
            best, best_links = max(best, total), count
        stable += is_stable(links, n, delta, cost, distance, now, then)
    return best, best_links, stable


def theory(n: int, delta: float, cost: float) -> tuple[float, int]:
    """Return the efficient value and its links by proposition 1: complete, star or empty.

    On a border two of them have the same value; the one with fewer links is named.
    """
    star = 2 * (n - 1) * (delta - cost) + (n - 1) * (n - 2) * delta**2
    if cost < delta - delta**2 - TIE:
        return n * (n - 1) * (delta - cost), n * (n - 1) // 2
    if cost < delta + (n - 2) * delta**2 / 2 - TIE:
        return star, n - 1
    return 0.0, 0


def cells_of(v: Values) -> list[Cell]:
    """Return the cells of one point."""
    n, delta, cost = int(v["n"]), v["delta"], v["c"]
    value, links, stable = enumerate_graphs(n, delta, cost)
    proved_value, proved_links = theory(n, delta, cost)
    known = PRINTED.get((n, round(delta, 9), round(cost, 9)))
    text = label(v, ("n", "delta", "c"))
    cells = [
        Cell(
            f"efficient value, {text}",
            float(value),
            0.0,
            known[0] if known else proved_value,
            REDONE if known else THEORY,
            EXACT,
            point=v,
        ),
        Cell(f"links of the efficient network, {text}", float(links), 0.0, float(proved_links), THEORY, EXACT, point=v),
        Cell(
            f"pairwise-stable labelled networks, {text}",
            float(stable),
            0.0,
            float(known[1]) if known else None,
            REDONE if known else "",
            EXACT,
            point=v,
        ),
    ]
    return [*cells, *_nobody_linked(n, v, text)] if cost > delta else cells


def _nobody_linked(n: int, v: Values, text: str) -> list[Cell]:
    """Above delta nobody adds a first link, so the empty network is among the stable ones (proposition 2)."""
    empty = is_stable(
        np.zeros((n, n), np.bool_), n, v["delta"], v["c"], np.empty((n, n), np.int64), np.empty(n), np.empty(n)
    )
    return [Cell(f"the empty network is stable (1: yes), {text}", float(empty), 0.0, 1.0, THEORY, EXACT, point=v)]


def run(points: Sequence[Values], _: int) -> Outcome:
    """Enumerate all labelled networks at the points; the figure shows the efficient value over the cost of a link."""
    n, delta = min(5, int(points[0]["n"])), points[0]["delta"]
    costs = [round(0.05 * step, 2) for step in range(1, 21)]
    curves = [
        Curve("exhaustive search", costs, [float(enumerate_graphs(n, delta, cost)[0]) for cost in costs]),
        Curve("proposition 1", costs, [theory(n, delta, cost)[0] for cost in costs]),
    ]
    return Outcome(
        [cell for v in points for cell in cells_of(v)],
        curves,
        ("cost of a link to each side", f"value of the efficient network, n = {n}, delta = {delta:g}"),
        remarks=(
            "A network is pairwise stable when nobody gains by cutting a link and no two gain by making one, "
            "one of them strictly; networks are counted with their labels.",
            "Nothing is drawn and no engine phase is needed: all labelled networks are enumerated.",
        ),
    )


PARAMETERS = {
    "n": Parameter(4, 2, 6, "players; all labelled networks are enumerated"),
    "delta": Parameter(0.5, 0.01, 0.99, "worth of a connection at distance one", whole=False),
    "c": Parameter(0.2, 0.0, 5.0, "cost of a link to each side", whole=False),
}
REPLICATION = Replication(
    "jackson_wolinsky_1996",
    "Connections: efficient and stable networks",
    "Jackson & Wolinsky 1996, J Econ Theory 71:44",
    PARAMETERS,
    [{"n": n, "delta": delta, "c": cost} for n, delta, cost in PRINTED],
    run,
    seeds=1,
)
