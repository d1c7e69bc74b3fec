"""Populate a world: organisations, clusters, slots and start relations from parameters alone.

Every number is a keyed draw (streams ``populate.*``) of the organisation's own uid, and a uid is
a mix of (run seed, kind, index). So one organisation more, the last of its kind, changes nobody
else. Cluster organisations come first, one row for each cluster, then the others by kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.jit import jit
from sim.kernels.members import group_members, refresh_cluster_portfolios
from sim.luck import chain2, exp, key, normal, stream
from sim.vocab import NOBODY, Kind
from sim.world import tables as t
from sim.world.founding import chance, draw_age, endow, step_of
from sim.world.slots import seat_all, slots_needed
from sim.world.start_relations import start_relations

if TYPE_CHECKING:
    from sim.world.world import World

UID = stream("populate.uid")
CLUSTER_SIZE = stream("populate.cluster_size")
CLUSTER = stream("populate.cluster")
MEMBER = stream("populate.member")
COUNTRY = stream("populate.country")
SECTOR = stream("populate.sector")
LEAD_SECTOR = stream("populate.lead_sector")
OTHER_SECTOR = stream("populate.other_sector")

MEAN_CLUSTER_SIZE = 120.0
KINDS = ((Kind.CLUSTER_ORGANISATION, "world_clusters"), (Kind.SME, "world_smes"),
         (Kind.RESEARCH, "world_research"), (Kind.LARGE, "world_large"), (Kind.PUBLIC, "world_public"))


def populate(world: World) -> None:
    """Fill an empty world from its parameters."""
    found(world)
    open_clusters(world, int(world.p.world_clusters))
    settle_clusters(world.view())
    settle(world)
    endow_all(world.view())
    seat_and_group(world)
    start_relations(world, int(world.n.organisations))


def settle(world: World) -> None:
    """Place all organisations but the clusters' own: in a cluster, a country and a sector."""
    view = world.view()
    if world.n.clusters:
        settle_members(view, np.cumsum(size_weights(view)))
    settle_others(view)


def found(world: World) -> None:
    """Make room for the founders and give them their uids and kinds."""
    counts = [(kind, int(world.p[name])) for kind, name in KINDS]
    world.reserve("orgs", sum(count for _, count in counts))
    for kind, count in counts:
        name_founders(world.view(), count, int(kind))


def open_clusters(world: World, clusters: int) -> None:
    """Open the clusters: the first rows are their organisations."""
    world.clusters = t.CLUSTERS.allocate(clusters)
    world.clusters.org = np.arange(clusters)
    world.n.clusters = clusters


def seat_and_group(world: World) -> None:
    """Seat everybody in slots, group the members by cluster and let their clusters offer what they can."""
    founders = int(world.n.organisations)
    world.slots = np.full(slots_needed(founders), NOBODY, np.int32)
    world.members, world.member_uids = np.zeros(founders, np.int32), np.zeros(founders, np.uint64)
    view = world.view()
    seat_all(view)
    group_members(view)
    refresh_cluster_portfolios(view)


@jit
def name_founders(w, count, kind):
    """Append ``count`` founders of one kind: the uid is a mix of run seed, kind and index."""
    k = key(w.seed, UID, 0)
    first = w.n.organisations
    for index in range(count):
        w.orgs[first + index].uid = chain2(k, kind, index)
        w.orgs[first + index].kind = kind
    w.n.organisations = first + count


@jit
def settle_clusters(w):
    """Draw country and lead sector of each cluster; its organisation sits there and belongs to it."""
    for c in range(w.n.clusters):
        row = w.clusters[c].org
        uid = w.orgs[row].uid
        w.orgs[row].cluster = c
        w.orgs[row].country = int(chance(w, COUNTRY, uid) * w.p.world_countries)
        w.orgs[row].sector = int(chance(w, SECTOR, uid) * w.p.world_sectors)
        w.clusters[c].country = w.orgs[row].country
        w.clusters[c].sector = w.orgs[row].sector


@jit
def size_weights(w):
    """Return the expected size of each cluster before scaling: log-normal with mean 120."""
    sigma = w.p.world_cluster_size_sigma
    weights = np.empty(w.n.clusters)
    for c in range(w.n.clusters):
        bell = normal(chance(w, CLUSTER_SIZE, w.orgs[w.clusters[c].org].uid))
        weights[c] = MEAN_CLUSTER_SIZE * exp(sigma * bell - 0.5 * sigma * sigma)
    return weights


@jit
def settle_members(w, cumulative):
    """Let each other organisation join a cluster, in proportion to expected sizes, or none.

    Members live in the cluster's country. They work in its lead sector, or in another one by
    relatedness. Each decides by its own draw, so sizes vary around their expectation.
    """
    for row in range(w.n.clusters, w.n.organisations):
        uid = w.orgs[row].uid
        if chance(w, MEMBER, uid) < w.p.world_member_share:
            c = step_of(cumulative, chance(w, CLUSTER, uid) * cumulative[len(cumulative) - 1])
            w.orgs[row].cluster = c
            w.orgs[row].country = w.clusters[c].country
            w.orgs[row].sector = member_sector(w, uid, w.clusters[c].sector)


@jit
def member_sector(w, uid, lead):
    """Return the sector of a member: the lead sector, or another one by relatedness."""
    if w.p.world_sectors < 2 or chance(w, LEAD_SECTOR, uid) < w.p.world_lead_sector_share:
        return np.int64(lead)
    return np.int64(step_of(w.other_sector[lead], chance(w, OTHER_SECTOR, uid)))


@jit
def settle_others(w):
    """Spread organisations outside all clusters evenly over countries and sectors."""
    for row in range(w.n.organisations):
        if w.orgs[row].cluster < 0:
            w.orgs[row].country = int(chance(w, COUNTRY, w.orgs[row].uid) * w.p.world_countries)
            w.orgs[row].sector = int(chance(w, SECTOR, w.orgs[row].uid) * w.p.world_sectors)


@jit
def endow_all(w):
    """Draw the traits and age of every organisation; a cluster's management is its reliability."""
    for row in range(w.n.organisations):
        endow(w, row)
        draw_age(w, row)
    for c in range(w.n.clusters):
        w.clusters[c].management = w.orgs[w.clusters[c].org].reliability
