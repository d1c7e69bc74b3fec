"""Commit: plans are granted one by one in an order of hashed priority; nobody exceeds its capacity."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.fetch import AHEAD, fetch_plan
from sim.kernels.near import level_of, prior, trust_in
from sim.kernels.pairs import find, insert
from sim.kernels.team import remember_seat
from sim.luck import draw, key, stream
from sim.phases.desk_work import aim
from sim.phases.settling import best_in_role, is_free, see_team, settle_team
from sim.rules.linked import fill, produce
from sim.vocab import Event, Mode, Source
from sim.world.events import log_event
from sim.world.ledger import ACTIVE
from sim.world.world import World

ORDER = stream("commit.order")
NOBODY = -1
PARALLEL, RENEWED, SELF = int(Mode.PARALLEL), int(Source.RENEWED), int(Source.SELF)
FORMED, JOINED, LAPSED, PAID = int(Event.FORMED), int(Event.JOINED), int(Event.LAPSED), int(Event.PAID)
SPARE_SEATS = 6
PLENTY = 1e9


@jit
def priorities(w, first, by_lead):
    """Write the hashed priority of each proposal's contest and of each lead within it."""
    k = key(w.seed, ORDER, w.n.step)
    for q in range(w.n.proposals):
        first[q] = draw(k, w.props[q].contest)
        by_lead[q] = draw(k, w.orgs[w.props[q].lead].uid)


@jit
def may_work_alone(w, s, q):
    """Whether the lead alone is a complete team under its policy."""
    pol = w.pol[s.k.policy]
    short = 0
    for r in range(w.props[q].roles):
        short += level_of(w, s.k.lead, w.props[q].fields[r]) / w.props[q].levels[r] < pol.enough
    usual = w.props[q].asked if w.props[q].asked > 0 else pol.usual_size
    wants_more = fill(pol.fill_rule, PLENTY, short, 1, usual, pol.max_size, pol.min_gain)
    return w.props[q].members == 1 and not wants_more


@jit
def commit_one(w, s, q, team, found_by):
    """Grant proposal q if its lead and at least one partner are free; return whether it was granted."""
    aim(w, s, q)
    pay_search(w, q)
    w.orgs[s.k.lead].renew = NOBODY
    granted = False
    if is_free(w, s.k.lead):
        size = settle_team(w, s, q, team, found_by, 1)
        granted = size > 1 or may_work_alone(w, s, q)
        if granted:
            found(w, s, q, team, found_by, size)
    if not granted:
        lapse(w, q)
    return granted


@jit
def lapse(w, q):
    """Count and log a proposal that came to nothing."""
    w.flow.lapsed += 1
    log_event(w, LAPSED, w.props[q].lead, -1, q, w.props[q].search_cost, 0)


@jit
def pay_search(w, q):
    """The lead pays for its contacts, whatever comes of them."""
    lead, cost = w.props[q].lead, w.props[q].search_cost
    w.orgs[lead].capital -= cost
    w.flow.search += cost
    w.flow.contacts += w.props[q].contacts
    w.flow.invited += w.props[q].invited
    w.flow.declined += w.props[q].declined
    if cost > 0:
        log_event(w, PAID, lead, -1, q, cost, 0)


@jit
def found(w, s, q, team, found_by, size):
    """Found the partnership of proposal q."""
    a = w.n.partnerships
    w.n.partnerships = a + 1
    w.active[w.n.active] = a
    w.n.active += 1
    part = w.parts[a]
    part.uid, part.value, part.search_cost = w.props[q].uid, w.props[q].value, w.props[q].search_cost
    part.theme[0], part.theme[1] = w.props[q].theme[0], w.props[q].theme[1]
    part.lead, part.initiator, part.start = s.k.lead, w.props[q].initiator, w.n.step
    part.due = w.n.step + w.props[q].duration - 1
    part.policy, part.mode = s.k.policy, w.pol[s.k.policy].mode
    part.of_clusters, part.market, part.renewal = w.props[q].of_clusters, w.props[q].market, w.props[q].renewal
    part.seat0, part.role0, part.roles = w.n.seats, w.n.roles, w.props[q].roles
    part.seat_cap = size + SPARE_SEATS
    part.seats = part.members = 0
    w.n.seats += size + SPARE_SEATS
    w.n.roles += w.props[q].roles
    log_event(w, FORMED, part.lead, -1, a, part.value, 0)
    for t in range(size):
        sit(w, a, team[t], found_by[t])
    see_team(w, s, q, team, found_by, size)
    assign_roles(w, s, q, a, team, size)
    set_promise(w, s, q, a, team, size)
    if w.pol[s.k.policy].trusted_lead:
        part.lead = most_trusted(w, team, size)
    w.props[q].partnership = a
    count_formation(w, found_by, size)


@jit
def sit(w, a, j, source):
    """Give j a seat in partnership a: relations with everybody there, noted with the seat, and capacity taken."""
    row, first = w.parts[a].seat0 + w.parts[a].seats, np.int64(w.parts[a].seat0)
    w.seats[row].tie0 = w.n.ties
    w.n.ties += row - first
    for n in range(first, row):
        tie = w.seats[row].tie0 + n - first
        w.ties[tie].rel = meet(w, np.int64(w.seats[n].org), j) if w.seats[n].left < 0 else NOBODY
    w.seats[row].partnership, w.seats[row].org, w.seats[row].source = a, j, source
    w.seats[row].joined, w.seats[row].left = w.n.step, NOBODY
    w.seats[row].newcomer = w.orgs[j].joined == 0
    remember_seat(w, row, j)
    if source != SELF:
        w.flow.seats += 1
        w.flow.by_source[source] += 1
        w.flow.newcomers += w.orgs[j].joined == 0
    w.parts[a].seats += 1
    w.parts[a].members += 1
    w.orgs[j].running += 1
    w.orgs[j].joined += 1
    log_event(w, JOINED, j, -1, a, 0, source)


@jit
def meet(w, i, j):
    """Let i and j work together: return their relation, found or made."""
    rel = find(w, i, j)
    w.flow.pairs += 1
    if rel < 0:
        rel = insert(w, i, j, prior(w, i, j), prior(w, j, i))
    else:
        w.flow.repeat_pairs += 1
    w.rels[rel].running += 1
    w.rels[rel].last = w.n.step
    return rel


@jit
def assign_roles(w, s, q, a, team, size):
    """Give each role to the member whom the lead sees as best in it."""
    coverage = 0.0
    for r in range(w.props[q].roles):
        row = w.parts[a].role0 + r
        w.roles[row].competence, w.roles[row].level = w.props[q].fields[r], w.props[q].levels[r]
        w.roles[row].deliveries, w.roles[row].now, w.roles[row].holder = 0, NOBODY, NOBODY
        holder = best_in_role(s, r, team, size)
        if holder >= 0:
            w.roles[row].holder = team[holder]
            coverage += min(1.0, level_of(w, team[holder], w.props[q].fields[r]) / w.props[q].levels[r])
    w.parts[a].coverage = coverage / w.props[q].roles


@jit
def set_promise(w, s, q, a, team, size):
    """Write the chance of success that the members were promised: perceived levels, all deliver."""
    total = 0.0
    for r in range(w.props[q].roles):
        holder = best_in_role(s, r, team, size)
        seen = s.seen[holder, r] if holder >= 0 else 0.0
        covered = min(1.0, seen / w.props[q].levels[r])
        s.x[r] = w.p.work_floor + (1.0 - w.p.work_floor) * covered
        total += s.x[r]
    if w.parts[a].mode == PARALLEL:
        w.parts[a].promise = total / w.props[q].roles
    else:
        w.parts[a].promise = produce(w.rule.produce, s.x, w.props[q].roles, 0.0, 1.0, w.p)


@jit
def most_trusted(w, team, size):
    """Return the member in whom the others' mean trust is highest; ties to the earlier in the plan."""
    best, highest = team[0], -1.0
    for t in range(size):
        total = 0.0
        for u in range(size):
            if u != t:
                total += trust_in(w, team[u], team[t])
        if total > highest:
            best, highest = team[t], total
    return best


@jit
def count_formation(w, found_by, size):
    """Count what was formed, and whether anybody of the team before stayed."""
    if size == 1:
        w.flow.alone += 1
    else:
        w.flow.formed += 1
    for t in range(size):
        if found_by[t] == RENEWED:
            w.flow.renewed += 1
            return


@jit
def commit_all(w, s, order, team, found_by):
    """Go through the proposals in order; of a contest only the first that stands is granted."""
    won = np.zeros(w.n.proposals, np.uint64)
    wins = 0
    for at in range(len(order)):
        if at + AHEAD < len(order):
            fetch_plan(w, order[at + AHEAD])
        q, taken = order[at], False
        if w.props[q].contested:
            for n in range(wins):
                taken = taken or won[n] == w.props[q].contest
        if taken:
            aim(w, s, q)
            pay_search(w, q)
            w.orgs[s.k.lead].renew = NOBODY
            lapse(w, q)
        elif commit_one(w, s, q, team, found_by) and w.props[q].contested:
            won[wins] = w.props[q].contest
            wins += 1


def commit(world: World, desk: object) -> None:
    """Grant this quarter's proposals."""
    count = int(world.n.proposals)
    if count == 0:
        return
    members = world.props.members[:count].astype(np.int64)
    pairs = int((members * (members - 1) // 2).sum())
    world.reserve_partnerships(count, int(members.sum()) + SPARE_SEATS * count, int(world.props.roles[:count].sum()))
    world.reserve_relations(pairs)
    if world.log:
        world.reserve("events", count * 4 + int(members.sum()))
    view = world.view()
    first, by_lead = np.empty(count, np.uint64), np.empty(count, np.uint64)
    priorities(view, first, by_lead)
    order = np.lexsort((world.props.uid[:count], by_lead, -world.props.promise[:count], first))
    largest = int(world.pol.max_size.max())
    commit_all(view, desk, order, np.zeros(largest, np.int64), np.zeros(largest, np.int64))
    if world.p.challenges_contested > 0:
        note_contests(world)


def note_contests(world: World) -> None:
    """Note in the ledger how proposals for contested challenges fared, inside programmes and outside."""
    props = world.props[: int(world.n.proposals)]
    props = props[props.contested == 1]
    inside, won = np.isin(props.lead, world.ledger.who(ACTIVE)), props.partnership >= 0
    lost_outside = np.unique(props.contest[~inside & ~won])
    world.ledger.append("contests", step=int(world.n.step), inside=int(inside.sum()), outside=int((~inside).sum()),
                        inside_won=int((inside & won).sum()), outside_won=int((~inside & won).sum()),
                        displaced=int(np.isin(props.contest[inside & won], lost_outside).sum()))
