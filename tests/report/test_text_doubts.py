"""What stands under the headline, sentence by sentence, on invented findings."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sim.experiment.doubts import Assumption, Band, Expectation
from sim.experiment.findings import Carrier, Difference, Estimate, Futures, Regret
from sim.report import text_doubts
from sim.report.table import table
from sim.scenario.fitted import Fitted

OLD, NEW, UNIT = "same_known_partners", "strategic_mobilisation", "kEUR per organisation"


def value(mean: float, half: float = 2.0) -> Estimate:
    return Estimate(mean, mean - half, mean + half, mean - half, mean + half, half / 2, half, 20)


def difference(policy: str, against: str, mean: float, verdict: str) -> Difference:
    return Difference(policy, against, "net_value", UNIT, "higher", value(mean), 0.9, Futures(1.0, -1.0, 2.0, 0.5, 20),
                      1.0, verdict, 3.0)


def findings(rival: str = "behind", **changes: Any) -> Any:
    head = difference(NEW, OLD, 38.0, "ahead")
    content = {
        "headline": head, "focus": (NEW, OLD), "adopters": 1.0, "expectation": None, "carriers": (), "assumptions": (), "fitted": None, "levels": (),
        "differences": (head, difference("solo", OLD, 30.0, "ahead")),
        "beside": (difference(NEW, "adaptive", {"behind": -6.0, "ahead": 6.0}.get(rival, 0.5), rival),
                   difference(NEW, "solo", 8.0, "ahead")),
        "regrets": (Regret("adaptive", None, None, 1.0, 2.0, 3.0, 0.53), Regret(NEW, None, None, 1.0, 2.0, 3.0, 0.22))}
    content = {"policies": ("same_known_partners", "strategic_mobilisation"), **content}
    return SimpleNamespace(**{**content, **changes})


def flat(said: str) -> str:
    return " ".join(said.split())


@pytest.mark.parametrize(("rival", "said"), [
    ("behind", "Adaptive does better still: strategic mobilisation against it is −6.00 [−8.00, −4.00]"),
    ("ahead", "No other policy compared does as well; adaptive comes closest: strategic mobilisation against it is +6.00"),
    ("cannot be told apart", "Strategic mobilisation and adaptive, the strongest of the others, cannot be told apart: +0.50 [−1.50, 2.50]"),
    ("no difference that matters", "Adaptive does as well: strategic mobilisation against it is +0.50"),
])
def test_the_best_of_the_others_is_named(rival: str, said: str) -> None:
    text = flat(text_doubts.doubts(findings(rival)))
    assert said in text
    assert "adaptive is the best of all in 53%, strategic mobilisation in 22%" in text


def test_a_baseline_that_solo_beats_is_called_a_low_bar() -> None:
    text = flat(text_doubts.doubts(findings()))
    assert "Nobody partnering at all (solo) is ahead of same known partners, +30.0 [28.0, 32.0]" in text
    assert "a low bar. Strategic mobilisation against solo: +8.00 [6.00, 10.00]" in text
    behind = findings(differences=(difference("solo", OLD, -5.0, "behind"),))
    assert "low bar" not in text_doubts.doubts(behind) and "is behind same known" in flat(text_doubts.doubts(behind))


def test_without_other_policies_nothing_is_said_of_them() -> None:
    text = text_doubts.doubts(findings(beside=(), differences=()))
    assert "solo" not in text and "comes closest" not in text and "production is assumed" in text


@pytest.mark.parametrize(("stated", "said"), [
    (Expectation("It pays.", "ahead", "held", 12, 20),
     "It pays. In the scenario's own worlds this held; in plausible futures it held in 12 of 20."),
    (Expectation("It pays.", "ahead", "did not hold", 0, 0), "It pays. In the scenario's own worlds this did not hold."),
    (Expectation("It pays.", "ahead", "cannot be told", 0, 0),
     "In the scenario's own worlds it cannot be told whether this held."),
    (Expectation("It pays.", None, None, 0, 0), "whether it held is for you to read"),
])
def test_an_expectation_is_met_or_not(stated: Expectation, said: str) -> None:
    assert said in flat(text_doubts.expected(stated))


def assumption(correlation: float, chance: float = 0.6) -> Assumption:
    return Assumption("work.complementarity", "How far.", correlation, chance,
                      (Band(-8.0, -5.0, 80.0, 1.0, 4), Band(-2.0, 1.0, -10.0, 0.25, 4)))


def test_what_turns_the_answer() -> None:
    text = flat(text_doubts.turning(findings(assumptions=(assumption(-0.9),))))
    assert "−8.00 to −5.00 +80.0 4 of 4" in text and "−2.00 to 1.00 −10.0 1 of 4" in text
    assert "work.complementarity −0.90" in text and "none stands out" not in text
    assert text_doubts.turned(findings(assumptions=(assumption(-0.9),))) == (
        "What turns it is \"how far\" (work.complementarity): ahead in 4 of 4 futures where it is −8.00 to −5.00, "
        "in 1 of 4 where it is −2.00 to 1.00.")


def test_what_chance_would_do_as_well_is_no_headline() -> None:
    weak = findings(assumptions=(assumption(0.3),))
    assert text_doubts.turned(weak) == "" and "none stands out" in flat(text_doubts.turning(weak))
    assert text_doubts.turned(findings()) == text_doubts.turning(findings()) == ""


def test_channels_are_said_when_they_are_known() -> None:
    known = tuple(Carrier(name, value(size), value(size / 2)) for name, size in
                  (("coverage", 200.0), ("coordination", -80.0), ("learning", 70.0), ("information", -3.0)))
    text = flat(text_doubts.carried(known))
    assert "coverage +200 [198, 202] (alone +100 [98, 102])" in text and "The others: information −3." in text
    assert "explain --channels" in text_doubts.carried(())


def test_long_heads_are_broken_and_stand_at_the_bottom() -> None:
    lines = table(["policy", "difference in net value"], [["a", "+1.0"]], numeric=(1,)).splitlines()
    assert [line.split() for line in lines] == [["difference"], ["in", "net"], ["policy", "value"],
                                                [lines[3].strip()], ["a", "+1.0"]]


def test_what_adopting_is_worth_to_whom() -> None:
    own = Difference(NEW, OLD, "adopter_result", "kEUR", "higher", value(90.0), 0.9, None, 1.0, "ahead", 3.0)
    rest = Difference(NEW, OLD, "other_result", "kEUR", "higher", value(-3.0), 0.1, None, 1.0, "behind", 3.0)
    text = flat(text_doubts.doubts(findings(adopters=0.1, differences=(own, rest))))
    assert "Where 10% adopt, the result of an adopter that survives changes by +90.0 [88.0, 92.0] kEUR" in text
    assert "one who stays with same known partners by −3.00 [−5.00, −1.00]" in text
    assert "adopt" not in text_doubts.doubts(findings(differences=(own, rest)))


def test_formation_is_called_calibrated_only_where_it_is_that_of_a_fit() -> None:
    by_name = findings(policies=("old_teams", "strategic_mobilisation"))
    assert "Formation can be calibrated" in flat(text_doubts.doubts(by_name)), "a name proves nothing"
    assert text_doubts.calibrated(by_name) == ""
    with_it = findings(fitted=Fitted("old_teams", "2014-2016", "2017", 10, 11, 24))
    assert "Rules of formation are calibrated, production is assumed" in flat(text_doubts.doubts(with_it))
    unchecked = findings(fitted=Fitted("old_teams", "2014", "", 8, 9, 12))
    assert "not checked on other years" in text_doubts.calibrated(unchecked)

