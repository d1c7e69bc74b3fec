"""Changes that must change nothing, to the bit: MODEL 9, points 1 and 6; TRUST 2 and 3."""

from __future__ import annotations

import numpy as np
import pytest

from sim.luck import stream
from sim.phases.desks import Desks
from sim.phases.learn import learn
from sim.phases.stock import take_stock
from sim.phases.trust import trust
from sim.scenario import loads
from sim.scenario.build import adopt, build
from sim.simulation import Simulation, adopt_policy
from sim.world import tables as t

PRACTICE = {"shares_by_role": 0, "trusted_lead": 0, "shared_goal": 0}


def after(engine, steps=10, **settings):
    simulation = engine.begin(**settings)
    simulation.run(steps)
    assert simulation.world.n.partnerships > 10
    return simulation


@pytest.mark.parametrize("seed", [1, 2, 2**63 + 5])
def test_the_same_policy_in_another_row_gives_the_same_bits(engine, seed):
    """Everybody follows row 0, everybody follows row 1, or half each: the rows hold the same policy."""
    worlds = [after(engine, seed=seed, share=share).world for share in (1.0, 0.0, 0.5)]
    states = [engine.bits(world, without=("policy",)) for world in worlds]
    assert states[0] == states[1] == states[2]


def test_a_policy_that_differs_only_in_its_name_gives_the_same_bits(engine):
    text = """
name: names
question: "Does a name matter?"
policies:
  - {name: one, sources: [known, own_cluster], terms: {trust: 1}, fill: size}
  - {name: another, text: "The same.", sources: [known, own_cluster], terms: {trust: 1}, fill: size}
world: {smes: 40, clusters: 4, burn_in: 2}
challenges: {rate: 0.3}
"""
    scenario, states = loads(text), []
    for name in ("one", "another"):
        world = build(scenario, scenario.policy(name), {}, 0)
        simulation = Simulation(world)
        simulation.burn_in()
        adopt(world, scenario, scenario.policy(name))
        simulation.run(8)
        states.append(engine.bits(world))
    assert states[0] == states[1]


@pytest.mark.parametrize("policy", [{}, {"sources": ("directory",), "sees_truth": 1}])
def test_threads_change_no_bit(engine, policy):
    one, two, many = (after(engine, threads=n, policy=policy, challenges__rate=0.8) for n in (1, 2, 5))
    assert engine.bits(one.world) == engine.bits(two.world) == engine.bits(many.world)
    for name, values in one.series.items():
        np.testing.assert_array_equal(values, two.series[name], name)
        np.testing.assert_array_equal(values, many.series[name], name)


def test_trust_and_learning_may_go_side_by_side(engine):
    """A second thread learns while trust moves: either order must give the same bits, or neither thread may start."""
    one = after(engine, steps=6, challenges__rate=0.8).world
    other = one.copy()
    assert one.n.active > 0 and (one.rels.running[: one.n.relations] == 0).any()
    before = engine.bits(one)
    trust(one)
    verdicts = take_stock(one)
    assert engine.bits(one) != before and (verdicts > 0).any() and (verdicts == 0).any()
    learn(one)
    learn(other)
    trust(other)
    assert (take_stock(other) == verdicts).all()
    assert engine.bits(one) == engine.bits(other)


def test_threads_may_come_and_go(engine):
    one, other = engine.begin(challenges__rate=0.8), engine.begin(challenges__rate=0.8)
    for threads in (2, 1, 3, 1):
        other.desks = Desks(threads)
        one.run(2)
        other.run(2)
    assert engine.bits(one.world) == engine.bits(other.world)


def test_the_log_changes_no_bit(engine):
    quiet, noted = after(engine), after(engine, log=True)
    assert engine.bits(quiet.world) == engine.bits(noted.world)
    assert quiet.world.n.events == quiet.world.n.whys == 0
    assert noted.world.n.events > 0 and noted.world.n.whys > 0


def test_a_copy_goes_on_as_the_original_and_leaves_it_alone(engine):
    first = after(engine, steps=4)
    before = engine.bits(first.world)
    twin = Simulation(first.world.copy())
    twin.run(6)
    assert engine.bits(first.world) == before
    first.run(6)
    assert engine.bits(first.world) == engine.bits(twin.world)


def test_a_straight_run_is_the_same_as_one_in_parts(engine):
    straight, parts = engine.begin(), engine.begin()
    straight.run(9)
    for steps in (2, 3, 4):
        parts.run(steps)
    assert engine.bits(straight.world) == engine.bits(parts.world)
    assert all((np.array_equal(parts.series[name], column, equal_nan=True))
               for name, column in straight.series.items())


def test_going_on_leaves_the_first_steps(engine):
    short, long = engine.begin(), engine.begin()
    short.run(5)
    long.run(12)
    assert all(np.array_equal(long.series[name][:5], column, equal_nan=True) for name, column in short.series.items())


def test_a_seed_decides(engine):
    assert engine.bits(after(engine, seed=1).world) == engine.bits(after(engine, seed=1).world)
    assert engine.bits(after(engine, seed=1).world) != engine.bits(after(engine, seed=2).world)


def test_weight_0_is_absence(engine):
    terms = {"role_gain": 1.0, "trust": 0.3}
    everything = {**terms, "centrality": 0.0, "skin_overlap": 0.0, "shared_partners": 0.0, "proximity": 0.0}
    with_zeros, without = (after(engine, policy={"terms": weights}) for weights in (everything, terms))
    assert engine.bits(with_zeros.world) == engine.bits(without.world)


@pytest.mark.parametrize(("settings", "rules"), [
    ({"learn__partners": 0.0, "learn__acquire": 0.0, "learn__doing": 0.0, "learn__fade": 0.0}, {"learn": "none"}),
    ({"trust__loss": 0.1, "trust__gain": 0.1}, {"trust": "symmetric"}),
    ({"learn__partners": 0.0, "learn__acquire": 0.0}, {"learn": "doing_only"}),
])
def test_a_parameter_at_its_limit_is_the_simpler_rule(engine, settings, rules):
    limit, simpler = after(engine, **settings), after(engine, rules=rules, **settings)
    assert engine.bits(limit.world) == engine.bits(simpler.world)


def test_a_renewal_of_chance_0_is_no_renewal(engine):
    never = after(engine, rules={"renew": "never"})
    assert engine.bits(never.world) == engine.bits(after(engine, policy={"renew": 0.0}).world)
    assert never.series["renewed"].sum() == 0


def test_a_source_that_looks_at_nobody_is_a_closed_one(engine):
    world = engine.make(policy={"sources": ("known", "own_cluster", "open_call")})
    world.pol.scan[0, 4] = 0
    shut = engine.make(policy={"sources": ("known", "own_cluster")})
    shut.pol.scan[0, 4] = 0
    for w in (world, shut):
        simulation = Simulation(w)
        adopt_policy(simulation.world)
        simulation.run(8)
    counted = ("cap_hits",)
    assert engine.bits(world, without=counted) == engine.bits(shut, without=counted)


def add_hermit(world, uid):
    """Append a firm that knows nobody, is in no cluster, starts nothing and has room for nothing."""
    world.reserve("orgs", 1)
    row = int(world.n.organisations)
    blank = t.ORGANISATIONS.allocate(1)[0]
    for name in blank.dtype.names:
        world.orgs[name][row] = blank[name]
    world.orgs.uid[row], world.orgs.fields[row, 0], world.orgs.levels[row, 0] = uid, 0, 0.5
    world.orgs.mask[row], world.orgs.born[row], world.orgs.vision[row] = 1, -40, 0.5
    place = int(np.flatnonzero(world.slots < 0)[-1])
    world.orgs.slot[row], world.slots[place] = place, row
    world.n.organisations += 1
    return row


def by_uid(engine, world, hermit=None):
    """Return all that happened, told by uids, without one organisation."""
    orgs, parts = engine.rows(world, "orgs"), engine.rows(world, "parts")
    people = {int(o.uid): (int(o.capital), int(o.running), int(o.left), int(o.mask), o.levels.tobytes(),
                           o.vision.tobytes(), float(o.openness), float(o.reputation)) for o in orgs
              if o.uid != hermit}
    pairs = {(int(orgs.uid[r.a]), int(orgs.uid[r.b])): (float(r.trust_ab), float(r.trust_ba), int(r.times))
             for r in engine.rows(world, "rels")}
    work = [(int(x.uid), int(x.start), int(x.ended), int(x.value), int(orgs.uid[x.lead])) for x in parts]
    return people, pairs, work


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_isolated_organisation_more_changes_nobody_else(engine, seed):
    nearby = {"sources": ("known", "partners_of_partners", "own_cluster", "bridged_clusters")}
    alone, crowded = (engine.make(seed, policy=nearby, demography__birth=0.0) for _ in range(2))
    uid = int(stream("test.hermit"))
    add_hermit(crowded, uid)
    for world in (alone, crowded):
        simulation = Simulation(world)
        adopt_policy(simulation.world)
        simulation.run(10)
    assert by_uid(engine, alone) == by_uid(engine, crowded, hermit=uid)
    assert len(by_uid(engine, alone)[2]) > 10


def test_newcomers_of_one_world_do_not_renumber_another(engine):
    """A birth more or less elsewhere renames nobody: a newborn's uid is its parent's and the quarter's."""
    names = []
    for rate in (0.03, 0.06):
        simulation = engine.begin(demography__birth=rate, demography__member_factor=0.0, world__capital=1e5)
        simulation.run(10)
        names.append({int(o.uid): (int(o.born), int(o.sector), float(o.reliability))
                      for o in engine.rows(simulation.world, "orgs") if o.born >= 0})
    assert names[0] and names[0].items() < names[1].items()
