"""Choices that stay the same when a list loses an unrelated entry: the pair race and its k smallest."""

from __future__ import annotations

import numpy as np

from sim.jit import jit

WORST = np.inf
HALVINGS = 64


@jit
def keep_smallest(value, item, k, values, items, count):
    """Offer one (value, item) to a list of the k smallest; return the new count.

    ``values`` and ``items`` hold a max-heap on value, the largest at index 0.
    """
    if count < k:
        at = count
        while at > 0 and values[(at - 1) // 2] < value:
            values[at], items[at] = values[(at - 1) // 2], items[(at - 1) // 2]
            at = (at - 1) // 2
        values[at], items[at] = value, item
        return count + 1
    if k == 0 or value >= values[0]:
        return count
    _sink(value, item, values, items, count)
    return count


@jit
def _sink(value, item, values, items, count):
    """Replace the root by (value, item) and restore the heap."""
    at = 0
    while 2 * at + 1 < count:
        child = 2 * at + 1
        if child + 1 < count and values[child + 1] > values[child]:
            child += 1
        if values[child] <= value:
            break
        values[at], items[at] = values[child], items[child]
        at = child
    values[at], items[at] = value, item


@jit
def sort_by(values, items, n):
    """Sort the first n pairs by value, ascending, in place (insertion sort: lists are short)."""
    for k in range(1, n):
        value, item = values[k], items[k]
        at = k - 1
        while at >= 0 and values[at] > value:
            values[at + 1], items[at + 1] = values[at], items[at]
            at -= 1
        values[at + 1], items[at + 1] = value, item


@jit
def bound_of_smallest(values, n, k):
    """Return a bound below which the k smallest of the first n numbers in (0, 1) lie and no other.

    Halving the interval and counting takes about log2(n) passes without a branch, where a heap
    of k pays for each entry. Above 1 when there are no more than k of them; equal numbers fall together.
    """
    low, high = 0.0, 2.0
    if k >= n:
        return high
    for _ in range(HALVINGS):
        middle, count = 0.5 * (low + high), 0
        for m in range(n):
            count += values[m] < middle
        if count == k:
            return middle
        if count < k:
            low = middle
        else:
            high = middle
    return low
