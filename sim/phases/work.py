"""Work: roles are delivered, coordination is paid, and at the due date the result is known (MODEL 5.5)."""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.jit import jit
from sim.kernels.fetch import AHEAD, fetch_team
from sim.kernels.money import split, to_cents
from sim.kernels.near import level_of
from sim.kernels.team import (
    alignment,
    mean_by_others,
    mean_familiarity,
    mean_of_others,
    members_of,
    position_of,
    ties_of,
    trusts_of,
)
from sim.kernels.together import add_cents
from sim.luck import chain2, chain3, draw, key, stream, u01
from sim.phases.desks import Desks
from sim.phases.teams import pair_cost
from sim.rules.linked import produce
from sim.vocab import MAX_ROLES, MAX_TEAM, Event, Mode
from sim.world.events import log_event
from sim.world.world import World

DELIVER, OUTCOME, PARTIAL = stream("work.deliver"), stream("work.outcome"), stream("work.partial")
PARALLEL = int(Mode.PARALLEL)
ORPHANED = -2  # in roles.now: the holder left, a new one is sought
DELIVERY, PAID, EARNED = int(Event.DELIVERY), int(Event.PAID), int(Event.EARNED)


@jit
def deliver(w, a, team, size, trusts):
    """Let each holder deliver its roles or not; luck is keyed by challenge, organisation, role and age."""
    lead = position_of(team, size, w.parts[a].lead)
    leadership = w.p.work_lead_base + w.p.work_lead_trust * mean_by_others(trusts, size, lead)
    k = key(w.seed, DELIVER, w.n.step - w.parts[a].start)
    for r in range(w.parts[a].roles):
        row = w.parts[a].role0 + r
        holder = w.roles[row].holder
        if holder < 0:
            continue
        trust = mean_of_others(trusts, size, position_of(team, size, holder))
        chance = w.orgs[holder].reliability
        if w.parts[a].mode != PARALLEL:
            chance *= (1.0 - w.p.work_trust_share + w.p.work_trust_share * trust) * leadership
        done = u01(chain3(k, w.parts[a].uid, w.orgs[holder].uid, r)) < min(1.0, chance)
        w.roles[row].now = done
        w.roles[row].deliveries += done
        w.flow.attempts += 1
        w.flow.deliveries += done
        log_event(w, DELIVERY, holder, -1, a, done, r)


@jit
def pay_work(w, a, team, at, size, ties, weights, uids, cents):
    """Charge coordination and goal building, in whole cents, to the members by what their pairs cost."""
    total = 0.0
    for t in range(size):
        weights[t], uids[t] = 0.0, w.orgs[team[t]].uid
    for t in range(size):
        for u in range(t):
            cost = pair_cost(w, team[t], team[u], ties[t * size + u])
            total += cost
            weights[t] += 0.5 * cost
            weights[u] += 0.5 * cost
    if w.parts[a].mode == PARALLEL:
        total *= w.p.work_parallel_coordination
    coordination = to_cents(total)
    w.flow.coordination += coordination
    split(coordination, weights, uids, size, cents)
    charge(w, a, team, at, size, cents)
    if size > 1 and builds_goal(w, a):
        goal = to_cents(w.p.work_goal_cost)
        w.flow.goal += goal
        weights[:size] = 1.0
        split(goal, weights, uids, size, cents)
        charge(w, a, team, at, size, cents)


@jit
def builds_goal(w, a):
    """Whether the partners build a shared goal: practice on, and a joint piece of work."""
    return w.pol[w.parts[a].policy].shared_goal == 1 and w.parts[a].mode != PARALLEL


@jit
def receive(w, j, cents):
    """Add cents to what j has; it may work elsewhere too, in a partnership that is another thread's."""
    if w.shared:
        add_cents(w.orgs[j], cents)
    else:
        w.orgs[j].capital += cents


@jit
def charge(w, a, team, at, size, cents):
    """Take each member's cents."""
    for t in range(size):
        receive(w, team[t], -cents[t])
        w.seats[at[t]].cost += cents[t]
        w.parts[a].cost += cents[t]
        if cents[t] > 0:
            log_event(w, PAID, team[t], -1, a, cents[t], 1)


@jit
def fulfil(w, a, r):
    """Return x_r: what role r contributed, from its holder's true level and its deliveries."""
    row = w.parts[a].role0 + r
    holder = w.roles[row].holder
    if holder < 0:
        return w.p.work_floor
    level = min(1.0, level_of(w, holder, w.roles[row].competence) / w.roles[row].level)
    quarters = w.parts[a].due - w.parts[a].start + 1.0
    done = min(1.0, w.roles[row].deliveries / (w.p.work_enough_deliveries * quarters))
    return w.p.work_floor + (1.0 - w.p.work_floor) * level * done


@jit
def settle(w, a, team, size, ties, x, weights, uids, cents):
    """Draw the result at the due date and pay the value to the members."""
    roles = w.parts[a].roles
    for r in range(roles):
        x[r] = fulfil(w, a, r)
    if w.parts[a].mode == PARALLEL:
        settle_parallel(w, a, x)
        return
    routine, aligned = mean_familiarity(w, size, ties), alignment(w, team, size)
    w.parts[a].chance = produce(w.rule.produce, x, roles, routine, aligned, w.p)
    w.parts[a].won = u01(draw(key(w.seed, OUTCOME, 0), w.parts[a].uid)) < w.parts[a].chance
    if w.parts[a].won:
        share_value(w, a, team, size, weights, uids, cents)


@jit
def share_value(w, a, team, size, weights, uids, cents):
    """Pay the value: equally, or a base equally and the rest by roles held."""
    base, filled = 1.0, 0
    if w.pol[w.parts[a].policy].shares_by_role:
        base = w.p.work_base_share
    for t in range(size):
        weights[t], uids[t] = base / size, w.orgs[team[t]].uid
    for r in range(w.parts[a].roles):
        filled += w.roles[w.parts[a].role0 + r].holder >= 0
    for r in range(w.parts[a].roles):
        holder = w.roles[w.parts[a].role0 + r].holder
        if holder >= 0:
            weights[position_of(team, size, holder)] += (1.0 - base) / filled
    split(w.parts[a].value, weights, uids, size, cents)
    w.flow.value += w.parts[a].value
    for t in range(size):
        earn(w, a, team[t], cents[t])


@jit
def worth_to(w, a, j, size):
    """Return the cents that member j expects of partnership a: a share of the prize, or its roles in isolation."""
    held, filled = 0.0, 0.0
    for r in range(w.parts[a].role0, w.parts[a].role0 + w.parts[a].roles):
        held += w.roles[r].holder == j
        filled += w.roles[r].holder >= 0
    worth, base = w.parts[a].promise * w.parts[a].value, w.p.work_base_share
    if w.parts[a].mode == PARALLEL:
        return w.p.work_partial_value * worth * held / w.parts[a].roles
    if not w.pol[w.parts[a].policy].shares_by_role:
        return worth / size
    return worth * (base / size + (1.0 - base) * held / max(1.0, filled))


@jit
def earn(w, a, j, cents):
    """Pay value to one member."""
    receive(w, j, cents)
    log_event(w, EARNED, j, -1, a, cents, 0)


@jit
def settle_parallel(w, a, x):
    """Work in isolation: each role pays its holder a part of its value once, by the holder's own chance."""
    roles, total = w.parts[a].roles, 0.0
    worth = w.p.work_partial_value * w.parts[a].value / roles / 100_000.0
    for r in range(roles):
        holder = w.roles[w.parts[a].role0 + r].holder
        total += x[r]
        if holder >= 0 and u01(chain2(key(w.seed, PARTIAL, 0), w.parts[a].uid, r)) < x[r]:
            cents = to_cents(worth)
            w.flow.value += cents
            w.parts[a].won = 1
            earn(w, a, holder, cents)
    w.parts[a].chance = total / roles


@jit
def work_range(w, start, stop):
    """One quarter of work in the running partnerships at places start..stop."""
    team, at, x = np.empty(MAX_TEAM, np.int64), np.empty(MAX_TEAM, np.int64), np.empty(MAX_ROLES)
    ties, trusts = np.empty(MAX_TEAM * MAX_TEAM, np.int64), np.empty(MAX_TEAM * MAX_TEAM)
    weights, uids, cents = np.empty(MAX_TEAM), np.empty(MAX_TEAM, np.uint64), np.empty(MAX_TEAM, np.int64)
    for n in range(start, stop):
        fetch_team(w, n + AHEAD)
        a = np.int64(w.active[n])
        size = members_of(w, a, team, at)
        ties_of(w, a, at, size, ties)
        trusts_of(w, team, size, ties, trusts)
        deliver(w, a, team, size, trusts)
        pay_work(w, a, team, at, size, ties, weights, uids, cents)
        if w.n.step >= w.parts[a].due:
            settle(w, a, team, size, ties, x, weights, uids, cents)


def work(world: World, desks: Desks) -> None:
    """Work for one quarter; partnerships are shared out over threads, unless a log is kept, which has one order."""
    active = world.active[: int(world.n.active)]
    if world.log:
        members, roles = world.parts.members[active], world.parts.roles[active]
        world.reserve("events", int(members.sum()) * 3 + int(roles.sum()) * 2)
    cuts = desks.cuts(len(active))
    if world.log or len(cuts) == 1:
        work_range(world.view(), 0, len(active))
        return
    views = world.views_apart(len(cuts))
    desks.together([partial(work_range, view, *cut) for view, cut in zip(views, cuts, strict=True)])
    world.add_flows(views)
