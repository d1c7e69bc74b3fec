"""The twin's desk: what a lead sees of its candidates, and how it scores them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin_agents import BRIDGED, Challenge, Organisation

if TYPE_CHECKING:
    from twin import Twin

FREE, DECLINED, ACCEPTED, BUSY = range(4)


class Candidate:
    """An organisation on the lead's desk and what the lead sees of it."""

    __slots__ = ("answer", "coin", "fate", "gain", "gap", "org", "rank", "relation", "reputation", "seen", "source",
                 "trust")

    def __init__(self, org: Organisation, source: int, relation: Any, seen: list[float]) -> None:
        self.org, self.source, self.relation, self.seen = org, source, relation, seen
        self.fate = FREE
        self.answer: float | None = None
        self.coin = self.gain = self.gap = self.reputation = self.trust = 0.0
        self.rank = (0.0, 0.0)


class Desk:
    """What one lead sees while it searches for one challenge."""

    def __init__(self, model: Twin, challenge: Challenge) -> None:
        self.model, self.challenge, self.lead = model, challenge, challenge.lead
        self.policy = self.lead.policy
        self.roles = len(challenge.fields)
        self.wanted = list(zip(challenge.fields, challenge.levels))
        self.covered = [0.0] * self.roles
        self.noted: set[Organisation] = set()
        self.candidates: list[Candidate] = []
        self.team: list[Candidate] = []
        self.vision_x = self.vision_y = self.spent = 0.0
        self.accepted = self.contacts = self.invited = self.declined = 0
        self.broker_noise = broker_noise(model, challenge)

    def eligible(self, j: Organisation) -> bool:
        """Whether j can be a partner at all."""
        return j.alive and j is not self.lead and j.is_cluster == self.challenge.of_clusters

    def is_new(self, j: Organisation) -> bool:
        """Whether j can be a partner and was not looked at before."""
        return j not in self.noted and self.eligible(j)

    def note(self, j: Organisation) -> Organisation:
        """Note j as looked at."""
        self.noted.add(j)
        return j

    def put(self, j: Organisation, source: int) -> Candidate:
        """Return j as a candidate, its levels as the lead sees them."""
        relation = self.lead.relations.get(j)
        noise = blur(self.model, self.lead, j, source, self.broker_noise)
        if relation:
            noise *= 1.0 - self.lead.routine(relation)
        return Candidate(j, source, relation, [self.lead.perceive(j, name, noise) for name in self.challenge.fields])

    def seat(self, j: Organisation, source: int) -> None:
        """Put the lead, or one who stays from before, into the team."""
        self.noted.add(j)
        candidate = self.put(j, source)
        candidate.fate = ACCEPTED
        self.candidates.append(candidate)
        self.join(candidate)
        self.accepted = len(self.team)

    def join(self, candidate: Candidate) -> None:
        """Add a candidate to the planned team."""
        self.team.append(candidate)
        self.vision_x += candidate.org.vision[0]
        self.vision_y += candidate.org.vision[1]
        self.covered = [max(best, min(1.0, seen / level)) for best, seen, level
                        in zip(self.covered, candidate.seen, self.challenge.levels)]

    def gain_of(self, candidate: Candidate) -> float:
        """Return by how many roles a candidate would raise the coverage."""
        gain = 0.0
        for seen, level, best in zip(candidate.seen, self.challenge.levels, self.covered):
            if seen > 0.0:
                gain += max(0.0, min(1.0, seen / level) - best)
        return gain

    def is_wanted(self, gain: float) -> bool:
        """Whether somebody with this gain may still be added."""
        missing = sum(best < self.policy.enough for best in self.covered)
        return self.policy.fills(gain, missing, len(self.team))

    def look_closely(self, candidate: Candidate) -> None:
        """See trust, reputation and a coin of a candidate."""
        lead, j = self.lead, candidate.org
        candidate.coin = self.model.luck.uniform("search.coin", self.model.quarter, self.challenge.uid, j.uid)
        if candidate.relation:
            candidate.reputation, candidate.trust = j.reputation, candidate.relation.trust[lead]
        else:
            bridge = lead.bridge_to(j)
            candidate.reputation = j.reputation if bridge >= 0.0 else 0.5
            candidate.trust = lead.prior_in(j, bridge)

    def score(self, candidate: Candidate, gain: float) -> None:
        """Score a candidate against the team as it is planned now."""
        candidate.gain = gain / self.roles
        if self.policy.reads_vision:
            size = len(self.team)
            candidate.gap = candidate.org.gap_to(self.vision_x / size, self.vision_y / size)
        total = 0.0
        for weight, term in self.policy.terms:
            total += weight * term(candidate)
        candidate.rank = (total, candidate.coin)


def broker_noise(model: Twin, challenge: Challenge) -> float:
    """Return the blur across bridges: less when the cluster organisation introduces."""
    noise = model.p.search_noise
    if challenge.brokered:
        noise -= challenge.lead.cluster.management * (model.p.search_noise - model.p.search_noise_own)
    return noise


def blur(model: Twin, lead: Organisation, j: Organisation, source: int, bridged: float) -> float:
    """Return the size of the blur with which a lead sees another's levels, before familiarity."""
    if lead.cluster is not None and lead.cluster is j.cluster:
        return model.p.search_noise_own
    return bridged if source == BRIDGED else model.p.search_noise
