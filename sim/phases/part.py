"""Part and renew: partnerships end, members leave, holders are replaced, teams stay (MODEL 5.8)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.jit import jit
from sim.kernels.pairs import trust_of
from sim.kernels.team import mean_of_others, members_of, tie_of, ties_of, trusts_of
from sim.luck import draw, key, stream, u01
from sim.phases.commit import SPARE_SEATS, pay_search, sit
from sim.phases.desk_work import aim
from sim.phases.desks import Desks
from sim.phases.mobilise import WHY_ROWS, plan_all
from sim.phases.settling import best_in_role, see_team, settle_team
from sim.phases.stock import DUE, LEAVING, STRUCK, take_stock, wants_out
from sim.phases.work import ORPHANED, PARALLEL
from sim.rules.linked import renew as renew_rule
from sim.vocab import MAX_TEAM, Event, Reason
from sim.world.events import log_event
from sim.world.world import World

RENEW = stream("part.renew")
LEFT, ENDED, LEAD_CHANGED, RENEWED = (int(Event.LEFT), int(Event.ENDED), int(Event.LEAD_CHANGED), int(Event.RENEWED))
NONE, SUCCESS, FAILURE, CHANCE, ROLE_LOST, TOO_FEW, PARALLEL_DONE = (
    int(Reason.NONE), int(Reason.SUCCESS), int(Reason.FAILURE), int(Reason.HAZARD), int(Reason.ROLE_LOST),
    int(Reason.TOO_FEW), int(Reason.PARALLEL_DONE))
NOBODY = -1
MAX_SEATS = MAX_TEAM + SPARE_SEATS


@jit
def close_pair(w, a, seat, other_seat, at_end):
    """Note that the members on two seats stop working together in partnership a."""
    rel = tie_of(w, a, seat, other_seat)
    w.rels[rel].running -= 1
    w.rels[rel].times += 1
    w.rels[rel].last = w.n.step
    if at_end and w.parts[a].won:
        w.rels[rel].successes += 1
    elif at_end:
        w.rels[rel].failures += 1


@jit
def end(w, a, reason):
    """End partnership a: every seat is vacated, every pair parts."""
    size, settled = w.parts[a].members, reason == SUCCESS or reason == FAILURE
    first, stop = np.int64(w.parts[a].seat0), np.int64(w.parts[a].seat0 + w.parts[a].seats)
    for n in range(first, stop):
        if w.seats[n].left < 0:
            for earlier in range(first, n):
                if w.seats[earlier].left < 0:
                    close_pair(w, a, n, earlier, settled)
    for n in range(first, stop):
        if w.seats[n].left < 0:
            w.seats[n].left = w.n.step
            w.orgs[w.seats[n].org].running -= 1
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
def leave(w, a, seat, reason, team, at):
    """Let the member on a seat leave partnership a; its roles wait for a holder, the most trusted succeeds a lead."""
    j, size = np.int64(w.seats[seat].org), members_of(w, a, team, at)
    for t in range(size):
        if at[t] != seat:
            close_pair(w, a, seat, at[t], False)
    w.seats[seat].left = w.n.step
    w.orgs[j].running -= 1
    w.parts[a].members -= 1
    w.flow.left += 1
    log_event(w, LEFT, j, -1, a, 0, reason)
    for r in range(w.parts[a].role0, w.parts[a].role0 + w.parts[a].roles):
        if w.roles[r].holder == j:
            w.roles[r].holder, w.roles[r].now = NOBODY, ORPHANED
            w.parts[a].orphaned = 1
    if w.parts[a].members < 2:
        end(w, a, reason if size < 2 else TOO_FEW)
    elif w.parts[a].lead == j:
        succeed(w, a, team, at)


@jit
def succeed(w, a, team, at):
    """Make the most trusted member the lead."""
    size = members_of(w, a, team, at)
    best, highest = 0, -1.0
    for t in range(size):
        trust = 0.0
        for u in range(size):
            if u != t:
                trust += trust_of(w, team[u], team[t], tie_of(w, a, at[u], at[t]))
        if trust / (size - 1) > highest:
            best, highest = t, trust / (size - 1)
    w.parts[a].lead = team[best]
    log_event(w, LEAD_CHANGED, team[best], -1, a, 0, 0)


@jit
def conclude(w, a, team, at, ties, trusts):
    """The result of partnership a is known: its team may stay for another challenge, the partnership ends."""
    consider_renewal(w, a, team, at, ties, trusts)
    reason = SUCCESS if w.parts[a].won else FAILURE
    end(w, a, PARALLEL_DONE if w.parts[a].mode == PARALLEL else reason)


@jit
def consider_renewal(w, a, team, at, ties, trusts):
    """Perhaps the team stays for the lead's next challenge."""
    size = members_of(w, a, team, at)
    if size < 2:
        return
    ties_of(w, a, at, size, ties)
    trusts_of(w, team, size, ties, trusts)
    trust = 0.0
    for t in range(size):
        trust += mean_of_others(trusts, size, t) / size
    won = w.parts[a].won == 1 and w.parts[a].mode != PARALLEL  # work in isolation has no joint success
    chance = renew_rule(w.rule.renew, won, w.pol[w.parts[a].policy].renew, trust, w.p)
    if u01(draw(key(w.seed, RENEW, 0), w.parts[a].uid)) < chance:
        w.orgs[w.parts[a].lead].renew = a
        log_event(w, RENEWED, w.parts[a].lead, -1, a, 0, 0)


@jit
def let_leave(w, a, team, at, reasons):
    """Let those members go who want to: all decided on the state as it stood."""
    first = np.int64(w.parts[a].seat0)
    size, stop = members_of(w, a, team, at), first + np.int64(w.parts[a].seats)
    for t in range(size):
        reasons[at[t] - first] = wants_out(w, a, at[t], size)
    for n in range(first, stop):
        if w.seats[n].left < 0 and reasons[n - first] != NONE:
            leave(w, a, n, reasons[n - first], team, at)


@jit
def rewrite_proposal(w, q, a):
    """Write partnership a, which has lost a holder, as a proposal: its lead searches once by its policy."""
    props = w.props
    props.uid[q], props.contest[q] = w.parts[a].uid, w.parts[a].uid
    props.lead[q], props.initiator[q], props.partnership[q] = w.parts[a].lead, w.parts[a].initiator, a
    props.value[q], props.duration[q] = w.parts[a].value, w.parts[a].due - w.n.step
    props.theme[q, 0], props.theme[q, 1] = w.parts[a].theme[0], w.parts[a].theme[1]
    props.roles[q], props.market[q], props.of_clusters[q] = w.parts[a].roles, w.parts[a].market, w.parts[a].of_clusters
    props.brokered[q] = props.renewal[q] = props.contested[q] = props.asked[q] = 0
    for r in range(w.parts[a].roles):
        props.fields[q, r] = w.roles[w.parts[a].role0 + r].competence
        props.levels[q, r] = w.roles[w.parts[a].role0 + r].level


@jit
def replace_holder(w, s, q, a, team, found_by):
    """Let those whom the search of proposal q found join partnership a and fill its vacant roles, or end it."""
    aim(w, s, q)
    pay_search(w, q)
    w.parts[a].search_cost += w.props[q].search_cost
    before = np.int64(w.parts[a].members)
    size = settle_team(w, s, q, team, found_by, before)
    for t in range(before, size):
        if w.parts[a].seats < w.parts[a].seat_cap:
            sit(w, a, team[t], found_by[t])
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
    see_team(w, s, q, team, found_by, size)
    for r in range(w.parts[a].roles):
        row = w.parts[a].role0 + r
        if w.roles[row].now == ORPHANED:
            holder = best_in_role(s, r, team, size)
            w.roles[row].now = NOBODY
            if holder >= 0:
                w.roles[row].holder = team[holder]
            lost = lost or holder < 0
    w.parts[a].orphaned = 0
    if lost:
        end(w, a, ROLE_LOST)


@jit
def carry_out(w, verdicts):
    """End, renew and let leave as was decided, oldest partnership first."""
    team, at, reasons = np.empty(MAX_TEAM, np.int64), np.empty(MAX_TEAM, np.int64), np.empty(MAX_SEATS, np.int64)
    ties, trusts = np.empty(MAX_TEAM * MAX_TEAM, np.int64), np.empty(MAX_TEAM * MAX_TEAM)
    for n in range(len(verdicts)):
        a = np.int64(w.active[n])
        if verdicts[n] == DUE:
            conclude(w, a, team, at, ties, trusts)
        elif verdicts[n] == STRUCK:
            end(w, a, CHANCE)
        elif verdicts[n] == LEAVING:
            let_leave(w, a, team, at, reasons)


@jit
def rewrite_proposals(w, orphaned):
    """Write every partnership that lost a holder as a proposal."""
    for q in range(len(orphaned)):
        rewrite_proposal(w, q, orphaned[q])


@jit
def replace_holders(w, s, orphaned):
    """Let all partnerships that lost a holder take in whom they found, oldest first."""
    team, found_by = np.empty(MAX_SEATS, np.int64), np.empty(MAX_SEATS, np.int64)
    for q in range(len(orphaned)):
        replace_holder(w, s, q, orphaned[q], team, found_by)


@jit
def forget_ended(w):
    """Keep only running partnerships in the list of active ones, in their order."""
    kept = 0
    for n in range(w.n.active):
        if w.parts[w.active[n]].ended < 0:
            w.active[kept] = w.active[n]
            kept += 1
    w.n.active = kept


def part(world: World, desks: Desks, verdicts: np.ndarray[Any, Any] | None = None) -> None:
    """End, leave, replace and renew, by verdicts ([active] int8) that are given or taken now."""
    if verdicts is None:
        verdicts = take_stock(world)
    active = world.active[: int(world.n.active)]
    if world.log:
        world.reserve("events", 4 * int(world.parts.members[active].sum()) + 4 * len(active))
    carry_out(world.view(), verdicts)
    orphaned = active[(world.parts.orphaned[active] == 1) & (world.parts.ended[active] < 0)].astype(np.int64)
    if len(orphaned):
        replace_all(world, desks, orphaned)
    forget_ended(world.view())


def replace_all(world: World, desks: Desks, orphaned: np.ndarray[Any, Any]) -> None:
    """Let all partnerships that lost a holder search once, on the state as it stood, and take in whom they found."""
    count = len(orphaned)
    world.reserve_proposals(count)
    world.reserve_plans(count)
    if world.log:
        world.reserve("events", count * (int(world.pol.max_size.max()) + 4))
        world.reserve("whys", count * WHY_ROWS)
    rewrite_proposals(world.view(), orphaned)
    plan_all(world, desks, count)
    members, seats = world.props.members[:count].astype(np.int64), world.parts.seat_cap[orphaned].astype(np.int64)
    world.reserve("ties", int((members * seats).sum()))
    world.reserve_relations(int((members * (members - 1) // 2).sum()))
    replace_holders(world.view(), desks.get(world)[0], orphaned)
