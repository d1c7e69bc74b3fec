"""Cowan & Jonard 2004: knowledge bartered along the links of a network; it runs on the engine's learning rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.errors import UsageError
from sim.experiment.replications.base import (
    PUBLISHED,
    Cell,
    Curve,
    Outcome,
    Parameter,
    Replication,
    Values,
    label,
    mean_and_error,
)
from sim.experiment.replications.watch import NotCalledError
from sim.jit import jit
from sim.luck import chain2, chain3, draw, key, mix, stream, u01
from sim.parameters import make_params
from sim.rules import registry
from sim.rules.linked import learn

REWIRE, LEVEL, EXPERT, PICK = (
    stream(f"replication.cowan_jonard.{name}") for name in ("rewire", "level", "expert", "pick")
)
CURVE = (0.0, 0.001, 0.003, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.4, 0.7, 1.0)
SCALE = 10.0  # levels of the original over this: the engine's levels lie in [0, 1]
STILL = 1e-6  # share of all knowledge gained in a round of as many meetings as agents: nothing moves any more
MOST_ROUNDS = 20_000


@jit
def small_world(s, agents, neighbours, p, links):
    """Write a Watts-Strogatz ring: each link to the right is rewired with chance p to somebody not yet linked."""
    k = key(s, REWIRE, np.uint64(0))
    links[:] = False
    for i in range(agents):
        for step in range(1, neighbours // 2 + 1):
            links[i, (i + step) % agents] = links[(i + step) % agents, i] = True
    for step in range(1, neighbours // 2 + 1):
        for i in range(agents):
            j = (i + step) % agents
            if u01(chain3(k, np.uint64(i), np.uint64(step), np.uint64(0))) < p and links[i].sum() < agents - 1:
                attempt = 1
                while True:
                    other = np.int64(agents * u01(chain3(k, np.uint64(i), np.uint64(step), np.uint64(attempt))))
                    if other != i and not links[i, other]:
                        break
                    attempt += 1
                links[i, j] = links[j, i] = False
                links[i, other] = links[other, i] = True


@jit
def endow(s, level, experts, top):
    """Draw levels U(0, 1) over the scale; in each type some agents, drawn without replacement, are experts."""
    agents, types = level.shape
    k, k_expert = key(s, LEVEL, np.uint64(0)), key(s, EXPERT, np.uint64(0))
    for i in range(agents):
        for t in range(types):
            level[i, t] = u01(chain2(k, np.uint64(i), np.uint64(t))) / SCALE
    for t in range(types):
        named, attempt = 0, 0
        while named < experts:
            i = np.int64(agents * u01(chain2(k_expert, np.uint64(t), np.uint64(attempt))))
            attempt += 1
            if level[i, t] < top:
                level[i, t] = top
                named += 1


@jit
def barter(level, i, j, rule, p, luck, ahead_i, ahead_j):
    """Let i and j swap as many types as both can offer; return what was learnt."""
    types = level.shape[1]
    n_i = n_j = 0
    for t in range(types):
        if level[i, t] > level[j, t]:
            ahead_i[n_i] = t
            n_i += 1
        elif level[j, t] > level[i, t]:
            ahead_j[n_j] = t
            n_j += 1
    swaps, gained = min(n_i, n_j), 0.0
    for n in range(swaps):
        luck = mix(luck)
        at = n + np.int64((n_i - n) * u01(luck))
        ahead_i[n], ahead_i[at] = ahead_i[at], ahead_i[n]
        luck = mix(luck)
        at = n + np.int64((n_j - n) * u01(luck))
        ahead_j[n], ahead_j[at] = ahead_j[at], ahead_j[n]
    for n in range(swaps):
        t, u = ahead_i[n], ahead_j[n]
        gained -= level[j, t] + level[i, u]
        level[j, t] = learn(rule, level[j, t], level[i, t], 1.0, 0.0, 1.0, 1.0, p)
        level[i, u] = learn(rule, level[i, u], level[j, u], 1.0, 0.0, 1.0, 1.0, p)
        gained += level[j, t] + level[i, u]
    return gained


@jit
def list_neighbours(links, neighbour, degree):
    """Write the neighbours of each agent, side by side, and how many there are."""
    for i in range(len(links)):
        degree[i] = 0
        for j in range(len(links)):
            if links[i, j]:
                neighbour[i, degree[i]] = j
                degree[i] += 1


@jit
def settle(s, neighbour, degree, level, rule, p):
    """Let agents meet a neighbour at random until nothing moves; return rounds and barters that taught anything."""
    agents, types = level.shape
    ahead_i, ahead_j = np.empty(types, np.int64), np.empty(types, np.int64)
    barters = 0
    for turn in range(MOST_ROUNDS):
        k, gained = key(s, PICK, np.uint64(turn)), 0.0
        for meeting in range(agents):
            luck = draw(k, np.uint64(meeting))
            i = np.int64(agents * u01(luck))
            if degree[i] > 0:
                luck = mix(luck)
                j = neighbour[i, np.int64(degree[i] * u01(luck))]
                more = barter(level, i, j, rule, p, luck, ahead_i, ahead_j)
                gained += more
                barters += more > 0.0
        if gained <= STILL * level.sum():
            return turn + 1, barters
    return MOST_ROUNDS, barters


def one_world(v: Values, number: int, rule: str = "standard") -> tuple[float, float, int]:
    """Return mean knowledge, its variance across agents, and the barters, when nothing moves any more."""
    agents, types = int(v["agents"]), int(v["types"])
    links, level = np.zeros((agents, agents), np.bool_), np.empty((agents, types))
    neighbour, degree = np.empty((agents, agents), np.int64), np.empty(agents, np.int64)
    seed, p = np.uint64(number), make_params({"learn.partners": v["absorption"]})
    small_world(seed, agents, int(v["neighbours"]), v["p"], links)
    list_neighbours(links, neighbour, degree)
    endow(seed, level, int(v["experts"]), v["expert_level"] / SCALE)
    barters = int(settle(seed, neighbour, degree, level, registry.rule_id("learn", rule), p)[1])
    own = level.mean(axis=1) * SCALE
    return float(own.mean()), float(own.var()), barters


def check(v: Values) -> None:
    """Refuse a ring with more neighbours or experts than others; and a rule of the engine that is not asked."""
    for name, most in (("neighbours", v["agents"] - 1), ("experts", v["agents"])):
        if v[name] > most:
            raise UsageError(
                f"cowan_jonard_2004: {name} = {v[name]:g} is not allowed; allowed: at most {most:g} "
                f"with {v['agents']:g} agents"
            )
    if one_world(
        {**v, "agents": min(60, v["agents"]), "neighbours": min(4, v["neighbours"]), "experts": min(5, v["experts"])},
        1,
        "none",
    )[2]:
        raise NotCalledError("knowledge moves although the engine's learning rule is 'none': it is not asked")


def run(points: Sequence[Values], seeds: int) -> Outcome:
    """Run the points; the figure shows a curve over the rewiring chance for each setting of the others."""
    check(points[0])
    found = [np.array([one_world(v, number) for number in range(1, seeds + 1)]) for v in points]
    cells, curves = [], []
    for others in dict.fromkeys(tuple((name, v[name]) for name in PARAMETERS if name != "p") for v in points):
        mine = sorted(
            (n for n, v in enumerate(points) if all(v[name] == value for name, value in others)),
            key=lambda n: points[n]["p"],
        )
        changed = [name for name, value in others if value != PARAMETERS[name].default]
        text = label(points[mine[0]], changed)
        cells += curve_cells([points[n] for n in mine], [found[n] for n in mine], text, changed == [])
        x = [max(points[n]["p"], 5e-4) for n in mine]
        moments = [mean_and_error(found[n][:, 0].tolist()) for n in mine]
        curves.append(Curve(text or "mean knowledge", x, [m for m, _ in moments], [e for _, e in moments]))
    return Outcome(
        cells,
        curves,
        ("chance that a link is rewired (log; 0 at the left edge)", "mean knowledge when nothing moves"),
        True,
        (
            "Levels are divided by 10 to fit the engine's range; that changes no comparison.",
            "Each seed has the same knowledge at the start for every rewiring chance.",
            "With the engine's learning rule 'none' nothing moves: checked before each run.",
        ),
    )


def curve_cells(points: Sequence[Values], found: Sequence[Any], text: str, original: bool) -> list[Cell]:
    """Return mean and variance at each rewiring chance; whether the mean at a tenth is highest, above both ends."""
    cells = []
    for v, worlds in zip(points, found, strict=True):
        name = ", ".join(filter(None, (label(v, ["p"]), text)))
        cells.append(Cell(f"mean knowledge, {name}", *mean_and_error(worlds[:, 0].tolist()), point=v))
        cells.append(Cell(f"variance across agents, {name}", *mean_and_error(worlds[:, 1].tolist()), point=v))
    chances = [v["p"] for v in points]
    if not {0.0, 1.0} <= set(chances) or len(chances) < 3:
        return cells
    best = int(np.argmax([worlds[:, 0].mean() for worlds in found]))
    tenth = int(np.argmin([abs(p - 0.1) for p in chances]))
    kind, sign = (PUBLISHED, 1) if original else ("", 0)
    cells.append(
        Cell(f"rewiring chance of the highest mean{', ' if text else ''}{text}", chances[best], point=points[best])
    )
    for at, name in (
        (best, f"the highest, at p={chances[best]:g}"),
        (chances.index(0.0), "at p=0"),
        (chances.index(1.0), "at p=1"),
    ):
        mean, error = mean_and_error((found[tenth][:, 0] - found[at][:, 0]).tolist())
        highest = at == best
        cells.append(
            Cell(
                f"mean at p={chances[tenth]:g} less the mean {name}",
                mean,
                error,
                0.0 if highest and original else None,
                kind,
                sign=0 if highest else sign,
            )
        )
    return cells


PARAMETERS = {
    "p": Parameter(0.1, 0.0, 1.0, "chance that a link of the ring is rewired", whole=False),
    "agents": Parameter(500, 10, 3000, "agents"),
    "neighbours": Parameter(10, 2, 100, "neighbours on the ring"),
    "types": Parameter(5, 2, 50, "types of knowledge"),
    "experts": Parameter(5, 0, 1000, "experts for each type"),
    "expert_level": Parameter(10.0, 1.0, 10.0, "level of an expert; others U(0, 1)", whole=False),
    "absorption": Parameter(0.1, 0.001, 1.0, "share of the gap that the receiver closes", whole=False),
}
REPLICATION = Replication(
    "cowan_jonard_2004",
    "Small worlds spread knowledge",
    "Cowan & Jonard 2004, JEDC 28:1557",
    PARAMETERS,
    [{"p": p} for p in CURVE],
    run,
    seeds=50,
)
