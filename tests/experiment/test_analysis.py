"""From runs to findings: expected values by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from sim.experiment import analysis
from sim.experiment.analysis import (
    Worlds,
    analyse,
    beside,
    crossing,
    decomposition,
    difference,
    effects,
    last_turn,
    reach,
    regrets,
)
from sim.outcomes.observe import SERIES
from sim.outcomes.registry import outcomes
from sim.scenario import Scenario, loads

NET = outcomes()["net_value"]
CELLS = [f"{reach}_by_{fit}{practice}" for reach, fit, practice in
         product(("known", "wide"), ("trust", "fit"), ("", "_with_practice"))]


def frame(values: dict[str, list[float]], futures: int = 0) -> pd.DataFrame:
    """Return runs of policies whose values are given world by world, the last ones being futures."""
    rows = []
    for policy, numbers in values.items():
        own = len(numbers) - futures
        for k, number in enumerate(numbers):
            where = (0, k) if k < own else (k - own + 1, 1_000_000 + k)
            rows.append({"policy": policy, "future": where[0], "replicate": where[1], "outcome_net_value": number})
    return pd.DataFrame(rows)


def worlds(values: dict[str, list[float]], futures: int = 0) -> Worlds:
    return Worlds(frame(values, futures), tuple(values))


def test_worlds_are_paired_whatever_the_order_of_rows() -> None:
    runs = frame({"a": [1.0, 2.0, 3.0], "b": [10.0, 20.0, 30.0]}).sample(frac=1, random_state=1)
    found = Worlds(runs, ("a", "b"))
    assert (found.values("b", "net_value") - found.values("a", "net_value")).tolist() == [9.0, 18.0, 27.0]


def test_a_world_counts_only_when_every_policy_finished_in_it() -> None:
    runs = frame({"a": [1.0, 2.0, 3.0], "b": [10.0, 20.0, 30.0]}).drop(index=1)
    assert Worlds(runs, ("a", "b")).index == [(0, 0), (0, 2)]


def test_a_difference_keeps_own_worlds_and_futures_apart() -> None:
    found = difference(worlds({"a": [1.0, 2.0, 3.0, 100.0], "b": [0.0, 0.0, 3.0, 0.0]}, 1), "a", "b", NET)
    assert found.estimate.mean == 1.0 and found.estimate.worlds == 3
    assert found.futures is not None and (found.futures.mean, found.futures.worlds) == (100.0, 1)
    assert found.led == pytest.approx(2.5 / 3) and found.smallest == pytest.approx(0.02)


def test_swapping_policies_flips_the_difference() -> None:
    both = worlds({"a": [1.0, 2.0, 4.0], "b": [5.0, 1.0, 0.0]})
    one, other = difference(both, "a", "b", NET), difference(both, "b", "a", NET)
    assert one.estimate.mean == -other.estimate.mean and one.led == pytest.approx(1 - other.led)


def cells_from(truth: dict[str, float], names: list[str]) -> Worlds:
    """Return cells made of known effects, in two worlds that differ by a constant."""
    values = {}
    for name in names:
        r, f, p = name.startswith("wide"), "_fit" in name, "practice" in name
        value = truth["reach"] * r + truth["fit"] * f + truth["practice"] * p + truth["reach x fit"] * r * f
        values[name] = [value, value + 7.0]
    return worlds(values)


def test_effects_of_the_plain_design() -> None:
    truth = {"reach": 3.0, "fit": 5.0, "practice": 0.0, "reach x fit": 4.0}
    texts = [e.text for e in effects(cells_from(truth, CELLS[::2]), NET)]
    assert texts[0].startswith("all five sources") and texts[1].startswith("choosing by role gain")
    assert texts[2] == "how much one changes the effect of the other"
    found = {e.name: e.estimate.mean for e in effects(cells_from(truth, CELLS[::2]), NET)}
    assert found == pytest.approx({"reach": 3.0 + 4.0 / 2, "fit": 5.0 + 4.0 / 2, "reach x fit": 4.0})


def test_effects_of_the_full_design() -> None:
    truth = {"reach": 3.0, "fit": 5.0, "practice": 11.0, "reach x fit": 4.0}
    found = {e.name: e.estimate.mean for e in effects(cells_from(truth, CELLS), NET)}
    assert found == pytest.approx({"reach": 5.0, "fit": 7.0, "practice": 11.0, "reach x fit": 4.0,
                                   "reach x practice": 0.0, "fit x practice": 0.0, "reach x fit x practice": 0.0})


def test_no_effects_from_half_a_design() -> None:
    assert effects(worlds({CELLS[0]: [1.0, 2.0], CELLS[2]: [1.0, 2.0]}), NET) == ()


def test_the_steps_add_up_to_the_difference() -> None:
    luck = np.random.default_rng(1)
    names = [*CELLS[::2], "same_known_partners", "strategic_mobilisation"]
    found = worlds({name: luck.normal(size=6).tolist() for name in names})
    steps = decomposition(found, NET, "strategic_mobilisation", "same_known_partners")
    total = difference(found, "strategic_mobilisation", "same_known_partners", NET).estimate.mean
    assert sum(step.estimate.mean for step in steps) == pytest.approx(total)
    assert decomposition(found, NET, "known_by_fit", "same_known_partners") == ()


def test_regret() -> None:
    found = {r.policy: r for r in regrets(worlds({"a": [1.0, 5.0, 3.0], "b": [4.0, 1.0, 3.0],
                                                  "oracle": [10.0, 10.0, 10.0]}, 1), NET)}
    a = found["a"]
    assert (a.mean, a.worst, a.lowest) == (1.0, 3.0, 1.0) and a.best_share == pytest.approx(2 / 3)
    assert a.to_oracle is not None and a.to_oracle.mean == 7.0 and a.share_of_oracle == pytest.approx(0.3)
    assert "oracle" not in found
    assert regrets(worlds({"a": [1.0], "b": [2.0]}), NET)[0].to_oracle is None


@pytest.mark.parametrize(("path", "quarter"), [
    ([-1, -2, 1, 2], 3), ([1, 2, 3], None), ([0, 0, 1], None), ([-1, 1, -1, 1], 4), ([-1, 0, 2], 2), ([1, -1], 2)])
def test_the_last_turn(path: list[float], quarter: int | None) -> None:
    assert last_turn(np.array(path, float)) == quarter


def series(gaps: list[list[float]]) -> pd.DataFrame:
    rows = [{"policy": policy, "future": 0, "replicate": k, "step": t + 1,
             "value": gap if policy == "a" else 0.0, "search": 0.0, "coordination": 0.0, "goal": 0.0}
            for policy in ("a", "b") for k, world in enumerate(gaps) for t, gap in enumerate(world)]
    return pd.DataFrame(rows)


def test_crossing_counts_cumulative_quarters() -> None:
    found = crossing(series([[-2.0, 1.0, 2.0, 1.0], [-2.0, -1.0, 2.0, 3.0]]), "a", "b")
    # summed: -2 -1 1 2 and -2 -3 -1 2: mean -2 -2 0 2
    assert (found.starts, found.ends, found.quarter, found.changes) == ("behind", "ahead", 3, 1)
    assert (found.low, found.high) == (3.25, 3.75)


def test_every_change_of_sign_is_counted() -> None:
    found = crossing(series([[1.0, -3.0, 1.0, 4.0, -4.0, 2.0]]), "a", "b")  # summed: 1 -2 -1 3 -1 1
    assert (found.starts, found.ends, found.quarter, found.changes) == ("ahead", "ahead", 6, 4)


def test_no_crossing() -> None:
    found = crossing(series([[1.0, 1.0], [2.0, 0.0]]), "a", "b")
    assert (found.starts, found.ends, found.quarter, found.low) == ("ahead", "ahead", None, None)


def test_costs_count() -> None:
    table = series([[1.0, 1.0]])
    table.loc[(table["policy"] == "a") & (table["step"] == 2), ["search", "coordination", "goal"]] = [1.0, 1.0, 1.0]
    assert crossing(table, "a", "b").ends == "behind"


def test_what_public_money_costs_beyond_itself_counts() -> None:
    table = series([[1.0, 1.0]])
    table.loc[(table["policy"] == "a") & (table["step"] == 2), "grants"] = 12.0
    table = table.fillna(0.0)
    assert crossing(table, "a", "b").ends == "ahead"  # for nothing unless told
    assert crossing(table, "a", "b", 0.1).ends == "ahead"  # 2 - 1.2
    assert crossing(table, "a", "b", 0.2).ends == "behind"  # 2 - 2.4


def test_few_worlds_are_noted() -> None:
    both = worlds({"a": [1.0], "b": [2.0]})
    assert any("One world: no interval" in note for note in analysis.notes(both, outcomes()))
    for count, said in ((2, True), (9, True), (10, False)):
        many = worlds({"a": [1.0] * count, "b": [2.0] * count})
        assert any(f"Only {count} worlds" in note for note in analysis.notes(many, outcomes())) is said


def test_the_steps_are_the_effects_of_the_design() -> None:
    """By hand: fit adds 2 to known partners and 6 to wide search, 4 on the mean; reach 10 by trust and 14 by fit, 12."""
    found = worlds({"same_known_partners": [1.0, 1.0], "known_by_trust": [4.0, 4.0], "known_by_fit": [6.0, 6.0],
                    "wide_by_trust": [14.0, 14.0], "wide_by_fit": [20.0, 20.0], "strategic_mobilisation": [27.0, 27.0]})
    steps = decomposition(found, NET, "strategic_mobilisation", "same_known_partners")
    assert {step.name: step.estimate.mean for step in steps} == {"fill": 3.0, "fit": 4.0, "reach": 12.0, "bundle": 7.0}


def test_the_strongest_of_the_others_stands_first() -> None:
    found = worlds({name: [value, value + 1] for name, value in
                    {"base": 0.0, "mine": 5.0, "weak": 1.0, "strong": 7.0, "oracle": 9.0}.items()})
    assert [(one.against, one.estimate.mean) for one in beside(found, NET, "mine", "base")] == [("strong", -2.0), ("weak", 4.0)]


THREE = """
name: three
policies: [same_known_partners, strategic_mobilisation, solo]
expected: ahead
replicates: 3
futures: {count: 6}
"""


def everything(values: dict[str, list[float]], futures: int) -> tuple[Scenario, pd.DataFrame, pd.DataFrame]:
    """Return a scenario, its runs with every outcome (others than net value are 0) and series that hold nothing."""
    runs = frame(values, futures).assign(start=40.0)
    others = [f"outcome_{name}" for name in outcomes() if name != "net_value"]
    runs = pd.concat([runs, pd.DataFrame(0.0, runs.index, others)], axis=1)
    steps = [{**dict.fromkeys(SERIES, 0.0), "policy": row.policy, "future": row.future, "replicate": row.replicate, "step": 1}
             for row in runs.itertuples()]
    return loads(THREE), runs, pd.DataFrame(steps)


def test_the_findings_set_the_focus_against_the_baseline_everywhere() -> None:
    """Ahead by 2, 3 and 4 in its own worlds; in futures behind by 5, though both earn, but in the last."""
    scenario, runs, series = everything({"same_known_partners": [1.0, 1.0, 1.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0],
                                         "strategic_mobilisation": [3.0, 4.0, 5.0, 3.0, 3.0, 3.0, 3.0, 3.0, 9.0],
                                         "solo": [0.0] * 9}, 6)
    found = analyse(scenario, runs, series, ())
    assert (found.headline.policy, found.headline.against, found.headline.outcome) == (*found.focus, "net_value")
    assert found.headline.estimate.mean == 3.0 and (found.own_worlds, found.future_worlds) == (3, 6)
    assert found.expectation is not None and (found.expectation.futures_held, found.expectation.futures) == (1, 6)
    assert found.expectation.verdict == "held"
    assert [band.mean for one in found.assumptions for band in one.bands].count(-5.0) >= len(found.assumptions)
    assert {level.policy: level.estimate.mean for level in found.levels if level.outcome == "net_value"} == {
        "same_known_partners": 1.0, "strategic_mobilisation": 4.0, "solo": 0.0}
    assert found.organisations == 40.0


def test_realised_reach_is_a_share_of_all_partner_seats() -> None:
    rows = [{"policy": policy, "future": future, "replicate": 0, "step": step, "from_self": 50.0, "from_known": known,
             "from_open_call": 1.0} for policy, known in (("same_known_partners", 4.0), ("solo", -1.0))
            for future, step in ((0, 1), (0, 2), (1, 1))]
    found = reach(loads(THREE), pd.DataFrame(rows))
    assert [(one.policy, one.realised) for one in found] == [("same_known_partners", {"known": 0.8, "open_call": 0.2})]
