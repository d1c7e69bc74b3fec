"""Shocks: the fall, the loss and the way back, in worlds whose numbers are written by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.experiment.shocks import _flows, _named, compared, folder_beside, table, undisturbed
from sim.scenario import loads

QUARTERS = 16
PLAIN = np.full((3, QUARTERS), 10.0) + np.array([[0.0], [1.0], [2.0]])


def frame(values):
    return pd.DataFrame(values, columns=range(1, QUARTERS + 1))


def after(shocks, effect, calm=PLAIN):
    """Return what is said of a policy that a shock changes by ``effect`` in each quarter, beside one that it leaves alone."""
    found = compared(shocks, {"base": frame(PLAIN), "mine": frame(calm + effect)},
                     {"base": frame(PLAIN), "mine": frame(calm)}, "base")
    return [one for one in found if one.policy == "mine"], [one for one in found if one.policy == "base"]


def test_what_a_shock_leaves_alone_is_not_thrown_back():
    _, (base,) = after({5: "demand shift"}, np.zeros(QUARTERS))
    assert (base.before.mean, base.fall.mean, base.lost.mean) == (11.0, 0.0, 0.0)
    assert (base.back, base.back_low, base.back_high) == (0.0, 0.0, 0.0)
    assert (base.at, base.until, base.shock) == (5, 16, "demand shift")


def test_a_fall_for_five_quarters_is_over_when_a_whole_year_is_good_again():
    effect = np.zeros(QUARTERS)
    effect[4:9] = -2.0
    (mine,), _ = after({5: "demand shift"}, effect)
    assert mine.fall.mean == -2.0
    assert mine.lost.mean == -10.0
    assert mine.back == 5.0, "the first year without a bad quarter begins five quarters after"
    assert mine.ahead_before.mean == 0.0 and mine.ahead_after.mean == -2.0


def test_a_small_lack_is_no_lack_and_a_lasting_one_never_ends():
    small, large = np.zeros(QUARTERS), np.zeros(QUARTERS)
    small[4:], large[4:] = -0.2, -0.3  # 2 % of 11 is 0.22
    assert after({5: "x"}, small)[0][0].back == 0.0
    assert math.isinf(after({5: "x"}, large)[0][0].back)


def test_a_year_that_is_good_again_just_before_the_end_is_a_way_back():
    effect = np.zeros(QUARTERS)
    effect[4:12] = -2.0  # the last four quarters are good
    assert after({5: "x"}, effect)[0][0].back == 8.0
    effect[12] = -2.0
    assert math.isinf(after({5: "x"}, effect)[0][0].back)


def test_a_second_shock_is_measured_from_where_the_first_left_off():
    effect = np.zeros(QUARTERS)
    effect[4:], effect[10:] = -1.0, -4.0
    first, second = after({5: "one", 11: "two"}, effect)[0]
    assert (first.until, second.at, second.until) == (10, 11, 16)
    assert (first.fall.mean, second.fall.mean) == (-1.0, -3.0)
    assert (first.lost.mean, second.lost.mean) == (-6.0, -18.0)


def test_a_shock_in_the_first_quarter_and_one_in_the_last():
    effect = np.zeros(QUARTERS)
    effect[-1] = -5.0
    first, last = after({1: "one", 16: "two"}, effect)[0]
    assert (first.before.mean, first.fall.mean) == (0.0, 0.0)
    assert last.fall.mean == last.lost.mean == -5.0 and math.isinf(last.back)


def test_the_way_back_is_as_sure_as_the_worlds_agree():
    effect = np.zeros((3, QUARTERS))
    effect[0, 4:9], effect[1, 4:6] = -20.0, -1.0
    (mine,), _ = after({5: "x"}, effect)
    assert mine.back_low == 0.0 < mine.back == 5.0 == mine.back_high
    one = compared({5: "x"}, {"a": frame(PLAIN).iloc[:1]}, {"a": frame(PLAIN).iloc[:1]}, "a")[0]
    assert math.isnan(one.back_low) and one.back == 0.0


def test_worlds_that_did_not_finish_are_left_out_and_none_at_all_say_nothing():
    broken = frame(PLAIN).copy()
    broken.iloc[1] = np.nan
    assert compared({5: "x"}, {"a": broken}, {"a": frame(PLAIN)}, "a")[0].before.worlds == 2
    assert compared({5: "x"}, {"a": broken.iloc[1:2]}, {"a": frame(PLAIN)}, "a") == ()


def test_the_spreadsheet_has_a_row_for_each_shock_and_policy():
    effect = np.zeros(QUARTERS)
    rows = table(compared({5: "x", 9: "y"}, {"a": frame(PLAIN + effect)}, {"a": frame(PLAIN)}, "a"))
    assert list(rows["at"]) == [5, 9] and {"before", "before_low_95", "fall", "lost", "back"} <= set(rows.columns)


def test_the_undisturbed_scenario_has_neither_shocks_nor_futures():
    calm = undisturbed(loads("name: one\nshocks: [{at: 3, kind: demand_shift}]\nfutures: {count: 4}\n"))
    assert calm.shocks == () and calm.futures.count == 0


def test_flows_are_net_value_of_own_worlds():
    rows = [{"policy": policy, "future": future, "replicate": replicate, "step": step, "value": 100.0 + 7 * future, "search": 1.0 * step,
             "coordination": 20.0, "goal": 5.0} for policy in "ab" for future in (0, 1) for replicate in (0, 3) for step in (1, 2)]
    found = _flows(pd.DataFrame(rows), "a")
    assert found.index.tolist() == [0, 3] and found.to_numpy().tolist() == [[74.0, 73.0]] * 2


def test_shocks_are_named_with_what_they_strike():
    scenario = loads("name: one\nshocks: [{at: 3, kind: demand_shift}, {at: 3, kind: cluster_lost, which: 0}, {at: 5, kind: demand_shift, which: 2}]\n")
    assert [_named(scenario, at) for at in (3, 5)] == ["demand shift, cluster lost 0", "demand shift 2"]


def test_worlds_without_shocks_are_kept_beside():
    assert folder_beside(Path("results/shock")) == Path("results/shock-without-shocks")


def test_the_interval_of_the_way_back_holds_19_in_20_of_what_chance_brings():
    """Two worlds of ten fall by 1 for five quarters; less than 0.22 (2 % of 11) is no lack. A draw of ten worlds holds five
    or more of them once in 31 times, six or more once in 157 (binomial). With five, years from the fourth quarter on lack
    0.25 and from the fifth 0.125: back after four."""
    effect = np.zeros((10, QUARTERS))
    effect[:2, 4:9] = -1.0
    calm = np.full((10, QUARTERS), 11.0)
    (mine,), _ = [[one for one in compared({5: "x"}, {"base": frame(calm), "mine": frame(calm + effect)},
                                           {"base": frame(calm), "mine": frame(calm)}, "base") if one.policy == name]
                  for name in ("mine", "base")]
    assert (mine.back, mine.back_low, mine.back_high) == (0.0, 0.0, 4.0)


@pytest.mark.slow
def test_until_the_shock_the_worlds_are_the_same_to_the_cent(tmp_path):
    import sim

    text = ("name: small\npolicies: [same_known_partners, solo]\nworld: {smes: 40, clusters: 3, steps: 10, burn_in: 2}\n"
            "shocks: [{at: 6, kind: demand_shift}]\nreplicates: 2\nfutures: {count: 0}\n")
    file = tmp_path / "small.yaml"
    file.write_text(text, encoding="utf-8")
    result = sim.compare(file, jobs=1, out=tmp_path / "results")
    assert [one.policy for one in result.findings.shocks] == ["same_known_partners", "solo"]
    assert (tmp_path / "results" / "shocks.csv").exists()
    from sim.experiment.reopen import reopen
    from sim.experiment.shocks import folder_beside
    from sim.experiment.store import Store

    assert reopen(tmp_path / "results").findings.shocks == result.findings.shocks
    calm = Store(folder_beside(tmp_path / "results"))
    both = [frame.set_index(["policy", "replicate", "step"]).sort_index()["value"].unstack("step")
            for frame in (result.wide_series, calm.series())]
    assert both[0].loc[:, :5].equals(both[1].loc[:, :5])
