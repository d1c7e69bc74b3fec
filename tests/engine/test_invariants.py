"""What must hold after every step in every world: MODEL 9, points 2 and 3."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.kernels.pairs import find
from sim.parameters import PARAMETERS
from sim.phases.shocks import DatedShock, strike
from sim.rules import registry
from sim.vocab import Shock

POLICIES = {
    "strategic": {},
    "known": {"sources": ("known",), "terms": {"trust": 1}, "fill": "size", "search": 0, "shares_by_role": 0},
    "merry": {"terms": {"role_gain": 1}, "fill": "everyone", "max_size": 25},
    "alone": {"sources": (), "fill": "alone"},
    "parallel": {"mode": 1, "fill": "size"},
    "oracle": {"sources": ("directory",), "sees_truth": 1},
    "assembly": {"growth": "team_assembly", "terms": {"chance": 1}, "fill": "size"},
    "threshold": {"growth": "threshold", "terms": {"skin_overlap": 1}, "fill": "size"},
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_policy_keeps_the_books(engine, policy, seed):
    simulation = engine.begin(seed, policy=POLICIES[policy])
    for _ in range(14):
        engine.step_and_check(simulation)
    assert simulation.world.n.partnerships > 0


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_mixed_worlds_keep_the_books(engine, share):
    simulation = engine.begin(3, share, baseline=POLICIES["known"], challenges__contested=0.7)
    for _ in range(14):
        engine.step_and_check(simulation)


def test_harsh_worlds_keep_the_books(engine):
    """Little trust, little patience, many deaths: members leave and holders are replaced all the time."""
    simulation = engine.begin(4, demography__death_old=0.1, demography__birth=0.2, part__hazard=0.1,
                              part__breach_quarters=1, part__breach=0.02, part__patience=0.3,
                              trust__loss=0.6, challenges__rate=0.8)
    left = 0
    for _ in range(20):
        engine.step_and_check(simulation)
        left += int(simulation.world.flow.left)
    assert left > 20


@pytest.mark.parametrize("shock", [DatedShock(4, Shock.DEMAND_SHIFT), DatedShock(4, Shock.DEMAND_SHIFT, 2),
                                   DatedShock(4, Shock.MARKET_CLOSED, 1), DatedShock(4, Shock.CLUSTER_LOST, 1)])
def test_shocks_leave_the_books_in_order(engine, shock):
    simulation = engine.begin(5, clusters__partnership_rate=0.3, challenges__third_market=0.5)
    simulation.shocks = (shock,)
    for _ in range(9):
        engine.step_and_check(simulation)


def test_a_lost_cluster_organisation_keeps_no_team_for_another_challenge(engine):
    world = engine.begin(6).world
    organisation = int(world.clusters.org[1])
    world.orgs.renew[organisation] = 0
    strike(world, [DatedShock(0, Shock.CLUSTER_LOST, 1)], 0)
    assert world.orgs.left[organisation] >= 0 and world.orgs.renew[organisation] == -1


def test_a_burn_in_records_nothing(engine):
    simulation = engine.begin(6, world__burn_in=3)
    simulation.burn_in()
    engine.check(simulation.world)
    assert simulation.series == {} and simulation.world.n.step == 3


def test_observing_changes_nothing(engine):
    from sim.outcomes.observe import observe

    simulation = engine.begin(6)
    simulation.run(5)
    before = engine.bits(simulation.world)
    assert observe(simulation.world.view()) == observe(simulation.world.view())
    assert engine.bits(simulation.world) == before


def any_parameters():
    """Any allowed value of some parameters that are not about size, hard edges included."""
    ranges = {}
    for p in PARAMETERS:
        if p.key.startswith(("world.", "money.")) or p.whole:
            continue
        ranges[p.key] = st.floats(p.low, min(p.high, max(10 * p.default, 1.0)))
    ranges |= {"challenges.rate": st.floats(0, 2)}
    return st.dictionaries(st.sampled_from(sorted(ranges)), st.none(), max_size=8).flatmap(
        lambda keys: st.fixed_dictionaries({key: ranges[key] for key in keys}))


def any_rules():
    return st.fixed_dictionaries({family: st.sampled_from(registry.names(family))
                                  for family in ("accept", "produce", "trust", "learn", "part", "renew")})


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**63), smes=st.integers(0, 24), clusters=st.integers(0, 4), values=any_parameters(),
       rules=any_rules(), policy=st.sampled_from(sorted(POLICIES)), share=st.sampled_from([0.0, 0.4, 1.0]))
def test_any_world_keeps_the_books(engine, seed, smes, clusters, values, rules, policy, share):
    if values.get("challenges.level_min", 0.4) > values.get("challenges.level_max", 1.0):
        return
    keys = {key.replace(".", "__"): value for key, value in values.items()}
    simulation = engine.begin(seed, share, policy=POLICIES[policy], baseline={}, rules=rules,
                              **{"world__smes": smes, "world__clusters": clusters, **keys})
    for _ in range(5):
        engine.step_and_check(simulation)


def test_every_seat_knows_the_relation_with_each_earlier_one(engine):
    simulation = engine.begin(seed=3, challenges__rate=0.6)
    simulation.run(12)
    world = simulation.world
    view, checked = world.view(), 0
    for part in world.parts[: int(world.n.partnerships)]:
        seats = world.seats[int(part.seat0) : int(part.seat0) + int(part.seats)]
        for late, seat in enumerate(seats):
            for early in range(late):
                rel = int(world.ties.rel[int(seat.tie0) + early])
                together = seats[early].left < 0 or seats[early].left >= seat.joined
                if rel >= 0:
                    assert rel == find(view, int(seat.org), int(seats[early].org))
                    assert together
                    checked += 1
                else:
                    assert seats[early].left >= 0
    assert checked > 50
