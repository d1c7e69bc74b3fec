"""Member lists and cluster portfolios against naive twins."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.kernels.members import group_members, refresh_cluster_portfolios
from sim.vocab import MAX_FIELDS, Kind


@pytest.fixture
def world(make):
    world = make(smes=700, clusters=9, member_share=0.8, research=20)
    world.orgs["left"][30:700:7] = 3
    group_members(world.view())
    refresh_cluster_portfolios(world.view())
    return world


def members_of(world, c):
    orgs = world.orgs[: world.n.organisations]
    return np.flatnonzero((orgs.cluster == c) & (orgs["left"] < 0) & (orgs.kind != Kind.CLUSTER_ORGANISATION))


def test_members_are_the_living_in_row_order(world):
    for c, cluster in enumerate(world.clusters):
        listed = world.members[cluster.first : cluster.first + cluster.member_count]
        assert list(listed) == list(members_of(world, c))


def test_a_cluster_offers_the_best_fields_of_its_top_decile(world):
    for c, cluster in enumerate(world.clusters):
        held = {}
        members = members_of(world, c)
        for row in members:
            for field, level in zip(world.orgs.fields[row], world.orgs.levels[row], strict=True):
                if field >= 0:
                    held.setdefault(int(field), []).append(float(level))
        rank = math.ceil(len(members) / 10)
        decile = {field: sorted(levels)[-rank] for field, levels in held.items() if len(levels) >= rank}
        best = sorted(decile, key=lambda field: (-decile[field], field))[:6]
        offered = world.orgs[cluster.org]
        assert list(offered.fields) == best + [-1] * (6 - len(best))
        assert list(offered.levels) == [decile[field] for field in best] + [0.0] * (6 - len(best))
        assert int(offered.mask) % 2**MAX_FIELDS == sum(1 << field for field in best)


def test_market_access_survives_a_new_portfolio(make):
    world = make(smes=200, clusters=5, access_share=1)
    for _ in range(2):
        refresh_cluster_portfolios(world.view())
        assert set(world.orgs.mask[:5] >> np.uint64(MAX_FIELDS)) == {0b1111}


def test_a_cluster_that_lost_everybody_offers_nothing(make):
    world = make(smes=40, clusters=2)
    world.orgs["left"][2:] = 0
    group_members(world.view())
    refresh_cluster_portfolios(world.view())
    assert (world.orgs.fields[:2] == -1).all()
    assert list(world.clusters.member_count) == [0, 0]
