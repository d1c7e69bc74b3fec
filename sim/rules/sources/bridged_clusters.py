"""Members of clusters to which the lead's cluster has a bridge."""

from __future__ import annotations

import numpy as np

from sim.kernels.desk import look_at_some
from sim.kernels.near import label_weight
from sim.kernels.pairs import next_relation, other, trust_of
from sim.kernels.select import keep_smallest
from sim.luck import chain2, first, key, log, stream, u01
from sim.vocab import Source

BRIDGE, SCAN = stream("search.bridge"), stream("search.bridged_cluster")
ID = int(Source.BRIDGED_CLUSTERS)
BRIDGES = 4


def bridged_clusters(w, s, q):
    """Members of clusters to which the lead's cluster has a bridge, introduced by the cluster organisation.

    Formula: 4 bridges drawn with weight = bridge trust (a label on their far end: times programmes.label_weight); in
        each, an equal part of the profiles by a race
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
            race = -log(u01(chain2(k, w.orgs[s.k.lead].uid, w.orgs[j].uid))) / (trust * label_weight(w, j))
            found = keep_smallest(race, np.int64(w.orgs[j].cluster), BRIDGES, races, reached, found)
        rel = next_relation(w, rel, broker)
    each, scan = w.pol[s.k.policy].scan[ID] // max(1, found), key(w.seed, SCAN, w.n.step)
    mine = first(scan, w.orgs[s.k.lead].uid)
    for n in range(found):
        look_at_some(w, s, reached[n], scan, mine, each)
