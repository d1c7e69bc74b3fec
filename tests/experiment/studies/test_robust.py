"""Regret, worst case, enough and ranks: expected values by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from sim.experiment.findings import AHEAD, ALIKE, BEHIND, OPEN
from sim.experiment.regime import weights_of
from sim.experiment.robust import class_of, kendall, robust, smallest_of, verdicts
from sim.report.numbers import estimate, signed
from sim.report.text_studies import robust_text


def frame(values: dict[str, list[list[float]]]) -> pd.DataFrame:
    """Return runs: policy to futures to replicates."""
    return pd.DataFrame([
        {"policy": policy, "future": future, "replicate": r, "outcome_net_value": value}
        for policy, futures in values.items() for future, row in enumerate(futures) for r, value in enumerate(row)])


TWO = {"a": [[10.0, 12.0], [1.0, 1.0], [5.0, 5.2]], "b": [[4.0, 5.0], [3.0, 3.0], [5.1, 5.1]]}


def test_by_hand() -> None:
    found = robust(frame(TWO), "net_value", "a", "b")
    a, b = (next(s for s in found.standings if s.policy == name) for name in "ab")
    assert (a.mean, a.worst, a.regret, a.worst_regret) == pytest.approx(((11 + 1 + 5.1) / 3, 1, 2 / 3, 2))
    assert (b.mean, b.worst, b.worst_regret) == pytest.approx(((4.5 + 3 + 5.1) / 3, 3, 6.5))
    assert found.threshold == 4.5 and a.enough == pytest.approx(2 / 3) and b.enough == pytest.approx(2 / 3)
    assert found.futures == 3 and found.same_ranking == pytest.approx(2 / 3)  # ties rank in the order of the policies
    assert found.standings[0].policy == "a"


def test_a_future_in_which_a_policy_failed_counts_for_nobody() -> None:
    runs = frame(TWO)
    runs = runs[~((runs["policy"] == "b") & (runs["future"] == 1))]
    assert robust(runs, "net_value", "a", "b").futures == 2


def test_a_baseline_without_any_number_is_a_dash_in_words() -> None:
    none = float("nan")
    found = robust(frame({"a": [[1.0, 2.0], [3.0, 4.0]], "b": [[none, none], [none, none]]}), "net_value", "a", "b")
    said = robust_text(found)
    assert found.futures == 0 and found.verdicts[OPEN] == 2
    assert "nan" not in said and "enough: at least –," in said
    assert [line.split()[1:] for line in said.splitlines() if line.split()[:1] in (["a"], ["b"])] == [["–"] * 7] * 2


def test_verdicts_count_every_future_once() -> None:
    found = robust(frame({"a": [[9.0, 9.1], [1.0, 1.1], [5.0, 5.2]], "b": [[4.0, 4.0], [3.0, 3.2], [5.1, 5.0]]}),
                   "net_value", "a", "b")
    assert sum(found.verdicts.values()) == 3 and found.verdicts[AHEAD] == 1 and found.verdicts[BEHIND] == 1


@pytest.mark.parametrize(("low", "high", "direction", "said"), [
    (1.0, 2.0, "higher", AHEAD), (-2.0, -1.0, "higher", BEHIND), (-1.0, 2.0, "higher", OPEN),
    (-0.1, 0.2, "higher", ALIKE), (0.1, 0.2, "higher", ALIKE), (1.0, 2.0, "lower", BEHIND),
    (float("-inf"), float("inf"), "higher", OPEN), (0.0, 0.0, "higher", ALIKE)])
def test_classes(low: float, high: float, direction: str, said: str) -> None:
    assert class_of(low, high, 0.5, direction) == said


def test_no_number_is_a_dash_and_other_numbers_stay() -> None:
    none = float("nan")
    assert (signed(none), signed(-none), estimate(2.0, none, 3.0, 1)) == ("–", "–", "+2.0")
    assert (signed(-0.012, 3), signed(0.0), signed(38.2, 1)) == ("−0.012", "0", "+38.2")


@given(some.integers(2, 9).flatmap(lambda n: some.tuples(some.permutations(range(n)), some.permutations(range(n)))))
def test_the_stability_of_rankings_is_kendalls_correlation(both: tuple[list[int], list[int]]) -> None:
    one, other = (np.array(ranking) for ranking in both)
    assert kendall(one, other) == pytest.approx(stats.kendalltau(one, other).statistic)
    assert kendall(one[:1], other[:1]) == 1.0


def test_what_is_too_small_to_matter_is_a_fiftieth_of_the_baselines_own_level() -> None:
    table = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [-100.0, -300.0, 50.0]},
                         index=pd.MultiIndex.from_tuples([(0, 0), (0, 1), (3, 0)], names=["future", "replicate"]))
    assert smallest_of(table, "b") == pytest.approx(4.0)
    assert smallest_of(table.loc[[3]], "b") == pytest.approx(1.0), "without own worlds all count"


def test_verdicts_stand_on_students_interval() -> None:
    """Differences 0.5, 1.5 and 5.5: mean 2.5, Student's 95 % half width 6.6; 2, 2.5 and 3: 1.2 (t with 2 degrees is 4.303)."""
    table = pd.DataFrame({"a": [0.5, 1.5, 5.5, 2.0, 2.5, 3.0], "b": [0.0] * 6},
                         index=pd.MultiIndex.from_product([(1, 2), (0, 1, 2)], names=["future", "replicate"]))
    assert verdicts(table, "a", "b", 0.1, "higher") == {AHEAD: 1, ALIKE: 0, OPEN: 1, BEHIND: 0}
    assert verdicts(table, "a", "b", 4.0, "higher") == {AHEAD: 0, ALIKE: 1, OPEN: 1, BEHIND: 0}
    assert class_of(0.0, 0.0, 0.0) == ALIKE and class_of(1.0, 1.0, 0.0) == AHEAD


def test_who_is_best_and_at_which_rank_by_hand() -> None:
    found = robust(frame({"a": [[5.0], [1.0], [4.0], [6.0]], "b": [[3.0], [2.0], [3.0], [2.0]], "c": [[4.0], [0.0], [3.5], [6.0]],
                          "oracle": [[9.0], [9.0], [9.0], [9.0]]}), "net_value", "a", "b")
    standing = {one.policy: one for one in found.standings}
    assert list(standing) == ["a", "c", "b"], "least mean regret first, and the oracle is no rival"
    assert [standing[name].best for name in "abc"] == [0.75, 0.25, 0.25]
    assert [standing[name].rank for name in "abc"] == [(1 + 2 + 1 + 1) / 4, (3 + 1 + 3 + 3) / 4, (2 + 3 + 2 + 2) / 4]
    assert found.threshold == 3.0 and [standing[name].enough for name in "abc"] == [0.75, 0.5, 0.75]
    assert found.same_ranking == 0.75 and found.stability == pytest.approx((1 + 1 + 1 - 1 / 3) / 4)


def test_an_effect_weighs_both_halves_of_the_design_alike() -> None:
    """A main effect is the mean of two cells less the mean of the other two; of eight, four less four."""
    def study(*names: str) -> Any:
        return SimpleNamespace(policies=[SimpleNamespace(name=name) for name in names],
                               scenario=SimpleNamespace(focus="mine", baseline="base"))

    plain = [f"{reach}_by_{fit}" for reach in ("known", "wide") for fit in ("trust", "fit")]
    assert weights_of(study("mine", "base"), "bundle") == {"mine": 1.0, "base": -1.0}
    assert weights_of(study(*plain, "solo"), "fit") == {
        "known_by_trust": -0.5, "known_by_fit": 0.5, "wide_by_trust": -0.5, "wide_by_fit": 0.5}
    whole = study(*plain, *(f"{name}_with_practice" for name in plain))
    for effect, half in (("reach", "wide"), ("fit", "_fit"), ("practice", "practice")):
        found = weights_of(whole, effect)
        assert len(found) == 8 and all(weight == (0.25 if half in name else -0.25) for name, weight in found.items())
    some = study(*plain, "wide_by_fit_with_practice")
    assert set(weights_of(some, "reach")) == set(plain), "half a design of practice is left out"
