"""How near two organisations are: distance, relatedness, prior trust, visible reputation."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.pairs import find, find_bridge, trust_of
from sim.vocab import MAX_FIELDS_HELD

NOBODY = -1


@jit
def distance(w, i, j):
    """Return the weighted distance of i and j in cluster, sector and country (parameters work.distance_*)."""
    total = 0.0
    if w.orgs[i].cluster != w.orgs[j].cluster or w.orgs[i].cluster < 0:
        total += w.p.work_distance_cluster
    if w.orgs[i].sector != w.orgs[j].sector:
        total += w.p.work_distance_sector
    if w.orgs[i].country != w.orgs[j].country:
        total += w.p.work_distance_country
    return total


@jit
def relatedness(w, i, j):
    """Return the mean relatedness of two portfolios, in [0, 1]; 0 when one of them is empty."""
    total, count = 0.0, 0
    for a in range(MAX_FIELDS_HELD):
        f = w.orgs[i].fields[a]
        if f < 0:
            continue
        for b in range(MAX_FIELDS_HELD):
            g = w.orgs[j].fields[b]
            if g >= 0:
                total += w.relatedness[f, g]
                count += 1
    return total / count if count > 0 else 0.0


@jit
def level_of(w, i, f):
    """Return the true level of i in field f, 0 where it holds none; a market counts as level 1."""
    if not (w.orgs[i].mask >> np.uint64(f)) & np.uint64(1):
        return 0.0
    level = 1.0
    for k in range(MAX_FIELDS_HELD):  # all of them, as no branch can be foretold
        here = w.orgs[i].levels[k]
        level = here if w.orgs[i].fields[k] == f else level
    return level


@jit
def label_weight(w, j):
    """Return the weight of j among those who may be looked at: more than 1 when it carries a label (MODEL 6)."""
    return w.p.programmes_label_weight if w.orgs[j].label else 1.0


@jit
def bridge_trusts(w, i, j):
    """Return the trust of i's cluster organisation in j's, and back: -1 without a bridge, 1 inside one cluster."""
    a, b = w.orgs[i].cluster, w.orgs[j].cluster
    if a < 0 or b < 0:
        return -1.0, -1.0
    if a == b:
        return 1.0, 1.0
    rel = find_bridge(w, a, b)
    if rel < 0:
        return -1.0, -1.0
    left, right = np.int64(w.clusters[a].org), np.int64(w.clusters[b].org)
    return trust_of(w, left, right, rel), trust_of(w, right, left, rel)


@jit
def seen_reputation(w, j, bridge):
    """Return j's reputation where it can be seen (same cluster or bridge), else the neutral 0.5."""
    return w.orgs[j].reputation if bridge >= 0.0 else 0.5


@jit
def prior_given(w, i, j, bridge):
    """Return the prior trust of i in a stranger j, given the trust across the bridge (MODEL 5.6), cut to [0, 1]."""
    trust = w.general_trust[w.orgs[i].country]
    if bridge >= 0.0:
        if w.orgs[i].cluster == w.orgs[j].cluster:
            trust += w.p.trust_prior_cluster
        else:
            trust += w.p.trust_prior_bridge * bridge
    trust += w.p.trust_prior_reputation * (seen_reputation(w, j, bridge) - 0.5)
    trust += w.p.trust_prior_label * w.orgs[j].label
    return min(1.0, max(0.0, trust))


@jit
def prior(w, i, j):
    """Return the prior trust of i in j."""
    return prior_given(w, i, j, bridge_trusts(w, i, j)[0])


@jit
def priors(w, i, j):
    """Return the prior trust of i in j and of j in i; they share one look at the bridge."""
    there, back = bridge_trusts(w, i, j)
    return prior_given(w, i, j, there), prior_given(w, j, i, back)


@jit
def trust_in(w, i, j):
    """Return the trust of i in j: of their relation, or the prior."""
    rel = find(w, i, j)
    return trust_of(w, i, j, rel) if rel >= 0 else prior(w, i, j)


@jit
def vision_gap(w, i, x, y):
    """Return the distance of i's vision to the point (x, y), in [0, sqrt 2]."""
    dx, dy = w.orgs[i].vision[0] - x, w.orgs[i].vision[1] - y
    return np.sqrt(dx * dx + dy * dy)
