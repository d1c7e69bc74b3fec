"""What programmes change in how people search, agree and compete: label, rule of a call, access, voucher, contests."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from sim.instruments.common.programme import Applicants, Eligibility
from sim.outcomes.registry import Record, outcomes, start_of
from sim.phases import consortia
from sim.vocab import MAX_FIELDS, Event, Kind, Reason, Source
from tests.engine.programmes import KEUR, begin, programme

OPEN = int(Source.OPEN_CALL)
ONE_ANSWER = {"sources": ("open_call",), "renew": 0.0, "usual_size": 2, "max_size": 2, "fill": "size"}


def found_by_call(engine, **settings):
    """Return how many seats of cluster partnerships went to labelled and to other organisations, half of each."""
    simulation = engine.begin(3, policy=ONE_ANSWER, world__smes=90, world__clusters=90, trust__prior_label=0.0,
                              search__open_scan=1, search__open_contacts=1, clusters__partnership_rate=0.5,
                              clusters__partnership_duration=1, challenges__rate=0.0, **settings)
    world = simulation.world
    heads = world.clusters.org.astype(np.int64)
    world.orgs.label[heads[::2]] = 1
    simulation.run(16)
    seats = world.seats[: int(world.n.seats)]
    answered = seats.org[(seats.source == OPEN) & (seats.partnership >= 0) & np.isin(seats.org, heads)]
    labelled = int(world.orgs.label[answered].sum())
    return labelled, len(answered) - labelled


def test_a_labelled_organisation_is_looked_at_twice_as_likely(engine):
    labelled, others = found_by_call(engine)
    total = labelled + others
    assert total > 200
    assert abs(labelled / total - 2 / 3) < 3 * (2 / 9 / total) ** 0.5
    labelled, others = found_by_call(engine, programmes__label_weight=1.0)
    assert abs(labelled / (labelled + others) - 1 / 2) < 3 * (1 / 4 / (labelled + others)) ** 0.5


def test_nobody_labelled_is_the_same_bits_whatever_the_weight(engine):
    worlds = [engine.begin(clusters__partnership_rate=0.3, programmes__label_weight=weight) for weight in (1.0, 9.0)]
    for simulation in worlds:
        simulation.run(8)
    assert engine.bits(worlds[0].world) == engine.bits(worlds[1].world)


WIDE = {"search__open_scan": 32, "search__open_contacts": 32, "world__openness_a": 20, "world__openness_b": 1,
        "trust__general": 1.0, "world__clusters": 12, "world__sectors": 5, "world__fields": 20}


def eligible(engine, rule):
    """Return how many of the applications in four worlds met the rule of the call; everybody sees everybody."""
    found = 0
    for seed in range(4):
        simulation = begin(engine, [programme("consortium_call", eligibility=rule, reserve=9)], seed, **WIDE)
        simulation.run(1)
        found += int(simulation.world.ledger.pools.funded[0] + simulation.world.ledger.pools.voluntary[0])
    return found


@pytest.mark.parametrize("rule", [Eligibility((4, 4), countries=4), Eligibility((4, 4), sectors=4),
                                  Eligibility((3, 3), countries=3, sectors=3)])
def test_a_team_keeps_places_for_what_the_call_asks(engine, rule, monkeypatch):
    steered = eligible(engine, rule)
    monkeypatch.setattr(consortia, "steer", lambda *_: None)
    assert steered > eligible(engine, rule) + 4


def test_members_use_the_market_that_a_mission_opened_to_their_cluster(engine):
    call = programme("consortium_call", start=0, end=3)
    simulation = begin(engine, [call], world__access_share=0.0, demography__birth=0.1, challenges__third_market=0.5)
    simulation.run(12)
    world = simulation.world
    orgs, opened = world.orgs[: int(world.n.organisations)], world.ledger.opened
    assert (opened > 0).any() and (opened == 0).any()
    met = world.ledger.rows("meetings")
    agreed = met[(met.b < 0) & (met.agreed == 1)]
    for cluster in range(len(opened)):
        mine = agreed[world.orgs.cluster[agreed.a] == cluster]
        assert int(opened[cluster]) == sum({1 << (MAX_FIELDS + int(m)) for m in mine.market})
        members = orgs[(orgs.left < 0) & (orgs.cluster == cluster) & (orgs.kind == Kind.SME) & (orgs.born < 11)]
        assert (members.mask >> np.uint64(MAX_FIELDS) == opened[cluster] >> np.uint64(MAX_FIELDS)).all()
    parts, roles = world.parts[: int(world.n.partnerships)], world.roles[: int(world.n.roles)]
    aimed = parts[(parts.market >= 0) & (parts.of_clusters == 0)]
    holders = [int(roles.holder[p.role0 + p.roles - 1]) for p in aimed]
    assert any(holder >= 0 for holder in holders)
    assert all(opened[orgs.cluster[holder]] > 0 for holder in holders if holder >= 0)


def test_a_mission_approaches_so_many_counterparts_and_pays_for_them(engine):
    counts = {}
    for contacts in (0, 3):
        simulation = begin(engine, [programme("consortium_call")], programmes__mission_contacts=contacts, part__hazard=0)
        simulation.run(8)
        met = simulation.world.ledger.rows("meetings")
        counts[contacts] = int((met.b < 0).sum()), int((met.b >= 0).sum())
    assert counts[0][0] == 0 and counts[3][0] > 0 and counts[3][0] % 3 == 0
    assert counts[3][1] == counts[0][1] - counts[3][0]  # at the price of a meeting each


def paid_back(engine, rate, **changes):
    voucher = programme("voucher", pays="coordination", budget=100_000 * KEUR, start=0, end=7, rate=rate, **changes)
    simulation = begin(engine, [voucher], log=True, work__coordination_cost=12.0, part__patience=0.3)
    simulation.run(8)
    return simulation


def leave_for_costs(simulation):
    """Return the share of the seats ever taken that their holder left for what they cost."""
    events = simulation.world.events[: int(simulation.world.n.events)]
    left = ((events.type == Event.LEFT) & (events.code == Reason.COSTS)).sum()
    return left / (events.type == Event.JOINED).sum()


def test_a_voucher_for_coordination_lets_more_join_and_fewer_leave_for_its_cost(engine):
    none, all_of_it = (paid_back(engine, rate) for rate in (Fraction(0), Fraction(1)))
    assert none.series["grants"].sum() == 0
    assert all_of_it.series["formed"].sum() > none.series["formed"].sum()
    assert 0 < leave_for_costs(all_of_it) < leave_for_costs(none)
    world = all_of_it.world
    seats, payments = world.seats[: int(world.n.seats)], world.ledger.rows("payments")
    assert seats.refunded.sum() == payments.grant.sum() and (seats.refunded <= seats.cost).all()
    all_of_it.run(1)
    assert (all_of_it.world.orgs.rebate == 0).all()


def test_a_voucher_counts_only_for_whom_it_is_for(engine):
    simulation = paid_back(engine, Fraction(1), applicants=Applicants(kind=0, countries=(0,)))
    orgs = simulation.world.orgs[: int(simulation.world.n.organisations)]
    assert (orgs.country[orgs.rebate > 0] == 0).all() and (orgs.rebate > 0).any()


def test_contests_are_counted_inside_and_outside(engine):
    call = programme("consortium_call", end=3)
    plain, contested = (begin(engine, [call], challenges__contested=share, challenges__rate=0.5) for share in (0, 1))
    for simulation in (plain, contested):
        simulation.run(9)
    assert len(plain.world.ledger.rows("contests")) == 0
    rows = contested.world.ledger.rows("contests")
    assert rows.inside.sum() > 0 and rows.displaced.sum() > 0
    assert (rows.displaced <= rows.inside_won).all() and (rows.inside_won <= rows.inside).all()
    assert (rows.outside_won <= rows.outside).all()
    firms = contested.series["proposals"][: len(rows)]
    assert (rows.inside + rows.outside <= firms).all()
    without = begin(engine, [replace(call, budget=0)], challenges__contested=1, challenges__rate=0.5)
    without.run(9)
    assert without.world.ledger.rows("contests").inside.sum() == 0


def test_meetings_that_belong_to_no_action_are_counted(engine):
    """Matchmaking alone has no consortium: whatever came of its meetings is in its time."""
    simulation = begin(engine, [programme("matchmaking", meetings=60, budget=1000 * KEUR)], challenges__rate=1.0,
                       clusters__partnership_rate=0.3)
    start = start_of(simulation.world)
    simulation.run(12)
    record = Record(simulation.series, simulation.world, start)
    found = {name: outcomes()[name].measure(record) for name in ("supported_projects", "projects_in_time")}
    assert found["supported_projects"] == found["projects_in_time"] > 0
    assert math.isnan(outcomes()["projects_per_consortium"].measure(record))
