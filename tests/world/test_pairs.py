"""The pair index against a dictionary."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.kernels import pairs
from sim.world import tables as t


def meet(world, rng, meetings):
    """Let random pairs meet; return {pair: row} kept by a dictionary."""
    twin = {}
    for _ in range(meetings):
        i, j = (int(n) for n in rng.choice(len(world.orgs), 2, replace=False))
        world.reserve_relations(1)
        view = world.view()
        row = pairs.find(view, i, j)
        assert row == twin.get(frozenset((i, j)), -1) == pairs.find(view, j, i)
        if row < 0:
            twin[frozenset((i, j))] = pairs.insert(view, i, j, i / 1000, j / 1000)
    return twin


@pytest.fixture
def met(empty_world):
    world = empty_world()
    world.orgs = t.ORGANISATIONS.allocate(60)
    world.orgs.uid[:] = np.random.default_rng(5).permutation(60).astype(np.uint64) + np.uint64(2**63)
    world.n.step = 9
    return world, meet(world, np.random.default_rng(1), 1500)


def test_find_agrees_with_a_dictionary_through_growth_of_the_index(met):
    world, twin = met
    assert world.n.relations == len(twin) > 1000
    assert 3 * len(world.index) >= 4 * len(twin)
    assert len(world.index) & (len(world.index) - 1) == 0


def test_rows_name_the_smaller_uid_first_with_its_trust(met):
    world, twin = met
    for pair, row in twin.items():
        relation = world.rels[row]
        assert {int(relation.a), int(relation.b)} == pair
        assert world.orgs.uid[relation.a] < world.orgs.uid[relation.b]
        assert relation.trust_ab == relation.a / 1000
        assert relation.trust_ba == relation.b / 1000
        assert (relation.times, relation.first, relation["last"]) == (0, 9, 9)


def test_lists_hold_each_relation_of_an_organisation_once_the_latest_first(met):
    world, twin = met
    view = world.view()
    for i in range(60):
        rows, row = [], int(world.orgs.head[i])
        while row >= 0:
            rows.append(row)
            assert twin[frozenset((i, int(pairs.other(view, row, i))))] == row
            row = int(pairs.next_relation(view, row, i))
        assert rows == sorted((row for pair, row in twin.items() if i in pair), reverse=True)
        assert len(rows) == world.orgs.degree[i]


def test_trust_is_read_from_either_side(met):
    world, twin = met
    view = world.view()
    for pair, row in list(twin.items())[:100]:
        i, j = sorted(pair)
        assert pairs.trust_of(view, i, j, row) == i / 1000
        assert pairs.trust_of(view, j, i, row) == j / 1000


@pytest.mark.parametrize("size", [2, 64, 2**20])
def test_the_slot_of_a_pair_is_symmetric_and_inside_the_index(size):
    slots = [pairs.pair_slot(i, j, size) for i in range(30) for j in range(i)]
    assert slots == [pairs.pair_slot(j, i, size) for i in range(30) for j in range(i)]
    assert 0 <= min(slots) <= max(slots) < size


def test_slots_of_pairs_spread_evenly():
    counts = np.bincount([pairs.pair_slot(i, j, 64) for i in range(200) for j in range(i)], minlength=64)
    expected = counts.sum() / 64
    assert ((counts - expected) ** 2 / expected).sum() < 63 + 5 * math.sqrt(2 * 63)


@pytest.mark.parametrize("times", [0, 1, 2, 10, 300])
def test_familiarity(times):
    assert pairs.familiarity(times) == pytest.approx(1 - math.exp(-times / 2), abs=1e-15)


def test_bridges_are_found_in_their_own_index_through_growth(met):
    world, _ = met
    world.clusters = t.CLUSTERS.allocate(30)
    world.clusters.org[:] = np.arange(30)
    world.n.clusters = 30
    world.orgs.kind[:30] = 1
    world.n.bridges = sum(1 for rel in world.rels[: int(world.n.relations)] if max(rel.a, rel.b) < 30)
    world.reserve_relations(20_000)  # the larger index needs other entries: both are made anew
    view = world.view()
    for a in range(30):
        for b in range(30):
            if a != b:
                assert pairs.find_bridge(view, a, b) == pairs.find(view, a, b)
