"""A call's rule steers the growth of a team: nobody takes a place that the rule needs for somebody else (MODEL 5.3)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit


@jit
def variety(column, s, j):
    """Return how many values of a column the planned team and j have between them; negative ones do not count."""
    count = np.int64(column[j] >= 0)
    for t in range(s.k.seated):
        value = column[s.org[s.team[t]]]
        fresh = value >= 0 and value != column[j]
        for u in range(t):
            fresh = fresh and value != column[s.org[s.team[u]]]
        count += fresh
    return count


@jit
def newcomers(w, s, j):
    """Return how many of the planned team and j no programme has paid."""
    count = np.int64(w.orgs[j].funded == 0)
    for t in range(s.k.seated):
        count += w.orgs[s.org[s.team[t]]].funded == 0
    return count


@jit
def may_join(w, s, k):
    """Whether the places after candidate k would still suffice for what the call asks of its members."""
    left, j = s.k.members_asked - s.k.seated - 1, s.org[k]
    return (s.k.countries_asked - variety(w.orgs.country, s, j) <= left
            and s.k.clusters_asked - variety(w.orgs.cluster, s, j) <= left
            and s.k.sectors_asked - variety(w.orgs.sector, s, j) <= left
            and s.k.newcomers_asked - newcomers(w, s, j) <= left)
