"""Slots: the fixed numbered places of a world's organisations, from which partners are drawn.

A uniform choice in a changing list reshuffles everyone when one organisation leaves. A choice by
slot does not: attempt t draws a slot, empty slots are skipped. There are 2^k slots, at least
four for each founder, set once for each scenario. An organisation sits
in the first free slot from mix(uid); a taken one is counted as a collision.
"""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.luck import mix
from sim.vocab import NOBODY

ROOM = 4  # slots for each founder, at the least


def slots_needed(founders: int) -> int:
    """Return the power of two that leaves room for the founders' number to double at half the load.

    It depends on nothing else: a longer horizon or another birth rate reshuffles no draw.
    """
    return power_of_two(ROOM * max(1, founders))


def power_of_two(least: int) -> int:
    """Return the smallest power of two that is not below ``least``; 2 at the least."""
    return 1 << max(1, (least - 1).bit_length())


@jit
def take_slot(table, first, size, uid, row):
    """Put ``row`` into the first free of ``size`` slots from ``first``; return its place in them or -1."""
    home = np.int64(mix(np.uint64(uid)) & np.uint64(size - 1))
    for move in range(size):
        place = (home + move) & (size - 1)
        if table[first + place] == NOBODY:
            table[first + place] = row
            return place
    return NOBODY


@jit
def seat(w, row):
    """Give an organisation its slot; count a collision; return False when no slot is free."""
    uid = w.orgs[row].uid
    place = take_slot(w.slots, 0, len(w.slots), uid, row)
    w.orgs[row].slot = place
    if place == NOBODY:
        return False
    if place != np.int64(mix(uid) & np.uint64(len(w.slots) - 1)):
        w.n.slot_collisions += 1
    return True


@jit
def seat_all(w):
    """Give the founders their slots, in the order of founding."""
    for row in range(w.n.organisations):
        seat(w, row)
