"""Members of clusters: the list grouped by cluster, and what a cluster organisation can offer."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.select import keep_smallest
from sim.vocab import MAX_FIELDS, MAX_FIELDS_HELD, Kind

CLUSTER_ORGANISATION = int(Kind.CLUSTER_ORGANISATION)
ONE = np.uint64(1)
DECILE = 10


@jit
def is_member(w, row):
    """Tell whether an organisation is alive and a member of a cluster (its organisation is not)."""
    return (w.orgs[row].left < 0 and w.orgs[row].cluster >= 0
            and w.orgs[row].kind != CLUSTER_ORGANISATION)


@jit
def group_members(w):
    """Rebuild the member list: grouped by cluster, in row order; `first` and `size` of each cluster."""
    for c in range(w.n.clusters):
        w.clusters[c].member_count = 0
    for row in range(w.n.organisations):
        if is_member(w, row):
            w.clusters[w.orgs[row].cluster].member_count += 1
    total = 0
    for c in range(w.n.clusters):
        w.clusters[c].first = total
        total += w.clusters[c].member_count
    at = w.clusters.first.copy()
    for row in range(w.n.organisations):
        if is_member(w, row):
            c = w.orgs[row].cluster
            w.members[at[c]], w.member_uids[at[c]] = row, w.orgs[row].uid
            at[c] += 1


@jit
def refresh_cluster_portfolios(w):
    """Set each cluster organisation's portfolio to the best fields of its members.

    The level of a field is the one that a tenth of the members reach (their top decile; members
    without the field count as 0). The six best fields with a level above 0 are offered; among
    equals the field with the lower number. Needs the member list of `group_members`.
    """
    widest = 0
    for c in range(w.n.clusters):
        widest = max(widest, w.clusters[c].member_count)
    levels = np.zeros((len(w.sector_of), widest))
    holders = np.zeros(len(w.sector_of), np.int64)
    for c in range(w.n.clusters):
        _collect(w, c, levels, holders)
        _offer(w, w.clusters[c].org, _top_deciles(levels, holders, w.clusters[c].member_count))


@jit
def _collect(w, c, levels, holders):
    """List the levels that the members of a cluster have in each field."""
    holders[:] = 0
    first = w.clusters[c].first
    for row in w.members[first:first + w.clusters[c].member_count]:
        for place in range(MAX_FIELDS_HELD):
            field = w.orgs[row].fields[place]
            if field >= 0:
                levels[field, holders[field]] = w.orgs[row].levels[place]
                holders[field] += 1


@jit
def _top_deciles(levels, holders, size):
    """Return for each field the level that a tenth of ``size`` members reach, 0 where fewer hold it."""
    rank = (size + DECILE - 1) // DECILE
    deciles = np.zeros(len(holders))
    highest, which = np.empty(rank), np.empty(rank, np.int64)
    for field in range(len(holders)):
        found = 0
        for n in range(holders[field]):
            found = keep_smallest(-levels[field, n], n, rank, highest, which, found)
        if rank > 0 and found == rank:
            deciles[field] = -highest[0]
    return deciles


@jit
def _offer(w, row, deciles):
    """Enter the best fields as the portfolio of a cluster organisation; its market access stays."""
    w.orgs[row].mask = (w.orgs[row].mask >> np.uint64(MAX_FIELDS)) << np.uint64(MAX_FIELDS)
    for place in range(MAX_FIELDS_HELD):
        best = 0
        for field in range(1, len(deciles)):
            if deciles[field] > deciles[best]:
                best = field
        offered = deciles[best] > 0.0
        w.orgs[row].fields[place] = best if offered else -1
        w.orgs[row].levels[place] = deciles[best]
        if offered:
            w.orgs[row].mask |= ONE << np.uint64(best)
        deciles[best] = 0.0
