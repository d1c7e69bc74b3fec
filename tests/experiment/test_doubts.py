"""Which assumptions turn the answer, and whether an expectation held: by hand and against SciPy."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.experiment.analysis import expectation
from sim.experiment.assumptions import assumptions, bands, critical, rank_correlation
from sim.experiment.channels import channels
from sim.experiment.compare import compare
from sim.experiment.design import futures
from sim.experiment.findings import Difference, Estimate
from sim.scenario import Scenario, loads

TEXT = "name: one\nfutures: {count: 12}\nexpectation: It pays.\n"


def test_the_assumption_behind_the_difference_comes_first() -> None:
    scenario = loads(TEXT)
    drawn = np.array([dict(values)["work.coordination_cost"] for values in futures(scenario)])
    found = assumptions(scenario, np.arange(1, 13), 10.0 - drawn**2, "higher")
    assert {one.key for one in found} == set(scenario.futures.resolved())
    first = found[0]
    assert (first.key, first.correlation, first.clear) == ("work.coordination_cost", pytest.approx(-1.0), True)
    assert [band.worlds for band in first.bands] == [4, 4, 4]
    assert first.bands[0].mean > first.bands[1].mean > first.bands[2].mean
    assert [band.led for band in first.bands] == [((10.0 - np.sort(drawn)[k:k + 4] ** 2) > 0).mean() for k in (0, 4, 8)]


def test_worlds_without_a_number_and_few_futures() -> None:
    scenario = loads(TEXT)
    gap = np.array([np.nan] * 7 + [1.0, 2.0, 3.0, 4.0, 5.0])
    assert assumptions(scenario, np.arange(1, 13), gap, "higher") == ()
    assert rank_correlation(np.arange(5.0), np.zeros(5)) == 0.0


def test_many_futures_stand_in_five_groups() -> None:
    values = np.random.default_rng(1).permutation(40).astype(float)
    found = bands(values, values, "higher")
    assert [(band.low, band.high, band.worlds) for band in found] == [
        (0, 7, 8), (8, 15, 8), (16, 23, 8), (24, 31, 8), (32, 39, 8)]


def test_chance_alone_reaches_the_critical_value_one_time_in_twenty() -> None:
    luck = np.random.default_rng(3)
    found = [abs(stats.spearmanr(luck.random(16), luck.random(16)).statistic) for _ in range(2000)]
    assert 0.03 < np.mean(np.array(found) > critical(16)) < 0.07
    assert critical(16, 10) > critical(16) > critical(60)


@pytest.mark.parametrize(("count", "among", "value"), [(10, 1, 0.632), (16, 1, 0.497), (30, 1, 0.361), (16, 10, 0.664)])
def test_the_critical_value_is_that_of_printed_tables(count: int, among: int, value: float) -> None:
    """Two-sided 5 % points of a correlation; among ten, of 0.5 % (t with 14 degrees of freedom is 3.326)."""
    assert critical(count, among) == pytest.approx(value, abs=6e-4)


@pytest.mark.parametrize(("count", "groups"), [(29, 3), (30, 5)])
def test_from_thirty_futures_on_there_are_five_groups(count: int, groups: int) -> None:
    assert len(bands(np.arange(float(count)), np.ones(count), "higher")) == groups
    assert rank_correlation(np.ones(count), np.arange(float(count))) == 0.0
    assert rank_correlation(np.arange(float(count)) / count, np.arange(float(count))) == pytest.approx(1.0)


def headline(low: float, high: float, smallest: float = 1.0) -> Difference:
    mean = (low + high) / 2
    return Difference("a", "b", "net_value", "kEUR", "higher", Estimate(mean, low, high, low, high, 1.0, 1.0, 9), 0.5, None,
                      smallest, "", 2.0)


@pytest.mark.parametrize(("expected", "low", "high", "verdict", "held"), [
    ("ahead", 1.0, 3.0, "held", 2), ("ahead", -3.0, -1.0, "did not hold", 2), ("ahead", -1.0, 3.0, "cannot be told", 2),
    ("behind", -3.0, -1.0, "held", 1), ("behind", 1.0, 3.0, "did not hold", 1),
    ("not_ahead", -3.0, 0.5, "held", 2), ("not_ahead", 2.0, 3.0, "did not hold", 2),
    ("not_ahead", -1.0, 3.0, "cannot be told", 2), ("not_behind", -0.5, 2.0, "held", 2),
])
def test_an_expectation_is_held_against_the_interval_and_the_futures(expected: str, low: float, high: float, verdict: str,
                                                                     held: int) -> None:
    """Futures with differences −5, 0.9, 5 and one that gave no number; less than 1 does not matter."""
    scenario = loads(TEXT + f"expected: {expected}\n")
    found = expectation(scenario, headline(low, high), np.array([-5.0, 0.9, 5.0, np.nan]))
    assert found is not None
    assert (found.text, found.verdict, found.futures_held, found.futures) == ("It pays.", verdict, held, 3)


def test_no_expectation_and_one_in_words_only() -> None:
    assert expectation(loads("name: one\n"), headline(1, 2), np.zeros(0)) is None
    words = expectation(loads(TEXT), headline(1, 2), np.zeros(0))
    assert words is not None and words.verdict is None


SMALL = """
name: tiny
world: {smes: 24, clusters: 2, steps: 3, burn_in: 1}
challenges: {rate: 0.5}
replicates: 2
futures: {count: 0}
"""


def test_what_channels_carry_is_said_by_the_comparison_of_the_same_study(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    scenario: Scenario = loads(SMALL)
    assert compare(scenario, jobs=1).findings.carriers == ()
    found = channels(scenario, jobs=1)
    said = compare(scenario, jobs=1).findings.carriers
    assert [one.name for one in said] == [one.name for one in found.channels] and len(said) == 8
    assert said[0].loss == found.channels[0].loss
    other = loads(SMALL.replace("rate: 0.5", "rate: 0.6"))
    assert compare(other, jobs=1).findings.carriers == ()
    channels(other, jobs=1)  # another study of the same name gets a folder of its own
    assert len(list((tmp_path / "results").glob("tiny-channels*"))) == 2
    broken = tmp_path / "results" / "tiny-channels" / "channels.json"
    content = json.loads(broken.read_text("utf-8"))
    broken.write_text(json.dumps({**content, "channels": [{"name": "x"}]}), "utf-8")
    assert compare(scenario, jobs=1).findings.carriers == ()
