"""Slots: first free from mix(uid), counted, found again."""

from __future__ import annotations

import numpy as np
import pytest

from sim.luck import mix
from sim.world.slots import power_of_two, seat, slots_needed, take_slot


@pytest.mark.parametrize(("least", "size"), [(0, 2), (1, 2), (2, 2), (3, 4), (4, 4), (1025, 2048)])
def test_power_of_two(least, size):
    assert power_of_two(least) == size


@pytest.mark.parametrize("founders, size", [(0, 4), (1, 4), (2, 8), (3, 16), (1020, 4096), (1024, 4096), (1025, 8192)])
def test_slots_needed(founders, size):
    assert slots_needed(founders) == size


def test_everybody_sits_where_a_naive_twin_puts_them(make):
    world = make(smes=300, clusters=4, demography__birth=0)
    size, taken, collisions = len(world.slots), {}, 0
    for row in range(int(world.n.organisations)):
        home = int(mix(world.orgs.uid[row])) & (size - 1)
        place = next(p % size for p in range(home, home + size) if p % size not in taken)
        taken[place] = row
        collisions += place != home
    assert taken == {place: int(row) for place, row in enumerate(world.slots) if row >= 0}
    assert [taken[int(slot)] for slot in world.orgs.slot[:304]] == list(range(304))
    assert world.n.slot_collisions == collisions > 0


def test_a_full_table_has_no_slot():
    table = np.full(8, -1, np.int32)
    table[:2] = 99
    assert [int(take_slot(table, 4, 4, uid, 7)) >= 0 for uid in range(5)] == [True] * 4 + [False]
    assert list(table) == [99, 99, -1, -1, 7, 7, 7, 7]


def test_a_birth_without_a_free_slot_is_told(make):
    world = make(smes=20, clusters=1)
    world.slots[:] = 0
    assert not seat(world.view(), 5)
    assert world.orgs.slot[5] == -1


def test_collisions_are_as_rare_as_linear_probing_promises(large):
    founders, size = int(large.n.organisations), len(large.slots)
    load = founders / size
    # Knuth 1998, 6.4: expected displaced share of keys put in one after the other is about load / 2
    assert large.n.slot_collisions / founders == pytest.approx(load / 2, abs=0.05)
