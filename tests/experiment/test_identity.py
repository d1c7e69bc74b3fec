"""A run's name is a hash of all that decides its result, and of nothing else."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from sim.run import RunSpec, find_policy
from sim.scenario import Scenario, loads


def name(text: str, **named: object) -> str:
    return RunSpec(loads(text), "solo", **named).run_id  # type: ignore[arg-type]


BASE = name("world: {smes: 30}")


@pytest.mark.parametrize("text", [
    "world: {smes: 30}\nname: other\nquestion: why?\nlook_for: x\nexpectation: more",
    "world: {smes: 30}  # a comment",
    "world: {smes: 30, clusters: 20}",
    "trust: {general: 0.3}\nworld: {smes: 30}",
    "world: {smes: 30}\nreplicates: 9\nfutures: {count: 3, ranges: {search.noise: [0, 1]}}",
    "world: {smes: 30}\npolicies: [solo, oracle, random]\nbaseline: random\nfocus: oracle",
])
def test_what_changes_no_result_changes_no_name(text: str) -> None:
    assert name(text) == BASE


@pytest.mark.parametrize("text", [
    "world: {smes: 31}", "world: {smes: 30}\ntrust: {general: 0.31}", "world: {smes: 30}\nseed: 2",
    "world: {smes: 30}\nrules: {accept: always}", "world: {smes: 30}\nrules: {produce: constant}",
    "world: {smes: 30}\nadopters: 0.5", "world: {smes: 30}\nshocks: [{at: 3, kind: demand_shift}]",
])
def test_what_changes_a_result_changes_the_name(text: str) -> None:
    assert name(text) != BASE


def test_what_a_policy_does_is_part_of_it() -> None:
    text = "policies: [oracle, {like: solo, name: mine, text: %s, renew: %s}]"
    found = [RunSpec(loads(text % settings), "mine").run_id for settings in (("a", 0.3), ("b", 0.3), ("a", 0.4))]
    assert found[0] == found[1] != found[2]


def test_replicate_future_and_rule_files_are_part_of_it(tmp_path: Path) -> None:
    rule = tmp_path / "mine.py"
    rule.write_text("FAMILY = 'terms'")
    first = name("world: {smes: 30}", rules=(str(rule),))
    rule.write_text("FAMILY = 'terms' ")
    others = {name("world: {smes: 30}", replicate=1), name("world: {smes: 30}", values=(("search.noise", 0.3),)),
              first, name("world: {smes: 30}", rules=(str(rule),)), BASE}
    assert len(others) == 5


def test_the_baseline_counts_only_where_somebody_follows_it() -> None:
    half = "world: {smes: 30}\nadopters: 0.5\npolicies: [solo, oracle, random]\nbaseline: "
    assert name(half + "random") != name(half + "oracle")


def test_a_spec_travels_between_processes(scenario: Scenario) -> None:
    spec = RunSpec(scenario, "solo", 1, (("search.noise", 0.3),), 7)
    again = pickle.loads(pickle.dumps(spec))
    assert again.run_id == spec.run_id and again == spec
    assert len(spec.run_id) == 32 and int(spec.run_id, 16) >= 0


def test_policies_by_name(scenario: Scenario) -> None:
    assert find_policy(scenario, "oracle").name == "oracle"  # built in, though not among the scenario's
