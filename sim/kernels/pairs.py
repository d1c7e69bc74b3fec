"""Pairs that met: an index from two organisations to their relation, and a list for each organisation.

The index is open addressing over relation rows: the slot of a pair is a mix of its two rows, the
next free slot is the neighbour's. Nothing is ever deleted, so a free slot ends a search. Each
relation is also a link of two lists, one for each side, that start at `orgs.head`; the latest
relation comes first. Memory is proportional to the pairs that met, never to N².

Room is the caller's duty: `World.reserve_relations` keeps the index at most half full.
"""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.luck import exp, mix

NONE = -1
S32 = np.uint64(32)


@jit
def pair_slot(i, j, size):
    """Return the slot at which the search for the pair (i, j) starts; ``size`` is a power of two."""
    word = (np.uint64(min(i, j)) << S32) | np.uint64(max(i, j))
    return np.int64(mix(word) & np.uint64(size - 1))


@jit
def find(w, i, j):
    """Return the row of the relation of organisations i and j, or -1 for strangers."""
    size = len(w.index)
    slot = pair_slot(i, j, size)
    while w.index[slot] != NONE:
        rel = w.index[slot]
        a, b = w.rels.a[rel], w.rels.b[rel]
        if (a == i and b == j) or (a == j and b == i):
            return np.int64(rel)
        slot = (slot + 1) & (size - 1)
    return np.int64(NONE)


@jit
def insert(w, i, j, trust_ij, trust_ji):
    """Append the relation of two strangers, link it on both sides and return its row.

    The side with the smaller uid is `a`, so that the row reads the same whoever came first.
    It has not worked together yet (`times` 0); first and latest contact are this step.
    """
    rel = np.int64(w.n.relations)
    if w.orgs.uid[i] > w.orgs.uid[j]:
        i, j = j, i
        trust_ij, trust_ji = trust_ji, trust_ij
    w.rels.a[rel], w.rels.b[rel] = i, j
    w.rels.trust_ab[rel], w.rels.trust_ba[rel] = trust_ij, trust_ji
    w.rels.first[rel] = w.n.step
    w.rels.last[rel] = w.n.step
    w.rels.next_a[rel], w.rels.next_b[rel] = w.orgs.head[i], w.orgs.head[j]
    w.orgs.head[i] = rel
    w.orgs.head[j] = rel
    w.orgs.degree[i] += 1
    w.orgs.degree[j] += 1
    _enter(w.index, i, j, rel)
    w.n.relations = rel + 1
    return rel


@jit
def _enter(index, i, j, rel):
    """Put a relation into the first free slot of its pair."""
    slot = pair_slot(i, j, len(index))
    while index[slot] != NONE:
        slot = (slot + 1) & (len(index) - 1)
    index[slot] = rel


@jit
def rebuild_index(index, rels, count):
    """Enter the first ``count`` relations into an empty index, in row order."""
    for rel in range(count):
        _enter(index, np.int64(rels.a[rel]), np.int64(rels.b[rel]), rel)


@jit
def other(w, rel, i):
    """Return the organisation on the other side of a relation of i."""
    if w.rels.a[rel] == i:
        return np.int64(w.rels.b[rel])
    return np.int64(w.rels.a[rel])


@jit
def next_relation(w, rel, i):
    """Return the relation after ``rel`` in the list of i (which starts at `orgs.head`), or -1."""
    if w.rels.a[rel] == i:
        return np.int64(w.rels.next_a[rel])
    return np.int64(w.rels.next_b[rel])


@jit
def trust_of(w, i, j, rel):
    """Return the trust of i in j, whose relation is ``rel``."""
    if w.rels.a[rel] == i:
        return w.rels.trust_ab[rel]
    return w.rels.trust_ba[rel]


@jit
def familiarity(times):
    """Return 1 - exp(-times / 2), in [0, 1): what working together ``times`` times taught."""
    return 1.0 - exp(-0.5 * times)
