"""Who sits in a partnership now, and how its members feel about one another.

A team is gathered once: ``team`` [members] holds organisation rows, ``ties`` [members²] the row of the relation of each
pair (member t and u: ``ties[t * size + u]``). Partners always have a relation: it is made when they sit down together.
"""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.near import priors
from sim.kernels.pairs import familiarity, find, trust_of


@jit
def members_of(w, a, out):
    """Write the current members of partnership a, in order of joining; return how many."""
    count = 0
    for n in range(w.parts[a].seat0, w.parts[a].seat0 + w.parts[a].seats):
        if w.seats[n].left < 0:
            out[count] = w.seats[n].org
            count += 1
    return count


@jit
def ties_of(w, team, size, ties):
    """Write the relation of each pair of members."""
    for t in range(size):
        for u in range(t):
            ties[t * size + u] = ties[u * size + t] = find(w, team[t], team[u])


@jit
def seat_of(w, a, j):
    """Return the row of j's current seat in partnership a."""
    for n in range(w.parts[a].seat0, w.parts[a].seat0 + w.parts[a].seats):
        if w.seats[n].left < 0 and w.seats[n].org == j:
            return n
    return -1


@jit
def trust_between(w, team, size, ties, t, u):
    """Return the trust of member t in member u."""
    return trust_of(w, team[t], team[u], ties[t * size + u])


@jit
def trust_in_team(w, team, size, ties, t):
    """Return the mean trust of member t in the others; 1 when it is alone."""
    if size < 2:
        return 1.0
    total = 0.0
    for u in range(size):
        if u != t:
            total += trust_between(w, team, size, ties, t, u)
    return total / (size - 1)


@jit
def trust_of_team(w, team, size, ties, t):
    """Return the mean trust of the others in member t; 1 when it is alone."""
    if size < 2:
        return 1.0
    total = 0.0
    for u in range(size):
        if u != t:
            total += trust_between(w, team, size, ties, u, t)
    return total / (size - 1)


@jit
def priors_in_team(w, team, size, out):
    """Write the prior trust that each member would have in each other as strangers: out[t * size + u]."""
    for t in range(size):
        for u in range(t):
            out[t * size + u], out[u * size + t] = priors(w, team[t], team[u])


@jit
def mean_of_others(values, size, t):
    """Return the mean over the others of what member t holds of them in [members²] ``values``."""
    total = 0.0
    for u in range(size):
        if u != t:
            total += values[t * size + u]
    return total / (size - 1)


@jit
def mean_familiarity(w, size, ties):
    """Return the mean routine over pairs, 0 for one member: a lone firm has no routine with partners."""
    total, pairs = 0.0, 0
    for t in range(size):
        for u in range(t):
            total += familiarity(w.rels[ties[t * size + u]].times)
            pairs += 1
    return total / pairs if pairs > 0 else 0.0


@jit
def alignment(w, team, size):
    """Return 1 - mean pairwise distance of visions / sqrt 2; 1 for one member."""
    total, pairs = 0.0, 0
    for t in range(size):
        for u in range(t):
            dx = w.orgs[team[t]].vision[0] - w.orgs[team[u]].vision[0]
            dy = w.orgs[team[t]].vision[1] - w.orgs[team[u]].vision[1]
            total += np.sqrt(dx * dx + dy * dy)
            pairs += 1
    return 1.0 - total / pairs / np.sqrt(2.0) if pairs > 0 else 1.0


@jit
def position_of(team, size, j):
    """Return the position of j in the team, -1 if it is not in it."""
    for t in range(size):
        if team[t] == j:
            return t
    return -1
