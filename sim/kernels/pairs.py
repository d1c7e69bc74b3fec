"""Pairs that met: an index from two organisations to their relation, and a list for each organisation.

The index is open addressing over relation rows: the slot of a pair is a mix of its two rows, the
next free slot is the neighbour's. Nothing is ever deleted, so a free slot ends a search. An entry
holds the relation's row in its low bits (as many as number the slots of the large index) and other bits of
the mix above them, so that another pair is told apart without a look at its relation. Each
relation is also a link of two lists, one for each side, that start at `orgs.head`; the latest
relation comes first. Memory is proportional to the pairs that met, never to N².

A second, small index of the same kind holds the bridges alone (relations of two cluster organisations): they are
asked for with every prior trust, and stay in cache where the large index does not.

Room is the caller's duty: `World.reserve_relations` keeps the index at most three quarters full.
"""

from __future__ import annotations

import numpy as np

from sim.jit import jit, plain
from sim.luck import exp, mix
from sim.vocab import Kind

NONE = -1
FREE = np.uint32(0xFFFFFFFF)  # an index that is never full holds no row of all ones
CLUSTER_ORGANISATION = int(Kind.CLUSTER_ORGANISATION)
S32 = np.uint64(32)
ROUTINE = np.array([1.0 - plain(exp)(-0.5 * times) for times in range(64)])  # looked up: `exp` costs a search its time


@jit
def pair_word(i, j):
    """Return the mixed word of the pair (i, j)."""
    return mix((np.uint64(min(i, j)) << S32) | np.uint64(max(i, j)))


@jit
def pair_slot(i, j, size):
    """Return the slot at which the search for the pair (i, j) starts; ``size`` is a power of two."""
    return np.int64(pair_word(i, j) & np.uint64(size - 1))


@jit
def entry_of(word, rel, rows):
    """Return the entry of a relation: its row, below ``rows`` (a power of two), and above it bits of its word."""
    return np.uint32(((word >> S32) & ~np.uint64(rows - 1)) | np.uint64(rel))


@jit
def find(w, i, j):
    """Return the row of the relation of organisations i and j, or -1 for strangers."""
    return _look_up(w, w.index, i, j)


@jit
def find_bridge(w, a, b):
    """Return the row of the relation of the organisations of clusters a and b, or -1."""
    return _look_up(w, w.bridges, np.int64(w.clusters[a].org), np.int64(w.clusters[b].org))


@jit
def _look_up(w, index, i, j):
    """Return what an index says about the pair (i, j)."""
    size, word, low = len(index), pair_word(i, j), np.uint32(len(w.index) - 1)
    slot, mine = pair_slot(i, j, size), entry_of(word, 0, len(w.index))
    while index[slot] != FREE:
        if index[slot] & ~low == mine:
            rel = np.int64(index[slot] & low)
            a, b = w.rels[rel].a, w.rels[rel].b
            if (a == i and b == j) or (a == j and b == i):
                return rel
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
    _enter(w.index, i, j, rel, len(w.index))
    if w.orgs[i].kind == CLUSTER_ORGANISATION and w.orgs[j].kind == CLUSTER_ORGANISATION:
        _enter(w.bridges, i, j, rel, len(w.index))
        w.n.bridges += 1
    w.n.relations = rel + 1
    return rel


@jit
def _enter(index, i, j, rel, rows):
    """Put a relation into the first free slot of its pair."""
    word = pair_word(i, j)
    slot = pair_slot(i, j, len(index))
    while index[slot] != FREE:
        slot = (slot + 1) & (len(index) - 1)
    index[slot] = entry_of(word, rel, rows)


@jit
def rebuild_index(index, rels, count):
    """Enter the first ``count`` relations into an empty index, in row order."""
    for rel in range(count):
        _enter(index, np.int64(rels.a[rel]), np.int64(rels.b[rel]), rel, len(index))


@jit
def rebuild_bridges(w):
    """Enter all bridges into an empty index of bridges."""
    for c in range(w.n.clusters):
        i = np.int64(w.clusters[c].org)
        rel = np.int64(w.orgs[i].head)
        while rel >= 0:
            j = other(w, rel, i)
            if i < j and w.orgs[j].kind == CLUSTER_ORGANISATION:
                _enter(w.bridges, i, j, rel, len(w.index))
            rel = next_relation(w, rel, i)


@jit
def other(w, rel, i):
    """Return the organisation on the other side of a relation of i (no branch: there is no guessing the side)."""
    return np.int64(w.rels[rel].a ^ w.rels[rel].b ^ i)


@jit
def next_relation(w, rel, i):
    """Return the relation after ``rel`` in the list of i (which starts at `orgs.head`), or -1."""
    as_a, as_b = w.rels[rel].next_a, w.rels[rel].next_b
    return np.int64(as_a if w.rels[rel].a == i else as_b)


@jit
def trust_of(w, i, j, rel):
    """Return the trust of i in j, whose relation is ``rel``."""
    of_a, of_b = w.rels[rel].trust_ab, w.rels[rel].trust_ba
    return of_a if w.rels[rel].a == i else of_b


@jit
def familiarity(times):
    """Return 1 - exp(-times / 2), in [0, 1): what working together ``times`` times taught."""
    return ROUTINE[np.int64(times)] if times < len(ROUTINE) else 1.0 - exp(-0.5 * times)
