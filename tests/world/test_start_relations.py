"""The relations a world begins with: how many, between whom, how evenly."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from sim.vocab import Kind


def ends(world):
    rels = world.rels[: world.n.relations]
    return rels.a, rels.b


def test_five_relations_on_average(large):
    # every organisation starts 2 or 3 with equal chance
    started, n = int(large.n.relations), int(large.n.organisations)
    assert abs(started - 2.5 * n) < 4 * math.sqrt(0.25 * n)
    assert large.orgs.degree[:n].sum() == 2 * started


def test_four_in_five_lie_inside_the_cluster(large):
    a, b = ends(large)
    orgs = large.orgs
    ordinary = (orgs.kind[a] != Kind.CLUSTER_ORGANISATION)
    inside = (orgs.cluster[a] == orgs.cluster[b])[ordinary].mean()
    assert abs(inside - 0.8) < 4 * math.sqrt(0.8 * 0.2 / ordinary.sum())


def test_no_pair_twice_nobody_with_itself(large):
    a, b = ends(large)
    assert (a != b).all()
    assert (large.orgs.uid[a] < large.orgs.uid[b]).all()
    assert len(set(zip(a.tolist(), b.tolist(), strict=True))) == large.n.relations


def test_bridges_join_cluster_organisations_and_nobody_else(large):
    a, b = ends(large)
    body = large.orgs.kind == Kind.CLUSTER_ORGANISATION
    assert (body[a] == body[b]).all()
    assert large.n.bridges == body[a].sum()  # counted as they are laid
    assert body[a].sum() == pytest.approx(2.5 * large.n.clusters, abs=4 * math.sqrt(0.25 * large.n.clusters))


def test_a_start_relation_has_met_once(large):
    rels = large.rels[: large.n.relations]
    for name, value in (("times", 1), ("first", 0), ("last", 0), ("successes", 0), ("failures", 0),
                        ("running", 0), ("trust_ab", 0.5), ("trust_ba", 0.5)):
        assert set(rels[name]) == {value}


def test_who_has_a_partner_is_no_newcomer(make):
    world = make(smes=500, clusters=5, start_relations=1)
    orgs = world.orgs[: world.n.organisations]
    assert (orgs.joined == (orgs.degree > 0)).all()
    assert 0 < (orgs.degree == 0).sum() < 500


def test_no_start_relations(make):
    world = make(smes=50, clusters=2, start_relations=0)
    assert world.n.relations == 0
    assert set(world.orgs.head) == {-1}


@pytest.mark.parametrize(("values", "relations"), [
    ({"smes": 1, "clusters": 0}, 0), ({"smes": 2, "clusters": 0}, 1), ({"smes": 4, "clusters": 1}, 6),
    ({"smes": 4, "clusters": 0}, 6), ({"smes": 0, "clusters": 4}, 6), ({"smes": 0, "clusters": 0}, 0),
])
def test_a_small_world_is_related_as_far_as_it_goes(make, values, relations):
    assert make(start_relations=50, **values).n.relations == relations


def test_without_anybody_elsewhere_partners_come_from_the_cluster(make):
    world = make(smes=200, clusters=1)
    assert world.n.relations == pytest.approx(500, abs=4 * math.sqrt(50))


@pytest.mark.slow
def test_partners_inside_a_cluster_are_drawn_evenly(make):
    counts = dict.fromkeys(itertools.combinations(range(1, 11), 2), 0)
    for seed in range(300):
        for pair in zip(*ends(make(seed, smes=10, clusters=1, start_relations=2)), strict=True):
            counts[tuple(sorted(map(int, pair)))] += 1
    assert stats.chisquare(list(counts.values())).pvalue > 1e-4


@pytest.mark.slow
def test_partners_elsewhere_are_drawn_evenly(make):
    counts = np.zeros(40)
    for seed in range(200):
        a, b = ends(make(seed, smes=40, clusters=0, start_relations=2))
        counts += np.bincount(np.concatenate([a, b]), minlength=40)
    assert stats.chisquare(counts).pvalue > 1e-4
