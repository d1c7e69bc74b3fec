"""The programmes of the founding text run from their files, in small worlds: every arm, its money and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.errors import UsageError
from sim.experiment.compare import resolve
from sim.outcomes.registry import outcomes
from sim.report.names_programme import DISPLACED, FUNNEL, GAINS, MONEY, NAMES, NET, NET_OF_TIES, REMAINS
from sim.report.text_programme import programme
from sim.run import RunResult, RunSpec, run_world
from sim.scenario.load import load

ROOT = Path(__file__).parent.parent
FILES = sorted(path for path in (ROOT / "scenarios").glob("*.yaml") if "\ninstruments:" in path.read_text("utf-8"))
MOST = {"european_cluster_consortia_2011": 6, "materials_clean_technologies": 1, "large_scale_demonstrator": 1,
        "good_practice_exchange": 13}


def small(path: Path) -> dict[str, str]:
    """Return changes that leave a scenario its clusters and dates and few firms."""
    clusters = int(load(path).values()["world.clusters"])
    return {"world.smes": str(max(40, 6 * clusters)), "world.burn_in": "4", "clusters.partnership_rate": "0.1"}


def run_all(path: Path) -> dict[str, RunResult]:
    scenario = load(path, small(path))
    return {one.spec.policy: one for one in run_world([RunSpec(scenario, p.name) for p in scenario.policies])}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_programme_runs_and_its_money_adds_up(path: Path) -> None:
    scenario = load(path)
    results = run_all(path)
    for name, result in results.items():
        pools, totals = result.world.ledger.pools, result.totals
        assert (pools.free + pools.promised + pools.paid + pools.administration == pools.budget).all()
        spent = int(pools.paid.sum() + pools.administration.sum())
        assert totals["public_money"] * 100_000 == pytest.approx(spent)
        policy = scenario.policy(name)
        if not policy.grants or not scenario.in_force(policy):
            assert pools.paid.sum() == 0 and totals["consortia_funded"] == 0
        assert totals["consortia_funded"] <= MOST.get(path.stem, 99)
    assert results["nothing"].totals["public_money"] == 0 and results["nothing"].totals["reached"] == 0
    assert results[scenario.focus].totals["applied"] > 0


def test_thirteen_are_labelled_at_most_and_nothing_is_paid_to_them() -> None:
    path = ROOT / "scenarios" / "escp_labels_2012.yaml"
    found = run_all(path)["label"]
    assert 1 <= found.totals["labelled"] <= 13
    assert found.world.ledger.counts["actions"] == 0 and found.totals["public_money"] <= 65


def test_what_is_said_of_programmes_names_registered_outcomes() -> None:
    shown = set(FUNNEL + MONEY + NET + GAINS + REMAINS + NET_OF_TIES + DISPLACED)
    assert shown == set(NAMES) and shown <= set(outcomes())


def test_compare_says_what_the_money_bought(tmp_path: Path) -> None:
    path = ROOT / "scenarios" / "european_cluster_consortia_2011.yaml"
    changes = {**small(path), "world.steps": "20"}
    result = sim.compare(path, replicates=3, overrides=changes, out=tmp_path / "out", jobs=1)
    said = programme(result.findings)
    for words in ("The funnel", "consortia funded", "What became of the money", "Share of ties alive",
                  "What is added, net of nothing", "Who gains, net of nothing", "The same, net", "of each instrument",
                  "What the public money of programme bought", "against", "label only", "private euro for each euro",
                  "Observed and simulated", "Label only: a label names only partnerships"):
        assert words in said, words
    beside = next(one for one in result.findings.observed)
    written = result.runs[(result.runs["policy"] == "programme")]["outcome_strategies_written"]
    assert beside.simulated.mean == pytest.approx(written.mean()) and beside.low == beside.high == 6
    assert beside.ratio == pytest.approx(written.mean() / 6) and beside.near == (1 / 1.5 <= beside.ratio <= 1.5)
    money = next(one for one in result.findings.accounts if one.policy == "programme").values
    parts = ("smes", "cluster_organisations", "others", "administration", "unspent")
    assert money["budget"] == pytest.approx(sum(money[part] for part in parts)) == 3600
    net, = (one for one in result.findings.leverages if one.against == "nothing")
    private, public = (pd.Series(result.runs[f"outcome_{name}"].to_numpy(), [result.runs["policy"], result.runs["replicate"]])
                       for name in ("private_money", "public_money"))
    assert net.extra.mean == pytest.approx((private["programme"] - private["nothing"]).mean())
    assert net.each == pytest.approx(net.extra.mean / public["programme"].mean())
    bought = {(one.text, one.against): one for one in result.findings.prices}
    bridge = bought["extra bridge between clusters", "nothing"]
    assert bridge.extra.mean > 0 and bridge.low <= bridge.each <= bridge.high
    assert result.findings.to_dict()["prices"]


@pytest.mark.parametrize("one", [
    "kind: voucher, budget: 50, co_funding: 0.5",
    "kind: matchmaking, budget: 50, meetings: 20",
    "kind: consortium_call, budget: 50, grant: 50, applicants: {countries: [29]}",
])
def test_a_programme_to_which_nobody_applied_is_told_with_its_money(tmp_path: Path, one: str) -> None:
    """Vouchers and events have no applications; a call for a country without clusters gets none."""
    file = tmp_path / "one.yaml"
    file.write_text("world: {smes: 60, clusters: 4, steps: 8, burn_in: 2, countries: 30}\nfutures: {count: 0}\n"
                    f"instruments:\n  - {{name: one, start: 1, end: 4, {one}}}\n", encoding="utf-8")
    result = sim.compare(file, replicates=2, out=tmp_path / "out", jobs=1)
    said = programme(result.findings)
    assert "What became of the money" in said and "net of nothing" in said
    spent = {level.policy: level.estimate.mean for level in result.findings.levels if level.outcome == "public_money"}
    assert (spent["programme"] > 0) == ("countries" not in one)
    assert "unspent" in said and said.count("50.0") >= ("countries" in one)


@pytest.mark.parametrize(("one", "why"), [
    ("kind: consortium_call, budget: 50, grant: 50, applicants: {countries: [29]}", "found no applicant"),
    ("kind: consortium_call, budget: 50, grant: 50, eligibility: {members: [4, 4], countries: 4}", "found no other application"),
    ("kind: voucher, budget: 9000, co_funding: 0.5", "was asked for by nobody"),
    ("kind: consortium_call, budget: 90, grant: 50, eligibility: {members: [2, 4]}", "one more grant"),
])
def test_why_money_was_not_spent_is_told(tmp_path: Path, one: str, why: str) -> None:
    file = tmp_path / "one.yaml"
    file.write_text("world: {smes: 60, clusters: 4, steps: 8, burn_in: 2, countries: 30}\nfutures: {count: 0}\n"
                    f"instruments:\n  - {{name: one, start: 1, end: 4, {one}}}\n", encoding="utf-8")
    said = " ".join(programme(sim.compare(file, replicates=2, out=tmp_path / "out", jobs=1).findings).split())
    assert "one (programme):" in said and why in said
    assert "one (label only):" not in said, "an arm without grants has no money to leave"
    if "voucher" in one:  # nobody is labelled for it: that arm is the baseline under another name
        assert "Label only is the same world as nothing" in said and "extra partnership label only" not in said


def test_cautions_stand_among_the_notes_of_an_answer(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text("world: {smes: 60, clusters: 4, steps: 8, burn_in: 2}\nfutures: {count: 0}\ninstruments:\n"
                    "  - {name: one, kind: consortium_call, start: 1, end: 1, budget: 50, grant: 50, markets: [0]}\n",
                    encoding="utf-8")
    found = sim.compare(file, replicates=2, out=tmp_path / "out", jobs=1).findings
    assert any("nobody goes abroad" in note for note in found.notes)


def test_arms_of_a_scenario_can_be_chosen_by_name() -> None:
    path = ROOT / "scenarios" / "cluster_go_international.yaml"
    chosen = resolve(path, policies=["nothing", "first_generation"])
    assert [one.name for one in chosen.policies] == ["nothing", "first_generation"]
    assert chosen.focus == "first_generation" and [one.name for one in chosen.in_force(chosen.policies[0])] == []
    with pytest.raises(UsageError, match="baseline 'nothing'"):
        resolve(path, policies=["programme"])
    with pytest.raises(UsageError, match="did you mean 'label_only'"):
        resolve(path, policies=["nothing", "label_onl"])


def test_without_programmes_nothing_is_said_of_them(tmp_path: Path) -> None:
    result = sim.compare(ROOT / "scenarios" / "classroom.yaml", replicates=2, out=tmp_path / "out", jobs=1,
                         overrides={"futures.count": "0", "world.steps": "3", "world.burn_in": "1"})
    assert programme(result.findings) == "" and result.findings.prices == ()
