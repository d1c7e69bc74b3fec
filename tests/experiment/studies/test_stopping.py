"""The stop rule keeps its error rate however often one looks: the rule itself is simulated."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiment.stopping import NARROW, SPENT, Rule, interval, until_known

TRIALS = 3000


def misses(rule: Rule, draw: object, truth: float) -> float:
    """Return the share of simulated studies in which the interval at the stop misses the truth."""
    luck = np.random.default_rng(1)
    missed = 0
    for _ in range(TRIALS):
        values = draw(luck, rule.most)  # type: ignore[operator]
        stopped = until_known(rule, lambda n, v=values: v[:n])  # type: ignore[misc]
        missed += not stopped.low <= truth <= stopped.high
    return missed / TRIALS


def ever_misses(rule: Rule, level: float) -> float:
    """Return the share of studies in which *any* look's interval misses 0."""
    luck, missed = np.random.default_rng(2), 0
    for _ in range(TRIALS):
        values = luck.normal(size=rule.most)
        spans = [interval(values[:n], level) for n in rule.looks()]
        missed += any(not low <= 0 <= high for _, low, high in spans)
    return missed / TRIALS


@pytest.mark.parametrize("half_width", [0.2, 0.5, 0.9])
def test_coverage_at_the_stop(half_width: float) -> None:
    rule = Rule(half_width, 5, 160)
    assert misses(rule, lambda luck, n: luck.normal(3.0, 1.0, n), 3.0) < 0.05 + 2 * math.sqrt(0.05 * 0.95 / TRIALS)


def test_coverage_with_heavy_tails() -> None:
    rule = Rule(0.5, 5, 160)
    assert misses(rule, lambda luck, n: luck.standard_t(4, n), 0.0) < 0.06


def test_repeated_looks_keep_the_rate_and_plain_intervals_do_not() -> None:
    rule = Rule(0.0, 5, 160)
    assert ever_misses(rule, rule.each()) < 0.05
    assert ever_misses(rule, 0.95) > 0.10  # what looking six times at 95 % would do: the reason for the rule


def test_looks_double_up_to_the_budget() -> None:
    assert Rule(1, 5, 100).looks() == [5, 10, 20, 40, 80, 100]
    assert Rule(1, 50, 10).looks() == [10] and Rule(1, 1, 2).looks() == [2]


def test_it_stops_when_narrow_and_when_spent() -> None:
    tight = until_known(Rule(1.0, 4, 64), lambda n: np.tile([1.0, 1.1], n)[:n])
    assert (tight.why, tight.replicates, tight.looks) == (NARROW, 4, 1)
    loose = until_known(Rule(0.01, 4, 64), lambda n: np.tile([-5.0, 5.0], n)[:n])
    assert (loose.why, loose.replicates, loose.looks) == (SPENT, 64, 5)


def test_student_by_hand() -> None:
    mean, low, high = interval([1.0, 2.0, 3.0], 0.95)
    assert (mean, high - low) == (2.0, pytest.approx(2 * 4.30265 / math.sqrt(3), rel=1e-5))
    assert interval([], 0.95)[0] != interval([], 0.95)[0]  # nan
    assert interval([1.0], 0.95)[1:] == (-math.inf, math.inf)
