"""The twin's commit: plans are granted one by one; nobody exceeds its capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_agents import RENEWED, SELF, Challenge, Organisation, Partnership, Role, Seat
from twin_desk import blur, broker_noise
from twin_produce import produce

if TYPE_CHECKING:
    from twin import Twin

SPARE_SEATS = 6
PLENTY = 1e9
Team = list[tuple[Organisation | None, int]]


def seen_by_lead(model: Twin, c: Challenge, j: Organisation, r: int, source: int) -> float:
    """Return the level in role r that the lead sees in j."""
    noise = blur(model, c.lead, j, source, broker_noise(model, c))
    relation = c.lead.relations.get(j)
    if relation:
        noise *= 1.0 - c.lead.routine(relation)
    return c.lead.perceive(j, c.fields[r], noise)


def best_in_role(model: Twin, c: Challenge, r: int, team: Team) -> tuple[int, float]:
    """Return position and seen level of the member seen as best in role r, -1 if nobody holds the field."""
    holder, best = -1, 0.0
    for t, (j, source) in enumerate(team):
        seen = seen_by_lead(model, c, j, r, source) if j is not None else 0.0
        if seen > best:
            holder, best = t, seen
    return holder, best


def substitute(model: Twin, c: Challenge, position: int, team: Team) -> tuple[Organisation | None, int]:
    """Return the free reserve of a role that the full member was to hold, and its source."""
    for r, reserve in enumerate(c.reserves):
        if reserve is not None and best_in_role(model, c, r, team)[0] == position:
            if reserve[0].has_room and all(reserve[0] is not j for j, _ in team):
                return reserve
    return None, SELF


def settle_team(model: Twin, c: Challenge, seated: int = 1) -> Team:
    """Return who is free of the plan, reserves in place of the full; the first ``seated`` stay."""
    team: Team = list(c.team)
    for t in range(seated, len(team)):
        if not team[t][0].has_room:
            team[t] = substitute(model, c, t, team)
    settled = [(j, source) for j, source in team if j is not None]
    model.flow["dropped"] += len(team) - len(settled)
    return settled


def may_work_alone(model: Twin, c: Challenge) -> bool:
    """Whether the lead alone is a complete team under its policy."""
    policy, short = c.lead.policy, 0
    for r, level in enumerate(c.levels):
        short += seen_by_lead(model, c, c.lead, r, SELF) / level < policy.enough
    return len(c.team) == 1 and not policy.fills(PLENTY, short, 1)


def pay_search(model: Twin, c: Challenge) -> None:
    """The lead pays for its contacts, whatever comes of them."""
    c.lead.capital -= c.search_cost
    for name, amount in (("search", c.search_cost), ("contacts", c.contacts), ("invited", c.invited),
                         ("declined", c.declined)):
        model.flow[name] += amount


def commit_one(model: Twin, c: Challenge) -> None:
    """Grant a plan if its lead and at least one partner are free."""
    pay_search(model, c)
    c.lead.renew = None
    if c.lead.has_room:
        team = settle_team(model, c)
        if len(team) > 1 or may_work_alone(model, c):
            found(model, c, team)
            return
    model.flow["lapsed"] += 1


def found(model: Twin, c: Challenge, team: Team) -> None:
    """Found a partnership."""
    policy = c.lead.policy
    a = Partnership(c.uid, c.lead, c.initiator, policy, c.value, c.theme, model.quarter,
                    model.quarter + c.duration - 1, c.of_clusters, c.market, len(team) + SPARE_SEATS)
    model.active.append(a)
    for j, source in team:
        sit(model, a, j, source)
    assign_roles(model, c, a, team)
    if policy.trusted_lead:
        a.lead = most_trusted(team)
    model.flow["formed" if len(team) > 1 else "alone"] += 1
    model.flow["renewed"] += any(source == RENEWED for _, source in team)


def sit(model: Twin, a: Partnership, j: Organisation, source: int) -> None:
    """Give j a seat: relations with everybody there, capacity taken."""
    for member in a.members:
        model.flow["pairs"] += 1
        model.flow["repeat_pairs"] += j in member.relations
        member.meet(j).running += 1
    a.members[j] = Seat(source)
    a.ever.append(j)
    if source != SELF:
        model.flow["seats"] += 1
        model.flow["newcomers"] += j.joined == 0
    j.running += 1
    j.joined += 1


def assign_roles(model: Twin, c: Challenge, a: Partnership, team: Team) -> None:
    """Give each role to the member seen as best in it, and note what the members were promised."""
    floor, x = model.p.work_floor, []
    for r, (name, level) in enumerate(zip(c.fields, c.levels)):
        holder, seen = best_in_role(model, c, r, team)
        a.roles.append(Role(name, level, team[holder][0] if holder >= 0 else None))
        x.append(floor + (1.0 - floor) * min(1.0, seen / level))
    a.promise = produce(model, x, 0.0, 1.0)


def most_trusted(team: Team) -> Organisation:
    """Return the member in whom the others' trust is highest."""
    best, highest = team[0][0], -1.0
    for j, _ in team:
        total = 0.0
        for other, _ in team:
            if other is not j:
                total += other.trust_in(j)
        if total > highest:
            best, highest = j, total
    return best


def commit(model: Twin) -> None:
    """Grant this quarter's plans in an order of luck."""
    for c in model.luck.order(model.plans, "commit.order", model.quarter):
        commit_one(model, c)
