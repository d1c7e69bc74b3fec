"""What public money bought: prices by hand, and what cannot be told."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiment.programme import EXTRAS, additional, price, prices
from sim.experiment.statistics import ratio_interval

MONEY = {"programme": [100.0, 120.0, 80.0, 100.0], "nothing": [0.0, 0.0, 0.0, 0.0]}
MORE = {"programme": [12.0, 14.0, 9.0, 13.0], "nothing": [2.0, 2.0, 1.0, 3.0]}


def values(policy, outcome):
    found = MONEY if outcome == "public_money" else MORE
    return np.array(found[policy])


def test_a_price_is_mean_money_over_mean_extra():
    found = prices(values, "programme", ("programme", "nothing"))
    assert [one.text for one in found] == [text for _, text in EXTRAS]
    assert all(one.each == pytest.approx(100.0 / 10.0) for one in found)
    assert all(one.low <= one.each <= one.high < math.inf for one in found)
    assert found[0].extra.mean == pytest.approx(10.0) and found[0].against == "nothing"


def test_where_there_may_be_nothing_extra_the_price_has_no_upper_end():
    money = np.full(6, 50.0)
    doubtful = price("thing", "nothing", money, np.array([4.0, -3.0, 5.0, -4.0, 3.0, 1.0]))
    assert doubtful.each == pytest.approx(50.0) and math.isinf(doubtful.high)
    none = price("thing", "nothing", money, np.array([-1.0, -2.0, -1.0, 0.0, -1.0, -1.0]))
    assert math.isinf(none.each) and math.isinf(none.low)


def test_where_the_interval_of_the_extra_holds_nothing_the_price_has_no_upper_end():
    few = price("thing", "nothing", np.full(3, 50.0), np.array([9.0, 1.0, 2.0]))
    assert few.extra.low < 0 < few.low and math.isinf(few.high)


def test_the_interval_of_a_price_is_that_of_many_draws_of_worlds():
    luck = np.random.default_rng(5)
    money, extra = 100.0 + luck.normal(size=40), 10.0 + luck.normal(size=40)
    drawn = luck.integers(0, 40, (20_000, 40))
    low, high = np.quantile(money[drawn].mean(axis=1) / extra[drawn].mean(axis=1), [0.025, 0.975])
    found = price("thing", "nothing", money, extra)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.02)
    one = price("thing", "nothing", money[:1], extra[:1])
    assert math.isnan(one.low) and one.each == money[0] / extra[0]


def test_the_interval_of_a_price_for_a_fixed_sum_is_that_of_the_extra_turned_over():
    extra = np.array([9.0, 14.0, 8.0, 11.0, 12.0])
    found = price("thing", "nothing", np.full(5, 50.0), extra)
    assert (found.low, found.high) == pytest.approx((50.0 / found.extra.high, 50.0 / found.extra.low))
    doubtful = price("thing", "nothing", np.full(5, 50.0), extra - 10.0)
    assert doubtful.extra.low < 0 and doubtful.low == pytest.approx(50.0 / doubtful.extra.high)


def test_of_a_hundred_intervals_of_a_price_about_95_hold_it_even_over_six_worlds():
    luck = np.random.default_rng(3)
    shared = luck.normal(size=(2000, 6))  # money and extra go together
    money, extra = 100.0 + 20.0 * shared, 10.0 + 2.0 * shared + 2.0 * luck.normal(size=(2000, 6))
    found = [ratio_interval(*one) for one in zip(money, extra, strict=True)]
    assert 0.93 < np.mean([low <= 10.0 <= high for low, high in found]) < 0.97


def test_who_spends_nothing_more_buys_nothing():
    assert prices(values, "nothing", ("programme", "nothing")) == ()


def test_the_extra_share_is_only_said_when_the_worlds_tell():
    def told(policy, outcome):
        return np.array([20.0, 21.0, 19.0]) if outcome == "projects_in_time" else values(policy, outcome)[:3]

    assert additional(told, "programme", "nothing") == pytest.approx(10.0 / 20.0)

    def untold(policy, outcome):
        return np.array([9.0, -8.0, 3.0]) if policy == "programme" else np.zeros(3)

    assert additional(untold, "programme", "nothing") is None
