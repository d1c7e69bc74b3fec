"""Whoever answers an open call, anywhere in the world."""

from __future__ import annotations

import numpy as np

from sim.kernels.desk import eligible, is_new, look_at
from sim.luck import absorb, first, key, stream
from sim.vocab import Source

CALL = stream("search.open_call")
ID = int(Source.OPEN_CALL)
ATTEMPTS = 64
NOBODY = -1


def open_call(w, s, q):
    """Whoever answers an open call, anywhere in the world.

    Formula: for each profile, slots are drawn until one holds an eligible organisation (at most 64 attempts)
    Also known as: random search, open innovation call
    Range: at most `search.open_scan` profiles
    Source: form assumed; slot rejection keeps every other draw when somebody enters or leaves
    Special cases: for a cluster organisation that leads, the slots are those of the clusters
    """
    k = key(w.seed, CALL, w.n.step)
    mine = first(k, w.orgs[s.k.lead].uid)
    of_clusters = w.props[q].of_clusters == 1
    slots = len(w.clusters) if of_clusters else len(w.slots)
    mask = np.uint64(1)
    while mask < np.uint64(slots):
        mask = mask << np.uint64(1)
    for n in range(w.pol[s.k.policy].scan[ID]):
        for attempt in range(ATTEMPTS):
            slot = np.int64(absorb(k, mine, n * ATTEMPTS + attempt) & (mask - np.uint64(1)))
            if slot >= slots:
                continue
            j = np.int64(w.clusters[slot].org) if of_clusters else np.int64(w.slots[slot])
            if j != NOBODY and is_new(s, j) and eligible(w, s, q, j):
                look_at(s, j)
                break
            if attempt == ATTEMPTS - 1:
                s.k.cap_hits += 1
