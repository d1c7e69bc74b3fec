"""The clock: a world, its phases in their printed order, and what is observed after each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sim.instruments.common.programme import Programme
from sim.jit import jit
from sim.luck import draw, key, stream, u01
from sim.outcomes.observe import observe
from sim.phases.challenges import challenges
from sim.phases.clusters import clusters
from sim.phases.commit import commit
from sim.phases.demography import demography
from sim.phases.desks import Desks
from sim.phases.instruments import instruments, open_ledger
from sim.phases.learn import learn
from sim.phases.mobilise import mobilise
from sim.phases.part import part
from sim.phases.shocks import DatedShock, strike
from sim.phases.stock import take_stock
from sim.phases.trust import trust
from sim.phases.work import work
from sim.vocab import Side
from sim.world.world import World

ADOPT = stream("policy.adopt")
STUDIED, BASELINE, NEUTRAL = int(Side.STUDIED), int(Side.BASELINE), int(Side.NEUTRAL)
ORDER = ("instruments", "shocks", "challenges", "mobilise", "commit", "work", "trust", "learn", "part", "clusters",
         "demography", "observe")


class Simulation:
    """One world in time.

    Parameters
    ----------
    world : where it starts (changed in place).
    shocks : dated surprises, counted in compared quarters.
    log : whether to keep the event log and the reasons of each formation.
    threads : threads that plan teams and work; a second one learns while trust moves and stock is taken. The
        result does not depend on them.
    programmes : public programmes, in the order in which they act.
    """

    def __init__(self, world: World, shocks: Sequence[DatedShock] = (), log: bool = False, threads: int = 1,
                 programmes: Sequence[Programme] = ()) -> None:
        self.world = world
        self.shocks = tuple(shocks)
        self.programmes = tuple(programmes)
        self.desks = Desks(threads)
        self.quarter = -1  # compared quarters done, minus one; the burn-in does not count
        self.burning_in = False
        self.rows: list[dict[str, float]] = []
        self._verdicts: np.ndarray[Any, Any] | None = None  # of this quarter, if stock was taken beside learning
        world.log = log
        if self.programmes:
            open_ledger(world, self.programmes)

    @property
    def phases(self) -> tuple[Callable[[], object], ...]:
        """The phases of a quarter, in order."""
        w = self.world
        return (lambda: instruments(w, self.desks, self.programmes, self.quarter if not self.burning_in else -1),
                lambda: strike(w, self.shocks, self.quarter), lambda: challenges(w), lambda: mobilise(w, self.desks),
                lambda: commit(w, self.desks.get(w)[0]), lambda: work(w, self.desks), self._trust, self._learn,
                lambda: part(w, self.desks, self._verdicts), lambda: clusters(w), lambda: demography(w), self._observe)

    def step(self) -> None:
        """Do one quarter."""
        if not self.burning_in:
            self.quarter += 1
        for name in self.world.flow.dtype.names:
            self.world.flow[name] = 0
        for phase in self.phases:
            phase()
        self.world.n.step += 1

    def burn_in(self) -> None:
        """Do the quarters that all policies share, under the neutral policy; nothing is recorded."""
        self.world.orgs.policy[:] = NEUTRAL
        self.burning_in = True
        for _ in range(int(self.world.p.world_burn_in)):
            self.step()
        self.burning_in = False
        self.rows.clear()

    def run(self, steps: int | None = None) -> None:
        """Do the compared quarters (by default all of the scenario's)."""
        for _ in range(int(self.world.p.world_steps) if steps is None else steps):
            self.step()

    def _trust(self) -> None:
        """Move trust.

        A second thread learns meanwhile: it reads no column that trust or taking stock write, nor they one of its.
        """
        if self.desks.threads < 2:
            self._verdicts = None  # threads may have been fewer since the quarter before
            trust(self.world)
            return
        self.world.view()  # made before both ask for it
        self.desks.together([self._judge, lambda: learn(self.world)])

    def _judge(self) -> None:
        trust(self.world)
        self._verdicts = take_stock(self.world)

    def _learn(self) -> None:
        """Learn, unless that was done beside `_trust`."""
        if self.desks.threads < 2:
            learn(self.world)

    def _observe(self) -> None:
        self.rows.append(observe(self.world.view()))

    @property
    def series(self) -> dict[str, np.ndarray[Any, Any]]:
        """Name to [quarters] float64: what was observed after each compared quarter."""
        names = self.rows[0] if self.rows else {}
        return {name: np.array([row[name] for row in self.rows]) for name in names}


def adopt_policy(world: World, share: float = 1.0) -> None:
    """Set who follows which policy, by a keyed draw of each organisation; newborns follow their parent."""
    choose_sides(world.view(), share)


@jit
def choose_sides(w, share):
    """Write the policy row of every organisation."""
    k = key(w.seed, ADOPT, 0)
    for i in range(len(w.orgs)):
        adopts = share >= 1.0 or u01(draw(k, w.orgs.uid[i])) < share
        w.orgs.policy[i] = STUDIED if adopts else BASELINE
