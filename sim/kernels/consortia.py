"""Past consortia as arrays: all pairs of members, what had met before, how much of an old team came back.

Consortium p has the seats ``first[p]`` to ``first[p + 1]`` of ``org``; consortia are in order of their start. Those
that start on one day are blind to one another: only what started on an earlier day came before.
"""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.pairs import pair_slot
from sim.luck import draw, exp, normal

NEVER = np.iinfo(np.int64).max
NONE = -1


@jit
def list_pairs(first, org, project, left, right):
    """Write project and members (smaller number first) of all pairs, project by project."""
    at = 0
    for p in range(len(first) - 1):
        for a in range(first[p], first[p + 1]):
            for b in range(first[p], a):
                project[at] = p
                left[at], right[at] = min(org[a], org[b]), max(org[a], org[b])
                at += 1


@jit
def number_pairs(left, right, index, pair):
    """Give each different pair a number in order of appearance: ``pair`` for each entry; return how many there are.

    ``index`` is a table of [2^m] int64, at most half full, -1 where free (`sim.kernels.pairs` hashes in the same way).
    """
    count = 0
    for n in range(len(left)):
        slot = pair_slot(left[n], right[n], len(index))
        while index[slot] != NONE and (left[index[slot]] != left[n] or right[index[slot]] != right[n]):
            slot = (slot + 1) & (len(index) - 1)
        if index[slot] == NONE:
            index[slot], pair[n] = n, count
            count += 1
        else:
            pair[n] = pair[index[slot]]
    return count


@jit
def first_two_days(key, day, met, again):
    """Write for each key its first day, and its first later day; entries are in order of their day."""
    for n in range(len(key)):
        if met[key[n]] == NEVER:
            met[key[n]] = day[n]
        elif day[n] > met[key[n]] and again[key[n]] == NEVER:
            again[key[n]] = day[n]


@jit
def largest_return(first, org, start, organisations, best):
    """Write for each consortium how many of its members, at most, sat together in one earlier consortium."""
    head, behind = np.full(organisations, NONE), np.full(len(org), NONE)
    of, count, stamp = np.empty(len(org), np.int64), np.zeros(len(start), np.int64), np.full(len(start), NONE)
    entered = 0
    for p in range(len(start)):
        while start[entered] < start[p]:
            for n in range(first[entered], first[entered + 1]):
                of[n], behind[n] = entered, head[org[n]]
                head[org[n]] = n
            entered += 1
        best[p] = 0
        for n in range(first[p], first[p + 1]):
            seat = head[org[n]]
            while seat != NONE:
                old = of[seat]
                count[old] = count[old] + 1 if stamp[old] == p else 1
                stamp[old] = p
                best[p] = max(best[p], count[old])
                seat = behind[seat]


@jit
def draws(k, count):
    """Return the draws of key ``k`` for 0, 1, ... count - 1: [count] uint64."""
    found = np.empty(count, np.uint64)
    for n in range(count):
        found[n] = draw(k, n)
    return found


@jit
def quantiles(count, sigma):
    """Return ``count`` quantiles of a log-normal law of median 1, ascending: [count] float64."""
    found = np.empty(count)
    for n in range(count):
        found[n] = exp(sigma * normal((n + 0.5) / count))
    return found
