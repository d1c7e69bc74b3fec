"""Worlds whose result is known without a simulation: MODEL 9, point 5; TRUST 3."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.simulation import Simulation, adopt_policy

STILL = {"demography__death_first": 0.0, "demography__death_young": 0.0, "demography__death_old": 0.0,
         "demography__birth": 0.0}
QUIET = {"challenges__rate": 0.0, "clusters__partnership_rate": 0.0}


def test_without_challenges_nothing_forms(engine):
    simulation = engine.begin(**QUIET)
    relations = int(simulation.world.n.relations)
    simulation.run(12)
    assert simulation.world.n.partnerships == 0 and simulation.world.n.relations == relations
    for name in ("proposals", "formed", "alone", "invited", "value", "search", "coordination", "goal"):
        assert not simulation.series[name].any()


def test_one_organisation_stays_alone(engine):
    simulation = engine.begin(world__smes=1, world__clusters=0, challenges__rate=5.0, **STILL)
    for _ in range(8):
        engine.step_and_check(simulation)
    assert simulation.world.n.relations == 0 and simulation.series["seats"].sum() == 0
    assert simulation.series["challenges"].sum() > 0


def test_nobody_at_all_is_a_world_too(engine):
    simulation = engine.begin(world__smes=0, world__clusters=0)
    simulation.run(3)
    assert simulation.world.n.partnerships == 0 and not simulation.series["alive"].any()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_formation_survivors_are_binomial(engine, seed):
    hazard, steps = 0.05, 10
    simulation = engine.begin(seed, world__smes=3000, demography__death_first=hazard, demography__birth=0.0,
                              demography__death_young=hazard, demography__death_old=hazard,
                              demography__member_factor=1.0, **QUIET)
    simulation.run(steps)
    alive = int(simulation.series["alive"][-1]) - 4  # cluster organisations do not die
    law = stats.binom(3000, (1 - hazard) ** steps)
    assert law.ppf(1e-6) <= alive <= law.isf(1e-6)


def test_births_are_binomial(engine):
    simulation = engine.begin(world__smes=3000, **{**STILL, "demography__birth": 0.04}, **QUIET)
    simulation.run(1)
    law = stats.binom(3000, 0.04)
    assert law.ppf(1e-6) <= simulation.series["born"][0] <= law.isf(1e-6)


def test_firms_without_money_or_partners_earn_their_home_income(engine):
    simulation = engine.begin(demography__home_income=1.5, world__capital=10, **STILL, **QUIET)
    simulation.run(8)
    assert (engine.rows(simulation.world, "orgs").capital == 1_000_000 + 8 * 150_000).all()


def test_who_has_spent_everything_dies(engine):
    world = engine.make(**STILL, **QUIET)
    world.orgs.capital[10], world.orgs.capital[11] = -200_001, -200_000
    Simulation(world).run(1)
    assert world.orgs.left[10] == 0 and world.orgs.left[11] == -1


def perfect(engine, **settings):
    """A world where everybody can do everything, always delivers, trusts and agrees."""
    world = engine.make(world__fields=6, world__sectors=1, world__markets=0, part__hazard=0.0, work__vision_drift=0.0,
                        learn__fade=0.0, world__capital=1e6, clusters__partnership_rate=0.0, part__patience=100.0,
                        trust__general=1.0, **STILL, **settings)
    orgs = engine.rows(world, "orgs")
    orgs.fields[:], orgs.levels[:], orgs.mask[:] = np.arange(6), 1.0, 63
    orgs.reliability[:] = orgs.openness[:] = 1.0
    orgs.vision[:] = 0.5
    world.rels.trust_ab[:] = world.rels.trust_ba[:] = 1.0
    return world


@pytest.mark.parametrize("rule", ["ces", "o_ring", "weakest_link", "best_shot"])
@pytest.mark.parametrize("complementarity", [-8.0, 0.0, 1.0])
def test_where_everything_is_1_every_team_succeeds(engine, rule, complementarity):
    world = perfect(engine, rules={"produce": rule}, policy={"fill": "size", "shared_goal": 0},
                    work__complementarity=complementarity, challenges__duration_max=8)
    simulation = Simulation(world)
    adopt_policy(simulation.world)
    for _ in range(12):
        engine.step_and_check(simulation)
    series = simulation.series
    assert series["succeeded"].sum() > 10
    assert series["failed"].sum() == series["broken"].sum() == series["left"].sum() == 0
    assert (series["deliveries"] == series["attempts"]).all()
    parts = engine.rows(world, "parts")
    assert (parts.chance[parts.ended >= 0] == 1.0).all()


def test_who_delivers_nothing_under_the_weakest_link_succeeds_as_the_floor_says(engine):
    """Reliability 0: every role contributes the floor, so the chance is the floor times routine and alignment."""
    world = perfect(engine, rules={"produce": "weakest_link"}, policy={"fill": "size", "shared_goal": 0},
                    challenges__duration_max=6, work__familiarity_gain=0.0, trust__loss=0.0, work__floor=0.25)
    world.orgs.reliability[:] = 0.0
    simulation = Simulation(world)
    adopt_policy(simulation.world)
    simulation.run(12)
    parts = engine.rows(world, "parts")
    due = (parts.ended >= 0) & (parts.chance >= 0)
    assert due.sum() > 10 and simulation.series["deliveries"].sum() == 0
    assert parts.chance[due] == pytest.approx(0.25)


def test_nobody_partners_who_does_not_look(engine):
    simulation = engine.begin(policy={"sources": (), "fill": "alone"}, clusters__partnership_rate=0.0)
    simulation.run(12)
    assert simulation.series["formed"].sum() == simulation.series["seats"].sum() == 0
    assert simulation.series["search"].sum() == simulation.series["coordination"].sum() == 0
    assert simulation.series["alone"].sum() > 0


def test_who_accepts_nobody_forms_no_team(engine):
    simulation = engine.begin(policy={"fill": "size"}, rules={"accept": "by_trust"}, clusters__partnership_rate=0.0,
                              world__start_trust=0.0, trust__general=0.0, trust__prior_cluster=0.0,
                              trust__prior_bridge=0.0, trust__prior_reputation=0.0)
    simulation.run(8)
    assert simulation.series["invited"].sum() > 0
    assert simulation.series["formed"].sum() == 0
    assert (simulation.series["declined"] == simulation.series["invited"]).all()


def test_with_unlimited_sight_one_specialist_is_found_for_each_role(engine):
    """R roles, everybody holds one field at level 1: the best team is the lead and one for each other role."""
    world = engine.make(
        policy={"sources": ("directory",), "terms": {"role_gain": 1}, "sees_truth": 1}, rules={"accept": "always"},
        world__smes=60, world__clusters=0, world__fields=6, world__sectors=6, world__markets=0,
        challenges__roles_min=4, challenges__roles_max=4, challenges__breadth=1.0, challenges__rate=0.05, **STILL)
    orgs = engine.rows(world, "orgs")
    orgs.fields[:], orgs.levels[:] = -1, 0.0
    orgs.fields[:, 0], orgs.levels[:, 0] = np.arange(len(orgs)) % 6, 1.0
    orgs.mask[:] = np.uint64(1) << (np.arange(len(orgs)) % 6).astype(np.uint64)
    orgs.reliability[:], orgs.capacity[:] = 1.0, 12
    simulation = Simulation(world)
    adopt_policy(simulation.world)
    simulation.run(3)
    parts = engine.rows(world, "parts")
    assert len(parts) > 3
    for part in parts:
        roles = world.roles[part.role0 : part.role0 + part.roles]
        wanted = set(roles.competence.tolist())
        own = {int(world.orgs.fields[part.initiator, 0])}
        assert part.coverage == 1.0 and (roles.holder >= 0).all()
        assert part.seats == 1 + len(wanted - own)


def test_two_who_trust_differently_are_trusted_as_the_half_life_says(engine):
    """Without contact the distance to the prior halves in 12 quarters."""
    settings = {"trust__half_life": 12, "world__start_trust": 0.9, "world__clusters": 0, **QUIET, **STILL}
    simulation = engine.begin(**settings)
    simulation.run(12)
    rels = engine.rows(simulation.world, "rels")
    assert len(rels) > 20
    assert rels.trust_ab == pytest.approx(0.3 + 0.6 / 2)
    assert rels.trust_ba == pytest.approx(0.3 + 0.6 / 2)
