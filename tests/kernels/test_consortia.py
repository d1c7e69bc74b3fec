"""Past consortia against naive twins: sets of pairs, first days in a dictionary, overlaps of sets."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels import consortia
from sim.luck import draw, normal

PEOPLE = 9
teams = st.lists(st.tuples(st.integers(0, 6), st.lists(st.integers(0, PEOPLE - 1), max_size=5, unique=True)), max_size=12)


def laid_out(drawn):
    """Return consortia in order of their day: day of each, members of each, first seats, and all seats."""
    drawn = sorted(drawn, key=lambda one: one[0])
    first = np.concatenate([[0], np.cumsum([len(team) for _, team in drawn])]).astype(np.int64)
    seats = np.array([j for _, team in drawn for j in team], np.int64)
    return np.array([day for day, _ in drawn], np.int64), [team for _, team in drawn], first, seats


def pairs_of(first, seats):
    count = sum(int(n) * (int(n) - 1) // 2 for n in np.diff(first))
    found = [np.full(count, -7) for _ in range(3)]
    consortia.list_pairs(first, seats, *found)
    return found


@given(teams)
def test_all_pairs_numbered_by_appearance_with_the_days_they_met(drawn):
    day, sat, first, seats = laid_out(drawn)
    project, left, right = pairs_of(first, seats)
    want = [(p, pair) for p, team in enumerate(sat) for pair in combinations(sorted(team), 2)]
    assert sorted(zip(project.tolist(), zip(left.tolist(), right.tolist(), strict=True), strict=True)) == sorted(want)
    assert project.tolist() == sorted(project.tolist())
    pair, index = np.full(len(left), -7), np.full(256, -1)
    count = consortia.number_pairs(left, right, index, pair)
    numbers: dict[tuple[int, int], int] = {}
    for n, key in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        assert pair[n] == numbers.setdefault(key, len(numbers))
    assert count == len(numbers)
    met, again = np.full(count, consortia.NEVER), np.full(count, consortia.NEVER)
    consortia.first_two_days(pair, day[project], met, again)
    for key, number in numbers.items():
        days = sorted({int(day[p]) for p, other in want if other == key})
        assert [met[number], again[number]] == [*days, consortia.NEVER][:2]


@given(teams)
def test_the_largest_return_of_an_earlier_team(drawn):
    day, sat, first, seats = laid_out(drawn)
    best = np.full(len(sat), -7)
    consortia.largest_return(first, seats, day, PEOPLE, best)
    for p, team in enumerate(sat):
        earlier = [set(sat[old]) & set(team) for old in range(len(sat)) if day[old] < day[p]]
        assert best[p] == max(map(len, earlier), default=0)


@given(st.integers(0, 2**64 - 1), st.integers(0, 20))
def test_draws_are_those_of_the_numbers_from_nought(k, count):
    assert consortia.draws(np.uint64(k), count).tolist() == [int(draw(np.uint64(k), n)) for n in range(count)]


@given(st.integers(1, 40), st.floats(0, 3))
def test_quantiles_of_a_log_normal(count, sigma):
    want = [np.exp(sigma * normal((n + 0.5) / count)) for n in range(count)]
    assert consortia.quantiles(count, sigma) == pytest.approx(want, rel=1e-12)
    assert consortia.quantiles(3, sigma)[1] == pytest.approx(1.0, abs=1e-12)
