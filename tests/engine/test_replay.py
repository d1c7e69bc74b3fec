"""The event log replays: membership, leads, births, deaths and money, cent for cent (MODEL 9, point 3)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.phases.shocks import DatedShock
from sim.simulation import Simulation, adopt_policy
from sim.vocab import Event, Reason, Shock


def events_of(world):
    return world.events[: int(world.n.events)]


def replay(events, capital):
    """Go through a log from known purses; return purses, members and leads of each running partnership."""
    purse, members, lead, dead = dict(enumerate(capital)), {}, {}, set()
    for e in events:
        kind, who, amount = Event(int(e.type)), int(e.a), int(e.amount)
        if kind in (Event.EARNED, Event.HOME_INCOME) or (kind == Event.GRANT and who >= 0):
            purse[who] += amount
        elif kind == Event.PAID:
            purse[who] -= amount
        elif kind == Event.BORN:
            assert who not in purse
            purse[who] = amount
        elif kind == Event.DIED:
            assert purse[who] == amount
            purse[who] = 0
            dead.add(who)
        elif kind == Event.FORMED:
            members[int(e.ref)] = set()
        elif kind == Event.JOINED:
            assert who not in members[int(e.ref)] | dead
            members[int(e.ref)].add(who)
        elif kind == Event.LEFT:
            members[int(e.ref)].remove(who)
        elif kind == Event.LEAD_CHANGED:
            lead[int(e.ref)] = who
            assert who in members[int(e.ref)]
        elif kind == Event.ENDED:
            assert len(members.pop(int(e.ref))) == amount
            lead.pop(int(e.ref), None)
    return purse, members, lead, dead


SETTINGS = [
    {},
    {"policy": {"mode": 1, "fill": "size"}},
    {"policy": {"fill": "everyone", "max_size": 25}, "challenges__rate": 0.8},
    {"demography__death_old": 0.1, "demography__birth": 0.2, "part__hazard": 0.1, "part__breach_quarters": 1,
     "part__breach": 0.02, "part__patience": 0.3, "trust__loss": 0.6, "challenges__rate": 0.8},
    {"challenges__contested": 0.8, "challenges__rivals": 3, "challenges__rate": 0.6},
]
SHOCKS = (DatedShock(3, Shock.DEMAND_SHIFT), DatedShock(5, Shock.MARKET_CLOSED, 0), DatedShock(6, Shock.CLUSTER_LOST, 1),
          DatedShock(9, Shock.CLUSTER_LOST, 2))


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("shocks", [(), SHOCKS])
def test_the_log_replays(engine, seed, settings, shocks):
    third_market = {"challenges__third_market": 0.5, "clusters__partnership_rate": 0.3} if shocks else {}
    world = engine.make(seed, **{**settings, **third_market})
    capital = [int(cents) for cents in engine.rows(world, "orgs").capital]
    simulation = Simulation(world, shocks, log=True)
    adopt_policy(simulation.world)
    simulation.run(15)
    purse, members, lead, dead = replay(events_of(world), capital)
    orgs, parts = engine.rows(world, "orgs"), engine.rows(world, "parts")
    assert [purse[i] for i in range(len(orgs))] == [int(cents) for cents in orgs.capital]
    assert dead == set(np.flatnonzero(orgs.left >= 0).tolist())
    taken = {a: {j for b, j in engine.sitting(world) if b == a} for a in np.flatnonzero(parts.ended < 0).tolist()}
    assert members == taken
    assert all(parts.lead[a] == who for a, who in lead.items())
    struck = events_of(world)[events_of(world).type == Event.SHOCK]
    assert [(int(e.step), int(e.code), int(e.ref)) for e in struck] == [(s.at, s.kind, s.which) for s in shocks]


def test_shocks_end_partnerships_in_the_log(engine):
    """What a closed market or a lost cluster ends is logged with its reason, and replays above."""
    world = engine.make(1, challenges__third_market=0.5, clusters__partnership_rate=0.3, challenges__rate=0.6)
    simulation = Simulation(world, SHOCKS, log=True)
    adopt_policy(world)
    simulation.run(12)
    log = events_of(world)
    ended = log[(log.type == Event.ENDED) & (log.code == Reason.SHOCK)]
    assert len(ended) > 0 and set(ended.step.tolist()) <= {5, 6, 9}


def test_of_rivals_for_one_challenge_one_wins_and_the_log_says_who_lost(engine):
    simulation = engine.begin(log=True, challenges__contested=1.0, challenges__rivals=3, challenges__rate=0.6)
    simulation.run(10)
    log, series = events_of(simulation.world), simulation.series
    count = {kind: int((log.type == kind).sum()) for kind in (Event.CHALLENGE, Event.FORMED, Event.LAPSED)}
    assert count[Event.CHALLENGE] == series["challenges"].sum() < series["proposals"].sum()
    assert count[Event.FORMED] <= count[Event.CHALLENGE]  # at most one team to a challenge
    assert count[Event.FORMED] + count[Event.LAPSED] == series["proposals"].sum()


def test_the_log_counts_what_the_series_count(engine):
    simulation = engine.begin(log=True)
    simulation.run(12)
    log, series = events_of(simulation.world), simulation.series
    count = {kind: int((log.type == kind).sum()) for kind in Event}
    assert count[Event.FORMED] == (series["formed"] + series["alone"]).sum()
    assert count[Event.LEFT] == series["left"].sum() and count[Event.BORN] == series["born"].sum()
    assert count[Event.DIED] == series["died"].sum() and count[Event.LAPSED] == series["lapsed"].sum()
    assert count[Event.DELIVERY] == series["attempts"].sum()
    assert count[Event.CHALLENGE] == series["challenges"].sum()
    assert log.amount[log.type == Event.EARNED].sum() == series["value"].sum()
    spent = series["search"] + series["coordination"] + series["goal"]
    assert log.amount[log.type == Event.PAID].sum() == spent.sum()
    assert (np.diff(log.step) >= 0).all()


@pytest.mark.parametrize(("settings", "some"), [
    ({}, {Reason.SUCCESS, Reason.FAILURE, Reason.HAZARD}),
    ({"policy": {"mode": 1, "fill": "size"}}, {Reason.PARALLEL_DONE, Reason.HAZARD}),
    (SETTINGS[3], {Reason.HAZARD, Reason.TOO_FEW, Reason.ROLE_LOST}),
])
def test_every_end_names_its_reason(engine, settings, some):
    simulation = engine.begin(log=True, **settings)
    simulation.run(18)
    log = events_of(simulation.world)
    ended = log[log.type == Event.ENDED]
    parts = engine.rows(simulation.world, "parts")
    assert len(ended) == (parts.ended >= 0).sum()
    assert (parts.reason[ended.ref] == ended.code).all() and (parts.ended[ended.ref] == ended.step).all()
    assert some <= set(ended.code.tolist()) and Reason.NONE not in ended.code


def test_the_reasons_of_a_formation_name_real_candidates(engine):
    simulation = engine.begin(log=True)
    simulation.run(8)
    world = simulation.world
    whys = world.whys[: int(world.n.whys)]
    told = whys[whys.org >= 0]
    assert len(told) > 20 and len(whys) % 8 == 0
    assert (told.org < world.n.organisations).all()
    weights = world.pol.weights[0]
    used = weights != 0
    assert np.isnan(told.terms[:, ~used]).all()
    assert ((told.terms[:, used] >= 0) & (told.terms[:, used] <= 1)).all()
