"""From the profiles of one source to the candidates who are approached (MODEL 5.2)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.desk import MAX_CANDIDATES, copy_candidate
from sim.kernels.fetch import fetch, fetch_head
from sim.phases.desk_work import (
    BUSY,
    LUCK,
    gain_of,
    is_wanted,
    missing,
    put,
    weigh,
)


@jit
def fields_open(s):
    """Return the mask of fields asked for that the planned team does not cover fully: nothing else brings a gain."""
    mask = np.uint64(0)
    for r in range(s.k.roles):
        mask |= np.uint64(s.best[r] < 1.0) << np.uint64(s.fields[r])
    return mask


@jit
def sift(w, s, short):
    """Write to ``heap`` the profiles worth a look, return how many; one AND rejects those who bring no gain."""
    useful, all_wanted, wanted = 0, is_wanted(w, s, 0.0, short), fields_open(s)
    for n in range(s.k.scanned):
        fetch_head(w.orgs[s.scan[n]])
    for n in range(s.k.scanned):
        s.heap[useful] = s.scan[n]
        useful += all_wanted or (w.orgs[s.scan[n]].mask & wanted) != 0
    for n in range(useful):
        fetch(w.orgs[s.heap[n]])
    return useful


@jit
def consider(w, s, q, source, limit):
    """Turn the scanned profiles into candidates, keep the ``limit`` best, approach and pay them."""
    start, worst, short = s.k.count, -1, missing(w, s)
    limit = min(limit, MAX_CANDIDATES - start - 1)
    for n in range(sift(w, s, short)):
        k = put(w, s, q, s.heap[n], source)
        gain = gain_of(s, k)
        if not is_wanted(w, s, gain, short):
            s.k.count = k
            continue
        weigh(w, s, k, gain)
        if k - start >= limit:
            worst = replace_worst(s, start, k, worst)
    approach(w, s, start, source)


@jit
def replace_worst(s, start, k, worst):
    """Let candidate k take the place of the worst of start..k if it is better; return the worst, -1 not known."""
    s.k.count = k
    if k == start:
        return -1
    if worst < 0:
        worst = start
        for n in range(start + 1, k):
            if is_worse(s, n, worst):
                worst = n
    if is_worse(s, worst, k):
        copy_candidate(s, k, worst)
        return -1
    return worst


@jit
def is_worse(s, n, k):
    """Whether candidate n ranks below candidate k; ties by the candidates' coins."""
    return s.score[n] < s.score[k] or (s.score[n] == s.score[k] and s.sight[n, LUCK] < s.sight[k, LUCK])


@jit
def approach(w, s, start, source):
    """Contact candidates start..count: each costs, and those without spare capacity drop out."""
    contacts = s.k.count - start
    s.k.contacts += contacts
    s.k.spent += contacts * w.pol[s.k.policy].cost[source]
    for k in range(start, s.k.count):
        if w.orgs[s.org[k]].running >= w.orgs[s.org[k]].capacity:
            s.fate[k] = BUSY
