"""Part and renew: partnerships end, members leave, holders are replaced, teams stay (MODEL 5.8)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.team import members_of, prior_in_team, seat_of, trust_in_team, trust_of_team
from sim.kernels.pairs import find
from sim.luck import draw, key, stream, u01
from sim.phases.commit import best_in_role, is_free, pay_search, sit
from sim.phases.desk_work import aim
from sim.phases.mobilise import Desks, plan
from sim.phases.work import ORPHANED, PARALLEL
from sim.rules.linked import part as part_rule
from sim.rules.linked import renew as renew_rule
from sim.vocab import MAX_TEAM, Event, Reason
from sim.world.events import log_event
from sim.world.world import World

HAZARD, RENEW = stream("part.hazard"), stream("part.renew")
LEFT, ENDED, LEAD_CHANGED, RENEWED = (int(Event.LEFT), int(Event.ENDED), int(Event.LEAD_CHANGED), int(Event.RENEWED))
NONE, SUCCESS, FAILURE, CHANCE, ROLE_LOST, TOO_FEW, PARALLEL_DONE = (
    int(Reason.NONE), int(Reason.SUCCESS), int(Reason.FAILURE), int(Reason.HAZARD), int(Reason.ROLE_LOST),
    int(Reason.TOO_FEW), int(Reason.PARALLEL_DONE))
NOBODY = -1


@jit
def close_pair(w, i, j, a, at_end):
    """Note that i and j stop working together in partnership a."""
    rel = find(w, i, j)
    w.rels.running[rel] -= 1
    w.rels.times[rel] += 1
    w.rels.last[rel] = w.n.step
    if at_end and w.parts.won[a]:
        w.rels.successes[rel] += 1
    elif at_end:
        w.rels.failures[rel] += 1


@jit
def end(w, a, reason, team):
    """End partnership a: every seat is vacated, every pair parts."""
    size = members_of(w, a, team)
    settled = reason == SUCCESS or reason == FAILURE
    for t in range(size):
        for u in range(t):
            close_pair(w, team[t], team[u], a, settled)
    for t in range(size):
        w.seats.left[seat_of(w, a, team[t])] = w.n.step
        w.orgs.running[team[t]] -= 1
    w.parts.members[a] = 0
    w.parts.ended[a], w.parts.reason[a] = w.n.step, reason
    count_ending(w, reason, size)
    log_event(w, ENDED, w.parts.lead[a], -1, a, size, reason)


@jit
def count_ending(w, reason, size):
    """Count how partnerships of at least two ended."""
    if size < 2:
        return
    w.flow.succeeded += reason == SUCCESS
    w.flow.failed += reason == FAILURE
    w.flow.broken += reason != SUCCESS and reason != FAILURE and reason != PARALLEL_DONE


@jit
def leave(w, a, j, reason, team):
    """Let member j leave partnership a; its roles wait for a new holder, the most trusted succeeds a lead."""
    size = members_of(w, a, team)
    for t in range(size):
        if team[t] != j:
            close_pair(w, j, team[t], a, False)
    w.seats.left[seat_of(w, a, j)] = w.n.step
    w.orgs.running[j] -= 1
    w.parts.members[a] -= 1
    w.flow.left += 1
    log_event(w, LEFT, j, -1, a, 0, reason)
    for r in range(w.parts.role0[a], w.parts.role0[a] + w.parts.roles[a]):
        if w.roles.holder[r] == j:
            w.roles.holder[r], w.roles.now[r] = NOBODY, ORPHANED
            w.parts.orphaned[a] = 1
    if w.parts.members[a] < 2:
        end(w, a, reason if size < 2 else TOO_FEW, team)
    elif w.parts.lead[a] == j:
        succeed(w, a, team)


@jit
def succeed(w, a, team):
    """Make the most trusted member the lead."""
    size = members_of(w, a, team)
    best, highest = 0, -1.0
    for t in range(size):
        trust = trust_of_team(w, team, size, t)
        if trust > highest:
            best, highest = t, trust
    w.parts.lead[a] = team[best]
    log_event(w, LEAD_CHANGED, team[best], -1, a, 0, 0)


@jit
def take_stock(w, a, team):
    """At the due date end and perhaps renew; before it, chance may end it and members may leave."""
    if w.n.step >= w.parts.due[a]:
        reason = SUCCESS if w.parts.won[a] else FAILURE
        consider_renewal(w, a, team)
        end(w, a, PARALLEL_DONE if w.parts.mode[a] == PARALLEL else reason, team)
    elif u01(draw(key(w.seed, HAZARD, w.n.step), w.parts.uid[a])) < w.p.part_hazard:
        end(w, a, CHANCE, team)
    elif w.parts.members[a] > 1:
        let_leave(w, a, team)


@jit
def consider_renewal(w, a, team):
    """Perhaps the team stays for the lead's next challenge."""
    size = members_of(w, a, team)
    if size < 2:
        return
    trust = 0.0
    for t in range(size):
        trust += trust_in_team(w, team, size, t) / size
    chance = renew_rule(w.rule.renew, w.parts.won[a] == 1, w.pol.renew[w.parts.policy[a]], trust, w.p)
    if u01(draw(key(w.seed, RENEW, 0), w.parts.uid[a])) < chance:
        w.orgs.renew[w.parts.lead[a]] = a
        log_event(w, RENEWED, w.parts.lead[a], -1, a, 0, 0)


@jit
def let_leave(w, a, team):
    """Ask each member whether it stays; all decide on the state as it stood."""
    size = members_of(w, a, team)
    reasons, staying = np.zeros(size, np.int64), np.empty(MAX_TEAM, np.int64)
    for t in range(size):
        reasons[t] = wants_out(w, a, team, size, t)
        staying[t] = team[t]
    for t in range(size):
        if reasons[t] != NONE and w.parts.ended[a] < 0:
            leave(w, a, staying[t], reasons[t], team)


@jit
def wants_out(w, a, team, size, t):
    """Return the reason why member t leaves, or NONE."""
    row = seat_of(w, a, team[t])
    breach = trust_in_team(w, team, size, t) < prior_in_team(w, team, size, t) - w.p.part_breach
    w.seats.unhappy[row] = w.seats.unhappy[row] + 1 if breach else 0
    expected = w.parts.promise[a] * w.parts.value[a] / size
    cost = float(w.seats.cost[row])
    if w.parts.of_clusters[a]:
        expected = cost + 1.0  # cluster partnerships are not about money
    return part_rule(w.rule.part, w.seats.unhappy[row], cost, expected, w.p)


@jit
def rewrite_proposal(w, q, a):
    """Write partnership a, which has lost a holder, as a proposal: its lead searches once by its policy."""
    props = w.props
    props.uid[q], props.contest[q] = w.parts.uid[a], w.parts.uid[a]
    props.lead[q], props.initiator[q], props.partnership[q] = w.parts.lead[a], w.parts.initiator[a], a
    props.value[q], props.duration[q] = w.parts.value[a], w.parts.due[a] - w.n.step
    props.theme[q, 0], props.theme[q, 1] = w.parts.theme[a, 0], w.parts.theme[a, 1]
    props.roles[q], props.market[q], props.of_clusters[q] = w.parts.roles[a], w.parts.market[a], w.parts.of_clusters[a]
    props.brokered[q] = props.renewal[q] = props.contested[q] = 0
    for r in range(w.parts.roles[a]):
        props.fields[q, r] = w.roles.competence[w.parts.role0[a] + r]
        props.levels[q, r] = w.roles.level[w.parts.role0[a] + r]


@jit
def replace_holder(w, s, q, a, team, found_by):
    """Fill the vacant roles of partnership a from within or by one search, or end it."""
    rewrite_proposal(w, q, a)
    plan(w, s, q)
    aim(w, s, q)
    pay_search(w, q)
    w.parts.search_cost[a] += w.props.search_cost[q]
    before = members_of(w, a, team)
    for t in range(before, w.props.members[q]):
        j = np.int64(w.plan_member[q, t])
        if is_free(w, j) and w.parts.seats[a] < w.parts.seat_cap[a]:
            sit(w, a, j, w.plan_source[q, t])
    size = 0
    for n in range(w.parts.seat0[a], w.parts.seat0[a] + w.parts.seats[a]):
        if w.seats.left[n] < 0:
            team[size], found_by[size] = w.seats.org[n], w.seats.source[n]
            size += 1
    fill_vacancies(w, s, q, a, team, found_by, size)


@jit
def fill_vacancies(w, s, q, a, team, found_by, size):
    """Give each orphaned role to whom the lead sees as best; end the partnership if one finds nobody."""
    lost = False
    for r in range(w.parts.roles[a]):
        row = w.parts.role0[a] + r
        if w.roles.now[row] == ORPHANED:
            holder = best_in_role(w, s, q, r, team, found_by, size)
            w.roles.now[row] = NOBODY
            if holder >= 0:
                w.roles.holder[row] = team[holder]
            lost = lost or holder < 0
    w.parts.orphaned[a] = 0
    if lost:
        end(w, a, ROLE_LOST, team)


@jit
def stock_all(w):
    """First pass: endings and leavings, oldest partnership first. Return how many roles lost holders."""
    team, orphaned = np.empty(MAX_TEAM, np.int64), 0
    for n in range(w.n.active):
        a = np.int64(w.active[n])
        take_stock(w, a, team)
        orphaned += w.parts.orphaned[a] == 1 and w.parts.ended[a] < 0
    return orphaned


@jit
def replace_all(w, s):
    """Second pass: partnerships that lost a holder search once, oldest first."""
    team, found_by, q = np.empty(MAX_TEAM, np.int64), np.empty(MAX_TEAM, np.int64), 0
    for n in range(w.n.active):
        a = np.int64(w.active[n])
        if w.parts.orphaned[a] == 1 and w.parts.ended[a] < 0:
            replace_holder(w, s, q, a, team, found_by)


@jit
def forget_ended(w):
    """Keep only running partnerships in the list of active ones, in their order."""
    kept = 0
    for n in range(w.n.active):
        if w.parts.ended[w.active[n]] < 0:
            w.active[kept] = w.active[n]
            kept += 1
    w.n.active = kept


def part(world: World, desks: Desks) -> None:
    """End, leave, replace and renew."""
    active = world.active[: int(world.n.active)]
    seats = int(world.parts.members[active].sum())
    if world.log:
        world.reserve("events", 4 * seats + 4 * len(active))
    orphaned = stock_all(world.view())
    if orphaned:
        largest = int(world.pol.max_size.max())
        world.reserve_proposals(1)
        world.reserve_plans(1)
        world.reserve_relations(orphaned * 6 * (largest + 6))
        if world.log:
            world.reserve("events", orphaned * (largest + 4))
            world.reserve("whys", 8)
        replace_all(world.view(), desks.get(len(world.orgs))[0])
    forget_ended(world.view())
