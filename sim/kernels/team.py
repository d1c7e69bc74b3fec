"""Who sits in a partnership now, and how its members feel about one another.

A team is gathered once for each phase: ``team`` [members] holds organisation rows, ``at`` [members] seat rows, ``ties``
[members²] the row of the relation of each pair (member t and u: ``ties[t * size + u]``) and ``trusts`` [members²] the
trust of t in u. Partners always have a relation, made when they sit down together and noted with the seat, so nothing
is looked up.
"""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.near import priors
from sim.kernels.pairs import familiarity, trust_of


@jit
def remember_seat(w, row, j):
    """Put a seat at the head of j's list of teams: the latest first, the next at ``seats.behind``."""
    w.seats[row].behind = w.orgs[j].seat
    w.orgs[j].seat = row


@jit
def members_of(w, a, team, at):
    """Write who sits in partnership a now and on which seats, in order of joining; return how many."""
    count = 0
    for n in range(w.parts[a].seat0, w.parts[a].seat0 + w.parts[a].seats):
        if w.seats[n].left < 0:
            team[count], at[count] = w.seats[n].org, n
            count += 1
    return count


@jit
def tie_of(w, a, seat, other_seat):
    """Return the relation of the members on two seats of partnership a."""
    late, early = max(seat, other_seat), min(seat, other_seat)
    return np.int64(w.ties[w.seats[late].tie0 + early - w.parts[a].seat0].rel)


@jit
def ties_of(w, a, at, size, ties):
    """Write the relation of each pair of members."""
    for t in range(size):
        for u in range(t):
            ties[t * size + u] = ties[u * size + t] = tie_of(w, a, at[t], at[u])


@jit
def trusts_of(w, team, size, ties, trusts):
    """Write the trust of each member in each other."""
    for t in range(size):
        for u in range(t):
            rel = ties[t * size + u]
            trusts[t * size + u] = trust_of(w, team[t], team[u], rel)
            trusts[u * size + t] = trust_of(w, team[u], team[t], rel)


@jit
def priors_in_team(w, team, size, out):
    """Write the prior trust that each member would have in each other as strangers: out[t * size + u]."""
    for t in range(size):
        for u in range(t):
            out[t * size + u], out[u * size + t] = priors(w, team[t], team[u])


@jit
def mean_of_others(values, size, t):
    """Return the mean over the others of what member t holds of them in [members²] ``values``; 1 when it is alone."""
    if size < 2:
        return 1.0
    total = 0.0
    for u in range(size):
        if u != t:
            total += values[t * size + u]
    return total / (size - 1)


@jit
def mean_by_others(values, size, t):
    """Return the mean over the others of what they hold of member t; 1 when it is alone."""
    if size < 2:
        return 1.0
    total = 0.0
    for u in range(size):
        if u != t:
            total += values[u * size + t]
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
