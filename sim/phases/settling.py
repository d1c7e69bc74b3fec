"""Who is free of a plan when its turn comes, and how the lead sees them (MODEL 3)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.pairs import familiarity, find
from sim.phases.desk_work import blur_from, blur_of, perceived

NOBODY = -1


@jit
def is_free(w, j):
    """Whether j lives and has spare capacity."""
    return w.orgs[j].left < 0 and w.orgs[j].running < w.orgs[j].capacity


@jit
def see_member(w, s, q, j, t, source):
    """Write to ``seen`` the level in each role that the lead sees in j, member t, as it did when it planned."""
    noise = blur_of(w, s, s.k.lead, j, source)
    rel = find(w, s.k.lead, j)
    if rel >= 0:
        noise *= 1.0 - familiarity(w.rels[rel].times)
    luck_from = blur_from(w, s, j)
    for r in range(w.props[q].roles):
        s.seen[t, r] = perceived(w, s, s.k.lead, j, w.props[q].fields[r], noise, luck_from)


@jit
def see_team(w, s, q, team, found_by, size):
    """Write to ``seen`` how the lead sees each member in each role."""
    for t in range(size):
        see_member(w, s, q, team[t], t, found_by[t])


@jit
def best_in_role(s, r, team, size):
    """Return the position of the member seen as best in role r, -1 if nobody who is still there holds the field."""
    holder, best = -1, 0.0
    for t in range(size):
        if team[t] >= 0 and s.seen[t, r] > best:
            holder, best = t, s.seen[t, r]
    return holder


@jit
def substitute(w, s, q, position, team, size):
    """Return the role that the full member was to hold and whose reserve is free, or -1."""
    for r in range(w.props[q].roles):
        if best_in_role(s, r, team, size) == position:
            j = np.int64(w.plan_reserve[q, r])
            if j >= 0 and is_free(w, j) and not is_in(team, size, j):
                return r
    return NOBODY


@jit
def is_in(team, size, j):
    """Whether j is among the first ``size`` of the team."""
    for t in range(size):
        if team[t] == j:
            return True
    return False


@jit
def settle_team(w, s, q, team, found_by, seated):
    """Write who is free of the plan, reserves in place of the full; return the size. The first ``seated`` stay."""
    planned = np.int64(w.props[q].members)
    seated = min(seated, planned)
    for t in range(planned):
        team[t], found_by[t] = w.plan_member[q, t], w.plan_source[q, t]
    seen = False
    for t in range(seated, planned):
        if not is_free(w, team[t]):
            if not seen:  # the lead looks at its team again only where somebody is missing
                see_team(w, s, q, team, found_by, planned)
                seen = True
            r = substitute(w, s, q, t, team, planned)
            team[t] = NOBODY
            if r >= 0:
                team[t], found_by[t] = w.plan_reserve[q, r], w.plan_reserve_source[q, r]
                see_member(w, s, q, team[t], t, found_by[t])
    size = seated
    for t in range(seated, planned):
        if team[t] >= 0:
            team[size], found_by[size] = team[t], found_by[t]
            size += 1
    w.flow.dropped += planned - size
    return size
