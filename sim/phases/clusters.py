"""Clusters: bridges rise with successes across them, cluster partnerships bear fruit (MODEL 5.9)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.members import group_members, refresh_cluster_portfolios
from sim.kernels.near import prior
from sim.kernels.pairs import find, insert
from sim.vocab import MAX_FIELDS, MAX_TEAM, Event, Reason
from sim.world.events import log_event
from sim.world.world import World

SUCCESS = int(Reason.SUCCESS)
BRIDGE = int(Event.BRIDGE)
QUARTERS_PER_YEAR = 4


@jit
def final_clusters(w, a, out):
    """Write the clusters of those who sat in partnership a when it ended, each once; return how many."""
    count = 0
    for n in range(w.parts[a].seat0, w.parts[a].seat0 + w.parts[a].seats):
        cluster = w.orgs[w.seats[n].org].cluster
        if w.seats[n].left != w.parts[a].ended or cluster < 0 or not w.clusters[cluster].alive:
            continue
        fresh = True
        for k in range(count):
            fresh = fresh and out[k] != cluster
        if fresh:
            out[count] = cluster
            count += 1
    return count


@jit
def strengthen(w, a, b):
    """Let the bridge between clusters a and b rise; a success across no bridge lays one."""
    left, right = np.int64(w.clusters[a].org), np.int64(w.clusters[b].org)
    rel = find(w, left, right)
    if rel < 0:
        rel = insert(w, left, right, prior(w, left, right), prior(w, right, left))
    w.rels[rel].trust_ab += w.p.clusters_bridge_gain * (1.0 - w.rels[rel].trust_ab)
    w.rels[rel].trust_ba += w.p.clusters_bridge_gain * (1.0 - w.rels[rel].trust_ba)
    w.rels[rel].last = w.n.step
    log_event(w, BRIDGE, left, right, rel, 0, 0)


@jit
def open_market(w, a):
    """Let all members of a successful cluster partnership use its market, if one of them has access."""
    market = w.parts[a].market
    if market < 0:
        return
    bit, known = np.uint64(1) << np.uint64(MAX_FIELDS + market), False
    for n in range(w.parts[a].seat0, w.parts[a].seat0 + w.parts[a].seats):
        known = known or (w.orgs[w.seats[n].org].mask & bit) != 0
    for n in range(w.parts[a].seat0, w.parts[a].seat0 + w.parts[a].seats):
        if known and w.seats[n].left == w.parts[a].ended:
            w.orgs[w.seats[n].org].mask |= bit


@jit
def count_crossings(w, ended):
    """Return how many bridges this quarter's successes could touch."""
    found, total = np.empty(MAX_TEAM, np.int64), 0
    for a in ended:
        count = final_clusters(w, a, found)
        total += count * (count - 1) // 2
    return total


@jit
def bear_fruit(w, ended):
    """Strengthen bridges and open markets for the partnerships that succeeded this quarter."""
    found = np.empty(MAX_TEAM, np.int64)
    for a in ended:
        count = final_clusters(w, a, found)
        for x in range(count):
            for y in range(x):
                strengthen(w, found[x], found[y])
        if w.parts[a].of_clusters:
            open_market(w, a)


def clusters(world: World) -> None:
    """Update bridges, access and, once a year, what each cluster organisation can offer."""
    parts = world.parts[: int(world.n.partnerships)]
    ended = np.flatnonzero((parts.ended == world.n.step) & (parts.reason == SUCCESS))
    if len(ended):
        crossings = int(count_crossings(world.view(), ended))
        world.reserve_relations(crossings)
        if world.log:
            world.reserve("events", crossings)
        bear_fruit(world.view(), ended)
    if int(world.n.step) % QUARTERS_PER_YEAR == QUARTERS_PER_YEAR - 1:
        group_members(world.view())
        refresh_cluster_portfolios(world.view())
