"""Teams of any shape, written by hand: what the kernels of teams and their naive twins both look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.kernels.pairs import insert
from sim.parameters import make_params
from sim.world import tables as t
from sim.world.world import RULE_FAMILIES, World

unit = st.floats(0, 1)


@dataclass
class Seated:
    """A world with some partnerships, and the same facts as plain lists.

    Parameters
    ----------
    sat : for each partnership the organisation of each seat, in order of joining. gone : whether it has left.
    trust : (i, j) to the trust of i in j. times : pair to how often they worked together.
    vision : of each organisation.
    """

    world: Any
    sat: list[list[int]]
    gone: list[list[bool]]
    trust: dict[tuple[int, int], float]
    times: dict[frozenset[int], int]
    vision: list[tuple[float, float]]

    def team(self, a: int) -> list[int]:
        """Return who sits in partnership a now."""
        return [j for j, left in zip(self.sat[a], self.gone[a], strict=True) if not left]


@st.composite
def seated(draw: Any, organisations: int = 9) -> Seated:
    """Draw such a world; seats of a partnership may be interrupted by others', so that ties lie apart."""
    world = World(make_params({"world.smes": 50, "world.clusters": 2}), t.POLICIES.allocate(3), dict.fromkeys(RULE_FAMILIES, 0), 3)
    world.orgs = t.ORGANISATIONS.allocate(organisations)
    world.n.organisations = organisations
    world.orgs.uid = np.array(draw(st.permutations(range(100, 100 + organisations))), np.uint64)
    world.orgs.head = world.orgs.seat = -1
    vision = [(draw(unit), draw(unit)) for _ in range(organisations)]
    world.orgs.vision[:] = vision
    sat = draw(st.lists(st.lists(st.integers(0, organisations - 1), min_size=1, max_size=6, unique=True), min_size=1, max_size=3))
    gone = [[draw(st.booleans()) for _ in seats] for seats in sat]
    trust, times = _meet(draw, world, sat)
    _sit(world, sat, gone)
    return Seated(world, sat, gone, trust, times, vision)


def _meet(draw: Any, world: Any, sat: list[list[int]]) -> tuple[dict[tuple[int, int], float], dict[frozenset[int], int]]:
    trust: dict[tuple[int, int], float] = {}
    times: dict[frozenset[int], int] = {}
    for seats in sat:
        for place, j in enumerate(seats):
            for i in seats[:place]:
                if (i, j) not in trust:
                    trust[i, j], trust[j, i] = draw(unit), draw(unit)
                    times[frozenset((i, j))] = draw(st.integers(0, 80))
                    world.reserve_relations(1)
                    rel = insert(world.view(), i, j, trust[i, j], trust[j, i])
                    world.rels[rel].times = times[frozenset((i, j))]
    return trust, times


def _sit(world: Any, sat: list[list[int]], gone: list[list[bool]]) -> None:
    """Write seats, each with its ties to the earlier seats of its partnership; a gap between them shifts the ties."""
    world.reserve_partnerships(len(sat), sum(map(len, sat)), 0)
    world.reserve("ties", 100)
    seat = tie = 0
    for a, seats in enumerate(sat):
        world.parts[a].seat0, world.parts[a].seats = seat, len(seats)
        for place, j in enumerate(seats):
            world.seats[seat].partnership, world.seats[seat].org = a, j
            world.seats[seat]["left"] = 4 if gone[a][place] else -1
            tie += a  # somebody else's
            world.seats[seat].tie0 = tie
            for i in seats[:place]:
                world.ties[tie].rel = _relation(world, i, j)
                tie += 1
            seat += 1
    world.n.partnerships, world.n.seats = len(sat), seat


def _relation(world: Any, i: int, j: int) -> int:
    rels = world.rels[: int(world.n.relations)]
    return next(n for n, rel in enumerate(rels) if {int(rel.a), int(rel.b)} == {i, j})
