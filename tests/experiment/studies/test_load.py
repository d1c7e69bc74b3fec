"""Study files: what is right is read, what is wrong is named with its place."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.load_study import load_study

from .conftest import STUDY, Writer

HEAD = "name: small\nscenario: world.yaml\n"


def test_a_study_is_its_scenario_with_changes_laid_over(write: Writer) -> None:
    study = write(STUDY + "set: {world: {smes: 30}, trust: {general: 0.4}}\npolicies: [solo, oracle]\nseed: 9\n")
    assert (study.scenario.world.smes, study.scenario.trust.general, study.scenario.seed) == (30, 0.4, 9)
    assert [policy.name for policy in study.policies] == ["solo", "oracle"] and study.scenario.baseline == "solo"


def test_short_and_long_forms_of_a_range_are_one(write: Writer) -> None:
    one = write(HEAD + "uncertainties: {trust.general: [0.1, 0.5]}")
    other = write(HEAD + "uncertainties: {trust.general: {range: [0.1, 0.5]}}")
    assert one.text == other.text


def test_a_study_may_stand_on_a_shipped_scenario(write: Writer) -> None:
    assert len(write("name: small\nscenario: classroom\n").scenario.policies) > 1


def test_a_range_over_a_factor_of_ten_is_logarithmic(write: Writer) -> None:
    known = write().text.uncertainties
    assert known["cost"].logarithmic and not known["work.complementarity"].logarithmic


BAD = [
    ("uncertainties: {trust.generl: {values: [0.1, 0.5, 0.9]}}\ndesign: {kind: grid}",
     r"^small.yaml:3:17: uncertainties.trust.generl: unknown setting; did you mean 'general'\?$"),
    ("uncertainties: {trust.generl: [0.1, 0.5]}", r"small.yaml:3:17: .*unknown parameter; did you mean 'trust.general'"),
    ("uncertainties: {trust.general: [0.5, 0.1]}", r"begins at 0.5 but ends at 0.1"),
    ("uncertainties: {trust.general: [0.1, 1.5]}", r"1.5 is out of range for trust.general; allowed 0 to 1"),
    ("uncertainties: {world.smes: [10, 20]}", r"is a whole number; give values"),
    ("uncertainties: {world.smes: {values: [10, 2.5]}}", r"values\[2\]: expected a whole number"),
    ("uncertainties: {adopters: {values: [0, 1.5]}}", r"values\[2\]: 1.5 is out of range; allowed 0 to 1"),
    ("uncertainties: {rules.produce: {values: [ces, o_rnig]}}", r"unknown produce rule .*did you mean 'o_ring'"),
    ("uncertainties: {cost: [0.5, 2]}", r"is no setting; a condition of its own needs times"),
    ("uncertainties: {cost: {range: [0.5, 2], times: [search.cost_scal]}}", r"did you mean 'search.cost_scale'"),
    ("uncertainties: {cost: {range: [0.5, 99], times: [search.cost_scale]}}", r"99 is out of range for search.cost_scale"),
    ("uncertainties: {cost: {times: [search.cost_scale]}}", r"needs either a range \[low, high\] or values"),
    ("outcomes: [net_valu]", r"unknown outcome 'net_valu'.*did you mean 'net_value'"),
    ("design: {kind: sobl}", r"design.kind: unknown design 'sobl'.*did you mean 'sobol'"),
    ("design: {kind: sobol, samples: 12}\nuncertainties: {trust.general: [0, 1], search.noise: [0, 1]}",
     r"12 is not a power of two"),
    ("design: {kind: morris}\nuncertainties: {trust.general: [0, 1]}", r"needs at least two uncertainties"),
    ("design: {kind: grid, samples: 4}", r"samples: means nothing in a grid design"),
    ("design: {kind: sobol}\nuncertainties: {adopters: {values: [0.5, 1]}, world.smes: {values: [9]}}",
     r"needs a range; lists of values alone go with grid"),
    ("design: {kind: list}", r"a list design needs points"),
    ("design: {kind: list, points: [{trust.general: 2}]}", r"2 is out of range for trust.general"),
    ("map: {x: cost, y: trust.general}", r"map.x: 'cost' is not among the uncertainties"),
    ("map: {x: trust.general, y: trust.general}\nuncertainties: {trust.general: [0, 1]}", r"x and y are both"),
    ("map: {x: trust.general, y: search.noise, lever: trust.gain, prices: [0.5, 1], paid: search_cots}\n"
     "uncertainties: {trust.general: [0, 1], search.noise: [0, 1]}", r"no share of a cost[\s\S]*did you mean 'search_cost'"),
    ("map: {x: trust.general, y: search.noise, paid: search_cost}\nuncertainties: {trust.general: [0, 1], search.noise: [0, 1]}",
     r"map.paid: needs a lever and its prices"),
    ("calibrate: {targets: {repeat: [0.2, 0.01]}}", r"unknown outcome 'repeat'"),
    ("calibrate: {targets: {trust: [0.2, 0]}}", r"tolerance is 0; it must be above 0"),
    ("replicates: 0", r"small.yaml:3:13: replicates: 0 is out of range; allowed 1 to 1,000,000"),
    ("stop: {half_widht: 2}", r"did you mean 'half_width'"),
    ("policies: [same_known_partner]", r"did you mean 'same_known_partners'"),
    ("set: {wrold: {smes: 3}}", r"small.yaml:3:7: wrold: unknown setting.*did you mean 'world'"),
    ("replicates: 1\nreplicates: 2", r"is set twice"),
    ("uncertainties: {trust.general: [0.1, no]}", r"write false"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_what_is_wrong_is_named_with_its_place(write: Writer, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as problem:
        write(HEAD + text)
    assert problem.value.exit_code == 3


@pytest.mark.parametrize(("name", "said"), [
    ("absent.yaml", "its scenario cannot be used"), ("/etc/passwd", "must be a path relative"),
    ("world.csv", "must be a scenario file"), ("C:/x.yaml", "must be a path relative")])
def test_the_scenario_must_be_one(write: Writer, name: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=f"small.yaml:1:11: scenario: .*{said}"):
        write(f"scenario: {name}\n")


def test_a_scenario_and_a_study_are_told_apart_in_one_sentence() -> None:
    with pytest.raises(ScenarioError, match=r"is a scenario, not a study.*mobilise compare$"):
        load_study("classroom")
    with pytest.raises(ScenarioError, match=r"is a study, not a scenario; run it with mobilise sweep$"):
        load("adopters")


def test_all_problems_come_at_once(write: Writer) -> None:
    with pytest.raises(ScenarioError) as problem:
        write(HEAD + "outcomes: [p, net_value, q]\nmap: {x: a, y: b}\nuncertainties: {trust.generl: [0, 1]}")
    assert len(problem.value.problems) == 5


def test_overrides_change_a_study_and_its_world(write: Writer) -> None:
    study = write(replicates="4", set__world__smes="40", design__samples="3")
    assert (study.text.replicates, study.scenario.world.smes, study.text.design.samples) == (4, 40, 3)
