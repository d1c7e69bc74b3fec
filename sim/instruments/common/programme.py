"""An instrument as the engine takes it: whole cents, quarters from 0, rows and codes instead of names."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from sim.luck import stream
from sim.vocab import Kind


@dataclass(frozen=True)
class Applicants:
    """Who may lead an application; an empty tuple means no restriction.

    ``together``: the clusters that a closed call names apply as one.
    """

    kind: int = int(Kind.CLUSTER_ORGANISATION)
    countries: tuple[int, ...] = ()
    sectors: tuple[int, ...] = ()
    clusters: tuple[int, ...] = ()
    label: bool = False
    together: bool = False


@dataclass(frozen=True)
class Eligibility:
    """What a consortium must be to be funded; ``only_clusters``: members come from these alone, empty: from any."""

    members: tuple[int, int] = (2, 12)
    only_clusters: tuple[int, ...] = ()
    countries: int = 1
    clusters: int = 1
    sectors: int = 1
    sme_share: float = 0.0
    newcomers: float = 0.0
    new_pairs: float = 0.0


@dataclass(frozen=True)
class Programme:
    """One instrument of a run.

    Parameters
    ----------
    name, kind, number : what it is called, which file of `sim.instruments` it is, its place in the run.
    start, end : first and last compared quarter (0 is the first) in which it acts.
    budget, grant, project_grant : cents in all, at most for a consortium, at most for a small project.
    rate : share of eligible cost that is paid.
    money : False leaves it without money: it labels the partnerships of clusters that run already and qualify.
    quota, reserve, applications : most funded, taken from the reserve list without money, most applicants; 0: no limit
        (reserve: nobody).
    applicants, eligibility, selection : who may apply, what is eligible, by what the best are found.
    policy : row of `tables.POLICIES` by which applicants mobilise; None: their own policy.
    markets : third markets aimed at. after : numbers of the instruments it follows.
    pass_through : share of a consortium's grant that goes on to small projects.
    share, pays, meetings : of a quota; what a voucher pays; meetings a quarter.
    """

    name: str
    kind: str
    number: int
    start: int
    end: int
    budget: int = 0
    grant: int = 0
    project_grant: int = 0
    rate: Fraction = Fraction(1)
    money: bool = True
    quota: int = 0
    reserve: int = 0
    applications: int = 0
    applicants: Applicants = field(default_factory=Applicants)
    eligibility: Eligibility = field(default_factory=Eligibility)
    selection: str = "coverage"
    policy: Any = None
    markets: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    pass_through: float = 0.0
    share: float = 0.0
    pays: str = "search"
    meetings: int = 0

    @property
    def uid(self) -> np.uint64:
        """Identity that keys its luck: its name alone."""
        return stream(f"instrument.{self.name}")

    @property
    def can_pay(self) -> bool:
        """Whether its budget is there to be spent; without money it names the label alone."""
        return self.money or self.kind == "label"

    @property
    def quarters(self) -> int:
        """Quarters from the first to the last."""
        return self.end - self.start + 1

    @property
    def passed_on(self) -> int:
        """Cents of a consortium's grant that go on to small projects."""
        return int(self.pass_through * self.grant) if self.kind == "large_scale_demonstrator" else 0

    @property
    def cost(self) -> int:
        """Cents of the consortium's own eligible cost, under the full grant."""
        return self.cost_of(self.grant - self.passed_on)

    def cost_of(self, grant: int) -> int:
        """Return the smallest eligible cost for which the rate pays ``grant`` cents; 0 under a rate of 0."""
        return math.ceil(grant / self.rate) if self.rate else 0

    def pays_of(self, cost: int) -> int:
        """Return the grant for an eligible cost: rate times cost, rounded down to the cent."""
        return int(self.rate * cost)

    def acts(self, quarter: int) -> bool:
        """Whether this compared quarter lies in its window."""
        return self.start <= quarter <= self.end
