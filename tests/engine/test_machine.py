"""The invariants as a state machine: whatever happens to a world, in any order, its books stay in order."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sim.phases.shocks import DatedShock
from sim.simulation import Simulation, adopt_policy
from sim.vocab import Kind, Shock
from tests.engine.programmes import everything

KNOWN = {"sources": ("known",), "terms": {"trust": 1}, "fill": "size", "search": 0, "shares_by_role": 0}
MERRY = {"terms": {"role_gain": 1}, "fill": "everyone", "max_size": 25}
PARALLEL = {"mode": 1, "fill": "size"}
QUARTERS = 16


def machine(engine, programmes=(), smes=12):
    """Return the machine for worlds made by the tests' own helpers, with public programmes or without.

    Every rule leaves the books in order: each checks them once.
    """

    class Worlds(RuleBasedStateMachine):
        @initialize(seed=st.integers(0, 2**63), policy=st.sampled_from([{}, KNOWN, MERRY, PARALLEL]),
                    contested=st.sampled_from([0.0, 0.6]), hazard=st.sampled_from([0.0, 0.1]),
                    births=st.sampled_from([0.0, 0.2]))
        def found(self, seed, policy, contested, hazard, births):
            world = engine.make(seed, policy=policy, baseline=KNOWN, challenges__contested=contested, part__hazard=hazard,
                                demography__birth=births, clusters__partnership_rate=0.3, challenges__rate=0.9,
                                world__smes=smes, world__start_relations=3.0)
            engine.check(world)
            self.begin_from(world)

        def begin_from(self, world):
            self.simulation = Simulation(world, log=True, programmes=programmes)
            self.quarters = 0

        @precondition(lambda self: self.quarters < QUARTERS)
        @rule()
        def a_quarter_passes(self):
            engine.step_and_check(self.simulation)
            self.quarters += 1

        @rule(share=st.sampled_from([0.0, 0.3, 1.0]))
        def others_adopt(self, share):
            adopt_policy(self.simulation.world, share)
            engine.check(self.simulation.world)

        @precondition(lambda self: self.quarters < QUARTERS)
        @rule()
        def it_is_copied_and_goes_on(self):
            """What goes on from a copy is what goes on from the original."""
            twin = Simulation(self.simulation.world.copy(), log=True, programmes=programmes)
            twin.quarter = self.simulation.quarter
            twin.step()
            engine.step_and_check(self.simulation)
            self.quarters += 1
            assert engine.bits(twin.world) == engine.bits(self.simulation.world)

        @precondition(lambda self: self.quarters < QUARTERS)
        @rule(kind=st.sampled_from(list(Shock)), which=st.integers(0, 3))
        def a_shock_strikes(self, kind, which):
            world = self.simulation.world
            if kind == Shock.CLUSTER_LOST and not world.clusters.alive[which]:
                return
            self.simulation.shocks = (DatedShock(self.simulation.quarter + 1, kind, which),)
            engine.step_and_check(self.simulation)
            self.simulation.shocks = ()
            self.quarters += 1

        @rule()
        def somebody_spends_everything(self):
            orgs = engine.rows(self.simulation.world, "orgs")
            living = [i for i in range(len(orgs)) if orgs.left[i] < 0 and orgs.kind[i] != Kind.CLUSTER_ORGANISATION]
            if living:
                orgs.capital[living[0]] = 0
                engine.check(self.simulation.world)

    return Worlds


def test_whatever_happens_the_books_stay_in_order(engine):
    run_state_machine_as_test(machine(engine), settings=settings(max_examples=200, stateful_step_count=8, deadline=None))


def test_whatever_happens_under_programmes_the_books_stay_in_order(engine):
    worlds = machine(engine, everything(), smes=30)
    run_state_machine_as_test(worlds, settings=settings(max_examples=40, stateful_step_count=12, deadline=None))
