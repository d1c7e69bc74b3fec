"""Teams against naive twins: dictionaries and lists of who sits where and trusts whom."""

from __future__ import annotations

import math
from itertools import combinations
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels import near, team
from sim.world import tables
from tests.kernels.conftest import seated

squares = st.integers(1, 7).flatmap(lambda n: st.lists(st.floats(0, 1), min_size=n * n, max_size=n * n))


def gathered(one, a):
    """Return what the kernels gather of partnership a: members, seats, ties, trusts."""
    view = one.world.view()
    who, at = np.full(8, -7), np.full(8, -7)
    size = team.members_of(view, a, who, at)
    ties, trusts = np.full(64, -7), np.full(64, np.nan)
    team.ties_of(view, a, at, size, ties)
    team.trusts_of(view, who, size, ties, trusts)
    return size, who, at, ties, trusts


@given(seated())
def test_who_sits_where_and_trusts_whom(one):
    for a, seats in enumerate(one.sat):
        want = one.team(a)
        size, who, at, ties, trusts = gathered(one, a)
        before = sum(map(len, one.sat[:a]))
        assert who[:size].tolist() == want and (who[size:] == -7).all()
        assert at[:size].tolist() == [before + seats.index(j) for j in want]
        for t, i in enumerate(want):
            assert team.position_of(who, size, i) == t
            for u, j in enumerate(want):
                if t != u:
                    relation = one.world.rels[ties[t * size + u]]
                    assert {int(relation.a), int(relation.b)} == {i, j}
                    assert trusts[t * size + u] == one.trust[i, j]
        assert all(team.position_of(who, size, j) == -1 for j in range(9) if j not in want)


@given(seated())
def test_routine_and_alignment_of_a_team(one):
    view = one.world.view()
    for a in range(len(one.sat)):
        size, who, _, ties, _ = gathered(one, a)
        pairs = list(combinations(one.team(a), 2))
        routine = [1 - math.exp(-one.times[frozenset(pair)] / 2) for pair in pairs]
        gaps = [math.dist(one.vision[i], one.vision[j]) for i, j in pairs]
        assert team.mean_familiarity(view, size, ties) == pytest.approx(fmean(routine) if pairs else 0.0, abs=1e-12)
        assert team.alignment(view, who, size) == pytest.approx(1 - fmean(gaps) / math.sqrt(2) if pairs else 1.0, abs=1e-12)


@given(squares)
def test_means_of_and_by_the_others(values):
    size = math.isqrt(len(values))
    array = np.array(values)
    for t in range(size):
        others = [u for u in range(size) if u != t]
        of = fmean([values[t * size + u] for u in others]) if others else 1.0
        by = fmean([values[u * size + t] for u in others]) if others else 1.0
        assert team.mean_of_others(array, size, t) == pytest.approx(of, abs=1e-12)
        assert team.mean_by_others(array, size, t) == pytest.approx(by, abs=1e-12)


@given(seated(), st.data())
def test_prior_trust_inside_a_team_is_that_of_each_pair(one, data):
    """`near.prior` has its own twin (test_near)."""
    world = one.world
    world.orgs.reputation[:] = data.draw(st.lists(st.floats(0, 1), min_size=9, max_size=9))
    world.orgs.cluster[:] = data.draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=9, max_size=9))
    world.clusters = tables.CLUSTERS.allocate(2)
    world.clusters.org[:] = 0, 1
    for a in range(len(one.sat)):
        size, who, _, _, _ = gathered(one, a)
        found = np.full(64, np.nan)
        team.priors_in_team(world.view(), who, size, found)
        for t, u in combinations(range(size), 2):
            assert found[t * size + u] == near.prior(world.view(), who[t], who[u])
            assert found[u * size + t] == near.prior(world.view(), who[u], who[t])


@given(seated())
def test_an_organisation_remembers_its_seats_the_latest_first(one):
    view, seats = one.world.view(), [j for partnership in one.sat for j in partnership]
    for row, j in enumerate(seats):
        team.remember_seat(view, row, j)
    for j in range(9):
        found, row = [], int(one.world.orgs[j].seat)
        while row >= 0:
            found.append(row)
            row = int(one.world.seats[row].behind)
        assert found == [row for row in reversed(range(len(seats))) if seats[row] == j]
