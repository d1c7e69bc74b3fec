"""Public programmes: money to the cent, eligibility, absence, funnel, what a label may not do."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from sim.instruments.common.programme import Applicants, Eligibility
from sim.instruments.common.registry import kinds
from sim.phases.consortia import is_eligible
from sim.vocab import MAX_FIELDS, Event, Kind
from tests.engine.programmes import KEUR, begin, everything, programme, two_phases

ALL = [(programme(kind),) for kind in kinds() if kind not in ("operational_action", "follow_up_action")]
ALL += [two_phases(), everything()]


def names(programmes):
    return "+".join(one.kind for one in programmes)[:60]


@pytest.mark.parametrize("programmes", ALL, ids=names)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_instrument_keeps_the_books(engine, programmes, seed):
    simulation = begin(engine, programmes, seed)
    for _ in range(15):
        engine.step_and_check(simulation)
    pools, payments = simulation.world.ledger.pools, simulation.world.ledger.rows("payments")
    for one in programmes:
        mine = payments[payments.instrument == one.number]
        assert mine.grant.sum() == pools.paid[one.number] + pools.administration[one.number] <= one.budget
        assert (mine.grant >= 0).all() and (mine.cost >= 0).all()


def test_a_grant_is_the_rate_times_the_cost_rounded_down(engine):
    one = programme("consortium_call", budget=1000 * KEUR, rate=Fraction("0.8"))
    simulation = begin(engine, [one])
    simulation.run(9)
    actions = simulation.world.ledger.rows("actions")
    whole = actions[simulation.world.parts.ended[actions.partnership] == one.quarters - 1]
    assert len(whole) >= 1
    for action in whole:
        assert int(action.paid) == int(action.cost) * 8 // 10 == one.grant
        assert int(action.spent) == int(action.cost)


def test_a_consortium_that_breaks_up_gives_the_rest_back(engine):
    one = programme("consortium_call")
    simulation = begin(engine, [one], part__hazard=0.5)
    simulation.run(9)
    pools, actions = simulation.world.ledger.pools, simulation.world.ledger.rows("actions")
    assert len(actions) and (actions.paid < actions.award).any()
    assert pools.promised[0] == 0 and pools.paid[0] == actions.paid.sum() == one.budget - pools.free[0]


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_an_instrument_that_starts_after_the_end_changes_no_bit(engine, kind):
    without, late = begin(engine, ()), begin(engine, [programme(kind, start=12, end=20)])
    for simulation in (without, late):
        simulation.run(10)
    assert engine.bits(without.world) == engine.bits(late.world)


@pytest.mark.parametrize("kind", sorted(set(kinds()) - {"label", "newcomer_quota"}))
def test_an_instrument_without_money_changes_no_bit(engine, kind):
    without, poor = begin(engine, ()), begin(engine, [programme(kind, budget=0)])
    for simulation in (without, poor):
        simulation.run(10)
    assert engine.bits(without.world) == engine.bits(poor.world)


@pytest.mark.parametrize("nobody", [{"clusters": (99,)}, {"countries": (99,)}, {"sectors": (55,)},
                                    {"kind": int(Kind.LARGE)}])
@pytest.mark.parametrize("kind", ["consortium_call", "preparatory_action", "voucher", "large_scale_demonstrator",
                                  "good_practice_exchange"])
def test_a_programme_for_a_group_that_does_not_exist_is_none(engine, kind, nobody):
    one = programme(kind)
    one = replace(one, applicants=Applicants(**{"kind": one.applicants.kind, **nobody}))
    without, absent = begin(engine, ()), begin(engine, [one])
    for simulation in (without, absent):
        simulation.run(9)
    assert engine.bits(without.world) == engine.bits(absent.world)
    assert absent.world.ledger.pools.free[0] == one.budget


@pytest.mark.parametrize("programmes", ALL, ids=names)
def test_before_its_start_everything_is_as_without(engine, programmes):
    later = [replace(one, start=one.start + 5, end=one.end + 5) for one in programmes]
    without, future = begin(engine, ()), begin(engine, later)
    for simulation in (without, future):
        simulation.run(5)
    assert engine.bits(without.world) == engine.bits(future.world)


def test_a_label_alone_creates_no_relation_and_no_partnership(engine):
    one = programme("label", eligibility=Eligibility((2, 12)), budget=10 * KEUR)
    settings = {"clusters__partnership_rate": 0.3, "trust__prior_label": 0.0, "programmes__label_weight": 1.0}
    without, labelled = begin(engine, (), **settings), begin(engine, [one], **settings)
    for simulation in (without, labelled):
        simulation.run(12)
    later = begin(engine, [replace(one, start=6)], **settings)
    later.run(12)
    assert engine.bits(without.world) == engine.bits(labelled.world)  # no partnership yet when it started
    assert later.world.orgs.label.sum() > 1
    assert engine.bits(without.world, without=("label",)) == engine.bits(later.world, without=("label",))
    assert later.world.ledger.pools.administration[0] == min(one.budget, 500_000 * later.world.ledger.pools.labelled[0])


def test_what_is_labelled_existed_before(engine):
    simulation = begin(engine, [programme("label", start=6, eligibility=Eligibility((2, 12)), quota=2)],
                       clusters__partnership_rate=0.3)
    simulation.run(6)
    before = int(simulation.world.n.partnerships)
    simulation.run(1)
    world = simulation.world
    assert 1 <= world.ledger.pools.labelled[0] <= 2
    carriers = set(np.flatnonzero(world.orgs.label[: int(world.n.organisations)]).tolist())
    parts = world.parts[:before]
    running = np.flatnonzero((parts.of_clusters == 1) & ((parts.ended < 0) | (parts.ended >= 6)))
    sat = {int(j) for a in running for j in world.seats.org[parts.seat0[a]: parts.seat0[a] + parts.seats[a]]}
    assert carriers <= sat


def test_an_arm_without_grants_pays_nothing_and_forms_nothing(engine):
    calls = [replace(one, money=False) for one in everything()]
    settings = {"trust__prior_label": 0.0, "programmes__label_cost": 0.0, "programmes__label_weight": 1.0,
                "clusters__partnership_rate": 0.2}
    without, label = begin(engine, (), **settings), begin(engine, calls, **settings)
    for simulation in (without, label):
        simulation.run(14)
    assert engine.bits(without.world, without=("label",)) == engine.bits(label.world, without=("label",))
    assert label.world.ledger.pools.paid.sum() == 0 and label.world.orgs.label.sum() > 0


RULES = [Eligibility((3, 5), clusters=3), Eligibility((2, 6), countries=2), Eligibility((4, 4), sectors=3),
         Eligibility((3, 6), new_pairs=0.3), Eligibility((2, 4), newcomers=1.0)]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(3))
def test_eligibility_is_never_violated(engine, rule, seed):
    first = programme("good_practice_exchange", 0, budget=800 * KEUR, eligibility=replace(rule, newcomers=0.0))
    second = programme("consortium_call", 1, start=2, end=9, budget=800 * KEUR, eligibility=rule, quota=2, reserve=1)
    simulation = begin(engine, [first, second], seed, demography__death_old=0.0)
    world, formed = simulation.world, 0
    for quarter in range(4):
        seen, paid = int(world.n.partnerships), world.ledger.counts["payments"]
        received = set(world.ledger.rows("payments").org.tolist())
        simulation.step()
        for action in world.ledger.rows("actions"):
            if int(action.start) != quarter or int(action.partnership) < seen:
                continue
            part = world.parts[action.partnership]
            team = [int(j) for j in world.seats.org[part.seat0: part.seat0 + part.seats]]
            formed += 1
            mine = (first, second)[int(action.instrument)].eligibility
            assert is_eligible(world, replace(mine, newcomers=0.0, new_pairs=0.0), team)
            fresh = sum(j not in received for j in team)
            assert fresh >= mine.newcomers * len(team) or paid == 0
    assert formed > 0
    pools = world.ledger.pools
    assert pools.funded[1] <= 2 and pools.voluntary[1] <= 1
    assert (pools.applied == pools.refused + pools.unfunded + pools.funded + pools.voluntary).all()


def test_a_quota_for_newcomers_binds_every_call(engine):
    first = programme("good_practice_exchange", 0, budget=900 * KEUR)
    second = programme("consortium_call", 1, start=3, end=9, budget=900 * KEUR)
    quota = programme("newcomer_quota", 2, start=3, end=3, share=1.0, budget=0)
    simulation = begin(engine, [first, second, quota])
    simulation.run(3)
    paid = set(simulation.world.ledger.rows("payments").org.tolist())
    simulation.run(1)
    world = simulation.world
    actions = world.ledger.rows("actions")
    for action in actions[actions.instrument == 1]:
        part = world.parts[action.partnership]
        assert not paid & set(world.seats.org[part.seat0: part.seat0 + part.seats].tolist())
    assert paid


@pytest.mark.parametrize("pays", ["search", "coordination"])
def test_two_half_windows_equal_one(engine, pays):
    voucher = programme("voucher", pays=pays, budget=10_000 * KEUR, start=2, end=9)
    halves = [replace(voucher, name="one", end=5, budget=5000 * KEUR),
              replace(voucher, name="two", number=1, start=6, budget=5000 * KEUR)]
    whole, split = begin(engine, [voucher]), begin(engine, halves)
    for simulation in (whole, split):
        simulation.run(12)
    assert whole.series["grants"].sum() > 0
    assert whole.series["grants"].tolist() == split.series["grants"].tolist()
    assert engine.bits(whole.world) == engine.bits(split.world)


def test_a_voucher_pays_the_rate_of_what_was_spent(engine):
    voucher = programme("voucher", pays="coordination", budget=10_000 * KEUR, start=0, end=11, rate=Fraction("0.5"),
                        applicants=Applicants(kind=0))
    simulation = begin(engine, [voucher], clusters__partnership_rate=0.0, world__capital=1e5,
                       demography__death_first=0.0, demography__death_young=0.0, demography__death_old=0.0)
    simulation.run(12)
    spent = (simulation.series["coordination"] + simulation.series["goal"])[:-1]
    paid = simulation.series["grants"][1:]
    assert simulation.series["grants"][0] == 0
    seats = len(simulation.world.seats)
    assert ((paid <= spent / 2) & (paid > spent / 2 - seats)).all()  # a cent is lost for each member at most


@pytest.mark.parametrize("seed", range(3))
def test_the_funnel_is_nested(engine, seed):
    simulation = begin(engine, everything(), seed)
    for _ in range(4):
        simulation.run(4)
        ledger = simulation.world.ledger
        for number in range(len(ledger.pools)):
            stages = [set(ledger.who(stage, number).tolist()) for stage in range(5)]
            for wide, narrow in pairwise(stages):
                assert narrow <= wide
        meetings = ledger.rows("meetings")
        assert (meetings.project >= 0).sum() <= meetings.agreed.sum() <= len(meetings)
        claimed = meetings.project[meetings.project >= 0]
        assert len(set(claimed.tolist())) == len(claimed)
        assert (meetings.agreed[meetings.project >= 0] == 1).all()
    assert [len(ledger.who(stage)) > 0 for stage in range(4)] == [True] * 4


def test_the_log_tells_grants_labels_meetings_and_access(engine):
    simulation = begin(engine, everything(), log=True, clusters__partnership_rate=0.2)
    world = simulation.world
    label, mask = world.orgs.label.copy(), world.orgs.mask.copy() >> np.uint64(MAX_FIELDS)
    simulation.run(14)
    log, ledger = world.events[: int(world.n.events)], world.ledger
    grants = log[log.type == Event.GRANT]
    for number, pool in enumerate(ledger.pools):
        assert grants.amount[grants.code == number].sum() == pool.paid + pool.administration <= pool.budget
    assert grants.amount.sum() == simulation.series["grants"].sum() + simulation.series["administration"].sum()
    assert simulation.series["programme"].sum() == ledger.rows("payments").cost.sum()
    label[log.a[log.type == Event.LABELLED]] = 1
    assert (label == world.orgs.label[: len(label)]).all()
    met = log[log.type == Event.MEETING]
    assert [(int(e.a), int(e.b), int(e.amount)) for e in met] == [
        (int(m.a), int(m.b), int(m.agreed)) for m in ledger.rows("meetings")]
    for event in log[log.type == Event.ACCESS]:
        if event.a < len(mask):
            mask[event.a] |= np.uint64(1) << np.uint64(event.code)
    firms = world.orgs.kind[: len(mask)] == Kind.SME
    assert (mask[firms] == world.orgs.mask[: len(mask)][firms] >> np.uint64(MAX_FIELDS)).all()


def test_the_run_does_not_depend_on_threads_or_observers(engine):
    one, other = begin(engine, everything()), begin(engine, everything())
    other.desks.threads = 2
    for simulation in (one, other):
        simulation.run(12)
    assert engine.bits(one.world) == engine.bits(other.world)
    assert one.world.ledger.rows("payments").tobytes() == other.world.ledger.rows("payments").tobytes()


def test_a_copied_world_has_a_ledger_of_its_own(engine):
    simulation = begin(engine, everything())
    simulation.run(3)
    twin = simulation.world.copy()
    before = twin.ledger.pools.paid.copy(), twin.ledger.counts["payments"], twin.ledger.stages.copy()
    simulation.run(6)
    assert (twin.ledger.pools.paid == before[0]).all() and twin.ledger.counts["payments"] == before[1]
    assert (twin.ledger.stages == before[2]).all()
    assert simulation.world.ledger.counts["payments"] > before[1]


def test_a_label_names_only_those_who_may_apply_and_that_it_can_pay_for(engine):
    rule, settings = Eligibility((2, 12)), {"clusters__partnership_rate": 0.3}
    labelled = {}
    for budget, clusters in ((110, ()), (10, ()), (0, ()), (110, (0,)), (110, (99,))):
        one = programme("label", start=6, end=9, eligibility=rule, budget=budget * KEUR, applicants=Applicants(clusters=clusters))
        simulation = begin(engine, [one], **settings)
        simulation.run(9)
        labelled[budget, clusters] = int(simulation.world.ledger.pools.labelled[0])
    assert labelled[10, ()] == 2 < labelled[110, ()] and labelled[0, ()] == labelled[110, (99,)] == 0
    assert labelled[110, (0,)] < labelled[110, ()]


@pytest.mark.parametrize("cost", [1, 4, 200])
def test_no_more_counterparts_are_met_than_the_money_of_the_quarter_pays_for(engine, cost):
    one = programme("consortium_call", budget=3 * cost * KEUR, grant=cost * KEUR)
    simulation = begin(engine, [one])
    simulation.run(9)
    world, meetings = simulation.world, simulation.world.ledger.rows("meetings")
    price = world.p.search_open_cost * KEUR
    for action in range(len(world.ledger.rows("actions"))):
        row = world.ledger.rows("actions")[action]
        for step in range(9):
            met = ((meetings.action == action) & (meetings.step == step)).sum()
            assert met * price <= row.cost / row.quarters
    assert (len(meetings) > 0) == (cost > 4), "a tiny grant sends nobody abroad"


def test_who_followed_may_follow_again(engine):
    """The third call of a chain is open to the teams of the second, whose strategy is from the first."""
    chain = (programme("preparatory_action", 0, end=3), programme("follow_up_action", 1, start=4, end=7, after=(0,)),
             programme("follow_up_action", 2, start=8, end=11, after=(1,)))
    simulation = begin(engine, chain, part__hazard=0.0)
    simulation.run(13)
    pools, actions = simulation.world.ledger.pools, simulation.world.ledger.rows("actions")
    assert (pools.applied[1] > 0) and (pools.applied[2] > 0) and pools.funded[2] > 0
    assert (actions.strategy[actions.instrument == 2] == 0).all(), "nobody writes it twice"
