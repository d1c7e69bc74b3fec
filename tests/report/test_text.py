"""The answer in words: checked sentence by sentence on invented findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.experiment import findings as f
from sim.experiment.findings import Crossing, Difference, Estimate, Findings, Futures, Level, Reach
from sim.report import text
from sim.scenario.fitted import Fitted

OLD, NEW = "same_known_partners", "strategic_mobilisation"
UNIT = "kEUR per organisation"


def value(mean: float, half: float = 7.0, worlds: int = 60) -> Estimate:
    return Estimate(mean, mean - half, mean + half, mean - half, mean + half, half / 2, half * 4, worlds)


def difference(
    outcome: str = "net_value",
    policy: str = NEW,
    mean: float = 38.2,
    verdict: str = "ahead",
    unit: str = UNIT,
) -> Difference:
    futures = Futures(30.0, -12.0, 95.0, 0.8, 20)
    return Difference(policy, OLD, outcome, unit, "higher", value(mean), 0.95, futures, 1.0, verdict, 12.34)


@pytest.fixture
def findings() -> Findings:
    net = difference()
    return Findings(
        scenario="known_vs_strategic",
        question="?",
        expectation=None,
        policies=(OLD, NEW),
        texts={},
        baseline=OLD,
        focus=(NEW, OLD),
        adopters=1.0,
        quarters=28,
        organisations=1020.0,
        own_worlds=60,
        future_worlds=20,
        ranges={"work.complementarity": (-8.0, 1.0)},
        levels=(
            Level(OLD, "trust", "trust", value(0.4, 0.01)),
            Level(NEW, "trust", "trust", value(0.5, 0.01)),
        ),
        differences=(net, difference("trust", unit="trust", mean=0.1), difference(policy="solo", mean=-50.0)),
        headline=net,
        beside=(),
        assumptions=(),
        crossing=Crossing(NEW, OLD, "behind", 6, "ahead", 5.0, 9.0, 1),
        decomposition=(f.Share("reach", "look wider", value(10.0)),),
        effects=(f.Effect("reach", "wide minus known", "net_value", UNIT, value(20.0), None),),
        regrets=(f.Regret(NEW, value(30.0), 0.75, 2.0, 11.0, -3.0, 0.9),),
        reach=(Reach(OLD, ("known",), {"known": 0.97, "own_cluster": 0.03, "open_call": 0.0}),),
    )


def flat(said: str) -> str:
    return " ".join(said.split())


def test_headline_has_effect_interval_units_worlds_futures_and_turn(findings: Findings) -> None:
    assert flat(text.headline(findings)) == (
        "Strategic mobilisation against same known partners: +38.2 [31.2, 45.2] kEUR net value per organisation "
        "over 7 years. Ahead in 57 of 60 worlds with the scenario's own values and in 16 of 20 plausible futures "
        "(nine of ten lie from −12.0 to +95.0 kEUR per organisation). It starts behind and overtakes in quarter 6 "
        "(half of the worlds that turn do so between quarters 5 and 9)."
    )


def test_one_world_says_that_it_is_one(findings: Findings) -> None:
    none = float("nan")
    lone = replace(findings.headline, estimate=Estimate(38.2, none, none, none, none, none, none, 1), led=1.0, futures=None,
                   verdict="cannot be told apart", variance_ratio=none)
    alone = replace(findings, headline=lone, crossing=Crossing(NEW, OLD, "behind", 6, "ahead", 6.0, 6.0, 1), notes=())
    assert flat(text.headline(alone)) == (
        "Strategic mobilisation against same known partners in one world, which cannot tell luck from policy: +38.2 kEUR "
        "net value per organisation over 7 years. No other plausible futures were drawn. It starts behind and "
        "overtakes in quarter 6.")
    assert "Pairing" not in text.notes(alone) and "12.3 unpaired ones" in text.notes(findings)


def test_headline_says_which_half_is_calibrated(findings: Findings) -> None:
    fit = Fitted("old_teams", "2014-2016", "2017", 10, 11, 24)
    assert "calibrated" not in text.headline(findings)
    assert flat(text.headline(replace(findings, fitted=fit))).endswith(
        "Rules of formation are calibrated (old teams, fitted to 2014-2016, 10 of 11 figures of 2017 met), but not this world; "
        "production is assumed.")


def test_headline_says_what_this_world_makes_of_a_calibrated_formation(findings: Findings) -> None:
    fit = Fitted("old_teams", "2014-2016", "2017", 10, 11, 24, {"repeat_pairs": 0.204, "newcomers": 0.252})
    levels = (Level("old_teams", "repeat_pairs", "1", value(0.0812, 0.01)), Level(NEW, "repeat_pairs", "1", value(0.4, 0.01)),
              Level("old_teams", "newcomers", "1", value(0.31, 0.01)))
    assert flat(text.headline(replace(findings, fitted=fit, levels=levels))).endswith(
        "but not this world: in it 8% of pairs had met before (observed: 20%) and 31% of partners were new "
        "(observed: 25%); production is assumed.")


def test_what_cannot_be_told_apart_is_said_first(findings: Findings) -> None:
    same = replace(findings, headline=difference(mean=1.0, verdict="cannot be told apart"))
    assert flat(text.headline(same)).startswith(
        "Strategic mobilisation and same known partners cannot be told apart: +1.0 [−6.0, 8.0]"
    )


def test_a_difference_that_does_not_matter(findings: Findings) -> None:
    same = replace(findings, headline=difference(mean=0.1, verdict="no difference that matters"))
    assert "differ by less than 1.00, which does not matter" in flat(text.headline(same))


@pytest.mark.parametrize(
    ("starts", "quarter", "ends", "said"),
    [
        ("ahead", None, "ahead", "It is ahead from the first quarter to the last, summed over time."),
        ("ahead", 9, "behind", "It starts ahead and falls behind in quarter 9"),
        ("behind", 3, "behind", "It starts behind, and is so again for good from quarter 3, summed over time."),
    ],
)
def test_other_turns(findings: Findings, starts: str, quarter: int | None, ends: str, said: str) -> None:
    other = replace(findings, crossing=Crossing(NEW, OLD, starts, quarter, ends, None, None, 1))
    assert said in flat(text.headline(other))


def test_the_whole_answer_names_everything(findings: Findings) -> None:
    said = flat(text.comparison(findings))
    for part in (
        "production is assumed",
        "explain --channels",
        "solo",
        "trust",
        "0.400",
        "reach",
        "wide minus known",
        "Regret",
        "75%",
        "97%",
        "as much as 12.3 unpaired",
    ):
        assert part in said, part


def test_sources_a_policy_may_not_use_are_dots(findings: Findings) -> None:
    other = Reach(NEW, ("known", "open_call"), {"known": 0.0, "open_call": 1.0})
    said = text.reach(replace(findings, reach=(*findings.reach, other)))
    assert [line.split()[-3:] for line in said.splitlines()[-2:]] == [["97%", "3%", "·"], ["0%", "·", "100%"]]


def test_parts_without_numbers_are_left_out(findings: Findings) -> None:
    bare = replace(findings, effects=(), regrets=(), reach=(), decomposition=())
    said = text.comparison(bare)
    assert "Regret" not in said and "Where partners" not in said and "\n\n\n" not in said


def test_low_pairing_and_failures_are_said(findings: Findings) -> None:
    failed = f.Failure("ab", NEW, 0, 3, "ZeroDivisionError: x", "", "mobilise run x.yaml")
    bad = replace(
        findings,
        headline=replace(findings.headline, variance_ratio=1.2),
        failures=(failed,),
        notes=("Many outcomes.",),
    )
    said = flat(text.notes(bad))
    for part in (
        "read intervals with care",
        "Many outcomes.",
        "again with: mobilise run x.yaml",
    ):
        assert part in said


def test_without_futures(findings: Findings) -> None:
    bare = replace(findings, headline=replace(findings.headline, futures=None))
    assert "no other plausible futures were drawn" in flat(text.headline(bare))


@pytest.mark.parametrize(("quarters", "said"), [(28, "7 years"), (4, "1 year"), (6, "6 quarters")])
def test_horizon(quarters: int, said: str) -> None:
    assert text.horizon(quarters) == said


def test_the_headline_says_how_many_adopt(findings: Findings) -> None:
    said = flat(text.headline(replace(findings, adopters=0.1)))
    assert said.startswith("Strategic mobilisation by 10% of organisations, the others staying with same known partners,")


def test_far_fewer_futures_than_worlds_are_an_only(findings: Findings) -> None:
    few = replace(findings.headline, futures=Futures(1.0, -12.0, 95.0, 0.5, 20))
    assert "scenario's own values, but in only 10 of 20 plausible futures" in flat(text.headline(replace(findings, headline=few)))


def test_the_baseline_has_a_row_and_the_oracle_is_a_ceiling(findings: Findings) -> None:
    levels = tuple(Level(name, "net_value", UNIT, value(size)) for name, size in ((OLD, 100.0), (NEW, 138.2), ("oracle", 200.0)))
    several = replace(findings, levels=levels, differences=(findings.headline, difference(policy="oracle", mean=100.0)))
    lines = text.policies(several).splitlines()[-3:]
    assert [line.split()[0] for line in lines] == ["strategic", "same", "oracle"]
    assert "the baseline" in lines[1] and "(ceiling)" in lines[2]


def test_a_mean_that_cannot_be_told_from_nothing_turns_only_on_average(findings: Findings) -> None:
    same = replace(findings, headline=difference(mean=1.0, verdict="cannot be told apart"))
    assert "On average it starts behind and overtakes in quarter 6" in flat(text.headline(same))


def test_a_span_of_one_quarter_is_none(findings: Findings) -> None:
    close = replace(findings, crossing=Crossing(NEW, OLD, "behind", 8, "ahead", 7.75, 8.25, 1))
    assert flat(text.headline(close)).endswith("It starts behind and overtakes in quarter 8.")


def test_shares_are_said_in_per_cent(findings: Findings) -> None:
    shares = replace(findings, differences=(*findings.differences, difference("success", unit="share", mean=0.3)),
                     levels=(*findings.levels, Level(OLD, "success", "share", value(0.25)), Level(NEW, "success", "share", value(0.55))))
    (line,) = [line.split() for line in text.other_outcomes(shares).splitlines() if "success" in line]
    assert line == ["success", "(%)", "25.0", "55.0", "+30", "[−670,", "730]", "57", "of", "60"]
    assert "trust  " in text.other_outcomes(shares), "other units stay"


def test_regret_without_an_oracle_has_no_empty_columns(findings: Findings) -> None:
    said = text.regret(replace(findings, regrets=(f.Regret(NEW, None, None, 2.0, 11.0, -3.0, 0.9),)))
    assert "oracle" not in said and said.splitlines()[-1].split() == ["strategic", "mobilisation", "2.00", "11.0", "−3.00", "90%"]
    assert "+30.0" in text.regret(findings) and "75%" in text.regret(findings)


def test_two_that_give_the_same_to_the_cent_are_neither_ahead_nor_behind(findings: Findings) -> None:
    same = replace(findings.headline, estimate=Estimate(*[0.0] * 7, 12), led=0.5, verdict="no difference that matters")
    assert flat(text.headline(replace(findings, headline=replace(same, futures=None)))) == (
        "Strategic mobilisation and same known partners give the same net value over 7 years in each of 12 worlds.")
    assert flat(text.headline(replace(findings, headline=same))).endswith(
        "12 worlds. Ahead in 16 of 20 plausible futures (nine of ten lie from −12.0 to +95.0 kEUR per organisation).")
