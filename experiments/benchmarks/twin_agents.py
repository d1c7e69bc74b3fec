"""The twin's people and things: Mesa agents with Python attributes, dicts of relations, partnerships as objects."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import mesa

from sim.vocab import Source

if TYPE_CHECKING:
    from twin import Twin

FIRST_MARKET = 56  # a market counts as a field from here on
PLACES = 6
KNOWN, REFERRED, OWN, BRIDGED, OPEN, RENEWED, SELF = (int(source) for source in (
    Source.KNOWN, Source.PARTNERS_OF_PARTNERS, Source.OWN_CLUSTER, Source.BRIDGED_CLUSTERS, Source.OPEN_CALL,
    Source.RENEWED, Source.SELF))
NOBODY = None


@dataclass(slots=True, eq=False)
class Cluster:
    """A cluster: its organisation, its quality and its members."""

    organisation: Any = None
    management: float = 0.0
    members: list[Any] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Relation:
    """What two organisations that met think of each other."""

    a: Any
    b: Any
    trust: dict[Any, float]
    times: int = 0
    running: int = 0
    successes: int = 0
    failures: int = 0


@dataclass(slots=True, eq=False)
class Role:
    """One role of a partnership; ``now``: 1 delivered, 0 failed, -1 nobody tried, -2 its holder left."""

    field: int
    level: float
    holder: Any = NOBODY
    now: int = -1
    deliveries: int = 0


@dataclass(slots=True, eq=False)
class Seat:
    """One member's place in a partnership."""

    source: int
    cost: int = 0
    unhappy: int = 0


@dataclass(slots=True, eq=False)
class Challenge:
    """A challenge and, once its lead has searched, the plan for it."""

    uid: int
    lead: Any
    initiator: Any
    of_clusters: bool
    renewal: bool
    market: int = -1
    fields: list[int] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)
    theme: tuple[float, float] = (0.0, 0.0)
    value: int = 0
    duration: int = 0
    brokered: bool = False
    partnership: Any = None
    team: list[tuple[Any, int]] = field(default_factory=list)
    reserves: list[Any] = field(default_factory=list)
    promise: float = 0.0
    search_cost: int = 0
    contacts: int = 0
    invited: int = 0
    declined: int = 0


@dataclass(slots=True, eq=False)
class Partnership:
    """Partners at work on a challenge; ``members`` holds the current ones in order of joining."""

    uid: int
    lead: Any
    initiator: Any
    policy: Any
    value: int
    theme: tuple[float, float]
    start: int
    due: int
    of_clusters: bool
    market: int
    seat_cap: int
    members: dict[Any, Seat] = field(default_factory=dict)
    roles: list[Role] = field(default_factory=list)
    promise: float = 0.0
    won: bool = False
    orphaned: bool = False
    ended: int = -1
    reason: str = ""
    ever: list[Any] = field(default_factory=list)
    final: list[Any] = field(default_factory=list)


class Organisation(mesa.Agent):
    """Anybody who can sit in a partnership."""

    is_cluster = False

    def __init__(self, model: Twin, uid: int, **traits: Any) -> None:
        super().__init__(model)
        self.uid = uid
        self.alive = True
        self.levels: dict[int, float] = {}
        self.access: set[int] = set()
        self.relations: dict[Organisation, Relation] = {}
        self.impressions: dict[tuple[Organisation, int], float] = {}
        self.renew: Partnership | None = None
        self.running = self.joined = 0
        self.reputation = 0.5
        self.label = 0.0
        for name, value in traits.items():
            setattr(self, name, value)

    @property
    def has_room(self) -> bool:
        """Whether it lives and has spare capacity."""
        return self.alive and self.running < self.capacity

    def level_in(self, wanted: int) -> float:
        """Return the true level in a field; a market counts as level 1."""
        if wanted in self.levels:
            return self.levels[wanted]
        return 1.0 if wanted in self.access else 0.0

    def distance_to(self, other: Organisation) -> float:
        """Return the weighted distance in cluster, sector and country."""
        p, total = self.model.p, 0.0
        if self.cluster is not other.cluster or self.cluster is None:
            total += p.work_distance_cluster
        if self.sector != other.sector:
            total += p.work_distance_sector
        if self.country != other.country:
            total += p.work_distance_country
        return total

    def relatedness_to(self, other: Organisation) -> float:
        """Return the mean relatedness of the two portfolios."""
        total, count, related = 0.0, 0, self.model.relatedness
        for mine in self.levels:
            row = related[mine]
            for theirs in other.levels:
                total += row[theirs]
                count += 1
        return total / count if count else 0.0

    def bridge_to(self, other: Organisation) -> float:
        """Return the trust between the clusters: 1 inside one, -1 without a bridge."""
        mine, theirs = self.cluster, other.cluster
        if mine is None or theirs is None:
            return -1.0
        if mine is theirs:
            return 1.0
        relation = mine.organisation.relations.get(theirs.organisation)
        return relation.trust[mine.organisation] if relation else -1.0

    def prior_in(self, other: Organisation, bridge: float | None = None) -> float:
        """Return the trust in a stranger."""
        p = self.model.p
        if bridge is None:
            bridge = self.bridge_to(other)
        trust = self.model.general_trust[self.country]
        if bridge >= 0.0:
            trust += p.trust_prior_cluster if self.cluster is other.cluster else p.trust_prior_bridge * bridge
        reputation = other.reputation if bridge >= 0.0 else 0.5
        trust += p.trust_prior_reputation * (reputation - 0.5)
        trust += p.trust_prior_label * other.label
        return min(1.0, max(0.0, trust))

    def trust_in(self, other: Organisation) -> float:
        """Return the trust in another: of the relation, or the prior."""
        relation = self.relations.get(other)
        return relation.trust[self] if relation else self.prior_in(other)

    def gap_to(self, x: float, y: float) -> float:
        """Return the distance of its vision to a point."""
        dx, dy = self.vision[0] - x, self.vision[1] - y
        return math.sqrt(dx * dx + dy * dy)

    def routine(self, relation: Relation | None) -> float:
        """Return what working together taught, in [0, 1)."""
        return 1.0 - self.model.luck.exp(-0.5 * relation.times) if relation else 0.0

    def pair_cost(self, other: Organisation) -> float:
        """Return what coordination with another costs a quarter, in kEUR."""
        relation = self.relations.get(other)
        if relation:
            trust = 0.5 * (relation.trust[self] + relation.trust[other])
            routine = self.routine(relation)
        else:
            trust, routine = 0.5 * (self.prior_in(other) + other.prior_in(self)), 0.0
        cost = self.model.p.work_coordination_cost
        return cost * (1.0 - trust) * (1.0 - 0.5 * routine) * (1.0 + self.distance_to(other))

    def meet(self, other: Organisation) -> Relation:
        """Return the relation with another, made now if they are strangers."""
        relation = self.relations.get(other)
        if relation is None:
            relation = Relation(self, other, {self: self.prior_in(other), other: other.prior_in(self)})
            self.relations[other] = other.relations[self] = relation
            self.model.relations.append(relation)
        return relation

    def perceive(self, other: Organisation, wanted: int, noise: float) -> float:
        """Return the level it sees in another; a misjudgement lasts."""
        level = other.level_in(wanted)
        if level == 0.0 or self is other:
            return level
        seen = self.impressions.get((other, wanted))
        if seen is None:
            seen = self.impressions[other, wanted] = self.model.luck.bell(
                "search.perception", 0, self.uid, other.uid, wanted)
        return min(1.0, max(0.0, level + noise * seen))


class SME(Organisation):
    """A small or medium-sized firm."""


class ClusterOrganisation(Organisation):
    """The organisation of a cluster; its bridges are its relations."""

    is_cluster = True
