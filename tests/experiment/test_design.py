"""Which worlds are run, and what a plausible future is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.errors import UsageError
from sim.experiment.design import FUTURES_FROM, futures, latin, plan, replay, resized, scaled
from sim.scenario import Scenario, loads


@given(some.integers(0, 2**63 - 1), some.integers(1, 60))
def test_each_stratum_holds_one_number(seed: int, count: int) -> None:
    drawn = latin(seed, "work.floor", count)
    assert sorted(math.floor(u * count) for u in drawn) == list(range(count))


def test_strata_come_in_an_order_that_differs_by_address() -> None:
    orders = {tuple(np.argsort(latin(1, address, 8))) for address in ("work.floor", "search.noise", "trust.general")}
    assert len(orders) == 3


def test_addresses_are_uncorrelated() -> None:
    one, other = latin(1, "work.floor", 2000), latin(1, "search.noise", 2000)
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / math.sqrt(2000)


def test_wide_ranges_are_drawn_on_the_log_scale() -> None:
    assert scaled(0.5, 0.1, 10.0) == pytest.approx(1.0)
    assert scaled(0.5, 1.0, 9.0) == 5.0
    assert scaled(0.5, -8.0, 1.0) == -3.5


def test_futures_stay_in_their_ranges(scenario: Scenario) -> None:
    ranges = scenario.futures.resolved()
    assert "work.complementarity" in ranges
    for values in futures(scenario):
        assert [address for address, _ in values] == sorted(ranges)
        assert all(ranges[address][0] <= value <= ranges[address][1] for address, value in values)


def test_another_range_changes_no_other_draw() -> None:
    few = loads("futures: {count: 5, ranges: {trust.general: [0.1, 0.5]}}")
    more = loads("futures: {count: 5, ranges: {trust.general: [0.1, 0.5], search.noise: [0, 1]}}")
    for one, other in zip(futures(few), futures(more), strict=True):
        assert set(one) <= set(other)


def test_worlds_alternate_and_share_no_luck(scenario: Scenario) -> None:
    worlds = plan(scenario)
    assert [(world[0].future, world[0].replicate) for world in worlds] == [
        (0, 0), (1, FUTURES_FROM), (0, 1), (2, FUTURES_FROM + 1), (0, 2)]
    assert all([spec.policy for spec in world] == ["same_known_partners", "strategic_mobilisation", "solo"]
               for world in worlds)
    assert len({spec.run_id for world in worlds for spec in world}) == 15


def test_more_replicates_keep_the_runs_there_are(scenario: Scenario) -> None:
    few = {spec.run_id for world in plan(scenario) for spec in world}
    more = {spec.run_id for world in plan(scenario.model_copy(update={"replicates": 9})) for spec in world}
    assert few < more


def test_resized(scenario: Scenario) -> None:
    changed = resized(scenario, 7, 5)
    assert (changed.replicates, changed.futures.count, changed.seed) == (7, 7, 5)
    alone = loads("futures: {count: 0}")
    assert resized(alone, 7).futures.count == 0
    assert resized(scenario) == scenario
    with pytest.raises(UsageError, match="at least one world"):
        resized(scenario, 0)


def test_unknown_policies_are_named(scenario: Scenario) -> None:
    with pytest.raises(UsageError, match=r"no policy 'sollo'.*did you mean 'solo'"):
        plan(scenario, ["sollo"])


def test_the_replay_command_names_all_that_decides(scenario: Scenario) -> None:
    spec = plan(scenario)[1][2]
    said = replay(spec, "small.yaml")
    assert said.startswith(f"mobilise run small.yaml --policy solo --replicate {FUTURES_FROM} --seed 1 --set ")
    again = loads("world: {smes: 24, clusters: 2, steps: 5, burn_in: 1}",
                  {word.split("=")[0]: word.split("=")[1] for word in said.split() if "=" in word})
    assert again.values() == {**scenario.values(), **dict(spec.values)}
