"""Members of the lead's own cluster."""

from __future__ import annotations

from sim.kernels.desk import is_new, look_at
from sim.kernels.select import keep_smallest
from sim.luck import absorb, first, key, stream, u01
from sim.vocab import Source

SCAN = stream("search.own_cluster")
ID = int(Source.OWN_CLUSTER)


def own_cluster(w, s, q):
    """Members of the lead's own cluster: near, seen with less blur, served by the cluster organisation.

    Formula: the `scan` smallest of a race over the members, a fresh one for each lead and quarter
    Also known as: co-location, local search
    Range: at most `search.own_scan` profiles
    Source: Porter 1998 for the role of clusters; form assumed
    Special cases: nobody for an organisation without a cluster, or when a cluster organisation leads
    """
    cluster = w.orgs[s.k.lead].cluster
    if cluster < 0 or w.props[q].of_clusters == 1:
        return
    k = key(w.seed, SCAN, w.n.step)
    mine = first(k, w.orgs[s.k.lead].uid)
    start, found = w.clusters[cluster].first, 0
    for n in range(start, start + w.clusters[cluster].member_count):
        j = w.members[n]  # alive and no cluster organisation; the lead has been looked at
        if is_new(s, j):
            race = u01(absorb(k, mine, w.member_uids[n]))
            found = keep_smallest(race, j, w.pol[s.k.policy].scan[ID], s.race, s.heap, found)
    for n in range(found):
        look_at(s, s.heap[n])
