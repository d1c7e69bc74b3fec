"""Members of the lead's own cluster."""

from __future__ import annotations

from sim.kernels.desk import eligible, look_at
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
    cluster = w.orgs.cluster[s.k.lead]
    if cluster < 0 or w.props.of_clusters[q] == 1:
        return
    k = key(w.seed, SCAN, w.n.step)
    mine = first(k, w.orgs.uid[s.k.lead])
    start, found = w.clusters.first[cluster], 0
    for n in range(start, start + w.clusters.member_count[cluster]):
        j = w.members[n]
        if s.marks[j] != s.k.stamp and eligible(w, s, q, j):
            race = u01(absorb(k, mine, w.orgs.uid[j]))
            found = keep_smallest(race, j, w.pol.scan[s.k.policy, ID], s.race, s.heap, found)
    for n in range(found):
        look_at(s, s.heap[n])
