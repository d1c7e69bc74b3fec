"""Whoever answers an open call, anywhere in the world."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.desk import eligible, is_new, look_at
from sim.kernels.fetch import fetch
from sim.luck import absorb, first, key, stream
from sim.vocab import Source

CALL = stream("search.open_call")
ID = int(Source.OPEN_CALL)
ATTEMPTS = 64
NOBODY = -1


@jit
def _slot(k, mine, n, attempt, mask):
    """Return the slot of an attempt at the ``n``-th profile."""
    return np.int64(absorb(k, mine, n * ATTEMPTS + attempt) & mask)


@jit
def _answer(w, k, mine, n, attempt, mask, of_clusters):
    """Return the first attempt from ``attempt`` on whose slot is taken; `ATTEMPTS` when there is none."""
    slots = len(w.clusters) if of_clusters else len(w.slots)
    while attempt < ATTEMPTS:
        slot = _slot(k, mine, n, attempt, mask)
        if slot < slots and (of_clusters or w.slots[slot] != NOBODY):
            break
        attempt += 1
    return attempt


@jit
def _who(w, slot, of_clusters):
    """Return the organisation in a slot: any, or those of the clusters."""
    return np.int64(w.clusters[slot].org) if of_clusters else np.int64(w.slots[slot])


def open_call(w, s, q):
    """Whoever answers an open call, anywhere in the world.

    Formula: for each profile, slots are drawn until one holds an eligible organisation (at most 64 attempts)
    Also known as: random search, open innovation call
    Range: at most `search.open_scan` profiles
    Source: form assumed; slot rejection keeps every other draw when somebody enters or leaves
    Special cases: for a cluster organisation that leads, the slots are those of the clusters
    """
    k, of_clusters = key(w.seed, CALL, w.n.step), w.props[q].of_clusters == 1
    mine, mask = first(k, w.orgs[s.k.lead].uid), np.uint64(1)
    while mask < np.uint64(len(w.clusters) if of_clusters else len(w.slots)):
        mask = mask << np.uint64(1)
    mask -= np.uint64(1)
    for n in range(w.pol[s.k.policy].scan[ID]):  # those who answer first are on their way while the others are drawn
        s.heap[n] = _answer(w, k, mine, n, 0, mask, of_clusters)
        if s.heap[n] < ATTEMPTS:
            fetch(w.orgs[_who(w, _slot(k, mine, n, s.heap[n], mask), of_clusters)])
    for n in range(w.pol[s.k.policy].scan[ID]):
        attempt = s.heap[n]
        while attempt < ATTEMPTS:
            j = _who(w, _slot(k, mine, n, attempt, mask), of_clusters)
            if is_new(s, j) and eligible(w, s, q, j):
                look_at(s, j)
                break
            attempt = _answer(w, k, mine, n, attempt + 1, mask, of_clusters)
        s.k.cap_hits += attempt == ATTEMPTS
