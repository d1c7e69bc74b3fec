"""Money inside is integer cents: rounded half-even once, split by largest remainder."""

from __future__ import annotations

import numpy as np

from sim.jit import jit

CENTS_PER_KEUR = 100_000.0
SAME = 1e-6  # cents: remainders closer than this are equal but for rounding


@jit
def to_cents(keur):
    """Return cents of an amount in kEUR, rounded half to even."""
    amount = keur * CENTS_PER_KEUR
    whole = np.floor(amount)
    rest = amount - whole
    cents = np.int64(whole)
    if rest > 0.5 or (rest == 0.5 and cents % 2 == 1):
        cents += 1
    return cents


@jit
def split(total, weights, uids, n, out):
    """Split ``total`` cents over n members by weight into ``out``; the sum is exact. The weights are used up.

    Largest remainder: whole shares first, the cents left over go to the largest remainders, ties
    to the smaller uid. Weights that sum to 0 mean equal shares.
    """
    whole_weight = 0.0
    for k in range(n):
        whole_weight += weights[k]
    given = np.int64(0)
    for k in range(n):
        exact = total * weights[k] / whole_weight if whole_weight > 0.0 else total / n
        out[k] = np.int64(np.floor(exact))
        weights[k] = exact - out[k]  # from here on: what is left over of each share
        given += out[k]
    while given < total:
        best = 0
        for k in range(1, n):
            gap = weights[k] - weights[best]
            if gap > SAME or (gap >= -SAME and uids[k] < uids[best]):
                best = k
        out[best] += 1
        weights[best] = -1.0
        given += 1
    while given > total:  # the float quotient can exceed the exact share by one cent on huge sums
        best = 0
        for k in range(1, n):
            if out[k] > out[best]:
                best = k
        out[best] -= 1
        given -= 1
