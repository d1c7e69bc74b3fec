"""From a scenario's text to a world: policies, parameters, tables, seeds."""

from __future__ import annotations

import gzip
import hashlib

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.parameters import make_params
from sim.rules import registry
from sim.scenario import builtin, loads, policy_names
from sim.scenario.build import adopt, build, policy_rows, run_seed
from sim.vocab import Mode, Search, Source

TEXT = "name: test\nworld:\n  smes: 200\n  clusters: 5\n"
POLICY = builtin("strategic_mobilisation")
OTHER = builtin("more_the_merrier")


def bits(world):
    names = ("orgs", "rels", "clusters", "slots", "members", "index")
    return hashlib.sha256(b"".join(getattr(world, name).tobytes() for name in names)).hexdigest()


def test_the_world_depends_on_seed_and_replicate_never_on_the_policy():
    scenario = loads(TEXT)
    start = bits(build(scenario, POLICY, {}, 0))
    assert bits(build(scenario, OTHER, {}, 0)) == start
    assert bits(build(scenario, POLICY, {}, 1)) != start
    assert bits(build(loads(TEXT + "seed: 2\n"), POLICY, {}, 0)) != start


def test_a_future_changes_parameters_and_no_luck():
    scenario = loads(TEXT)
    now, then = (build(scenario, POLICY, future, 3) for future in ({}, {"work.complementarity": -5.0}))
    assert (now.p.work_complementarity, then.p.work_complementarity) == (-2.0, -5.0)
    assert now.seed == then.seed
    assert bits(now) == bits(then)


def test_run_seeds_differ():
    assert len({run_seed(seed, replicate) for seed in range(50) for replicate in range(50)}) == 2500


def test_rules_are_linked_by_name():
    world = build(loads(TEXT + "rules:\n  produce: o_ring\n  trust: fixed\n"), POLICY, {}, 0)
    assert world.rule.produce == registry.rule_id("produce", "o_ring")
    assert world.rule.trust == registry.rule_id("trust", "fixed")
    assert world.rule.accept == registry.rule_id("accept", "standard")


def test_three_policies_and_everybody_neutral_until_the_comparison_begins():
    scenario = loads(TEXT + "adopters: 0.5\nbaseline: solo\npolicies: [solo, more_the_merrier]\n"
                     "focus: more_the_merrier\n")
    world = build(scenario, POLICY, {}, 0)
    expected = policy_rows((POLICY, builtin("solo"), builtin("neutral")), world.p)
    assert (world.pol == expected).all()
    assert set(world.orgs.policy) == {2}
    adopt(world, scenario, OTHER)
    assert (world.pol[0], world.pol[1]) == (policy_rows((OTHER,), world.p)[0], expected[1])
    share = (world.orgs.policy[: world.n.organisations] == 0).mean()
    assert 0.35 < share < 0.65
    world.reserve_plans(1)
    assert world.plan_member.shape[1] == 25


def test_all_adopt_by_default():
    scenario = loads(TEXT)
    world = build(scenario, POLICY, {}, 0)
    adopt(world, scenario, POLICY)
    assert set(world.orgs.policy) == {0}


@pytest.mark.parametrize("name", policy_names())
def test_every_built_in_policy_is_a_row(name):
    policy, p = builtin(name), make_params()
    row = policy_rows((policy,), p)[0]
    weights = zip(registry.names("terms"), row.weights, strict=False)
    terms = {term: weight for term, weight in weights if weight}
    assert terms == {term: weight for term, weight in policy.terms.items() if weight > 0}
    assert {source.name.lower() for source in Source if row.open[source]} == set(policy.sources)
    assert (row.usual_size, row.max_size) == (policy.size, policy.max_size)
    assert registry.names("growth")[row.growth_rule] == policy.growth
    assert registry.names("fill")[row.fill_rule] == policy.fill
    assert Mode(row["mode"]).name.lower() == policy.mode
    assert Search(int(row.search)).name.lower() == policy.search
    assert (row.shared_goal, row.shares_by_role, row.trusted_lead) == (
        policy.practice.shared_goal, policy.practice.shares_by_role, policy.practice.trusted_lead)
    assert row.reads == registry.reads(terms)
    for key in ("enough", "min_gain", "renew", "p", "q", "threshold", "sees_truth"):
        assert row[key] == getattr(policy, key)


def test_search_comes_from_the_parameters_unless_the_policy_says_otherwise():
    p = make_params({"search.cost_scale": 2.0, "search.open_cost": 3.0, "search.own_scan": 9})
    policy = POLICY.model_copy(update={"scan": {"known": 5}, "contacts": {"open_call": 1}})
    row = policy_rows((policy,), p)[0]
    assert list(row.scan[:5]) == [5, 16, 9, 64, 32]
    assert list(row.contacts[:5]) == [64, 8, 8, 16, 1]
    assert list(row.cost[:5]) == pytest.approx([0.2, 1.0, 1.0, 1.4, 6.0])


def test_a_closed_source_keeps_its_price():
    row = policy_rows((builtin("same_known_partners"),), make_params())[0]
    assert not row.open[Source.OWN_CLUSTER]
    assert (row.cost[Source.OWN_CLUSTER], row.contacts[Source.OWN_CLUSTER]) == (0.5, 8)


def test_the_oracle_searches_for_nothing():
    assert not policy_rows((builtin("oracle"),), make_params())[0].cost.any()


def test_a_term_of_weight_zero_equals_none():
    weighted = POLICY.model_copy(update={"terms": {**POLICY.terms, "diversity": 0.0}})
    one, other = policy_rows((POLICY, weighted), make_params())
    assert one == other


# --- tables ----------------------------------------------------------------------------------


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    names = "".join(f"  {name}: {name}.csv\n" for name in files)
    return loads(f"{TEXT}tables:\n{names}", folder=folder)


CLUSTERS = "id,country,sector,management\nc1,AT,0,0.5\nc2,BE,3,0.75\n"
PEOPLE = "id,kind,country,sector,cluster,activity,fields\nx,sme,AT,0,c1,,3:0.5\ny,research,BE,1,,2.5,\n"


def test_a_users_own_world(tmp_path):
    scenario = write(tmp_path, clusters=CLUSTERS, organisations=PEOPLE)
    world = build(scenario, POLICY, {}, 0)
    assert (world.n.organisations, world.n.clusters) == (4, 2)
    assert (world.p.world_smes, world.p.world_research, world.p.world_countries) == (1, 1, 2)
    assert list(world.clusters.management) == [0.5, 0.75]
    assert (world.orgs.fields[2, 0], world.orgs.levels[2, 0], world.orgs.activity[3]) == (3, 0.5, 2.5)
    assert set(world.orgs.policy) == {2}


def test_own_clusters_with_drawn_members(tmp_path):
    world = build(write(tmp_path, clusters=CLUSTERS), POLICY, {}, 0)
    assert (world.n.organisations, world.n.clusters) == (202, 2)
    assert list(world.clusters.sector) == [0, 3]


def test_a_users_relatedness(tmp_path):
    matrix = np.full((40, 40), 0.5) + 0.5 * np.eye(40)
    scenario = write(tmp_path, relatedness="\n".join(",".join(f"{x:g}" for x in row) for row in matrix))
    world = build(scenario, POLICY, {}, 0)
    assert (world.relatedness == matrix).all()
    assert world.other_sector[0] == pytest.approx(np.arange(10) / 9)


PROJECTS = "project,start,end,theme\n1,2020-01-01,2021-01-01,T\n"
TOOK_PART = "project,org,role,type,country\n1,7,C,PRC,AT\n1,8,P,HES,BE\n"


def test_a_world_from_past_projects(tmp_path):
    for name, text in (("projects", PROJECTS), ("participations", TOOK_PART)):
        with gzip.open(tmp_path / f"{name}.csv.gz", "wt", encoding="utf-8") as file:
            file.write(text)
    tables = "tables:\n  projects: projects.csv.gz\n  participations: participations.csv.gz\n"
    scenario = loads(f"name: past\n{tables}", folder=tmp_path)
    worlds = [build(scenario, POLICY, {}, replicate) for replicate in (0, 1)]
    for world in worlds:
        assert (world.n.organisations, world.n.clusters, world.n.relations) == (2, 0, 1)
        assert world.rels.times[0] == 1
    assert list(worlds[0].orgs.uid[:2]) == list(worlds[1].orgs.uid[:2])
    assert worlds[0].orgs.openness[0] != worlds[1].orgs.openness[0]


def test_clusters_of_ones_own_do_not_go_with_past_projects(tmp_path):
    with pytest.raises(ScenarioError, match="cannot be used together"):
        build(write(tmp_path, clusters=CLUSTERS, projects=PROJECTS, participations=TOOK_PART), POLICY, {}, 0)


def test_a_table_that_changed_is_read_again(tmp_path):
    scenario = write(tmp_path, clusters=CLUSTERS, organisations=PEOPLE)
    assert build(scenario, POLICY, {}, 0).n.organisations == 4
    write(tmp_path, organisations=PEOPLE + "z,sme,AT,0,c2,,\n", clusters=CLUSTERS)
    assert build(scenario, POLICY, {}, 0).n.organisations == 5
