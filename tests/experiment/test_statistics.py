"""Paired numbers against SciPy and hand calculation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from sim.experiment import statistics as st
from sim.experiment.findings import AHEAD, ALIKE, BEHIND, HIGHER, LOWER, OPEN, Estimate

NUMBERS = some.lists(some.integers(-1000, 1000), min_size=2, max_size=30).filter(lambda x: len(set(x)) > 1)


@given(NUMBERS)
def test_the_t_interval_is_scipys(values: list[int]) -> None:
    found = st.estimate(values)
    assert found.mean == pytest.approx(np.mean(values), abs=1e-9)
    assert found.error == pytest.approx(stats.sem(values), abs=1e-9)
    low, high = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9, abs=1e-9)


def test_the_bootstrap_agrees_with_scipys() -> None:
    values = np.random.default_rng(1).exponential(size=40)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=20_000, method="percentile",
                             rng=np.random.default_rng(2)).confidence_interval
    found = st.estimate(values)
    assert (found.boot_low, found.boot_high) == pytest.approx((theirs.low, theirs.high), abs=0.03)


def test_the_t_interval_covers() -> None:
    luck = np.random.default_rng(3)
    hits = [one.low <= 1.0 <= one.high for one in (st.estimate(luck.normal(1.0, 2.0, 8)) for _ in range(400))]
    assert 0.95 - 4 * math.sqrt(0.95 * 0.05 / 400) < np.mean(hits) < 0.95 + 4 * math.sqrt(0.95 * 0.05 / 400)


def test_the_same_numbers_give_the_same_interval() -> None:
    assert st.estimate([1.0, 2.0, 4.0]) == st.estimate([1.0, 2.0, 4.0])


def test_swapping_the_arms_flips_the_sign() -> None:
    values = np.array([1.0, 2.0, 4.0, -3.0])
    one, other = st.estimate(values), st.estimate(-values)
    assert (one.mean, one.low, one.high) == (-other.mean, -other.high, -other.low)


def test_few_or_no_worlds() -> None:
    assert st.estimate([]).worlds == 0 and math.isnan(st.estimate([]).mean)
    one = st.estimate([3.0, float("nan")])
    assert (one.mean, one.worlds) == (3.0, 1) and math.isnan(one.low)
    assert st.verdict(one, 1.0, "higher") == OPEN
    assert math.isnan(st.led([], "higher")) and st.futures([], "higher") is None


@pytest.mark.parametrize(("direction", "share"), [("higher", 0.625), ("neither", 0.625), ("lower", 0.375)])
def test_share_led_counts_a_tie_half(direction: str, share: float) -> None:
    assert st.led([1.0, 2.0, 0.0, -1.0], direction) == share


def test_futures_are_a_range_not_an_interval() -> None:
    found = st.futures(np.arange(101.0) - 20, "higher")
    assert found is not None
    assert (found.mean, found.low, found.high, found.worlds) == (30.0, -15.0, 75.0, 101)
    assert found.led == pytest.approx(80.5 / 101)


def between(low: float, high: float) -> Estimate:
    return Estimate((low + high) / 2, low, high, low, high, 1.0, 1.0, 10)


@pytest.mark.parametrize(("low", "high", "direction", "verdict"), [
    (1.0, 3.0, "higher", AHEAD), (1.0, 3.0, "lower", BEHIND), (1.0, 3.0, "neither", HIGHER),
    (-3.0, -1.0, "higher", BEHIND), (-3.0, -1.0, "lower", AHEAD), (-3.0, -1.0, "neither", LOWER),
    (-1.0, 3.0, "higher", OPEN), (-0.4, 0.4, "higher", ALIKE), (0.1, 0.4, "higher", ALIKE),
    (0.1, 0.6, "higher", AHEAD), (0.0, 0.0, "higher", ALIKE), (-0.5, 0.5, "higher", OPEN),
])
def test_verdicts(low: float, high: float, direction: str, verdict: str) -> None:
    assert st.verdict(between(low, high), 0.5, direction) == verdict


def test_the_variance_ratio_is_how_many_unpaired_worlds_one_is_worth() -> None:
    luck = np.random.default_rng(4)
    shared, own = luck.normal(size=(2, 5000))
    a, b = 3 * shared + own, 3 * shared + luck.normal(size=5000)
    assert st.variance_ratio(a, b) == pytest.approx(10.0, rel=0.1)  # (9 + 1 + 9 + 1) / 2
    assert st.variance_ratio(own, luck.normal(size=5000)) == pytest.approx(1.0, rel=0.1)
    whole = np.array([1.0, 2.0, 5.0])
    assert math.isinf(st.variance_ratio(whole, whole + 1)) and math.isnan(st.variance_ratio([1.0], [2.0]))


def test_where_nothing_is_too_small_to_matter_only_nothing_is_alike() -> None:
    assert st.verdict(between(0.0, 0.0), 0.0, "higher") == ALIKE
    assert st.verdict(between(1.0, 1.0), 0.0, "higher") == AHEAD


def test_the_variance_ratio_by_hand() -> None:
    """Sample variances 7 and 3 apart, 4 of the differences 1, -1, 3; a world without a number counts for neither."""
    nothing = float("nan")
    assert st.variance_ratio([1.0, 2.0, 6.0, nothing], [0.0, 3.0, 3.0, 9.0]) == pytest.approx(10 / 4)
    assert math.isnan(st.variance_ratio([1.0, 2.0, nothing], [0.0, 3.0, 3.0]))
    assert math.isnan(st.variance_ratio([1.0] * 3, [2.0] * 3))
