"""Part and renew: partnerships end, members leave, holders are replaced, teams stay (MODEL 5.8)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.pairs import find
from sim.kernels.team import (
    mean_of_others,
    members_of,
    priors_in_team,
    seat_of,
    ties_of,
    trust_in_team,
    trust_of_team,
)
from sim.luck import draw, key, stream, u01
from sim.phases.commit import SPARE_SEATS, best_in_role, is_free, pay_search, sit
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
    w.rels[rel].running -= 1
    w.rels[rel].times += 1
    w.rels[rel].last = w.n.step
    if at_end and w.parts[a].won:
        w.rels[rel].successes += 1
    elif at_end:
        w.rels[rel].failures += 1


@jit
def end(w, a, reason, team):
    """End partnership a: every seat is vacated, every pair parts."""
    size = members_of(w, a, team)
    settled = reason == SUCCESS or reason == FAILURE
    for t in range(size):
        for u in range(t):
            close_pair(w, team[t], team[u], a, settled)
    for t in range(size):
        w.seats[seat_of(w, a, team[t])].left = w.n.step
        w.orgs[team[t]].running -= 1
    w.parts[a].members = 0
    w.parts[a].ended, w.parts[a].reason = w.n.step, reason
    count_ending(w, reason, size)
    log_event(w, ENDED, w.parts[a].lead, -1, a, size, reason)


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
    w.seats[seat_of(w, a, j)].left = w.n.step
    w.orgs[j].running -= 1
    w.parts[a].members -= 1
    w.flow.left += 1
    log_event(w, LEFT, j, -1, a, 0, reason)
    for r in range(w.parts[a].role0, w.parts[a].role0 + w.parts[a].roles):
        if w.roles[r].holder == j:
            w.roles[r].holder, w.roles[r].now = NOBODY, ORPHANED
            w.parts[a].orphaned = 1
    if w.parts[a].members < 2:
        end(w, a, reason if size < 2 else TOO_FEW, team)
    elif w.parts[a].lead == j:
        succeed(w, a, team)


@jit
def succeed(w, a, team):
    """Make the most trusted member the lead."""
    size = members_of(w, a, team)
    ties = np.empty(size * size, np.int64)
    ties_of(w, team, size, ties)
    best, highest = 0, -1.0
    for t in range(size):
        trust = trust_of_team(w, team, size, ties, t)
        if trust > highest:
            best, highest = t, trust
    w.parts[a].lead = team[best]
    log_event(w, LEAD_CHANGED, team[best], -1, a, 0, 0)


@jit
def take_stock(w, a, team, ties, priors, reasons, staying):
    """At the due date end and perhaps renew; before it, chance may end it and members may leave."""
    if w.n.step >= w.parts[a].due:
        reason = SUCCESS if w.parts[a].won else FAILURE
        consider_renewal(w, a, team, ties)
        end(w, a, PARALLEL_DONE if w.parts[a].mode == PARALLEL else reason, team)
    elif u01(draw(key(w.seed, HAZARD, w.n.step), w.parts[a].uid)) < w.p.part_hazard:
        end(w, a, CHANCE, team)
    elif w.parts[a].members > 1:
        let_leave(w, a, team, ties, priors, reasons, staying)


@jit
def consider_renewal(w, a, team, ties):
    """Perhaps the team stays for the lead's next challenge."""
    size = members_of(w, a, team)
    if size < 2:
        return
    ties_of(w, team, size, ties)
    trust = 0.0
    for t in range(size):
        trust += trust_in_team(w, team, size, ties, t) / size
    chance = renew_rule(w.rule.renew, w.parts[a].won == 1, w.pol[w.parts[a].policy].renew, trust, w.p)
    if u01(draw(key(w.seed, RENEW, 0), w.parts[a].uid)) < chance:
        w.orgs[w.parts[a].lead].renew = a
        log_event(w, RENEWED, w.parts[a].lead, -1, a, 0, 0)


@jit
def let_leave(w, a, team, ties, priors, reasons, staying):
    """Ask each member whether it stays; all decide on the state as it stood."""
    size = members_of(w, a, team)
    ties_of(w, team, size, ties)
    priors_in_team(w, team, size, priors)
    for t in range(size):
        reasons[t] = wants_out(w, a, team, size, ties, priors, t)
        staying[t] = team[t]
    for t in range(size):
        if reasons[t] != NONE and w.parts[a].ended < 0:
            leave(w, a, staying[t], reasons[t], team)


@jit
def wants_out(w, a, team, size, ties, priors, t):
    """Return the reason why member t leaves, or NONE."""
    row = seat_of(w, a, team[t])
    breach = trust_in_team(w, team, size, ties, t) < mean_of_others(priors, size, t) - w.p.part_breach
    w.seats[row].unhappy = w.seats[row].unhappy + 1 if breach else 0
    expected = w.parts[a].promise * w.parts[a].value / size
    cost = float(w.seats[row].cost)
    if w.parts[a].of_clusters:
        expected = cost + 1.0  # cluster partnerships are not about money
    return part_rule(w.rule.part, w.seats[row].unhappy, cost, expected, w.p)


@jit
def rewrite_proposal(w, q, a):
    """Write partnership a, which has lost a holder, as a proposal: its lead searches once by its policy."""
    props = w.props
    props.uid[q], props.contest[q] = w.parts[a].uid, w.parts[a].uid
    props.lead[q], props.initiator[q], props.partnership[q] = w.parts[a].lead, w.parts[a].initiator, a
    props.value[q], props.duration[q] = w.parts[a].value, w.parts[a].due - w.n.step
    props.theme[q, 0], props.theme[q, 1] = w.parts[a].theme[0], w.parts[a].theme[1]
    props.roles[q], props.market[q], props.of_clusters[q] = w.parts[a].roles, w.parts[a].market, w.parts[a].of_clusters
    props.brokered[q] = props.renewal[q] = props.contested[q] = 0
    for r in range(w.parts[a].roles):
        props.fields[q, r] = w.roles[w.parts[a].role0 + r].competence
        props.levels[q, r] = w.roles[w.parts[a].role0 + r].level


@jit
def replace_holder(w, s, q, a, team, found_by):
    """Fill the vacant roles of partnership a from within or by one search, or end it."""
    rewrite_proposal(w, q, a)
    plan(w, s, q)
    aim(w, s, q)
    pay_search(w, q)
    w.parts[a].search_cost += w.props[q].search_cost
    before = members_of(w, a, team)
    for t in range(before, w.props[q].members):
        j = np.int64(w.plan_member[q, t])
        if is_free(w, j) and w.parts[a].seats < w.parts[a].seat_cap:
            sit(w, a, j, w.plan_source[q, t])
    size = 0
    for n in range(w.parts[a].seat0, w.parts[a].seat0 + w.parts[a].seats):
        if w.seats[n].left < 0:
            team[size], found_by[size] = w.seats[n].org, w.seats[n].source
            size += 1
    fill_vacancies(w, s, q, a, team, found_by, size)


@jit
def fill_vacancies(w, s, q, a, team, found_by, size):
    """Give each orphaned role to whom the lead sees as best; end the partnership if one finds nobody."""
    lost = False
    for r in range(w.parts[a].roles):
        row = w.parts[a].role0 + r
        if w.roles[row].now == ORPHANED:
            holder = best_in_role(w, s, q, r, team, found_by, size)
            w.roles[row].now = NOBODY
            if holder >= 0:
                w.roles[row].holder = team[holder]
            lost = lost or holder < 0
    w.parts[a].orphaned = 0
    if lost:
        end(w, a, ROLE_LOST, team)


@jit
def stock_all(w):
    """First pass: endings and leavings, oldest partnership first. Return how many roles lost holders."""
    team, staying, reasons = np.empty(MAX_TEAM, np.int64), np.empty(MAX_TEAM, np.int64), np.empty(MAX_TEAM, np.int64)
    ties, priors, orphaned = np.empty(MAX_TEAM * MAX_TEAM, np.int64), np.empty(MAX_TEAM * MAX_TEAM), 0
    for n in range(w.n.active):
        a = np.int64(w.active[n])
        take_stock(w, a, team, ties, priors, reasons, staying)
        orphaned += w.parts[a].orphaned == 1 and w.parts[a].ended < 0
    return orphaned


@jit
def replace_some(w, s, start):
    """Second pass: partnerships that lost a holder search once, oldest first; stop when the tables are nearly full.

    Return where to go on, -1 when all are done.
    """
    team, found_by, q = np.empty(MAX_TEAM, np.int64), np.empty(MAX_TEAM, np.int64), 0
    for n in range(start, w.n.active):
        a = np.int64(w.active[n])
        if w.parts[a].orphaned == 1 and w.parts[a].ended < 0:
            if w.n.relations + SPARE_SEATS * MAX_TEAM > len(w.rels):
                return n
            replace_holder(w, s, q, a, team, found_by)
    return -1


@jit
def forget_ended(w):
    """Keep only running partnerships in the list of active ones, in their order."""
    kept = 0
    for n in range(w.n.active):
        if w.parts[w.active[n]].ended < 0:
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
        replace_all(world, desks, int(orphaned))
    forget_ended(world.view())


def replace_all(world: World, desks: Desks, orphaned: int) -> None:
    """Let all partnerships that lost a holder search, with room for the relations they may make."""
    world.reserve_proposals(1)
    world.reserve_plans(1)
    if world.log:
        world.reserve("events", orphaned * (int(world.pol.max_size.max()) + 4))
        world.reserve("whys", 8)
    start = 0
    while start >= 0:
        world.reserve_relations(SPARE_SEATS * MAX_TEAM)
        start = int(replace_some(world.view(), desks.get(world)[0], start))
