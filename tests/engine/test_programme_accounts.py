"""Who may follow a programme, and what its accounts compare: leads of successors, ties of one age, leverage, entries."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from sim.instruments.common.programme import Applicants
from sim.outcomes.registry import Record, outcomes, start_of
from sim.vocab import MAX_FIELDS, Event
from tests.engine.programmes import KEUR, begin, programme, two_phases


def measured(simulation, start, name):
    return outcomes()[name].measure(Record(simulation.series, simulation.world, start))


def leads_of_second_phase(engine, **changes):
    first, second, _ = two_phases()
    simulation = begin(engine, [first, replace(second, **changes)], world__countries=3, part__hazard=0)
    simulation.run(6)
    world, found = simulation.world, []
    for action in world.ledger.rows("actions"):
        if action.instrument == 1:
            found.append(int(world.parts.lead[action.partnership]))
    return world.orgs.country[found].tolist(), int(world.ledger.pools.applied[1])


def test_who_follows_keeps_the_rule_of_its_call(engine):
    everyone, applied = leads_of_second_phase(engine)
    assert len(set(everyone)) > 1 and applied > 1
    one = everyone[0]
    chosen, _ = leads_of_second_phase(engine, applicants=Applicants(countries=(one,)))
    assert chosen and set(chosen) == {one}
    assert leads_of_second_phase(engine, applications=1)[1] == 1
    assert leads_of_second_phase(engine, applicants=Applicants(kind=0)) == ([], 0)


def test_without_what_it_follows_nobody_can_enter(engine):
    """Not even consortia of another instrument that have written a strategy."""
    assert leads_of_second_phase(engine, after=()) == ([], 0)


def test_ties_beside_a_programme_are_of_the_age_of_its_own(engine):
    call = programme("preparatory_action", end=7, reserve=2)
    simulation = begin(engine, [call], world__clusters=24, world__smes=240, clusters__partnership_rate=0.3)
    simulation.run(9)
    world = simulation.world
    ours, others, voluntary = world.ledger.cohorts[0]
    first = world.rels.first
    assert len(ours) and len(others) and len(voluntary)
    born = set(first[ours].tolist()) | set(first[voluntary].tolist())
    assert all(min(abs(int(step) - at) for at in born) <= 1 for step in first[others])
    assert not set(others.tolist()) & (set(voluntary.tolist()) | set(ours.tolist()))
    everything = np.flatnonzero(first[: int(world.n.relations)] >= int(world.n.step) - 9)
    assert len(everything) > len(others) + len(ours) + len(voluntary)


@pytest.mark.parametrize("pays", ["search", "coordination"])
def test_leverage_of_a_voucher_is_what_firms_paid_in_the_work_it_paid_for(engine, pays):
    rate = Fraction(1, 4)
    simulation = begin(engine, [programme("voucher", pays=pays, rate=rate, end=9, budget=10**6 * KEUR)],
                       challenges__rate=0.5)
    start = start_of(simulation.world)
    simulation.run(10)
    world = simulation.world
    paid = world.ledger.rows("payments")
    parts = world.parts[np.unique(paid.partnership)]
    expected = (int(parts.cost.sum()) + int(parts.search_cost.sum()) - int(paid.grant.sum())) / int(paid.grant.sum())
    assert measured(simulation, start, "leverage") == pytest.approx(expected)
    assert expected > 2.9  # of every four euros of what is paid for, three are private


def test_firms_that_succeed_in_an_opened_market_had_its_access_by_then(engine):
    """Counted anew from the event log: who was given access to a market, and when."""
    simulation = begin(engine, [programme("consortium_call", end=3, reserve=0)], log=True, world__access_share=0.0,
                       challenges__third_market=0.5, challenges__rate=0.5, programmes__mission_contacts=12)
    start = start_of(simulation.world)
    simulation.run(16)
    world = simulation.world
    events = world.events[: int(world.n.events)]
    given = {(int(e.a), int(e.code)): int(e.step) for e in reversed(events[events.type == Event.ACCESS])}
    entered = set()
    for part in world.parts[: int(world.n.partnerships)]:
        if part.won and part.market >= 0 and part.seats > 1 and not part.of_clusters:
            seats = world.seats[part.seat0: part.seat0 + part.seats]
            entered |= {int(s.org) for s in seats if s.left == part.ended
                        and given.get((int(s.org), int(part.market)), 999) <= part.start}
    assert measured(simulation, start, "succeeded_in_opened_markets") == len(entered) > 0
    assert (world.orgs.mask[list(entered)] >> np.uint64(MAX_FIELDS) > 0).all()


@pytest.mark.parametrize("pays", ["search", "coordination"])
def test_two_vouchers_pay_no_cost_twice(engine, pays):
    """Each pays four fifths; together they pay the cost and not a cent more."""
    one, two = (programme("voucher", n, name=f"voucher-{n}", pays=pays, rate=Fraction(4, 5), end=9, budget=10**6 * KEUR)
                for n in (0, 1))
    simulation = begin(engine, [one, two], challenges__rate=0.5)
    simulation.run(10)
    paid, seats = simulation.world.ledger.rows("payments"), simulation.world.seats[: int(simulation.world.n.seats)]
    each = [int(paid.grant[paid.instrument == n].sum()) for n in (0, 1)]
    assert 0.2 < each[1] / each[0] < 0.3
    parts = simulation.world.parts[: int(simulation.world.n.partnerships)]
    for a in np.unique(paid.partnership):
        cost = parts.search_cost[a] if pays == "search" else seats.cost[seats.partnership == a].sum()
        assert 0 < paid.grant[paid.partnership == a].sum() <= cost
