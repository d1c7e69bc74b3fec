"""An idiomatic plain-Mesa twin of the engine: the same rules, agents as Python objects.

It covers what `strategic_mobilisation` and `same_known_partners` use under the default scenario:
joint work, greedy growth, fill by roles or by size, the standard rules, no contests and no shocks.
It begins from a populated engine world, so that both begin alike.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import mesa
from twin_challenges import challenges
from twin_commit import commit
from twin_demography import demography
from twin_learn import learn
from twin_load import load, remember
from twin_luck import KeyedLuck, RandomLuck
from twin_part import clusters, part
from twin_search import mobilise
from twin_work import trust, work

TERMS = {"reputation": attrgetter("reputation"), "role_gain": attrgetter("gain"), "trust": attrgetter("trust"),
         "shared_vision": lambda candidate: 1.0 - candidate.gap * 0.7071067811865475}


@dataclass(eq=False)
class Policy:
    """Whom a lead mobilises and how the partners work."""

    terms: list[tuple[float, Any]]
    sources: list[int]
    scan: list[int]
    contacts: list[int]
    cost: list[float]
    by_roles: bool
    sequential: bool
    shared_goal: bool
    shares_by_role: bool
    trusted_lead: bool
    reads_vision: bool
    enough: float
    min_gain: float
    renew: float
    usual_size: int
    max_size: int

    def fills(self, gain: float, missing: int, size: int) -> bool:
        """Whether somebody with this gain may still be added."""
        if self.by_roles:
            return missing > 0 and gain >= self.min_gain and size < self.max_size
        return size < self.usual_size


class Twin(mesa.Model):
    """The same world in plain Mesa.

    Parameters
    ----------
    world : engine world to begin from; it is only read.
    oracle : True for keyed draws (the engine's trajectory), False for `random.Random`.
    """

    def __init__(self, world: Any, oracle: bool = False) -> None:
        super().__init__(seed=int(world.seed) % 2**32)
        self.p = SimpleNamespace(**{name: float(world.p[name]) for name in world.p.dtype.names})
        self.quarter = int(world.n.step)
        self.flow: Counter[str] = Counter()
        self.plans: list[Any] = []
        self.ended: list[Any] = []
        self.over: list[Any] = []  # whatever ended this quarter, deaths included
        self.luck: KeyedLuck | RandomLuck = RandomLuck(int(world.seed))
        self.mean_activity = self.luck.exp(0.5 * self.p.world_activity_sigma * self.p.world_activity_sigma)
        load(self, world)
        keyed = KeyedLuck(int(world.seed), [self.rows[row] if row >= 0 else None for row in world.slots])
        remember(self, keyed)
        if oracle:
            self.luck = keyed
            self.mean_activity = self.luck.exp(0.5 * self.p.world_activity_sigma * self.p.world_activity_sigma)

    def step(self) -> None:
        """Do one quarter."""
        self.flow.clear()
        self.over.clear()
        self.plans = challenges(self)
        for phase in (mobilise, commit, work, trust, learn, part, clusters, demography):
            phase(self)
        self.quarter += 1
