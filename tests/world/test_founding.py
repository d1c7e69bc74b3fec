"""The laws that traits are drawn from, against their analytic values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.vocab import MAX_FIELDS, Kind
from sim.world.founding import beta, draw_portfolio, free_field, step_of
from sim.world.populate import found, open_clusters, size_weights

SURE = 1e-4  # smallest p-value that a right law gets on a fixed seed


def smes(world):
    orgs = world.orgs[: world.n.organisations]
    return orgs[orgs.kind == Kind.SME]


def near(share, expected, n, errors=4.0):
    return abs(share - expected) < errors * math.sqrt(expected * (1 - expected) / n)


@pytest.mark.parametrize(("name", "law"), [
    ("openness", stats.beta(2, 4)), ("reliability", stats.beta(12, 2)),
    ("activity", stats.lognorm(1.0)),
])
def test_traits_follow_their_law(large, name, law):
    assert stats.kstest(smes(large)[name], law.cdf).pvalue > SURE


def test_visions_are_uniform_and_independent(large):
    vision = smes(large).vision
    for side in (0, 1):
        assert stats.kstest(vision[:, side], "uniform").pvalue > SURE
    assert abs(np.corrcoef(vision.T)[0, 1]) < 4 / math.sqrt(len(vision))


def test_traits_are_independent_of_each_other(large):
    orgs = smes(large)
    traits = (orgs.openness, orgs.reliability, np.log(orgs.activity), orgs.vision[:, 0], orgs.born)
    matrix = np.corrcoef(traits)
    np.fill_diagonal(matrix, 0)
    assert np.abs(matrix).max() < 4.5 / math.sqrt(len(orgs))


def test_capacity_grows_with_activity(large):
    orgs = smes(large)
    assert list(orgs.capacity) == [min(12, max(1, math.floor(3 * a + 0.5))) for a in orgs.activity]


def test_portfolios_hold_two_to_five_different_fields(large):
    orgs = smes(large)
    held = (orgs.fields >= 0).sum(axis=1)
    counts = np.bincount(held, minlength=7)
    assert counts[:2].sum() == counts[6:].sum() == 0
    assert stats.chisquare(counts[2:6]).pvalue > SURE
    for org in orgs[:500]:
        fields = [int(field) for field in org.fields if field >= 0]
        assert len(set(fields)) == len(fields)
        assert int(org.mask) % 2**MAX_FIELDS == sum(1 << field for field in fields)
        assert (org.levels[len(fields):] == 0).all()


def test_levels_are_uniform(large):
    orgs = smes(large)
    assert stats.kstest(orgs.levels[orgs.fields >= 0], stats.uniform(0.2, 0.8).cdf).pvalue > SURE


def test_four_in_five_fields_lie_in_the_own_sector(large):
    orgs = smes(large)
    first = large.sector_of[orgs.fields[:, 0]] == orgs.sector
    assert near(first.mean(), 0.8, len(first))


def test_other_fields_follow_relatedness(large):
    orgs = smes(large)
    orgs = orgs[orgs.sector == 4]
    sector = large.sector_of[orgs.fields[:, 0]]
    found = np.bincount(sector[sector != 4], minlength=10)
    weight = np.where(np.abs(np.arange(10) - 4) == 1, 0.25, 0.1)
    weight[4] = 0
    expected = found.sum() * weight / weight.sum()
    others = np.arange(10) != 4
    assert stats.chisquare(found[others], expected[others]).pvalue > SURE


def test_each_third_market_is_open_to_its_share(large):
    for market in range(8):
        share = ((smes(large).mask >> np.uint64(MAX_FIELDS + market)) & np.uint64(1)).mean()
        assert near(share, 0.1, len(smes(large))) if market < 4 else share == 0


def test_ages_are_geometric_in_the_birth_rate_up_to_80_quarters(large):
    age = -smes(large).born
    assert (age.min(), age.max()) == (1, 80)
    p = 0.027
    expected = [p * (1 - p) ** k for k in range(79)]
    expected.append(1 - sum(expected))
    assert stats.chisquare(np.bincount(age, minlength=81)[1:], len(age) * np.array(expected)).pvalue > SURE


def test_without_births_everybody_is_old(make):
    assert set(smes(make(smes=50, clusters=2, demography__birth=0)).born) == {-80}


def test_cluster_sizes_are_log_normal_with_mean_120(empty_world):
    world = empty_world(smes=0, clusters=5000)
    found(world)
    open_clusters(world, 5000)
    weights = size_weights(world.view())
    law = stats.lognorm(0.8, scale=120 * math.exp(-0.5 * 0.8**2))
    assert stats.kstest(weights, law.cdf).pvalue > SURE
    assert weights.mean() == pytest.approx(120, abs=4 * law.std() / math.sqrt(5000))


def test_members_join_in_proportion_to_expected_sizes(large):
    weights = size_weights(large.view())
    expected = len(smes(large)) * weights / weights.sum()
    assert stats.chisquare(large.clusters.member_count, expected).pvalue > SURE


def test_members_share_country_and_mostly_the_lead_sector(large):
    orgs = smes(large)
    assert (orgs.country == large.clusters.country[orgs.cluster]).all()
    assert near((orgs.sector == large.clusters.sector[orgs.cluster]).mean(), 0.7, len(orgs))


@pytest.mark.slow
def test_organisations_outside_clusters_spread_evenly(make):
    world = make(smes=8000, clusters=10, member_share=0.25)
    orgs = smes(world)
    outside = orgs[orgs.cluster < 0]
    assert near(len(outside) / 8000, 0.75, 8000)
    assert stats.chisquare(np.bincount(outside.country, minlength=5)).pvalue > SURE
    assert stats.chisquare(np.bincount(outside.sector, minlength=10)).pvalue > SURE


def test_money_is_whole_cents(make):
    world = make(smes=10, clusters=1, capital=0.1)
    assert set(world.orgs.capital[:11]) == {10_000}


@pytest.mark.parametrize(("a", "b"), [(1, 1), (1, 5), (7, 1), (3, 3), (40, 40)])
def test_beta_numbers_of_whole_shapes(large, a, b):
    view = large.view()
    numbers = [beta(view, np.uint64(99), np.uint64(who), a, b) for who in range(2000)]
    assert stats.kstest(numbers, stats.beta(a, b).cdf).pvalue > SURE


@pytest.mark.parametrize(("u", "place"), [(0.0, 0), (0.24, 0), (0.25, 1), (0.6, 3), (0.99, 3), (1.0, 3)])
def test_a_step_of_a_cumulative_law(u, place):
    assert step_of(np.array([0.25, 0.5, 0.5, 1.0]), u) == place


@pytest.mark.parametrize(("held", "sector", "u", "field"), [
    (0b0000, 0, 0.0, 0), (0b0000, 0, 0.99, 1), (0b0001, 0, 0.0, 1), (0b0011, 0, 0.5, -1),
    (0b0011, 1, 0.5, 3), (0b0011, -1, 0.0, 2), (0b1111, -1, 0.5, -1),
])
def test_a_free_field(held, sector, u, field):
    assert free_field(np.array([0, 0, 1, 1], np.int8), np.uint64(held), sector, u) == field


@pytest.mark.parametrize(("fields", "sectors"), [(1, 1), (2, 2), (3, 1), (7, 5), (56, 56)])
def test_portfolios_in_small_and_large_spaces(make, fields, sectors):
    world = make(smes=300, clusters=3, fields=fields, sectors=sectors)
    held = (smes(world).fields >= 0).sum(axis=1)
    assert held.min() == min(2, fields)
    assert held.max() == min(5, fields)
    assert smes(world).fields.max() < fields


def test_a_portfolio_drawn_again_is_the_same(make):
    world = make(smes=20, clusters=1)
    before = world.orgs[5].copy()
    draw_portfolio(world.view(), 5)
    assert before == world.orgs[5]
