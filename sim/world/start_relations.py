"""The relations a world begins with: pairs that worked together once before the first step.

Each organisation starts half of its relations itself, the other half are started by others. A
partner is drawn by slot rejection (`sim.world.slots`): inside the own cluster from a block of
slots of its own, at least twice its members; elsewhere from the world's slots. So the cost is
proportional to the organisations whatever the size of a cluster, and a member more changes only
those that draw it (unless a block doubles). Cluster organisations have a block of their own:
their relations are the bridges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.jit import jit
from sim.kernels.pairs import find, insert
from sim.luck import chain3, key, stream
from sim.vocab import NOBODY, Kind
from sim.world.founding import chance, chance_of
from sim.world.slots import power_of_two, take_slot

if TYPE_CHECKING:
    from sim.world.world import World

Array = np.ndarray[Any, Any]
NUMBER = stream("populate.relations")
INSIDE = stream("populate.relation_inside")
PARTNER = stream("populate.partner")
PARTNER_ELSEWHERE = stream("populate.partner_elsewhere")
CLUSTER_ORGANISATION = int(Kind.CLUSTER_ORGANISATION)
ATTEMPTS = 64


def start_relations(world: World, starters: int) -> None:
    """Let the first ``starters`` organisations start relations; needs slots and the member list."""
    blocks = seat_blocks(world)
    world.reserve_relations(relations_started(world.view(), starters))
    start(world.view(), *blocks, starters)


def seat_blocks(world: World) -> tuple[Array, Array, Array]:
    """Return slots in blocks, and first slot and size of each block: the clusters', then the bridges'."""
    members = [int(n) for n in world.clusters.member_count] + [len(world.clusters)]
    sizes = np.array([power_of_two(2 * n) for n in members], np.int64)
    first = np.cumsum(sizes) - sizes
    table = np.full(int(sizes.sum()), NOBODY, np.int32)
    take_seats(world.view(), table, first, sizes)
    return table, first, sizes


@jit
def block_of(w, row):
    """Return the block an organisation finds its near partners in, or -1 outside all clusters."""
    if w.orgs[row].kind == CLUSTER_ORGANISATION:
        return np.int64(w.n.clusters)
    return np.int64(w.orgs[row].cluster)


@jit
def take_seats(w, table, first, sizes):
    """Give every organisation its place in its block."""
    for row in range(w.n.organisations):
        block = block_of(w, row)
        if block >= 0:
            take_slot(table, first[block], sizes[block], w.orgs[row].uid, row)


@jit
def started_by(w, row):
    """Return how many relations an organisation starts: half of its own, rounded by chance."""
    half = 0.5 * w.p.world_start_relations
    return int(half + chance(w, NUMBER, w.orgs[row].uid))


@jit
def relations_started(w, starters):
    """Return how many relations are started at most."""
    total = 0
    for row in range(starters):
        total += started_by(w, row)
    return total


@jit
def start(w, table, first, sizes, starters):
    """Let organisations, in the order of founding, start their relations."""
    for row in range(starters):
        for number in range(started_by(w, row)):
            partner = draw_partner(w, table, first, sizes, row, number)
            if partner >= 0:
                _relate(w, row, partner)


@jit
def _relate(w, i, j):
    trust = w.p.world_start_trust
    rel = insert(w, i, j, trust, trust)
    w.rels[rel].times = 1
    w.orgs[i].joined = 1
    w.orgs[j].joined = 1


@jit
def draw_partner(w, table, first, sizes, row, number):
    """Return a partner inside or outside the own block by chance; where there is none, on the other side."""
    block = block_of(w, row)
    near = -1
    inside = block >= 0 and chance_of(w, INSIDE, w.orgs[row].uid, number) < w.p.world_start_relations_own
    bridge = block == w.n.clusters
    if inside or bridge:
        near = _near(w, table, first[block], sizes[block], row, number)
    if near >= 0 or bridge:
        return near
    far = _far(w, row, number)
    if far < 0 and block >= 0 and not inside:
        return _near(w, table, first[block], sizes[block], row, number)
    return far


@jit
def _near(w, table, first, size, row, number):
    k = key(w.seed, PARTNER, 0)
    for attempt in range(ATTEMPTS):
        slot = chain3(k, w.orgs[row].uid, number, attempt) & np.uint64(size - 1)
        other = np.int64(table[first + np.int64(slot)])
        if other >= 0 and other != row and find(w, row, other) < 0:
            return other
    return np.int64(NOBODY)


@jit
def _far(w, row, number):
    k = key(w.seed, PARTNER_ELSEWHERE, 0)
    for attempt in range(ATTEMPTS):
        slot = chain3(k, w.orgs[row].uid, number, attempt) & np.uint64(len(w.slots) - 1)
        other = np.int64(w.slots[np.int64(slot)])
        if other >= 0 and _is_far(w, row, other) and find(w, row, other) < 0:
            return other
    return np.int64(NOBODY)


@jit
def _is_far(w, row, other):
    """Tell whether ``other`` is an ordinary organisation outside the cluster of ``row``."""
    if other == row or w.orgs[other].kind == CLUSTER_ORGANISATION:
        return False
    return w.orgs[other].cluster < 0 or w.orgs[other].cluster != w.orgs[row].cluster
