"""Guimera, Uzzi, Spiro & Amaral 2005: teams of incumbents and newcomers, through the engine's own search and growth.

Each step one organisation meets an opportunity: with chance p an incumbent, else a newcomer; it is the first slot. The
policy `team_assembly` plans the other slots in the engine's `mobilise`, `commit` forms the team and its relations,
`part` ends it. Nothing else of the engine runs. Incumbents and newcomers answer an open call in equal numbers, so
that both kinds are always to be found; past collaborators are introduced by the member asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from sim.experiment.replications.bare_world import BareWorld, luck
from sim.experiment.replications.base import (
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
from sim.luck import stream
from sim.phases import commit, mobilise, part
from sim.phases.desks import Desks
from sim.rules import registry
from sim.vocab import Source
from sim.world.tables import SOURCES

FIRST, WHO = stream("replication.team_assembly.first"), stream("replication.team_assembly.who")
SCAN = 256  # answers to the open call: enough of both kinds at each slot
WAITING = 66  # newcomers at hand, at the least; more when there are more incumbents
MOST_MEMBERS = 50
WAITS, MEMBER, LEFT = 0, 1, 2
THEIR_SEEDS = 3  # seeds of the re-implementation; its standard error is taken from the spread of ours
TWO_DIGITS = 0.005
TELLING = 0.1  # of a share that runs from 0 to 1: a wider tolerance on the largest component tells nothing
GIANT = {(0.3, 0.5): 0.17, (0.4, 0.5): 0.72, (0.5, 0.5): 0.92, (0.5, 1.0): 0.02, (0.7, 1.0): 0.33, (0.8, 1.0): 0.87}
REPEAT = {(0.4, 0.8): 0.11, (0.5, 0.8): 0.17, (0.6, 0.8): 0.24, (0.7, 0.8): 0.30}  # (p, q), m 4, tau 1 000, 4 000 teams
NETLOGO = {"agents": (156.0, 0.5), "links": (246.0, 0.5), "repeat links": (1.1, 0.05), "giant share": (0.074, 0.0005)}
NETLOGO_POINT = {"m": 4.0, "p": 0.1, "q": 0.5, "tau": 40.0, "teams": 100.0, "netlogo": 1.0}
NETLOGO_RUNS = 40  # worlds for each seed: they are small
STANDARD = {"m": 4.0, "tau": 1000.0, "teams": 4000.0, "netlogo": 0.0}
NAMES = ("m", "p", "q")


class Network(NamedTuple):
    """What one world shows at its end."""

    giant: float
    repeats: float
    agents: float
    links: float
    old_links: float


class Field:
    """One growing field: the world, and of each row whether it waits to enter, belongs to the field, or has left."""

    def __init__(self, v: Values, seed: int) -> None:
        self.v, self.size = v, int(v["m"])
        self.bare = BareWorld("team_assembly", policy_settings(v), SCAN, seed)
        self.desks = Desks(1)
        self.state = np.zeros(0, np.int8)
        self.last = np.zeros(0, np.int64)  # step of each row's last team
        self.teams: dict[int, Any] = {}
        self.let_wait(WAITING)

    def step(self, step: int) -> None:
        """Build one team, then let those go who were idle for more than tau steps."""
        world = self.bare.world
        world.n.step = step
        self.bare.call_on(self.first(step))
        mobilise.mobilise(world, self.desks)
        commit.commit(world, self.desks.get(world)[0])
        team = self.bare.team()
        part.part(world, self.desks)
        if len(team) != self.size:
            raise AssertionError(f"step {step}: a team of {len(team)} instead of {self.size}")
        self.teams[step], self.last[team], self.state[team] = team, step, MEMBER
        self.let_go(step)
        self.refill()

    def rows(self, state: int) -> Any:
        """Return the rows in this state."""
        return np.flatnonzero(self.state == state)

    def first(self, step: int) -> int:
        """Return who takes the first slot."""
        seed, crowd = self.bare.world.seed, self.rows(MEMBER)
        if not len(crowd) or luck(seed, FIRST, step) >= self.v["p"]:
            crowd = self.rows(WAITS)
        return int(crowd[int(len(crowd) * luck(seed, WHO, step))])

    def let_go(self, step: int) -> None:
        """Retire those whose last team was built more than tau steps ago."""
        oldest = step - int(self.v["tau"]) - 1
        old = self.teams.pop(oldest, np.zeros(0, np.int64))
        gone = old[self.last[old] == oldest]
        self.bare.retire(gone)
        self.state[gone] = LEFT

    def refill(self) -> None:
        """Keep as many newcomers at hand as there are incumbents."""
        waiting = int((self.state == WAITS).sum())
        short = max(WAITING, int((self.state == MEMBER).sum())) - waiting
        if short > 0:
            self.let_wait(max(short, waiting // 4))

    def let_wait(self, count: int) -> None:
        """Let new rows wait to enter."""
        self.bare.enter(count)
        self.state = np.concatenate([self.state, np.full(count, WAITS, np.int8)])
        self.last = np.concatenate([self.last, np.full(count, -1)])

    def network(self) -> Network:
        """Return the network of those who are still there."""
        world = self.bare.world
        rels, members = world.rels[: int(world.n.relations)], self.rows(MEMBER)
        count, number = len(members), np.full(len(self.state), -1)
        number[members] = np.arange(count)
        a, b = number[rels.a], number[rels.b]
        there = (a >= 0) & (b >= 0)
        graph = coo_matrix((np.ones(int(there.sum())), (a[there], b[there])), shape=(count, count))
        largest = np.bincount(connected_components(graph, directed=False)[1]).max()
        return Network(
            float(largest / count),
            int(world.flow.repeat_pairs) / max(1, int(world.flow.pairs)),
            count,
            int(there.sum()),
            int((rels.times[there] > 1).sum()),
        )


def policy_settings(v: Values) -> dict[str, Any]:
    """Return the policy of the original: its p, q and m; everybody is sought by open call, all at once."""
    opened = np.zeros(SOURCES, np.int8)
    opened[Source.OPEN_CALL] = 1
    return {
        "p": v["p"],
        "q": v["q"],
        "usual_size": int(v["m"]),
        "max_size": int(v["m"]),
        "open": opened,
        "search": 0,
        "ask_all": int(v["netlogo"]),
        "growth_rule": registry.rule_id("growth", "team_assembly"),
        "fill_rule": registry.rule_id("fill", "size"),
    }


def grow(v: Values, seed: int) -> Network:
    """Build all teams of one field; NetLogo's begins with one team before its first tick."""
    field = Field(v, seed)
    for step in range(int(v["teams"]) + int(v["netlogo"])):
        field.step(step)
    return field.network()


def cells_of(v: Values, seeds: int) -> list[Cell]:
    """Return the cells of one point against what is known of it."""
    if v["netlogo"]:
        return netlogo_cells(v, seeds)
    found = [grow(v, seed) for seed in range(1, seeds + 1)]
    usual = all(v[name] == value for name, value in STANDARD.items())
    point, cells = (round(v["p"], 9), round(v["q"], 9)), []
    for name, values, known in (
        ("share in the largest component", [n.giant for n in found], GIANT),
        ("share of repeat links", [n.repeats for n in found], REPEAT),
    ):
        mean, error = mean_and_error(values)
        value = known.get(point) if usual else None
        cells.append(
            Cell(
                f"{name}, {label(v, NAMES)}",
                mean,
                error,
                value,
                REDONE if value is not None else "",
                TWO_DIGITS,
                error * (seeds / THEIR_SEEDS) ** 0.5,
                v,
                telling=TELLING if known is GIANT else None,
            )
        )
    return [*cells, Cell(f"agents, {label(v, NAMES)}", *mean_and_error([n.agents for n in found]), point=v)]


def netlogo_cells(v: Values, seeds: int) -> list[Cell]:
    """Return the cells of NetLogo's variant, over many small worlds."""
    found = [grow(v, seed) for seed in range(1, NETLOGO_RUNS * seeds + 1)]
    columns = {
        "agents": [n.agents for n in found],
        "links": [n.links for n in found],
        "repeat links": [n.old_links for n in found],
        "giant share": [n.giant for n in found],
    }
    usual, cells = dict(v) == NETLOGO_POINT, []
    for name, values in columns.items():
        mean, error = mean_and_error(values)
        known, rounding = NETLOGO[name] if usual else (None, 0.0)
        cells.append(
            Cell(
                f"NetLogo, tick {v['teams']:g}: {name}, {label(v, (*NAMES, 'tau'))}",
                mean,
                error,
                known,
                REDONE if usual else "",
                rounding,
                error,
                v,
                draws=len(found),
            )
        )
    return cells


def run(points: Sequence[Values], seeds: int) -> Outcome:
    """Run the points; the figure shows the largest component over p, a curve for each q."""
    cells = [cell for v in points for cell in cells_of(v, seeds)]
    giant = [c for c in cells if c.name.startswith("share in the largest")]
    curves = []
    for q in sorted({c.point["q"] for c in giant}):
        line = sorted((c for c in giant if c.point["q"] == q), key=lambda c: c.point["p"])
        curves.append(
            Curve(f"q = {q:g}", [c.point["p"] for c in line], [c.ours for c in line], [c.error for c in line])
        )
    return Outcome(
        cells,
        curves,
        ("chance p that a slot goes to an incumbent", "share in the largest component"),
        remarks=(
            "At p = 0.5, going from q = 0.5 to q = 1 (only known partners) collapses the connected community.",
            "Repeat links: over all teams, pairs of members that had worked together, over all pairs; in NetLogo's "
            "variant they are the links standing at the end that were used more than once.",
            f"The known values stand on {THEIR_SEEDS} seeds; their error, which nobody printed, is taken from our "
            "spread. Near the threshold worlds differ so much that three seeds pin nothing down: there the verdict is "
            "that it cannot be told, however many seeds of ours.",
            f"NetLogo's variant runs {NETLOGO_RUNS} worlds for each seed, as they are small.",
        ),
    )


PARAMETERS = {
    "m": Parameter(4, 2, MOST_MEMBERS, "members of a team"),
    "p": Parameter(0.5, 0.0, 1.0, "chance that a slot goes to an incumbent", whole=False),
    "q": Parameter(0.5, 0.0, 1.0, "chance that it then goes to a past collaborator", whole=False),
    "tau": Parameter(1000, 1, 100_000, "idle steps after which an agent leaves"),
    "teams": Parameter(4000, 1, 30_000, "teams built, one a step (NetLogo: ticks)"),
    "netlogo": Parameter(0, 0, 1, "1: NetLogo's variant (any alive agent; q takes anyone linked to any member)"),
}
PRINTED = [*({"p": p, "q": q} for p, q in sorted({*GIANT, *REPEAT}, key=lambda point: point[::-1])), NETLOGO_POINT]
REPLICATION = Replication(
    "team_assembly_2005",
    "Team assembly decides whether a community is connected",
    "Guimera, Uzzi, Spiro & Amaral 2005, Science 308:697",
    PARAMETERS,
    PRINTED,
    run,
    seeds=20,
    needs=("sim.phases.mobilise:mobilise", "sim.phases.commit:commit", "sim.phases.part:part"),
    presets={("netlogo", 1.0): NETLOGO_POINT},
)
