"""Members of the lead's own cluster."""

from __future__ import annotations

from sim.kernels.desk import look_at_some
from sim.luck import first, key, stream
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
    look_at_some(w, s, cluster, k, first(k, w.orgs[s.k.lead].uid), w.pol[s.k.policy].scan[ID])
