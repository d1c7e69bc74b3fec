"""Regret, worst case, enough and ranks: expected values by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.experiment.findings import AHEAD, ALIKE, BEHIND, OPEN
from sim.experiment.robust import class_of, robust
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
