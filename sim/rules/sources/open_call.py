"""Whoever answers an open call, anywhere in the world."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.desk import eligible, is_new, look_at
from sim.kernels.fetch import fetch_head
from sim.luck import absorb, first, key, stream, u01
from sim.vocab import Source

CALL, TICKET = stream("search.open_call"), stream("search.labelled")
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


@jit
def _ticket(w, s, q, mine, number, mask):
    """Return a labelled cluster organisation that one of its additional tickets names before this draw, or -1.

    With weight W the labelled have W tickets, all others one. Every draw among the first tickets is
    preceded by so many among the additional ones as chance puts there; those of the unlabelled are blank.
    """
    k, more = key(w.seed, TICKET, w.n.step), 1.0 - 1.0 / w.p.programmes_label_weight
    for turn in range(ATTEMPTS):
        if u01(absorb(k, absorb(k, mine, number), 2 * turn)) >= more:
            return np.int64(NOBODY)
        slot = np.int64(absorb(k, absorb(k, mine, number), 2 * turn + 1) & mask)
        if slot < len(w.clusters):
            j = np.int64(w.clusters[slot].org)
            if w.orgs[j].label and is_new(s, j) and eligible(w, s, q, j):
                return j
    return np.int64(NOBODY)


@jit
def _favoured(w, s, q, mine, n, start, stop, mask):
    """Return a labelled organisation that comes up before one of the attempts start..stop, or -1."""
    for attempt in range(start, min(stop + 1, ATTEMPTS)):
        j = _ticket(w, s, q, mine, n * ATTEMPTS + attempt, mask)
        if j >= 0:
            return j
    return np.int64(NOBODY)


@jit
def _look(w, s, q, k, mine, n, mask, of_clusters):
    """Look at the ``n``-th who answers; whether anybody did."""
    attempt, since = s.heap[n], 0
    while attempt < ATTEMPTS:
        if of_clusters:
            j = _favoured(w, s, q, mine, n, since, attempt, mask)
            if j >= 0:
                look_at(s, j)
                return True
            since = attempt + 1
        j = _who(w, _slot(k, mine, n, attempt, mask), of_clusters)
        if is_new(s, j) and eligible(w, s, q, j):
            look_at(s, j)
            return True
        attempt = _answer(w, k, mine, n, attempt + 1, mask, of_clusters)
    return False


def open_call(w, s, q):
    """Whoever answers an open call, anywhere in the world.

    Formula: for each profile, slots are drawn until one holds an eligible organisation (at most 64 attempts)
    Also known as: random search, open innovation call
    Range: at most `search.open_scan` profiles
    Source: form assumed; slot rejection keeps every other draw when somebody enters or leaves
    Special cases: for a cluster organisation that leads, the slots are those of the clusters, and the labelled have
        programmes.label_weight chances each
    """
    k, of_clusters = key(w.seed, CALL, w.n.step), w.props[q].of_clusters == 1
    mine, mask = first(k, w.orgs[s.k.lead].uid), np.uint64(1)
    while mask < np.uint64(len(w.clusters) if of_clusters else len(w.slots)):
        mask = mask << np.uint64(1)
    mask -= np.uint64(1)
    for n in range(w.pol[s.k.policy].scan[ID]):  # those who answer first are on their way while the others are drawn
        s.heap[n] = _answer(w, k, mine, n, 0, mask, of_clusters)
        if s.heap[n] < ATTEMPTS:
            fetch_head(w.orgs[_who(w, _slot(k, mine, n, s.heap[n], mask), of_clusters)])
    for n in range(w.pol[s.k.policy].scan[ID]):
        s.k.cap_hits += not _look(w, s, q, k, mine, n, mask, of_clusters)
