"""Pairs that met: an index from two organisations to their relation, and a list for each organisation.

The index is open addressing over relation rows: the slot of a pair is a mix of its two rows, the
next free slot is the neighbour's. Nothing is ever deleted, so a free slot ends a search. Each
relation is also a link of two lists, one for each side, that start at `orgs.head`; the latest
relation comes first. Memory is proportional to the pairs that met, never to N².

Room is the caller's duty: `World.reserve_relations` keeps the index at most half full.
"""

from __future__ import annotations

import numpy as np

from sim.jit import jit, plain
from sim.luck import exp, mix

NONE = -1
S32 = np.uint64(32)
ROUTINE = np.array([1.0 - plain(exp)(-0.5 * times) for times in range(64)])  # looked up: `exp` costs a search its time


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
        a, b = w.rels[rel].a, w.rels[rel].b
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
    if w.orgs[i].uid > w.orgs[j].uid:
        i, j = j, i
        trust_ij, trust_ji = trust_ji, trust_ij
    w.rels[rel].a, w.rels[rel].b = i, j
    w.rels[rel].trust_ab, w.rels[rel].trust_ba = trust_ij, trust_ji
    w.rels[rel].first = w.n.step
    w.rels[rel].last = w.n.step
    w.rels[rel].next_a, w.rels[rel].next_b = w.orgs[i].head, w.orgs[j].head
    w.orgs[i].head = rel
    w.orgs[j].head = rel
    w.orgs[i].degree += 1
    w.orgs[j].degree += 1
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
    if w.rels[rel].a == i:
        return np.int64(w.rels[rel].b)
    return np.int64(w.rels[rel].a)


@jit
def next_relation(w, rel, i):
    """Return the relation after ``rel`` in the list of i (which starts at `orgs.head`), or -1."""
    if w.rels[rel].a == i:
        return np.int64(w.rels[rel].next_a)
    return np.int64(w.rels[rel].next_b)


@jit
def trust_of(w, i, j, rel):
    """Return the trust of i in j, whose relation is ``rel``."""
    if w.rels[rel].a == i:
        return w.rels[rel].trust_ab
    return w.rels[rel].trust_ba


@jit
def familiarity(times):
    """Return 1 - exp(-times / 2), in [0, 1): what working together ``times`` times taught."""
    return ROUTINE[np.int64(times)] if times < len(ROUTINE) else 1.0 - exp(-0.5 * times)
