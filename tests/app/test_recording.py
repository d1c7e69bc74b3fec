"""Recordings: the schema holds, and what the player will derive is what the engine counted."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

import sim
from sim.app.levers import levers
from sim.app.page import as_json, packed, replay
from sim.app.recording import Lane, branch, lanes_of, marks, record
from sim.errors import UsageError
from sim.outcomes.observe import REMEMBERED
from sim.run import run_world

SCENARIOS = {"classroom": {"world.steps": 16}, "shock": {"world.smes": 80, "world.clusters": 4}}


@pytest.fixture(scope="module", params=SCENARIOS)
def told(request):
    scenario = sim.load(f"scenarios/{request.param}.yaml", SCENARIOS[request.param])
    lanes = lanes_of(scenario, ["strategic_mobilisation", "same_known_partners"], replicate=3)
    return lanes, record(lanes)


def naive_ties(recording, run, t):
    """Who is tied at t, straight from the words of the schema, quarter by quarter and pair by pair."""
    p, gone, seat, start, found = run["partnerships"], dict(run["gone"]), 0, 0, {}
    past = recording["past"]
    order = [(frozenset(pair), [(last, last + 9)]) for *pair, last in zip(past["a"], past["b"], past["last"], strict=True)]
    for k, size in enumerate(p["size"]):
        start += p["start"][k]
        end = start + p["length"][k] - 1 if p["length"][k] else 10**6
        rows = [(p["member"][n], start + p["late"][n], start + p["early"][n] - 1 if p["early"][n] else end)
                for n in range(seat, seat + size)]
        seat += size
        for i, (one, came, went) in enumerate(rows):
            for other, came_before, left_before in rows[:i]:
                if left_before > came or left_before == end or came == came_before:
                    both = max(came, came_before)
                    order.append((frozenset((one, other)), [(both, max(both, min(went, left_before)) + 9)]))
    for pair, spans in order:
        found.setdefault(pair, []).extend(spans)
    alive = {pair: any(a <= t < b for a, b in spans) and all(t < gone.get(org, 10**6) for org in pair)
             for pair, spans in found.items()}
    for number, begin, end in run["fixes"]:
        if begin <= t < end:
            pair = list(found)[number]
            alive[pair] = not alive[pair]
    return {pair for pair, there in alive.items() if there}


def test_the_schema_holds(told):
    schema = json.loads(files("sim.app").joinpath("recording.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(as_json(told[1])), schema)


def test_ties_derived_are_the_ties_the_engine_counted(told):
    for run in told[1]["runs"]:
        for t in range(1, told[1]["quarters"] + 1):
            assert len(naive_ties(told[1], run, t)) == run["series"]["ties"][t - 1], (run["policy"], t)


def test_ties_at_the_end_are_the_engines_own_pairs(told):
    lanes, recording = told
    for run, result in zip(recording["runs"], run_world([lane.spec for lane in lanes]), strict=True):
        world = result.world
        rels, step, orgs = world.rels[: int(world.n.relations)], int(world.n.step) - 1, world.orgs
        alive = (rels.running > 0) | ((rels.times > 0) & (step - rels["last"] <= REMEMBERED))
        alive &= (orgs.left[rels.a] < 0) & (orgs.left[rels.b] < 0)
        founders = recording["organisations"]["founders"]
        pairs = {frozenset((int(r.a), int(r.b))) for r in rels[alive] if max(r.a, r.b) < founders}
        mine = {pair for pair in naive_ties(recording, run, recording["quarters"]) if max(pair) < founders}
        assert mine == pairs


def test_trust_is_within_a_level_of_the_engines(told):
    lanes, recording = told
    result = run_world([lanes[0].spec])[0]
    run, rels = recording["runs"][0], result.world.rels
    level = dict(enumerate(run["trust"]["first"]))
    codes = iter(run["trust"]["code"])
    for count in run["trust"]["count"]:
        tie = 0
        for _ in range(count):
            code = next(codes)
            tie += code >> 1
            level[tie] += 1 if code & 1 else -1
    assert next(codes, None) is None and all(0 <= value <= 8 for value in level.values())
    order = list(dict.fromkeys(frozenset(pair) for pair in zip(recording["past"]["a"], recording["past"]["b"], strict=True)))
    alive = naive_ties(recording, run, recording["quarters"])
    exact = {frozenset((int(r.a), int(r.b))): float(r.trust_ab + r.trust_ba) * 4 for r in rels[: int(result.world.n.relations)]}
    gaps = [abs(level[k] - exact[pair]) for k, pair in enumerate(order) if pair in alive]
    assert gaps and max(gaps) <= 0.76


def test_the_same_policy_on_both_sides_is_the_same_log():
    scenario = sim.load("scenarios/classroom.yaml", {"world.steps": 8})
    one, other = record(lanes_of(scenario, ["solo", "solo"]))["runs"]
    assert one == other


def test_two_builds_of_one_replay_are_the_same_bytes():
    scenario = sim.load("scenarios/classroom.yaml", {"world.steps": 6})
    one, other = (replay(record(lanes_of(scenario, ["solo", "adaptive"]))) for _ in range(2))
    assert one.encode() == other.encode()


def test_a_branch_shares_the_past_and_then_differs():
    scenario = sim.load("scenarios/classroom.yaml", {"world.steps": 12})
    lane = lanes_of(scenario, ["same_known_partners"])[0]
    same = record([lane, branch(lane, 6, scenario, "same_known_partners", "same")])
    assert same["runs"][0]["partnerships"] == same["runs"][1]["partnerships"]
    dearer = scenario.model_copy(update={"work": scenario.work.model_copy(update={"coordination_cost": 5.0})})
    made = record([lane, branch(lane, 6, scenario, "strategic_mobilisation", "wide"),
                   branch(lane, 6, dearer, "same_known_partners", "dear")])
    first, wide, dear = (run["series"] for run in made["runs"])
    assert first["net"][:6] == wide["net"][:6] == dear["net"][:6]
    assert first["net"][6:] != wide["net"][6:] and sum(first["work"][6:]) < sum(dear["work"][6:])
    larger = scenario.model_copy(update={"world": scenario.world.model_copy(update={"smes": 70})})
    with pytest.raises(UsageError, match=r"world.smes cannot change"):
        record([lane, branch(lane, 6, larger, "solo", "x")])


def test_a_branch_to_an_arm_without_programmes_ends_their_calls():
    """From quarter 0 it is the run without them; later the past stays and no more is granted than before."""
    small = {"world.smes": 150, "world.clusters": 10, "world.steps": 12}
    scenario = sim.load("scenarios/european_cluster_consortia_2011.yaml", small)
    policy = next(one.name for one in scenario.policies if one.instruments is None or one.instruments)
    without = next(one.name for one in scenario.policies if one.instruments == ())
    lane = lanes_of(scenario, [policy])[0]
    made = record([lane, lanes_of(scenario, [without])[0], branch(lane, 0, scenario, without, "from the first"),
                   branch(lane, 8, scenario, without, "from the ninth")])["runs"]
    funded, bare, first, ninth = made
    assert funded["totals"]["public_money"] > 0 == bare["totals"]["public_money"] == first["totals"]["public_money"]
    assert first["partnerships"] == bare["partnerships"] != funded["partnerships"]
    assert ninth["series"]["net"][:8] == funded["series"]["net"][:8] and ninth["totals"]["public_money"] <= funded["totals"]["public_money"]


def test_two_pages_of_one_recording_are_the_same_bytes(told):
    assert replay(told[1]) == replay(json.loads(as_json(record(told[0]))))
    assert packed("x") == packed("x") and not set("<&") & set(packed("known partners" * 99))


def test_too_much_is_refused_with_the_limit():
    scenario = sim.load("scenarios/classroom.yaml", {"world.smes": 50_000})
    with pytest.raises(UsageError, match="50,000 organisations are too many to watch; a recording holds at most 20,000"):
        record(lanes_of(scenario, ["solo"]))
    with pytest.raises(UsageError, match="1 to 4 policies, not 5"):
        record(lanes_of(sim.load("scenarios/classroom.yaml"), ["solo"] * 5))
    small = lanes_of(sim.load("scenarios/classroom.yaml"), ["solo"])
    with pytest.raises(UsageError, match="one world"):
        record([*small, *lanes_of(sim.load("scenarios/classroom.yaml"), ["solo"], replicate=1)])


def test_recording_changes_nothing():
    scenario = sim.load("scenarios/classroom.yaml", {"world.steps": 6})
    lane = lanes_of(scenario, ["adaptive"])[0]
    told = record([lane])["runs"][0]["totals"]
    plain = run_world([lane.spec])[0].totals
    assert all(np.isclose(told[name], value, rtol=1e-3, atol=1e-9) for name, value in plain.items() if np.isfinite(value))
    assert isinstance(lane, Lane)


def test_a_replay_of_three_hundred_firms_stays_under_two_hundred_kilobytes():
    scenario = sim.load("scenarios/known_vs_strategic.yaml", {"world.smes": 300, "world.clusters": 6, "world.steps": 60})
    page = replay(record(lanes_of(scenario, ["strategic_mobilisation", "same_known_partners"])))
    assert len(page.encode()) <= 200_000


def test_shocks_and_programmes_are_marked_where_they_are_dated():
    assert [(mark["t"], mark["kind"]) for mark in marks(sim.load("scenarios/shock.yaml"))] == [(13, "shock"), (21, "shock")]
    scenario = sim.load("scenarios/european_cluster_consortia_2011.yaml")
    told = {(mark["t"], mark["text"]) for mark in marks(scenario)}
    one = scenario.instruments[0]
    shown = levers(scenario, [scenario.policy(name) for name in (scenario.focus, scenario.baseline)])
    assert next(row["values"] for row in shown if row["key"] == one.name) == [f"{one.budget:,.0f} kEUR", "none"]
    assert (one.start, f"{one.name.replace('_', ' ')} starts") in told
