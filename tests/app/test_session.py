"""What a client may ask: branches share the past, and nothing else gets through."""

from __future__ import annotations

import json

import pytest

import sim
from sim.app.session import LEVERS, LONGEST_MESSAGE, Class, ask
from sim.errors import UsageError
from sim.parameters import BY_KEY


@pytest.fixture(scope="module")
def room():
    scenario = sim.load("scenarios/classroom.yaml", {"world.steps": 8})
    return Class(scenario, ("strategic_mobilisation", "same_known_partners"))


def told(room, **message):
    return json.loads(ask(room, json.dumps(message)))


def test_a_start_shows_the_policies_and_their_levers(room):
    answer = told(room, do="start")
    assert [run["policy"] for run in answer["recording"]["runs"]] == list(room.policies)
    assert {lever["key"] for lever in answer["levers"]} == set(LEVERS)
    assert all(lever["text"] == BY_KEY[lever["key"]].text and lever["low"] <= lever["value"] <= lever["high"]
               for lever in answer["levers"])


def test_a_branch_is_a_third_run_that_shares_the_past(room):
    answer = told(room, do="branch", at=4, policy="strategic_mobilisation", settings={"search.cost_scale": 2.0})
    first, _, third = answer["recording"]["runs"]
    assert answer["at"] == 4 and third["branch"] == {"at": 4, "of": "strategic_mobilisation"}
    assert first["series"]["net"][:4] == third["series"]["net"][:4] and "cost scale 2" in third["label"]
    assert sum(first["series"]["search"][4:]) < sum(third["series"]["search"][4:])
    again = told(room, do="branch", at=4, policy="strategic_mobilisation", settings={})
    assert again["recording"]["runs"][2]["series"] == first["series"]  # no change, no difference


@pytest.mark.parametrize(("text", "said"), [
    ("", "not JSON"), ("[" * 3000, "not JSON"), ("{}", "nothing known"), ('"start"', "nothing known"),
    ('{"do": ["a"]}', "known: start, branch"), ('{"do": {}}', "known: start, branch"), ('{"do": 1}', "nothing known"),
    ('{"do": "start", "file": "/etc"}', "exactly the fields do"), ('{"do": "run"}', "known: start, branch"),
    ('{"do": "branch", "at": 99, "policy": "solo", "settings": {}}', "from 0 to 7"),
    ('{"do": "branch", "at": true, "policy": "solo", "settings": {}}', "from 0 to 7"),
    ('{"do": "branch", "at": 1, "policy": "../solo", "settings": {}}', "no such policy"),
    ('{"do": "branch", "at": 1, "policy": "sol", "settings": {}}', "did you mean 'solo'"),
    ('{"do": "branch", "at": 1, "policy": 7, "settings": {}}', "no such policy"),
    ('{"do": "branch", "at": 1, "policy": "solo", "settings": {"world.smes": 9}}', "only these can be changed"),
    ('{"do": "branch", "at": 1, "policy": "solo", "settings": {"search.cost_scale": 1e9}}', "allowed"),
    ('{"do": "branch", "at": 1, "policy": "solo", "settings": {"search.cost_scale": "1"}}', "allowed"),
    ('{"do": "branch", "at": 1, "policy": "solo", "settings": {"search.cost_scale": NaN}}', "allowed"),
    ('{"do": "branch", "at": 1, "policy": "solo", "settings": []}', "only these"),
    ("x" * (LONGEST_MESSAGE + 1), f"at most {LONGEST_MESSAGE} characters"),
])
def test_whatever_else_is_asked_is_refused_with_the_limit(room, text, said):
    assert said in json.loads(ask(room, text))["problem"]


def test_a_world_too_large_for_a_class_is_refused_with_the_limit():
    for key, value, most in (("world.smes", 50_000, "2,000"), ("world.steps", 200, "120")):
        with pytest.raises(UsageError, match=f"at most {most}"):
            Class(sim.load("scenarios/classroom.yaml", {key: value}), ("solo", "adaptive")).check()
