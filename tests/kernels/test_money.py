"""Cents: rounding and splitting against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels.money import split, to_cents


def shares(total, weights, uids):
    out = np.zeros(len(weights), np.int64)
    split(total, np.array(weights, float), np.array(uids, np.uint64), len(weights), out)
    return [int(cents) for cents in out]


@given(st.integers(0, 10**9))
def test_halves_go_to_even(m):
    """m/64 kEUR is exact in binary and its cents end in 0 or in exactly a half."""
    assert to_cents(m / 64) == round(Fraction(m, 64) * 100_000)


@given(st.integers(0, 10**12))
def test_whole_cents_come_back(cents):
    assert to_cents(cents / 100_000) == cents


@given(st.floats(0, 1e7))
def test_rounding_is_never_off_by_more_than_half_a_cent(keur):
    exact = Fraction(keur) * 100_000
    assert abs(to_cents(keur) - exact) <= Fraction(1, 2) + Fraction(1, 1000)


@given(st.integers(0, 10**12), st.lists(st.floats(0, 1e3), min_size=1, max_size=30), st.randoms())
def test_a_split_loses_no_cent_and_strays_less_than_one(total, weights, random):
    uids = random.sample(range(10**6), len(weights))
    got = shares(total, weights, uids)
    assert sum(got) == total
    whole = sum(Fraction(weight) for weight in weights)
    if float(whole) < 1e-300:
        return
    for cents, weight in zip(got, weights, strict=True):
        assert abs(cents - total * Fraction(weight) / whole) <= Fraction(1001, 1000)
        assert cents >= 0


@given(st.integers(0, 10**9), st.integers(1, 30), st.randoms())
def test_equal_weights_give_the_cents_left_over_to_the_smallest_uids(total, members, random):
    uids = random.sample(range(10**6), members)
    each, left = divmod(total, members)
    lucky = sorted(uids)[:left]
    assert shares(total, [1] * members, uids) == [each + (uid in lucky) for uid in uids]
    assert shares(total, [0] * members, uids) == shares(total, [1] * members, uids)


def largest_remainder(total, weights, uids):
    """The rule in exact fractions."""
    exact = [Fraction(total) * weight / sum(weights) for weight in weights]
    out = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda k: (out[k] - exact[k], uids[k]))
    for k in order[: total - sum(out)]:
        out[k] += 1
    return out


@pytest.mark.parametrize(("total", "weights", "uids"), [
    (10, [5, 3, 2], [1, 2, 3]), (7, [5, 3, 2], [9, 8, 7]), (1, [1, 2, 4], [1, 2, 3]),
    (99, [1, 7, 11], [3, 1, 2]), (0, [1, 1], [1, 2]), (5, [0, 1], [1, 2]), (101, [2, 2, 2, 1], [4, 3, 2, 1]),
])
def test_unequal_weights_go_by_largest_remainder(total, weights, uids):
    assert shares(total, weights, uids) == largest_remainder(total, weights, uids)


@given(st.integers(0, 10**6), st.lists(st.integers(1, 64), min_size=1, max_size=12))
def test_powers_of_two_split_exactly_by_largest_remainder(total, weights):
    """With a sum that is a power of two the shares are exact in binary, so ties are real ties."""
    missing = 1 << (sum(weights) - 1).bit_length()
    weights = [*weights, missing - sum(weights)] if missing > sum(weights) else weights
    uids = list(range(len(weights), 0, -1))
    assert shares(total, weights, uids) == largest_remainder(total, weights, uids)


@pytest.mark.parametrize(("total", "weights"), [
    (2**54 + 3, [1, 0]), (2**54 + 3, [0, 1]), (2**54 + 3, [0, 1, 0]), (2**56 + 14, [0, 0, 1]),
])
def test_a_cent_too_many_on_huge_sums_comes_from_the_largest_share(total, weights):
    """Floats lie 4 cents apart there, so the whole share is rounded up; whoever gets nothing owes nothing."""
    assert float(total) > total
    assert shares(total, weights, list(range(len(weights)))) == [total * weight for weight in weights]
