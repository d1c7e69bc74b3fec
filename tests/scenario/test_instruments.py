"""Programmes in a scenario file: what is refused with a place, what stands for what, which arms there are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.run import RunSpec
from sim.scenario import fingerprint, loads
from sim.scenario.build import programmes_of
from sim.scenario.catalogue import explain, instrument_entries
from sim.scenario.describe import describe

ROOT = Path(__file__).parents[2]
WORLD = "world: {smes: 60, clusters: 6, steps: 20, countries: 3, sectors: 5, markets: 2, fields: 20}\n"
CALL = "name: call, kind: consortium_call, start: 1, end: 8, budget: 600, grant: 200"
OTHER = "name: next, kind: operational_action, budget: 400, grant: 200, after: [call]"


def scenario(*instruments, more=""):
    return WORLD + "instruments:\n" + "".join(f"  - {{{one}}}\n" for one in instruments) + more


BAD = [
    (scenario(CALL.replace("end: 8", "end: 40")), "instruments[1].end", "after the end"),
    (scenario(CALL.replace("start: 1, end: 8", "start: 25, end: 26")), "instruments[1].start", "after the end"),
    (scenario(CALL.replace("start: 1", "start: 9")), "instruments[1].end", "before it starts"),
    (scenario(CALL.replace("budget: 600", "budget: 100")), "instruments[1].budget", "one grant of 200"),
    (scenario(CALL.replace("grant: 200", "grant: 0")), "instruments[1]", "no 'grant'"),
    (scenario(CALL + ", co_funding: 0"), "instruments[1].co_funding", "the rate is 0"),
    (scenario(CALL + ", co_funding: 1.2"), "instruments[1].co_funding", "out of range"),
    (scenario(CALL + ", markets: [2]"), "instruments[1].markets[1]", "unknown market 2"),
    (scenario(CALL + ", eligibility: {members: [7, 9]}"), "instruments[1].eligibility.members", "nobody can enter"),
    (scenario(CALL + ", eligibility: {members: [1, 9]}"), "instruments[1].eligibility.members", "2 to 100"),
    (scenario(CALL + ", eligibility: {members: [5, 4]}"), "instruments[1].eligibility.members", "5 to 4"),
    (scenario(CALL + ", eligibility: {countries: 4}"), "instruments[1].eligibility.countries", "nobody can enter"),
    (scenario(CALL + ", eligibility: {members: [2, 2], sectors: 3}"), "instruments[1].eligibility.sectors", "at most 2"),
    (scenario(CALL + ", eligibility: {sme_share: 0.5}"), "instruments[1].eligibility.sme_share", "not SMEs"),
    (scenario(CALL + ", applicants: {clusters: [6]}"), "instruments[1].applicants.clusters[1]", "does not exist"),
    (scenario(CALL + ", applicants: {countries: [-1]}"), "instruments[1].applicants.countries[1]", "does not exist"),
    (scenario(CALL + ", applicants: {kind: firm}"), "instruments[1].applicants.kind", "unknown kind"),
    (scenario(CALL, CALL), "instruments[2].name", "there twice"),
    (scenario(CALL + ", policy: strategic"), "instruments[1].policy", "unknown policy"),
    (scenario(CALL.replace("consortium_call", "consortium_cal")), "instruments[1].kind", "consortium_call"),
    (scenario(CALL, OTHER + ", start: 8, end: 12"), "instruments[2].after[1]", "overlap"),
    (scenario(CALL, OTHER.replace("[call]", "[cal]") + ", start: 9, end: 12"), "instruments[2].after[1]", "'call'"),
    (scenario(CALL, OTHER.replace(", after: [call]", "") + ", start: 9, end: 12"), "instruments[2]", "needs 'after'"),
    (scenario(CALL.replace("consortium_call", "voucher").replace("call,", "call,"), OTHER + ", start: 9, end: 12"),
     "instruments[2].after[1]", "writes no strategy"),
    (scenario("name: d, kind: large_scale_demonstrator, start: 1, end: 8, budget: 600, grant: 600, pass_through: 0.5"),
     "instruments[1].project_grant", "are passed on"),
    (scenario("name: m, kind: matchmaking, start: 1, end: 8, budget: 600"), "instruments[1]", "meetings"),
    (scenario(CALL, more="policies:\n  - {name: a, like: neutral, instruments: [cal]}\n"), "policies[1].instruments[1]",
     "did you mean 'call'"),
    (scenario(CALL + ", applicants: {kind: research}"), "instruments[1].applicants.kind", "world.research is 0"),
    (scenario(CALL + ", applicants: {label: true}"), "instruments[1].applicants.label", "labels anybody before"),
    (scenario(CALL.replace("budget: 600", "budget: 0"), OTHER + ", start: 9, end: 12"), "instruments[2].after",
     "has no budget"),
    (scenario(CALL + ", applicants: {kind: sme}", OTHER + ", start: 9, end: 12"), "instruments[2].after[1]",
     "led by a sme"),
    (scenario(CALL, OTHER + ", start: 9, end: 12", more="policies:\n  - {name: a, like: neutral, instruments: [next]}\n"),
     "policies[1].instruments", "is not in force"),
    (scenario(CALL + ", markets: [0, 1, 0]"), "instruments[1].markets[3]", "0 is there twice"),
    (scenario(CALL, OTHER.replace("[call]", "[call, call]") + ", start: 9, end: 12"), "instruments[2].after[2]",
     "call is there twice"),
    (scenario(CALL + ", applicants: {clusters: [1, 1]}"), "instruments[1].applicants.clusters[2]", "there twice"),
    (scenario(CALL + ", eligibility: {only_clusters: [1, 2, 1]}"), "instruments[1].eligibility.only_clusters[3]",
     "there twice"),
    (scenario(CALL + ", eligibility: {only_clusters: [1, 6]}"), "instruments[1].eligibility.only_clusters[2]",
     "does not exist"),
    (scenario(CALL + ", eligibility: {members: [3, 4], only_clusters: [1, 2]}"),
     "instruments[1].eligibility.only_clusters", "nobody can enter"),
    (scenario(CALL + ", applicants: {clusters: [0]}, eligibility: {only_clusters: [1, 2]}"),
     "instruments[1].eligibility.only_clusters", "none of these clusters"),
    (scenario(CALL + ", applicants: {together: true}"), "instruments[1].applicants.together", "needs eligibility"),
    (scenario(CALL, more="policies:\n  - {name: a, like: neutral, instruments: [call, call]}\n"),
     "policies[1].instruments[2]", "there twice"),
    (scenario(CALL, more="observed:\n  - {outcome: reched, value: 3, source: me}\n"), "observed[1].outcome",
     "did you mean 'reached'"),
    (scenario(CALL, more="observed:\n  - {outcome: reached, value: [3, 1], source: me}\n"), "observed[1].value",
     "lowest comes first"),
    (scenario(CALL, more="observed:\n  - {outcome: reached, value: many, source: me}\n"), "observed[1].value", "a list"),
    (scenario(CALL, more="observed:\n  - {outcome: reached, value: 3}\n"), "observed[1].source", "is missing"),
    (scenario(CALL + ", bugdet: 3"), "instruments[1].bugdet", "did you mean 'budget'"),
]


@pytest.mark.parametrize(("text", "key", "said"), BAD, ids=[f"{key}-{said[:12]}" for _, key, said in BAD])
def test_what_cannot_be_is_refused_with_its_place(text, key, said):
    with pytest.raises(ScenarioError) as error:
        loads(text)
    problems = {problem.key: problem for problem in error.value.problems}
    assert key in problems, list(problems)
    assert said in str(problems[key])
    assert problems[key].line is not None and problems[key].line > 1


def test_the_default_arms_are_the_programme_the_label_alone_and_nothing():
    found = loads(scenario(CALL))
    assert [policy.name for policy in found.policies] == ["programme", "label_only", "nothing"]
    assert (found.focus, found.baseline) == ("programme", "nothing")
    by_name = {policy.name: found.arm(policy) for policy in found.policies}
    assert by_name["programme"]["grants"] and not by_name["label_only"]["grants"]
    assert "instruments" not in by_name["nothing"]


def test_without_instruments_nothing_is_added():
    found = loads(WORLD)
    assert all("instruments" not in found.arm(policy) for policy in found.policies)
    assert fingerprint(loads(WORLD + "instruments: []\n")) == fingerprint(found)


def test_an_arm_without_instruments_is_the_policy_alone():
    arms = "policies:\n  - {name: nothing, like: neutral, instruments: []}\n"
    assert RunSpec(loads(scenario(CALL, more=arms)), "nothing").run_id == RunSpec(loads(WORLD + arms), "nothing").run_id


def test_the_engine_gets_whole_cents_and_quarters_from_0():
    found = loads(scenario(OTHER + ", start: 9, end: 12, markets: [1], applicants: {kind: sme}",
                           CALL + ", co_funding: 0.1, applicants: {kind: sme, countries: [0, 2]}"))
    call, after = programmes_of(found, found.policy("programme"), None)
    assert (call.name, call.number, call.start, call.end, call.quarters) == ("call", 0, 0, 7, 8)
    assert (call.budget, call.grant, call.rate) == (60_000_000, 20_000_000, Fraction(1, 10))
    assert call.pays_of(call.cost) == call.grant and call.applicants.countries == (0, 2) and call.applicants.kind == 0
    assert after.after == (0,) and after.start == 8 and after.markets == (1,)


def test_order_and_prose_change_nothing_and_every_number_does():
    one = loads(scenario(CALL, OTHER + ", start: 9, end: 12"))
    same = loads(scenario(OTHER + ", start: 9, end: 12, text: told", CALL + ", source: told"))
    assert fingerprint(one) == fingerprint(same)
    assert fingerprint(one) != fingerprint(loads(scenario(CALL + ", co_funding: 0.5", OTHER + ", start: 9, end: 12")))


def test_programmes_are_described_and_explained():
    text = describe(loads(scenario(CALL)))
    assert "Public programmes" in text and "- nothing: none" in text and "label only, nothing is paid" in text
    for entry in instrument_entries():
        assert {"Effect", "Money", "Who", "Source", "Special cases"} <= set(entry.details), entry.name
        assert explain(entry.name)
    assert explain("instruments.co_funding")[0].text
