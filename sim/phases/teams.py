"""How a lead grows a team and who says yes (MODEL 5.3, 5.4)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.fetch import fetch_pair
from sim.kernels.near import distance, prior_given, priors, vision_gap
from sim.kernels.pairs import familiarity, find, trust_of
from sim.luck import absorb, chain2, key, stream, u01
from sim.phases.desk_work import (
    LUCK,
    bridge_seen,
    candidate,
    is_wanted,
    join,
    missing,
    score_of,
    see_against_team,
    weigh_gains,
)
from sim.phases.introductions import clear_introduced, introduce, is_linked, luck_of
from sim.phases.steering import may_join
from sim.rules.linked import accept, growth, produce
from sim.vocab import Fate, Mode

SLOT, SECOND = stream("team.slot"), stream("team.second")
FREE, DECLINED, ACCEPTED, STAND_BY = int(Fate.FREE), int(Fate.DECLINED), int(Fate.ACCEPTED), int(Fate.STAND_BY)
PARALLEL = int(Mode.PARALLEL)
INVITATIONS_PER_SEAT = 3


@jit
def pair_cost(w, i, j, rel):
    """Return what coordinating i and j costs a quarter, in kEUR (MODEL 5.5); ``rel``: their relation, -1 strangers."""
    if rel >= 0:
        trust = 0.5 * (w.rels[rel].trust_ab + w.rels[rel].trust_ba)
        routine = familiarity(w.rels[rel].times)
    else:
        trust_ij, trust_ji = priors(w, i, j)
        trust, routine = 0.5 * (trust_ij + trust_ji), 0.0
    return w.p.work_coordination_cost * (1.0 - trust) * (1.0 - 0.5 * routine) * (1.0 + distance(w, i, j))


@jit
def best_candidate(w, s, q, slot, second):
    """Return the free candidate of highest priority that is still wanted, or -1."""
    pol = w.pol[s.k.policy]
    best, highest, short = -1, -1.0, missing(w, s)
    weigh_gains(s)
    for k in range(1, s.k.count):
        if s.fate[k] != FREE or not is_wanted(w, s, s.gain[k], short) or (s.k.steered and not may_join(w, s, k)):
            continue
        see_against_team(w, s, k, s.gain[k])
        c = candidate(s, k, luck_of(w, s, q, k))
        s.score[k] = score_of(w, s, k)
        linked = 1.0 if is_linked(w, s, s.org[k]) else 0.0
        rank = growth(pol.growth_rule, s.score[k], c, s.k.seated, s.k.incumbents, linked, pol, slot, second)
        if rank > highest or (rank == highest and best >= 0 and s.sight[k, LUCK] > s.sight[best, LUCK]):
            best, highest = k, rank
    return best


@jit
def plan_more(w, s, q):
    """Plan the rest of the team, one best candidate at a time."""
    largest = min(w.pol[s.k.policy].max_size, len(s.team))
    while s.k.seated < largest:
        slot = u01(chain2(key(w.seed, SLOT, w.n.step), w.props[q].uid, s.k.seated))
        second = u01(chain2(key(w.seed, SECOND, w.n.step), w.props[q].uid, s.k.seated))
        start = s.k.count
        introduce(w, s, q, slot, second)
        k = best_candidate(w, s, q, slot, second)
        if s.k.count > start:
            k = clear_introduced(s, start, k)
        if k < 0:
            return
        join(w, s, k)
        s.fate[k] = ACCEPTED


@jit
def promised_chance(w, s):
    """Return the chance of success that the planned team promises: every role held delivers, no routine yet."""
    for r in range(s.k.roles):
        s.x[r] = w.p.work_floor + (1.0 - w.p.work_floor) * s.best[r]
    return produce(w.rule.produce, s.x, s.k.roles, 0.0, 1.0, w.p)


@jit
def share_promised(w, s, k):
    """Return the share of the value that member k of the planned team can expect."""
    if not w.pol[s.k.policy].shares_by_role:
        return 1.0 / s.k.seated
    held, filled = 0.0, 0.0
    for r in range(s.k.roles):
        filled += s.holder[r] >= 0
        held += s.holder[r] == k
    by_role = held / filled if filled > 0.0 else 1.0 / s.k.seated
    return w.p.work_base_share / s.k.seated + (1.0 - w.p.work_base_share) * by_role


@jit
def value_promised(w, s, q, k, chance):
    """Return the kEUR that member k of the planned team can expect: of a joint prize, or of its roles in isolation."""
    worth = w.props[q].value / 100_000.0
    if w.pol[s.k.policy].mode != PARALLEL:
        return share_promised(w, s, k) * chance * worth
    solved = 0.0
    for r in range(s.k.roles):
        if s.holder[r] == k:
            solved += w.p.work_floor + (1.0 - w.p.work_floor) * s.cover[r, k]
    return w.p.work_partial_value * worth * solved / s.k.roles


@jit
def name_holders(s):
    """Write who of the planned team is seen as best in each role, -1 where nobody holds the field."""
    for r in range(s.k.roles):
        s.holder[r], best = -1, 0.0
        for t in range(s.k.seated):
            if s.seen[s.team[t], r] > best:
                s.holder[r], best = s.team[t], s.seen[s.team[t], r]


@jit
def cost_between(w, s, k, m):
    """Return half of what coordinating candidates k and m costs a quarter; the lead's relations are at hand."""
    if k == 0 or m == 0:
        rel = s.rel[max(k, m)]
    else:
        rel = find(w, s.org[k], s.org[m])
    return 0.5 * pair_cost(w, s.org[k], s.org[m], rel)


@jit
def cost_instead(w, s, k, left):
    """Return what coordination would cost candidate k a quarter, in kEUR, in the place of member ``left``."""
    total = 0.0
    for t in range(s.k.seated):
        if s.team[t] != left or left == 0:  # the lead stays
            total += cost_between(w, s, k, s.team[t])
    return total


@jit
def fetch_pairs(w, s, k, size):
    """Start the transfer of what the index says about candidate k and the first members of the team, the lead apart."""
    for t in range(1, size):
        fetch_pair(w, s.org[k], s.org[s.team[t]])


@jit
def share_costs(w, s):
    """Write what coordination costs each planned member who has not agreed yet: each pair is looked at once."""
    for t in range(s.k.seated):
        s.cost[t] = 0.0
    for t in range(s.k.accepted, s.k.seated):
        fetch_pairs(w, s, s.team[t], t)
    for t in range(s.k.accepted, s.k.seated):
        for u in range(t):
            half = cost_between(w, s, s.team[t], s.team[u])
            s.cost[t] += half
            s.cost[u] += half


@jit
def cost_expected(w, s, q, total):
    """Return what a member expects to pay until the due date, in kEUR, if coordination costs it ``total`` a quarter."""
    if w.pol[s.k.policy].mode == PARALLEL:
        total *= w.p.work_parallel_coordination
    elif w.pol[s.k.policy].shared_goal:
        total += w.p.work_goal_cost / s.k.seated
    return total * w.props[q].duration


@jit
def rebate(w, j, duration):
    """Return the share of its coordination over so many quarters that j expects a voucher to pay back."""
    quarters = min(duration, max(0, w.orgs[j].rebate_until - w.n.step + 1))
    return w.orgs[j].rebate * quarters / duration


@jit
def accepts(w, s, q, k, chance, coordination):
    """Whether candidate k accepts the planned team; cluster partnerships are not about money."""
    j = s.org[k]
    if s.rel[k] >= 0:
        trust = trust_of(w, j, s.k.lead, s.rel[k])
    else:
        trust = prior_given(w, j, s.k.lead, bridge_seen(w, s, j)[1])
    alignment = 1.0 - vision_gap(w, j, s.k.vision_x / s.k.seated, s.k.vision_y / s.k.seated) / np.sqrt(2.0)
    share, cost = 1.0, 0.0
    if not w.props[q].of_clusters:
        share = value_promised(w, s, q, k, chance)
        cost = cost_expected(w, s, q, coordination) * (1.0 - rebate(w, j, w.props[q].duration))
    willing = accept(w.rule.accept, trust, w.orgs[j].openness, alignment, share, cost)
    return u01(absorb(s.k.accept_key, s.k.accept_from, w.orgs[j].uid)) < willing


@jit
def invite(w, s, q, limit):
    """Invite the planned members in plan order; strike those who decline. Return how many declined."""
    chance, size, kept, declined = promised_chance(w, s), s.k.seated, s.k.accepted, 0
    name_holders(s)
    share_costs(w, s)
    for t in range(s.k.accepted, size):
        k = s.team[t]
        if s.k.invited >= limit:
            s.fate[k] = FREE
            continue
        s.k.invited += 1
        if not accepts(w, s, q, k, chance, s.cost[t]):
            s.fate[k] = DECLINED
            declined += 1
    for t in range(s.k.accepted, size):
        if s.fate[s.team[t]] == ACCEPTED:
            s.team[kept] = s.team[t]
            kept += 1
    s.k.declined += declined
    reseat(w, s, kept)
    return declined


@jit
def reseat(w, s, kept):
    """Make the first ``kept`` members the team and add them up afresh."""
    s.k.seated = s.k.incumbents = 0
    s.k.vision_x = s.k.vision_y = 0.0
    for r in range(s.k.roles):
        s.best[r] = 0.0
    for t in range(kept):
        join(w, s, s.team[t])
    s.k.accepted = kept


@jit
def seats_came_free(w, s, q):
    """Invite those planned who were not asked yet; whether somebody declined and more may be asked."""
    if s.k.seated == s.k.accepted:
        return False
    limit = INVITATIONS_PER_SEAT * max(s.k.seated, s.k.usual)
    return invite(w, s, q, limit) > 0 and s.k.invited < limit


@jit
def assemble(w, s, q):
    """Plan, invite, strike, plan again, until the team stands or nobody is left to ask."""
    while True:
        plan_more(w, s, q)
        if not seats_came_free(w, s, q):
            return


@jit
def is_reserve(s, k, best, r):
    """Whether candidate k is seen as better in role r than another; ties by the candidates' coins."""
    same = s.seen[k, r] == s.seen[best, r]
    return s.seen[k, r] > s.seen[best, r] or (same and s.sight[k, LUCK] > s.sight[best, LUCK])


@jit
def best_reserve(s, r):
    """Return who is seen as best in role r among those not in the team, -1 nobody."""
    best = -1
    for k in range(1, s.k.count):
        if s.fate[k] == FREE and s.seen[k, r] > 0.0 and (best < 0 or is_reserve(s, k, best, r)):
            best = k
    return best


@jit
def stand_by(w, s, q):
    """Keep one willing reserve for each role, asked to hold it: the best seen of those not in the team."""
    chance = promised_chance(w, s)
    name_holders(s)
    for r in range(s.k.roles):
        w.plan_reserve[q, r] = -1
        s.heap[r] = best_reserve(s, r) if s.k.seated > 1 else -1
        if s.heap[r] >= 0:
            fetch_pairs(w, s, s.heap[r], s.k.seated)
    for r in range(s.k.roles):
        best = s.heap[r]
        if best < 0:
            continue
        holder, s.holder[r] = s.holder[r], best
        if accepts(w, s, q, best, chance, cost_instead(w, s, best, holder)):
            w.plan_reserve[q, r], w.plan_reserve_source[q, r] = s.org[best], s.source[best]
        s.holder[r] = holder
