"""A world that holds nothing but organisations: where a published rule runs through the engine's own phases.

No clusters, no trust that changes, no learning, no costs; everybody accepts and has capacity as given. The policy row
under study is the built-in policy with the original's parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.jit import jit
from sim.luck import draw, key, u01
from sim.parameters import make_params
from sim.rules import registry
from sim.scenario.build import policy_rows
from sim.scenario.policy import NEUTRAL, builtin
from sim.vocab import Source
from sim.world import tables
from sim.world.slots import power_of_two, seat
from sim.world.world import RULE_FAMILIES, World

RULES = {
    "accept": "always",
    "produce": "constant",
    "trust": "fixed",
    "learn": "none",
    "part": "loyal",
    "renew": "never",
}
PLENTY = 1000  # contacts: more than a desk can hold of one source
LARGEST_SCAN = 4096
EMPTY = -1
UNLIMITED = np.iinfo(np.int16).max


@jit
def luck(seed, purpose, number):
    """Return a uniform draw in (0, 1) for a purpose and a number."""
    return u01(draw(key(seed, purpose, np.uint64(0)), np.uint64(number)))


class BareWorld:
    """Organisations of a world in which one policy runs, and the slots from which they are drawn.

    Parameters
    ----------
    policy : name of the built-in policy.
    settings : columns of `tables.POLICIES` to set; sources, scans, sizes.
    scan : profiles looked at in an open call.
    seed : seed of all luck.
    """

    def __init__(self, policy: str, settings: Mapping[str, Any], scan: int, seed: int) -> None:
        p = make_params({"world.clusters": 0, "world.smes": 0})
        rows = policy_rows([builtin(policy), builtin(policy), builtin(NEUTRAL)], p)
        rows.cost[:], rows.contacts[:], rows.scan[:], rows.renew[:] = 0.0, PLENTY, LARGEST_SCAN, 0.0
        rows.scan[:, Source.OPEN_CALL] = scan
        for name, value in settings.items():
            rows[name][0] = value
        rows.max_size[1:] = rows.max_size[0]
        rules = {family: registry.rule_id(family, RULES[family]) for family in RULE_FAMILIES}
        self.world = World(p, rows, rules, seed)
        self.world.reserve_proposals(1)
        self.places(64)

    def places(self, least: int) -> None:
        """Lay out the slots anew so that at least ``least`` organisations find room at half the load."""
        world, alive = self.world, self.alive
        world.slots = np.full(power_of_two(2 * least), EMPTY, np.int32)
        view = world.view()
        for row in alive:
            seat(view, row)

    @property
    def alive(self) -> Any:
        """Rows of the living."""
        return np.flatnonzero(self.world.orgs.left[: int(self.world.n.organisations)] < 0)

    def enter(self, count: int, capacity: Any = UNLIMITED) -> Any:
        """Let ``count`` organisations enter, with capacity for so many partnerships; return their rows."""
        world = self.world
        world.reserve("orgs", count)
        rows = np.arange(int(world.n.organisations), int(world.n.organisations) + count)
        world.orgs.uid[rows] = rows + 1
        world.orgs.left[rows] = world.orgs.cluster[rows] = world.orgs.head[rows] = EMPTY
        world.orgs.capacity[rows] = capacity
        world.n.organisations += count
        here = len(self.alive)
        if 2 * here > len(world.slots):
            self.places(2 * here)
        else:
            view = world.view()
            for row in rows:
                seat(view, row)
        return rows

    def retire(self, rows: Any) -> None:
        """Let organisations leave the world; their slots are free again."""
        for row in rows:
            self.world.orgs.left[row] = self.world.n.step
            self.world.slots[self.world.orgs.slot[row]] = EMPTY

    def call_on(self, lead: int, duration: int = 1) -> None:
        """Let ``lead`` meet this step's only challenge: one role in field 0."""
        world = self.world
        world.n.proposals = 1
        world.props[:1] = tables.PROPOSALS.allocate(1)
        proposal = world.props[0]
        proposal.uid = proposal.contest = np.uint64(int(world.n.step) + 1)
        proposal.lead = proposal.initiator = lead
        proposal.roles, proposal.duration, proposal.fields[0], proposal.levels[0] = 1, duration, 0, 1.0

    def team(self) -> Any:
        """Return the rows of the members of the partnership founded last, the lead first."""
        part = self.world.parts[int(self.world.n.partnerships) - 1]
        return self.world.seats.org[part.seat0 : part.seat0 + part.seats].copy()
