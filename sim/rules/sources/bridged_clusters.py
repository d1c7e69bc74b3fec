"""Members of clusters to which the lead's cluster has a bridge."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.desk import is_new, look_at
from sim.kernels.pairs import next_relation, other, trust_of
from sim.kernels.select import keep_smallest
from sim.luck import absorb, chain2, first, key, log, stream, u01
from sim.vocab import Source

BRIDGE, SCAN = stream("search.bridge"), stream("search.bridged_cluster")
ID = int(Source.BRIDGED_CLUSTERS)
BRIDGES = 4


@jit
def _visit(w, s, cluster, count):
    """Look at ``count`` members of a bridged cluster."""
    k = key(w.seed, SCAN, w.n.step)
    mine = first(k, w.orgs[s.k.lead].uid)
    start, found = w.clusters[cluster].first, 0
    for n in range(start, start + w.clusters[cluster].member_count):
        j = w.members[n]  # alive and no cluster organisation; the lead has been looked at
        if is_new(s, j):
            race = u01(absorb(k, mine, w.member_uids[n]))
            found = keep_smallest(race, j, count, s.race, s.heap, found)
    for n in range(found):
        look_at(s, s.heap[n])


def bridged_clusters(w, s, q):
    """Members of clusters to which the lead's cluster has a bridge, introduced by the cluster organisation.

    Formula: 4 bridges drawn with weight = bridge trust; in each, an equal part of the profiles by a race
    Also known as: brokerage, weak ties, global pipelines
    Range: at most `search.bridged_scan` profiles
    Source: Burt 2004; Bathelt, Malmberg & Maskell 2004; form assumed
    Special cases: nobody without a cluster, or when a cluster organisation leads (its bridges are its known partners)
    """
    cluster = w.orgs[s.k.lead].cluster
    if cluster < 0 or w.props[q].of_clusters == 1:
        return
    broker = np.int64(w.clusters[cluster].org)
    k = key(w.seed, BRIDGE, w.n.step)
    races, reached = np.empty(BRIDGES), np.empty(BRIDGES, np.int64)
    found, rel = 0, w.orgs[broker].head
    while rel >= 0:
        j = other(w, rel, broker)
        trust = trust_of(w, broker, j, rel)
        if trust > 0.0 and w.orgs[j].left < 0:
            race = -log(u01(chain2(k, w.orgs[s.k.lead].uid, w.orgs[j].uid))) / trust
            found = keep_smallest(race, np.int64(w.orgs[j].cluster), BRIDGES, races, reached, found)
        rel = next_relation(w, rel, broker)
    each = w.pol[s.k.policy].scan[ID] // max(1, found)
    for n in range(found):
        _visit(w, s, reached[n], each)
