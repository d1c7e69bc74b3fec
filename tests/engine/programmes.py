"""Programmes for the tests of the engine, made without scenario files."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from sim.instruments.common.programme import Applicants, Eligibility, Programme
from sim.simulation import Simulation, adopt_policy

KEUR = 100_000


def programme(kind, number=0, **changes):
    """Return an instrument of eight quarters that could fund three consortia of 3 or 4 cluster organisations."""
    rule = Eligibility(members=(3, 4), countries=1, clusters=3)
    made = Programme(kind, kind, number, 0, 7, budget=330 * KEUR, grant=110 * KEUR + 7, project_grant=11 * KEUR,
                     rate=Fraction("0.75"), eligibility=rule, markets=(0, 1), pass_through=0.7, meetings=20, share=0.4)
    if kind == "voucher":
        changes = {"applicants": Applicants(kind=0), **changes}
    return replace(made, **changes)


def two_phases():
    """Return what prepares, what follows it and what follows that."""
    return (programme("preparatory_action", 0, end=3), programme("operational_action", 1, start=4, end=8, after=(0,)),
            programme("follow_up_action", 2, start=9, end=12, after=(1, 0)))


def everything():
    """Return one of each kind, together and one after the other."""
    others = ("consortium_call", "label", "large_scale_demonstrator", "good_practice_exchange", "matchmaking", "voucher",
              "newcomer_quota")
    more = [programme(kind, number, name=f"{kind}-{number}") for number, kind in enumerate(others, 3)]
    return (*two_phases(), *more)


def begin(engine, programmes, seed=7, log=False, **settings):
    """Return a simulation in which these programmes act: 120 firms in 9 clusters."""
    given = {"world__smes": 120, "world__clusters": 9, "world__member_share": 0.9, **settings}
    world = engine.make(seed, **given)
    simulation = Simulation(world, log=log, programmes=tuple(programmes))
    adopt_policy(world)
    return simulation
