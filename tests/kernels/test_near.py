"""Distance, relatedness, levels and prior trust, against their sentences in plain Python."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.kernels import near
from sim.kernels.pairs import find
from sim.parameters import make_params
from sim.vocab import MAX_FIELDS
from sim.world import tables as t
from sim.world.populate import populate
from sim.world.world import RULE_FAMILIES, World


@pytest.fixture(scope="module")
def world():
    policies = t.POLICIES.allocate(3)
    policies.max_size[:] = 4
    made = World(make_params({"world.smes": 50, "world.clusters": 5, "world.member_share": 0.8}), policies,
                 dict.fromkeys(RULE_FAMILIES, 0), 5)
    populate(made)
    made.orgs.reputation[:50] = np.linspace(0, 1, 50)
    made.orgs.label[:50] = np.arange(50) % 2
    return made


@pytest.fixture(scope="module")
def pairs(world):
    rng = np.random.default_rng(4)
    return [tuple(int(n) for n in rng.choice(int(world.n.organisations), 2, replace=False)) for _ in range(400)]


def portfolio(world, i):
    return {int(f): float(x) for f, x in zip(world.orgs[i].fields, world.orgs[i].levels, strict=True) if f >= 0}


def expected_bridge(world, i, j):
    a, b = int(world.orgs[i].cluster), int(world.orgs[j].cluster)
    if a < 0 or b < 0:
        return -1.0
    if a == b:
        return 1.0
    left, right = int(world.clusters.org[a]), int(world.clusters.org[b])
    for rel in world.rels[: int(world.n.relations)]:
        if {int(rel.a), int(rel.b)} == {left, right}:
            return float(rel.trust_ab if rel.a == left else rel.trust_ba)
    return -1.0


def test_distance(world, pairs):
    for i, j in pairs:
        a, b = world.orgs[i], world.orgs[j]
        other_cluster = a.cluster != b.cluster or a.cluster < 0
        want = 0.4 * other_cluster + 0.3 * (a.sector != b.sector) + 0.3 * (a.country != b.country)
        assert near.distance(world.view(), i, j) == pytest.approx(want)


def test_relatedness(world, pairs):
    for i, j in pairs:
        cells = [world.relatedness[f, g] for f in portfolio(world, i) for g in portfolio(world, j)]
        assert near.relatedness(world.view(), i, j) == pytest.approx(np.mean(cells) if cells else 0.0)


def test_levels_and_markets(world):
    for i in range(int(world.n.organisations)):
        held = portfolio(world, i)
        for field in range(40):
            assert near.level_of(world.view(), i, field) == held.get(field, 0.0)
        for market in range(4):
            has = bool((int(world.orgs[i].mask) >> (MAX_FIELDS + market)) & 1)
            assert near.level_of(world.view(), i, MAX_FIELDS + market) == float(has)


def test_prior_trust_in_a_stranger(world, pairs):
    seen = set()
    for i, j in pairs:
        bridge = expected_bridge(world, i, j)
        same = world.orgs[i].cluster == world.orgs[j].cluster
        reputation = world.orgs[j].reputation if bridge >= 0 else 0.5
        want = 0.3 + 0.2 * (reputation - 0.5) + 0.05 * world.orgs[j].label
        want += (0.15 if same else 0.15 * bridge) if bridge >= 0 else 0.0
        assert near.prior(world.view(), i, j) == pytest.approx(min(1.0, max(0.0, want)))
        seen.add((bridge >= 0, bool(same)))
    assert len(seen) >= 3


def test_trust_is_of_the_relation_where_there_is_one(world):
    for rel in world.rels[:40]:
        i, j = int(rel.a), int(rel.b)
        assert find(world.view(), i, j) >= 0
        assert near.trust_in(world.view(), i, j) == rel.trust_ab
        assert near.trust_in(world.view(), j, i) == rel.trust_ba


def test_vision_gap(world):
    for i in range(20):
        x, y = world.orgs[i].vision
        assert near.vision_gap(world.view(), i, 0.25, 0.75) == pytest.approx(math.dist((x, y), (0.25, 0.75)))
