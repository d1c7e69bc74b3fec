"""Worlds of a dozen firms in which everything happens soon: quick enough to run, and be measured, without the compiler.

Each keeps its books after every step, and its log tells the same story as its tables.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.phases.shocks import DatedShock
from sim.simulation import Simulation, adopt_policy
from sim.vocab import Event, Reason, Shock
from tests.engine.programmes import begin, everything

KNOWN = {"sources": ("known",), "terms": {"trust": 1}, "fill": "size", "search": 0, "shares_by_role": 0}
HARSH = {"demography__death_old": 0.1, "demography__death_young": 0.1, "demography__birth": 0.25, "part__hazard": 0.1,
         "part__breach_quarters": 1, "part__breach": 0.01, "part__patience": 0.4, "trust__loss": 0.6}
SMALL = {"world__smes": 14, "world__clusters": 3, "challenges__rate": 1.5, "challenges__duration_min": 2,
         "challenges__duration_max": 4, "clusters__partnership_rate": 0.5, "clusters__partnership_duration": 3,
         "world__markets": 2, "challenges__third_market": 0.4, "challenges__turbulence": 0.3}
WORLDS = {
    "strategic": {},
    "known": {"policy": KNOWN},
    "known and lonely": {"policy": KNOWN, "world__start_relations": 0.0},
    "everybody": {"policy": {"terms": {"role_gain": 1}, "fill": "everyone", "max_size": 25}},
    "in parallel": {"policy": {"mode": 1, "fill": "size"}},
    "oracle": {"policy": {"sources": ("known", "directory"), "terms": {"role_gain": 1}, "sees_truth": 1}},
    "assembly": {"policy": {"growth": "team_assembly", "terms": {}, "fill": "size"}},
    "threshold": {"policy": {"growth": "threshold", "terms": {"skin_overlap": 1}, "fill": "size"}},
    "every term": {"policy": {"terms": dict.fromkeys(("role_gain", "trust", "familiarity", "reputation", "shared_vision",
                                                      "similarity", "diversity", "proximity", "centrality",
                                                      "shared_partners", "newcomer", "chance", "skin_difference"), 1)}},
    "harsh": HARSH,
    "harsh and broad": {**HARSH, "challenges__breadth": 1.0, "challenges__roles_max": 8, "world__capital": 5.0},
    "contested": {"challenges__contested": 1.0, "challenges__rivals": 3},
    "other rules": {"rules": {"accept": "if_it_pays", "produce": "o_ring", "trust": "symmetric", "learn": "doing_only",
                              "part": "cost_only", "renew": "by_trust"}},
    "yet other rules": {"rules": {"accept": "always", "produce": "weakest_link", "trust": "fixed", "learn": "none",
                                  "part": "loyal", "renew": "never"}},
    "few contacts": {"policy": {"sources": ("known", "own_cluster"), "search": 0}, "search__known_contacts": 2,
                     "world__start_relations": 8.0},
    "renewed": {"policy": {"renew": 1.0}, "rules": {"produce": "constant"}, "work__misalignment_loss": 0.0},
    "no clusters": {"world__clusters": 0},
    "constant solo value": {"challenges__solo_value_constant": 1.0, "rules": {"accept": "by_trust", "produce": "best_shot"}},
}
SHOCKS = (DatedShock(1, Shock.DEMAND_SHIFT), DatedShock(2, Shock.DEMAND_SHIFT, 1), DatedShock(3, Shock.MARKET_CLOSED, 0),
          DatedShock(4, Shock.CLUSTER_LOST, 1))


@pytest.mark.parametrize("name", WORLDS)
def test_books_and_log_of_a_small_world(engine, name):
    world = engine.make(4, **{**SMALL, **WORLDS[name]})
    adopt_policy(world, 0.8)
    simulation = Simulation(world, log=True)
    for _ in range(7):
        engine.step_and_check(simulation)
    log, parts = world.events[: int(world.n.events)], engine.rows(world, "parts")
    assert (log.type == Event.FORMED).sum() == len(parts) == simulation.series["formed"].sum() + simulation.series["alone"].sum()
    assert (log.type == Event.DIED).sum() == simulation.series["died"].sum()
    ended = log[log.type == Event.ENDED]
    assert (parts.reason[ended.ref] == ended.code).all() and len(ended) == (parts.ended >= 0).sum()


def test_shocks_in_a_small_world(engine):
    world = engine.make(2, **{**SMALL, "challenges__third_market": 0.9, "challenges__duration_min": 5,
                              "challenges__duration_max": 6})
    adopt_policy(world)
    simulation = Simulation(world, SHOCKS, log=True)
    for _ in range(6):
        engine.step_and_check(simulation)
    parts = engine.rows(world, "parts")
    struck = parts[parts.reason == Reason.SHOCK]
    assert len(struck) and set(struck.ended.tolist()) <= {3, 4}
    assert not world.market_open[0] and not world.clusters.alive[1] and not (world.orgs.cluster[3:17] == 1).any()


def test_a_small_world_twice_by_threads_and_by_copies(engine):
    states = []
    for threads in (1, 2):
        world = engine.make(6, **SMALL)
        simulation = Simulation(world, threads=threads)
        adopt_policy(world)
        simulation.run(2)
        again = Simulation(world.copy(), threads=threads)
        again.run(2)
        states.append(engine.bits(again.world))
    assert states[0] == states[1]


def test_a_burn_in_leaves_everybody_neutral(engine):
    world = engine.make(1, **{**SMALL, "world__burn_in": 2})
    Simulation(world).burn_in()
    assert world.n.step == 2 and (np.asarray(engine.rows(world, "orgs").policy) == 2).all()


def test_programmes_in_a_small_world(engine):
    simulation = begin(engine, everything(), log=True, **{**SMALL, "world__smes": 36, "world__clusters": 9})
    for _ in range(13):
        engine.step_and_check(simulation)
    pools, payments = simulation.world.ledger.pools, simulation.world.ledger.rows("payments")
    for one in everything():
        mine = payments[payments.instrument == one.number]
        assert mine.grant.sum() == pools.paid[one.number] + pools.administration[one.number] <= one.budget
    assert payments.grant.sum() > 0
