"""Crowds by activity against a naive twin: walk along the group until the point is reached."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels import crowd
from sim.parameters import make_params
from sim.vocab import Kind
from sim.world import tables as t
from sim.world.world import RULE_FAMILIES, World
from tests.test_luck import chain

SECTORS, COUNTRIES = 3, 2
people = st.lists(st.tuples(st.integers(0, SECTORS - 1), st.integers(0, COUNTRIES - 1), st.floats(0.01, 50), st.booleans()),
                  min_size=1, max_size=14)
WORD = 2**64


@pytest.fixture(scope="module")
def empty():
    """A world without organisations."""
    p = make_params({"world.fields": SECTORS, "world.sectors": SECTORS, "world.countries": COUNTRIES})
    return World(p, t.POLICIES.allocate(3), dict.fromkeys(RULE_FAMILIES, 0), 3)


def uniform(word):
    return ((word >> 12) + 0.5) / 2**52


def gathered(world, who, seed):
    """Gather one list of people in some order; return the order, and the groups as plain lists."""
    world.orgs = t.ORGANISATIONS.allocate(len(who))
    world.n.organisations = len(who)
    for row, (sector, country, activity, is_cluster) in enumerate(who):
        org = world.orgs[row]
        org.sector, org.country, org.activity = sector, country, activity
        org.kind = Kind.CLUSTER_ORGANISATION if is_cluster else Kind.SME
    order = np.random.default_rng(seed).permutation(len(who))
    groups = (SECTORS, COUNTRIES, 1)
    world.crowd = np.full((3, len(who)), -1, np.int32)
    world.crowd_sum = np.zeros((3, len(who)))
    world.crowd_first = np.zeros((3, max(groups) + 1), np.int32)
    world.crowd_span = np.zeros((3, max(groups)))
    for by in range(3):
        crowd.gather(world.view(), by, order)
    return {(by, group): [int(row) for row in order if not who[row][3] and (*who[row][:2], 0)[by] == group]
            for by in range(3) for group in range(groups[by])}


def owner(who, rows, luck):
    """Walk along a group: who owns this point of the smallest power of two that holds everybody?"""
    if not rows:
        return -1
    total = np.cumsum([who[row][2] for row in rows])[-1]
    target, reached = luck * next(2.0**n for n in range(-9, 12) if 2.0**n >= total), 0.0
    for row in rows:
        reached += who[row][2]
        if reached > target:
            return row
    return -1


@given(people, st.integers(0, 99), st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=12))
def test_a_point_belongs_to_whom_a_walk_along_the_group_meets(empty, who, seed, points):
    groups = gathered(empty, who, seed)
    view = empty.view()
    for (by, group), rows in groups.items():
        first = int(view.crowd_first[by, group])
        assert view.crowd[by, first : int(view.crowd_first[by, group + 1])].tolist() == rows
        for luck in points:
            assert crowd.pick(view, by, group, luck) == owner(who, rows, luck)


@given(people, st.integers(0, 99), st.integers(0, WORD - 1), st.lists(st.tuples(st.integers(0, WORD - 1), st.integers(0, 2)), max_size=5))
def test_leads_are_of_the_sector_and_only_after_64_draws_in_vain_of_any(empty, who, seed, k, calls):
    groups = gathered(empty, who, seed)
    lead = np.full(len(calls), -7)
    uids, sectors = np.array([uid for uid, _ in calls], np.uint64), np.array([sector for _, sector in calls], np.int64)
    crowd.draw_leads(empty.view(), np.uint64(k), uids, sectors, lead)
    for q, (uid, sector) in enumerate(calls):
        luck = [uniform(chain(k, uid, attempt)) for attempt in range(128)]
        inside = (owner(who, groups[0, sector], one) for one in luck[:64])
        anywhere = (owner(who, groups[2, 0], one) for one in luck[64:])
        assert lead[q] == next((row for row in (*inside, *anywhere) if row >= 0), -1)
