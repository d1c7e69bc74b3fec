"""Where a programme ends: a closed call, a control group that got no money, projects in time, tests, missions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.instruments.common.actions import stop_of
from sim.instruments.common.intents import RealLifeTest
from sim.instruments.common.programme import Applicants, Eligibility
from sim.outcomes.registry import Record, outcomes, start_of
from sim.phases.projects import real_life_test
from tests.engine.programmes import KEUR, begin, programme, two_phases

CLUB = (1, 2, 4, 7)
EAGER = {"world__openness_a": 50, "world__openness_b": 1, "trust__general": 1.0, "part__hazard": 0.0}


def team_of(world, partnership):
    part = world.parts[partnership]
    return [int(j) for j in world.seats.org[part.seat0: part.seat0 + part.seats]]


def consortia_of(simulation, number):
    world = simulation.world
    rows = world.ledger.rows("actions")
    return [team_of(world, action.partnership) for action in rows[(rows.instrument == number) & (rows.project == 0)]]


def test_a_closed_call_has_nobody_but_the_clusters_it_names(engine):
    rule = Eligibility(members=(4, 4), only_clusters=CLUB)
    first = programme("consortium_call", 0, end=3, eligibility=rule, quota=1)
    again = programme("follow_up_action", 1, start=4, end=7, after=(0,), eligibility=rule)
    simulation = begin(engine, [first, again], **EAGER)
    simulation.run(5)
    orgs = simulation.world.orgs
    once, twice = consortia_of(simulation, 0), consortia_of(simulation, 1)
    assert len(once) == len(twice) == 1
    assert sorted(orgs.cluster[once[0]].tolist()) == sorted(orgs.cluster[twice[0]].tolist()) == list(CLUB)
    pools = simulation.world.ledger.pools
    assert pools.applied[0] <= len(CLUB) and pools.applied[1] == 1


def test_a_club_that_applies_together_is_neither_searched_nor_asked(engine):
    """Even where nobody accepts anybody: it stood before. Who is full is missing; too few are not eligible."""
    nobody = {"world__openness_a": 1, "world__openness_b": 500, "trust__general": 0.0, "part__hazard": 0.0}
    for full, funded in (((), 1), ((1,), 1), ((1, 2), 0)):
        one = programme("consortium_call", applicants=Applicants(together=True),
                        eligibility=Eligibility(members=(3, 4), only_clusters=CLUB))
        simulation = begin(engine, [one], **nobody)
        world = simulation.world
        world.orgs.capacity[world.clusters.org] = 3
        world.orgs.capacity[world.clusters.org[list(full)]] = 0
        simulation.run(1)
        pools = world.ledger.pools
        assert (int(pools.applied[0]), int(pools.funded[0])) == (1, funded)
        clusters = [sorted(world.orgs.cluster[team].tolist()) for team in consortia_of(simulation, 0)]
        assert clusters == [sorted(set(CLUB) - set(full))] * funded
        parts = world.parts[: int(world.n.partnerships)]
        assert parts.search_cost[parts.instrument == 0].sum() == 0


def test_an_open_call_beside_it_may_have_anybody(engine):
    rule = Eligibility(members=(4, 4), only_clusters=CLUB)
    closed = programme("consortium_call", 0, eligibility=rule, quota=1)
    calls = [closed, programme("good_practice_exchange", 1, eligibility=Eligibility((4, 4)), budget=900 * KEUR)]
    simulation = begin(engine, calls, world__clusters=16, **EAGER)
    simulation.run(2)
    clusters = {int(simulation.world.orgs.cluster[j]) for team in consortia_of(simulation, 1) for j in team}
    assert clusters - set(CLUB)


def test_who_is_funded_later_is_no_control_group(engine):
    """Voluntary ties whose two sides sit in a funded consortium afterwards are counted apart."""
    first, second, _ = two_phases()
    first = replace(first, reserve=6, quota=2)
    simulation = begin(engine, [first, second], world__clusters=24, world__smes=240, part__hazard=0.0)
    simulation.run(9)
    world, rows = simulation.world, simulation.world.ledger.rows("actions")
    funded = {frozenset((i, j)) for action in rows[rows.voluntary == 0]
              for i in team_of(world, action.partnership) for j in team_of(world, action.partnership) if i != j}
    _, _, voluntary = world.ledger.cohorts[0]
    spoilt = sum(frozenset((int(r.a), int(r.b))) in funded for r in world.rels[voluntary])
    year = world.ledger.rows("survivals")[0]
    assert (int(year.instrument), int(year.years)) == (0, 1)
    assert year.voluntary - year.never == spoilt > 0 and year.voluntary == len(voluntary)
    ours = world.ledger.cohorts[0][0]
    again = {frozenset((i, j)) for action in rows[rows.instrument == 1]
             for i in team_of(world, action.partnership) for j in team_of(world, action.partnership) if i != j}
    assert year.ties - year.once == sum(frozenset((int(r.a), int(r.b))) in again for r in world.rels[ours]) > 0


def test_projects_in_time_are_those_that_form_while_their_instrument_runs(engine):
    call = programme("consortium_call", end=5, budget=900 * KEUR)
    events = programme("matchmaking", 1, start=1, end=3, meetings=60, budget=900 * KEUR)
    simulation = begin(engine, [call, events], challenges__rate=0.4, clusters__partnership_rate=0.3,
                       part__hazard=0.0)
    start = start_of(simulation.world)
    simulation.run(16)
    record = Record(simulation.series, simulation.world, start)
    met = simulation.world.ledger.rows("meetings")
    met = met[met.project >= 0]
    began = simulation.world.parts.start[met.project] - start.step
    in_time = int((began <= np.where(met.instrument == 0, 5, 3)).sum())
    every = outcomes()["supported_projects"].measure(record)
    assert outcomes()["projects_in_time"].measure(record) == in_time < every == len(met)
    assert set(met.instrument.tolist()) == {0, 1}


def after_test(engine, won, parts_wanted=3):
    """Return a world before and after the real-life test of a demonstrator whose projects were all ``won`` or none."""
    one = programme("large_scale_demonstrator", end=11, eligibility=Eligibility((3, 4)))
    simulation = begin(engine, [one], challenges__rate=1.0, part__hazard=0.0, demography__death_old=0.0)
    simulation.run(8)
    world = simulation.world
    actions = world.ledger.rows("actions")
    mine = actions.partnership[(actions.parent == 0) & (world.parts.ended[actions.partnership] >= 0)]
    assert len(mine) >= parts_wanted
    world.parts.won[mine] = won
    before = world.copy()
    real_life_test(world, one, RealLifeTest(0))
    holders = {int(h) for a in mine for h in world.roles.holder[world.parts.role0[a]: world.parts.role0[a]
                                                                + world.parts.roles[a]] if h >= 0}
    return before, world, sorted(holders)


def test_a_real_life_test_that_succeeds_raises_demand_and_reputation(engine):
    before, after, holders = after_test(engine, 1)
    assert (after.orgs.reputation[holders] > before.orgs.reputation[holders]).all()
    others = np.setdiff1d(np.arange(int(after.n.organisations)), holders)
    assert (after.orgs.reputation[others] == before.orgs.reputation[others]).all()
    assert (after.orgs.levels == before.orgs.levels).all() and (after.ranking != before.ranking).any()


def test_a_real_life_test_that_fails_teaches_and_raises_nothing(engine):
    before, after, holders = after_test(engine, 0)
    gained = (after.orgs.levels - before.orgs.levels).sum(axis=1)
    assert (gained[holders] > 0).all() and (np.delete(gained, holders) == 0).all()
    assert (after.ranking == before.ranking).all() and (after.orgs.reputation == before.orgs.reputation).all()


def test_a_real_life_test_looks_at_the_projects_of_its_own_consortium(engine):
    before, after, holders = after_test(engine, 1)
    other = before.copy()
    real_life_test(other, programme("large_scale_demonstrator"), RealLifeTest(99))
    assert holders and (other.orgs.reputation == before.orgs.reputation).all()
    assert (after.orgs.reputation != before.orgs.reputation).any()


@pytest.mark.parametrize("markets", range(1, 9))
@pytest.mark.parametrize("quarters", range(1, 9))
def test_a_mission_goes_to_every_market_once_in_order(markets, quarters):
    seen = []
    for now in range(quarters):
        seen += range(stop_of(now - 1, quarters, markets) + 1, stop_of(now, quarters, markets) + 1)
    assert seen == list(range(markets))


def test_a_cluster_organisation_without_spare_capacity_signs_nothing_abroad(engine):
    signed = {}
    for capacity in (1, 9):
        simulation = begin(engine, [programme("consortium_call", budget=900 * KEUR)], part__hazard=0.0)
        world = simulation.world
        world.orgs.capacity[world.clusters.org] = capacity
        simulation.run(8)
        met = world.ledger.rows("meetings")
        signed[capacity] = int(met.agreed[met.b < 0].sum()), int((met.b < 0).sum())
    assert signed[1][0] == 0 < signed[1][1] and signed[9][0] > 0


@pytest.mark.parametrize("kind", ["consortium_call", "preparatory_action", "good_practice_exchange"])
def test_a_call_of_one_quarter_pays_its_grants(engine, kind):
    one = programme(kind, end=0)
    simulation = begin(engine, [one], part__hazard=0.0)
    simulation.run(3)
    actions = simulation.world.ledger.rows("actions")
    funded = actions[actions.voluntary == 0]
    assert len(funded) and (funded.paid == one.grant).all()
    assert (funded.strategy == (kind != "good_practice_exchange")).all()


@pytest.mark.parametrize("quarters", [2, 3, 8])
def test_every_market_of_every_kind_of_action_is_visited(engine, quarters):
    """Nobody loses its first quarter, when it was chosen: the first market stands in it."""
    first = programme("consortium_call", 0, end=7, budget=900 * KEUR, markets=(0, 1, 2))
    second = programme("operational_action", 1, start=8, end=7 + quarters, after=(0,), budget=900 * KEUR,
                       grant=300 * KEUR, markets=(0, 1, 2))
    simulation = begin(engine, [first, second], part__hazard=0.0, world__markets=3)
    simulation.run(9 + quarters)
    met = simulation.world.ledger.rows("meetings")
    for number in (0, 1):
        abroad = met[(met.instrument == number) & (met.b < 0)]
        assert set(abroad.market.tolist()) == {0, 1, 2}
    assert met.step[met.instrument == 1].min() == met.step[met.instrument == 0].min() + 4


@pytest.mark.parametrize("quarters", [4, 5, 6])
def test_a_short_demonstrator_still_passes_money_on(engine, quarters):
    one = programme("large_scale_demonstrator", end=quarters - 1, eligibility=Eligibility((3, 4)))
    simulation = begin(engine, [one], challenges__rate=1.0, part__hazard=0.0, demography__death_old=0.0)
    simulation.run(quarters + 1)
    actions = simulation.world.ledger.rows("actions")
    projects = actions[actions.project == 1]
    assert len(projects) and (projects.paid > 0).all()
