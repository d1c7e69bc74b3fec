"""Doubts that could change a decision: each only where the numbers bear it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sim.experiment.doubts import Assumption, Band
from sim.experiment.findings import Crossing, Difference, Estimate, Futures
from sim.report.caveats import caveats

UNIT = "kEUR per organisation"


def difference(policy: str, against: str, mean: float, verdict: str, led: float = 1.0) -> Difference:
    value = Estimate(mean, mean - 1, mean + 1, mean - 1, mean + 1, 0.5, 1.0, 20)
    return Difference(policy, against, "net_value", UNIT, "higher", value, 1.0, Futures(mean, mean - 9, mean + 9, led, 20), 5.8, verdict, 3.0)


def doubts(verdict: str = "ahead", rival: str = "ahead", **changes: Any) -> dict[str, str]:
    content = {"headline": difference("new", "old", 1.6, verdict, changes.pop("led", 1.0)), "beside": (difference("new", "third", -0.1, rival),),
               "texts": {"third": "It asks first."}, "assumptions": (), "differences": (), "failures": (), "own_worlds": 20,
               "crossing": Crossing("new", "old", "ahead", None, "ahead", None, None, 0), **changes}
    return {one.title: one.text for one in caveats(SimpleNamespace(**content), None)}


def test_a_difference_that_does_not_matter_is_not_called_open() -> None:
    said = doubts("no difference that matters")
    assert "smaller than the smallest difference of interest, 5.80" in said["The two policies differ by nothing that matters"]
    assert "leaves the sign open" in doubts("cannot be told apart")["The two policies are not separated by these runs"]
    assert list(doubts()) == ["The size is assumed, not calibrated"]


@pytest.mark.parametrize(("verdict", "named"), [("behind", True), ("cannot be told apart", False), ("no difference that matters", False)])
def test_a_rival_does_better_only_where_the_runs_tell_it(verdict: str, named: bool) -> None:
    assert ("Third does better still" in doubts(rival=verdict)) is named


@pytest.mark.parametrize(("correlation", "said"), [(-0.9, "What moves it most: \"cost of it\" (work.cost)"), (-0.5, "chance does as much")])
def test_what_turns_it_is_named_with_the_chance_of_it(correlation: float, said: str) -> None:
    one = Assumption("work.cost", "Cost of it.", correlation, 0.66, (Band(0.0, 1.0, 9.0, 1.0, 7), Band(2.0, 3.0, -4.0, 0.3, 6)))
    text = doubts(led=0.7, assumptions=(one,))["In some plausible futures it is the other way round"]
    assert text.startswith("The sign turns in 6 of 20 futures.") and said in text
