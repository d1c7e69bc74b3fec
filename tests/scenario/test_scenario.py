"""What a scenario means: defaults, overlays, overrides, identity, the files that ship."""

import json
import pickle
from pathlib import Path

import pytest
import yaml

from sim.errors import ScenarioError, UsageError
from sim.parameters import BY_KEY, PARAMETERS
from sim.run import RunSpec, run
from sim.scenario import (
    Scenario,
    builtin,
    fingerprint,
    load,
    loads,
    policy_names,
)
from sim.scenario.budget import budget, check_processes, check_run, seconds_of_world
from sim.scenario.editor import SCHEMA_FILE, json_schema, template
from sim.scenario.fitted import fitted

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "scenarios").glob("*.yaml"))
NAMED = {
    "known_vs_strategic",
    "not_strategic",
    "routine_world",
    "turbulent_world",
    "complementarity",
    "shock",
    "classroom",
    "mixed_strategies",
    "real_consortia",
    "europe",
    "all_european_smes",
}
NUMBERS = [p for p in PARAMETERS if not p.whole]


def test_defaults_come_from_the_parameter_table():
    assert loads("seed: 1\n").values() == {p.key: float(p.default) for p in PARAMETERS}


def test_whole_numbers_serve_as_decimals():
    assert loads("trust: {general: 1}\n").values()["trust.general"] == 1.0


def test_the_first_two_policies_are_compared_unless_named():
    scenario = loads("policies: [solo, random, oracle]\n")
    assert (scenario.baseline, scenario.focus) == ("solo", "random")
    assert loads("policies: [solo]\n").focus == "solo"
    assert loads("policies: [solo, random]\nfocus: solo\n").baseline == "random"


def test_shocks_are_dated_as_the_engine_counts():
    scenario = loads("shocks: [{at: 4, kind: cluster_lost, which: 2}, {at: 1, kind: demand_shift}]\n")
    assert [(s.at, s.kind.name, s.which) for s in scenario.dated_shocks()] == [
        (0, "DEMAND_SHIFT", -1),
        (3, "CLUSTER_LOST", 2),
    ]


def test_the_production_form_is_always_among_the_futures():
    ranges = loads("futures: {ranges: {trust.gain: [0.1, 0.2]}}\n").futures.resolved()
    assert ranges == {"trust.gain": (0.1, 0.2), "work.complementarity": (-8.0, 1.0)}
    assert set(loads("seed: 1\n").futures.resolved()) == {p.key for p in PARAMETERS if p.uncertain}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_scenarios_are_valid_and_say_what_they_ask(path, monkeypatch):
    monkeypatch.setattr("sim.scenario.budget.memory_available", lambda: None)  # a small machine refuses the largest
    scenario = load(path)
    assert scenario.name == path.stem
    assert scenario.question.endswith("?") and scenario.look_for
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server")


def test_the_named_scenarios_ship():
    assert {path.stem for path in SHIPPED} >= NAMED
    assert load(ROOT / "scenarios/routine_world.yaml").expectation
    assert load(ROOT / "scenarios/turbulent_world.yaml").expectation


@pytest.mark.parametrize("name", policy_names())
def test_shipped_policies_are_valid_and_say_what_they_are(name):
    policy = builtin(name)
    assert policy.name == name and policy.text.endswith(".") and policy.source


def test_the_design_differs_in_reach_fit_and_practice_only():
    cells = [
        builtin(f"{reach}_by_{fit}{practice}").canonical()
        for reach in ("known", "wide")
        for fit in ("trust", "fit")
        for practice in ("", "_with_practice")
    ]
    free = {"name", "sources", "terms", "practice"}
    assert all(
        {k: v for k, v in c.items() if k not in free} == {k: v for k, v in cells[0].items() if k not in free}
        for c in cells
    )
    assert len({json.dumps([c["sources"], c["terms"], c["practice"]]) for c in cells}) == 8


def test_a_policy_may_change_a_built_in_one():
    scenario = loads(
        "policies: [solo, {name: mine, like: strategic_mobilisation, practice: {shared_goal: false}}]\n"
    )
    mine, model = scenario.policies[1], builtin("strategic_mobilisation")
    assert mine.terms == model.terms and not mine.practice.shared_goal and mine.practice.trusted_lead


def test_pickling_and_canonical_form_keep_the_meaning():
    scenario = load(ROOT / "scenarios/shock.yaml")
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario and fingerprint(again) == fingerprint(scenario)
    assert json.loads(json.dumps(scenario.canonical())) == scenario.canonical()


def test_a_world_beyond_memory_is_refused_with_the_numbers(monkeypatch):
    monkeypatch.setattr("sim.scenario.budget.memory_available", lambda: 1_000_000)
    with pytest.raises(
        ScenarioError, match=r"needs about .* MB of memory \(1,020 organisations, .* has 1\.0 MB; about .* SMEs would fit"
    ):
        loads("seed: 1\n")


def test_worlds_that_do_not_fit_side_by_side_are_refused_with_the_number_that_does(monkeypatch):
    scenario = loads("replicates: 4\n")
    one = budget(scenario).bytes_at_once
    monkeypatch.setattr("sim.scenario.budget.memory_available", lambda: int(2.5 * one))
    assert check_processes(scenario, 2).bytes_at_once == one
    with pytest.raises(UsageError, match="--jobs 2 fits"):
        check_processes(scenario, 3)


def test_a_system_that_does_not_tell_its_memory(monkeypatch):
    monkeypatch.setattr("sim.scenario.budget.memory_available", lambda: None)
    assert loads("world: {smes: 50000000}\n").world.smes == 50_000_000


def test_the_budget_counts_runs():
    need = budget(loads("policies: [solo, random]\nreplicates: 3\nfutures: {count: 2}\n"))
    assert need.runs == 10 and need.organisation_steps == 1020 * 36 * 10
    assert need.bytes_at_once > 2 * need.bytes_per_world  # two policies share a world: it is copied


def test_policies_share_building_and_burn_in():
    scenario = loads("world: {smes: 400, steps: 10, burn_in: 6}\n")
    one, two, three = (seconds_of_world(scenario, policies) for policies in (1, 2, 3))
    assert two - one == pytest.approx(three - two) and 0 < two - one < one
    longer = loads("world: {smes: 400, steps: 20, burn_in: 6}\n")
    assert seconds_of_world(longer, 2) - two == pytest.approx(2 * (seconds_of_world(longer, 1) - one))


def test_a_run_whose_log_does_not_fit_is_refused_and_told_what_to_leave_out(monkeypatch):
    scenario = loads("policies: [solo, random]\n")
    bare = check_run(scenario, logged=False)
    assert bare.bytes_at_once < budget(scenario).bytes_at_once  # one policy needs no copy of the world
    monkeypatch.setattr("sim.scenario.budget.memory_available", lambda: bare.bytes_at_once + 1)
    assert check_run(scenario, logged=False).bytes_at_once == bare.bytes_at_once
    with pytest.raises(UsageError, match="leave --events out"):
        check_run(scenario, logged=True)
    with pytest.raises(UsageError, match=r"with 3 threads .* take fewer threads"):
        check_run(scenario, logged=False, threads=3)


@pytest.mark.slow
def test_the_memory_foreseen_is_what_a_world_takes():
    scenario = loads("policies: [strategic_mobilisation]\nworld: {smes: 1500, clusters: 30, steps: 16, burn_in: 4}\n"
                     "replicates: 1\nfutures: {count: 0}\n")
    world = run(RunSpec(scenario, "strategic_mobilisation")).world
    tables = ("orgs", "rels", "index", "parts", "seats", "ties", "roles", "slots", "members", "member_uids")
    taken = sum(getattr(world, name).nbytes for name in tables)
    assert 1 / 1.5 < budget(scenario).bytes_per_world / taken < 1.5


def test_the_template_is_a_scenario_that_changes_nothing():
    assert fingerprint(loads(template("mine"))) == fingerprint(loads("seed: 1\n"))


def test_the_template_with_every_comment_removed_still_changes_nothing():
    text = template("mine")
    body = text[text.index("# world:") :].replace("\n# ", "\n").removeprefix("# ")
    assert set(yaml.safe_load(body)) == {key.split(".")[0] for key in BY_KEY}
    assert fingerprint(loads(body)) == fingerprint(loads("seed: 1\n"))


def test_the_schema_knows_every_parameter_and_every_name():
    schema = json_schema()
    for parameter in PARAMETERS:
        section, name = parameter.key.split(".", 1)
        reference = schema["properties"][section]["$ref"].rsplit("/", 1)[1]
        entry = schema["$defs"][reference]["properties"][name]
        assert (entry["minimum"], entry["maximum"], entry["default"]) == (
            parameter.low,
            parameter.high,
            parameter.default,
        )
        assert parameter.text in entry["description"]
    text = json.dumps(schema)
    assert '"o_ring"' in text and '"strategic_mobilisation"' in text and "table_hashes" not in text


def test_scenarios_know_their_policies():
    scenario = loads("policies: [solo, random]\n")
    assert scenario.policy("random") is scenario.policies[1]
    assert scenario.policy("neutral") == builtin("neutral")
    with pytest.raises(ScenarioError, match="did you mean 'oracle'"):
        scenario.policy("oracel")
    assert isinstance(scenario, Scenario)


def test_the_schema_beside_the_scenarios_is_the_one_in_force():
    shipped = json.loads((ROOT / "scenarios" / SCHEMA_FILE).read_text(encoding="utf-8"))
    assert shipped == json_schema(), "write it anew: mobilise schema > scenarios/" + SCHEMA_FILE


def test_the_world_of_real_consortia_stands_on_a_fit():
    scenario = load(ROOT / "scenarios" / "real_consortia.yaml")
    found = fitted(scenario)
    assert found is not None and (found.policy, found.years, found.predicted) == ("old_teams", "2014-2016", "2017")
    assert {"search.recall", "world.activity_sigma", "work.complementarity"} <= set(scenario.futures.resolved())
    assert fitted(load(ROOT / "scenarios" / "real_consortia.yaml", overrides={"search.recall": 0.5})) is None
