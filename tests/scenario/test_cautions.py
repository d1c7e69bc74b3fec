"""What may be said and is hardly meant: each caution has a scenario that brings it about, and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import loads
from sim.scenario.cautions import cautions
from sim.scenario.load import load
from tests.scenario.test_instruments import CALL, OTHER, scenario

ROOT = Path(__file__).parents[2]
DEMO = "name: d, kind: large_scale_demonstrator, budget: 600, grant: 600, pass_through: 0.5, project_grant: 60, start: 1"
EVENTS = "name: m, kind: matchmaking, start: 1, end: 8, budget: 600, meetings: 9"
QUOTA = "name: q, kind: newcomer_quota, share: 0.5"
SAID = [
    (CALL.replace("end: 8", "end: 1") + ", markets: [0]", "nobody goes abroad"),
    (CALL.replace("end: 8", "end: 2") + ", markets: [0, 1]", "several missions share a quarter"),
    (CALL.replace("grant: 200", "grant: 5") + ", markets: [0]", "nobody meets"),
    (DEMO + ", end: 3", "too late to be paid in full"), (DEMO + ", end: 4", "too late for its real-life test"),
    (DEMO + ", end: 5", "one round of projects"),
    (EVENTS + ", applicants: {clusters: [2]}", "nobody meets inside one"),
    (CALL + ", meetings: 4", "sets 'meetings', which a consortium_call does not read"),
    (CALL + ", pass_through: 0.5", "sets 'pass_through'"),
]
SILENT = [CALL + ", markets: [0, 1]", DEMO + ", end: 8", EVENTS, EVENTS + ", applicants: {clusters: [2, 3]}"]


@pytest.mark.parametrize(("instrument", "text"), SAID, ids=[text[:20] for _, text in SAID])
def test_what_is_hardly_meant_is_said(instrument, text):
    found = cautions(loads(scenario(instrument)))
    assert sum(text in one for one in found) == 1, found


@pytest.mark.parametrize("instrument", SILENT)
def test_nothing_is_said_where_all_is_well(instrument):
    assert cautions(loads(scenario(instrument))) == ()


def test_an_action_without_markets_buys_nothing():
    found = cautions(loads(scenario(CALL, OTHER + ", start: 9, end: 12")))
    assert any("nothing is bought" in one for one in found)
    assert cautions(loads(scenario(CALL, OTHER + ", start: 9, end: 12, markets: [0]"))) == ()


def test_one_cluster_has_nobody_to_meet():
    alone = scenario(EVENTS).replace("clusters: 6", "clusters: 1")
    assert any("nobody meets inside one" in one for one in cautions(loads(alone)))


def test_overlapping_calls_to_the_same_applicants_are_named():
    second = CALL.replace("name: call", "name: other").replace("start: 1", "start: 5").replace("end: 8", "end: 12")
    found = cautions(loads(scenario(CALL, second)))
    assert len(found) == 1 and "'call' and 'other' (quarters 5 to 8)" in found[0]
    apart = [f"{text}, eligibility: {{only_clusters: {named}, members: [2, 3]}}"
             for text, named in ((CALL, "[0, 1, 2]"), (second, "[3, 4, 5]"))]
    assert cautions(loads(scenario(*apart))) == ()
    arms = ("policies:\n  - {name: a, like: neutral, instruments: [call]}\n"
            "  - {name: b, like: neutral, instruments: [other]}\n")
    assert cautions(loads(scenario(CALL, second, more=arms))) == ()
    assert cautions(loads(scenario(CALL, second + ", applicants: {kind: sme}"))) == ()


def test_a_quota_that_meets_no_deciding_call_binds_nobody():
    assert any("binds nobody" in one for one in cautions(loads(scenario(CALL, QUOTA + ", start: 2, end: 8"))))
    assert cautions(loads(scenario(CALL, QUOTA + ", start: 1, end: 1"))) == ()


def test_what_was_observed_of_an_arm_that_is_not_compared_is_said():
    seen = "observed:\n  - {outcome: reached, value: 3, policy: programe, source: me}\n"
    found = cautions(loads(scenario(CALL, more=seen)))
    assert len(found) == 1 and "did you mean 'programme'" in found[0]


def test_shipped_programmes_bring_only_what_their_files_explain():
    said = {path.stem: cautions(load(path)) for path in sorted((ROOT / "scenarios").glob("*.yaml"))}
    assert {name for name, texts in said.items() if texts} == {"generations", "life_sciences_club"}
