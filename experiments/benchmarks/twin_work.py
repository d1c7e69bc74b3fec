"""The twin's work and trust: roles are delivered, costs paid, results known, and partners judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from twin_agents import Organisation, Partnership
from twin_money import split, to_cents
from twin_produce import produce

if TYPE_CHECKING:
    from twin import Twin

LN2 = 0.6931471805599453
ROOT2 = math.sqrt(2.0)


def trust_in_team(j: Organisation, team: Sequence[Organisation]) -> float:
    """Return the mean trust of j in the others; 1 when it is alone."""
    if len(team) < 2:
        return 1.0
    total = 0.0
    for other in team:
        if other is not j:
            total += j.trust_in(other)
    return total / (len(team) - 1)


def trust_of_team(j: Organisation, team: Sequence[Organisation]) -> float:
    """Return the mean trust of the others in j; 1 when it is alone."""
    if len(team) < 2:
        return 1.0
    total = 0.0
    for other in team:
        if other is not j:
            total += other.trust_in(j)
    return total / (len(team) - 1)


def work(model: Twin) -> None:
    """One quarter of work in every running partnership."""
    for a in model.active:
        team = list(a.members)
        deliver(model, a, team)
        pay_work(model, a, team)
        if model.quarter >= a.due:
            settle(model, a, team)


def deliver(model: Twin, a: Partnership, team: list[Organisation]) -> None:
    """Let each holder deliver its roles or not."""
    p = model.p
    leadership = p.work_lead_base + p.work_lead_trust * trust_of_team(a.lead, team)
    for r, role in enumerate(a.roles):
        j = role.holder
        if j is None:
            continue
        chance = j.reliability
        chance *= (1.0 - p.work_trust_share + p.work_trust_share * trust_in_team(j, team)) * leadership
        done = model.luck.uniform("work.deliver", model.quarter - a.start, a.uid, j.uid, r) < min(1.0, chance)
        role.now = int(done)
        role.deliveries += done
        model.flow["attempts"] += 1
        model.flow["deliveries"] += done


def pay_work(model: Twin, a: Partnership, team: list[Organisation]) -> None:
    """Charge coordination and goal building."""
    total, weights = 0.0, [0.0] * len(team)
    for t, j in enumerate(team):
        for u in range(t):
            cost = j.pair_cost(team[u])
            total += cost
            weights[t] += 0.5 * cost
            weights[u] += 0.5 * cost
    charge(model, a, team, "coordination", to_cents(total), weights)
    if len(team) > 1 and a.policy.shared_goal:
        charge(model, a, team, "goal", to_cents(model.p.work_goal_cost), [1.0] * len(team))


def charge(model: Twin, a: Partnership, team: list[Organisation], what: str, total: int, weights: list[float]) -> None:
    """Take the members' cents."""
    model.flow[what] += total
    for j, cents in zip(team, split(total, weights, team)):
        j.capital -= cents
        a.members[j].cost += cents


def settle(model: Twin, a: Partnership, team: list[Organisation]) -> None:
    """Draw the result at the due date and pay the value."""
    x = [fulfil(model, a, role) for role in a.roles]
    chance = produce(model, x, mean_routine(team), alignment(team))
    a.won = model.luck.uniform("work.outcome", 0, a.uid) < chance
    if a.won:
        share_value(model, a, team)


def fulfil(model: Twin, a: Partnership, role: object) -> float:
    """Return what a role contributed."""
    p = model.p
    if role.holder is None:
        return p.work_floor
    level = min(1.0, role.holder.level_in(role.field) / role.level)
    quarters = a.due - a.start + 1.0
    done = min(1.0, role.deliveries / (p.work_enough_deliveries * quarters))
    return p.work_floor + (1.0 - p.work_floor) * level * done


def mean_routine(team: list[Organisation]) -> float:
    """Return the mean routine over pairs, 0 for one member."""
    total, pairs = 0.0, 0
    for t, j in enumerate(team):
        for u in range(t):
            total += j.routine(j.relations.get(team[u]))
            pairs += 1
    return total / pairs if pairs else 0.0


def alignment(team: list[Organisation]) -> float:
    """Return 1 - mean pairwise distance of visions / sqrt 2."""
    total, pairs = 0.0, 0
    for t, j in enumerate(team):
        for u in range(t):
            total += j.gap_to(*team[u].vision)
            pairs += 1
    return 1.0 - total / pairs / ROOT2 if pairs else 1.0


def share_value(model: Twin, a: Partnership, team: list[Organisation]) -> None:
    """Pay the value: equally, or a base equally and the rest by roles held."""
    base = model.p.work_base_share if a.policy.shares_by_role else 1.0
    weights = [base / len(team)] * len(team)
    holders = [role.holder for role in a.roles if role.holder is not None]
    for holder in holders:
        weights[team.index(holder)] += (1.0 - base) / len(holders)
    model.flow["value"] += a.value
    for j, cents in zip(team, split(a.value, weights, team)):
        j.capital += cents


def trust(model: Twin) -> None:
    """Update trust in every running partnership, then let idle trust drift."""
    for a in model.active:
        team = list(a.members)
        judge(model, a, team)
        if model.quarter >= a.due:
            conclude(model, a, team)
    drift(model)


def judge(model: Twin, a: Partnership, team: list[Organisation]) -> None:
    """Members judge each other by the roles delivered or failed."""
    memory = model.p.trust_reputation_memory
    for role in a.roles:
        holder = role.holder
        if holder is None or role.now < 0:
            continue
        for j in team:
            if j is not holder:
                move(model, j, holder, role.now == 1)
        holder.reputation += memory * (role.now - holder.reputation)


def conclude(model: Twin, a: Partnership, team: list[Organisation]) -> None:
    """Joint success or failure moves trust once more."""
    for j in team:
        for other in team:
            if other is not j:
                move(model, j, other, a.won)


def move(model: Twin, j: Organisation, other: Organisation, good: bool) -> None:
    """Move the trust of j in another by one event."""
    trusts = j.relations[other].trust
    if good:
        trusts[j] += model.p.trust_gain * (1.0 - trusts[j])
    else:
        trusts[j] -= model.p.trust_loss * trusts[j]


def drift(model: Twin) -> None:
    """Let trust without contact drift to what a stranger would be trusted."""
    keep = model.luck.exp(-LN2 / model.p.trust_half_life)
    for relation in model.relations:
        a, b = relation.a, relation.b
        if relation.running > 0 or not a.alive or not b.alive:
            continue
        for side, other in ((a, b), (b, a)):
            prior = side.prior_in(other)
            relation.trust[side] = prior + (relation.trust[side] - prior) * keep
