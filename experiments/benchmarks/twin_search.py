"""The twin's search: a lead looks for candidates, plans a team, invites it, and keeps reserves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin_agents import BRIDGED, KNOWN, OPEN, OWN, RENEWED, SELF, Challenge, Organisation
from twin_desk import ACCEPTED, BUSY, DECLINED, FREE, Candidate, Desk
from twin_money import to_cents
from twin_produce import produce
from twin_sources import SOURCES

if TYPE_CHECKING:
    from twin import Twin

INVITATIONS_PER_SEAT = 3
ROOT2 = math.sqrt(2.0)
PLENTY = 1e9


class Search(Desk):
    """One lead's search for partners for one challenge."""

    def search_source(self, source: int, contacts: int, cost: float) -> None:
        """Look through one source and approach its best."""
        scan = SOURCES[source](self, self.policy.scan[source])
        if source == BRIDGED and not self.challenge.brokered:
            cost = self.policy.cost[OPEN]
        self.consider(scan, source, contacts, cost)
        if source == KNOWN and len(scan) > contacts:
            self.add_best_per_role(scan, cost)

    def consider(self, scan: list[Organisation], source: int, limit: int, cost: float) -> None:
        """Turn profiles into candidates and approach the best."""
        nothing_helps = not self.is_wanted(0.0)
        kept: list[Candidate] = []
        floor = None
        for j in scan:
            if nothing_helps and not any(name in j.levels or name in j.access for name in self.challenge.fields):
                continue
            candidate = self.put(j, source)
            gain = self.gain_of(candidate)
            if not self.is_wanted(gain):
                continue
            self.look_closely(candidate)
            self.score(candidate, gain)
            if len(kept) < limit:
                kept.append(candidate)
            elif limit:
                floor = floor or min(kept, key=rank_of)
                if floor.rank < candidate.rank:
                    kept[kept.index(floor)] = candidate
                    floor = None
        self.approach(kept, cost)

    def approach(self, found: list[Candidate], cost: float) -> None:
        """Contact candidates: each costs, and the busy drop out."""
        self.contacts += len(found)
        self.spent += len(found) * cost
        for candidate in found:
            if candidate.org.running >= candidate.org.capacity:
                candidate.fate = BUSY
        self.candidates += found

    def add_best_per_role(self, scan: list[Organisation], cost: float) -> None:
        """Of more known partners than fit, add the one seen as best in each role."""
        for name in self.challenge.fields:
            best, highest = None, 0.0
            for j in scan:
                level = j.level_in(name)
                if level > highest:
                    best, highest = j, level
            if best is not None and all(best is not candidate.org for candidate in self.candidates):
                candidate = self.put(best, KNOWN)
                self.look_closely(candidate)
                self.score(candidate, self.gain_of(candidate))
                self.approach([candidate], cost)

    def best_candidate(self) -> Candidate | None:
        """Return the free candidate of highest score that is still wanted."""
        best = None
        for candidate in self.candidates:
            if candidate.fate != FREE:
                continue
            gain = self.gain_of(candidate)
            if not self.is_wanted(gain):
                continue
            self.score(candidate, gain)
            if best is None or candidate.rank > best.rank:
                best = candidate
        return best

    def plan_more(self) -> None:
        """Plan the rest of the team, one best candidate at a time."""
        while len(self.team) < self.policy.max_size:
            best = self.best_candidate()
            if best is None:
                return
            self.join(best)
            best.fate = ACCEPTED

    def assemble(self) -> None:
        """Plan, invite, strike, plan again, until the team stands or nobody is left to ask."""
        while True:
            self.plan_more()
            if len(self.team) == self.accepted:
                return
            limit = INVITATIONS_PER_SEAT * max(len(self.team), self.policy.usual_size)
            if self.invite(limit) == 0 or self.invited >= limit:
                return

    def invite(self, limit: int) -> int:
        """Invite the planned; strike those who decline and return how many did."""
        chance, declined = self.promised_chance(), 0
        for candidate in self.team[self.accepted:]:
            if self.invited >= limit:
                candidate.fate = FREE
                continue
            self.invited += 1
            if not self.accepts(candidate, chance):
                candidate.fate = DECLINED
                declined += 1
        self.declined += declined
        standing = self.team[: self.accepted] + [c for c in self.team[self.accepted:] if c.fate == ACCEPTED]
        self.team, self.covered = [], [0.0] * self.roles
        self.vision_x = self.vision_y = 0.0
        for candidate in standing:
            self.join(candidate)
        self.accepted = len(self.team)
        return declined

    def promised_chance(self) -> float:
        """Return the chance of success if every role held delivers."""
        floor = self.model.p.work_floor
        return produce(self.model, [floor + (1.0 - floor) * best for best in self.covered], 0.0, 1.0)

    def share_promised(self, candidate: Candidate, asked: int = -1) -> float:
        """Return the share of the value that a candidate can expect; it is asked to hold role ``asked``."""
        size = len(self.team)
        if not self.policy.shares_by_role:
            return 1.0 / size
        held = filled = 0.0
        for r in range(self.roles):
            best = max(self.team, key=lambda member: member.seen[r])
            if best.seen[r] > 0.0 or r == asked:
                filled += 1.0
                held += best is candidate or r == asked
        by_role = held / filled if filled > 0.0 else 1.0 / size
        base = self.model.p.work_base_share
        return base / size + (1.0 - base) * by_role

    def cost_expected(self, candidate: Candidate, instead: Candidate | None = None) -> float:
        """Return what a candidate expects to pay until the due date, in kEUR, in the place of another."""
        total = 0.0
        for member in self.team:
            if member is not candidate and member is not instead:
                total += 0.5 * candidate.org.pair_cost(member.org)
        if self.policy.shared_goal:
            total += self.model.p.work_goal_cost / len(self.team)
        return total * self.challenge.duration

    def accepts(self, candidate: Candidate, chance: float, asked: int = -1, instead: Candidate | None = None) -> bool:
        """Whether a candidate accepts the planned team, or to hold a role of it in the place of another."""
        j, size = candidate.org, len(self.team)
        if not self.challenge.of_clusters:
            share = self.share_promised(candidate, asked) * chance * self.challenge.value / 100_000.0
            if share <= self.cost_expected(candidate, instead):
                return False
        trust = candidate.relation.trust[j] if candidate.relation else j.prior_in(self.lead)
        alignment = 1.0 - j.gap_to(self.vision_x / size, self.vision_y / size) / ROOT2
        if candidate.answer is None:
            luck, now = self.model.luck, self.model.quarter
            candidate.answer = luck.uniform("partnership.accept", now, self.challenge.uid, j.uid)
        return candidate.answer < trust + (1.0 - trust) * j.openness * alignment

    def stand_by(self) -> list[tuple[Organisation, int] | None]:
        """Return one willing reserve for each role: the best seen of those not in the team."""
        chance, reserves = self.promised_chance(), []
        free = [candidate for candidate in self.candidates if candidate.fate == FREE]
        for r in range(self.roles):
            best = max(free, key=lambda candidate: (candidate.seen[r], candidate.coin), default=None)
            asked = best is not None and best.seen[r] > 0.0 and len(self.team) > 1
            holder = max(self.team, key=lambda member: member.seen[r])
            left = holder if holder.seen[r] > 0.0 and holder is not self.team[0] else None
            willing = asked and self.accepts(best, chance, r, left)
            reserves.append((best.org, best.source) if willing else None)
        return reserves

    def write(self) -> None:
        """Write the plan into the challenge."""
        c, coverage = self.challenge, 0.0
        for best in self.covered:
            coverage += best
        c.promise, c.search_cost = coverage / self.roles, to_cents(self.spent)
        c.contacts, c.invited, c.declined = self.contacts, self.invited, self.declined
        c.team = [(member.org, member.source) for member in self.team]


def rank_of(candidate: Candidate) -> tuple[float, float]:
    """Return score and coin."""
    return candidate.rank


def seat_team(search: Search) -> None:
    """Seat those who stay: a renewed team, or the members of a partnership that seeks a holder."""
    partnership, source = search.challenge.partnership, SELF
    stayed = list(partnership.members) if partnership else []
    if partnership is None and search.challenge.renewal:
        stayed, source = search.lead.renew.final, RENEWED
    for j in stayed:
        fits = source == SELF or j.has_room
        if j is not search.lead and fits and len(search.team) < search.policy.max_size:
            search.seat(j, source)


def plan(model: Twin, challenge: Challenge) -> None:
    """Search for a challenge and write the plan."""
    search = Search(model, challenge)
    policy = search.policy
    search.seat(challenge.lead, SELF)
    seat_team(search)
    for source in policy.sources:
        if not search.is_wanted(PLENTY):
            break
        search.search_source(source, policy.contacts[source], policy.cost[source])
        if policy.sequential:
            search.assemble()
    if not policy.sequential:
        search.assemble()
    closed = KNOWN in policy.sources and OWN not in policy.sources
    if len(search.team) == 1 and closed and search.is_wanted(PLENTY):
        search.search_source(OWN, policy.contacts[OWN], policy.cost[OWN])  # known partners are exhausted
        search.assemble()
    challenge.reserves = search.stand_by()
    search.write()


def mobilise(model: Twin) -> None:
    """Let every lead plan on the state as it stood."""
    for challenge in model.plans:
        plan(model, challenge)
