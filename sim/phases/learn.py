"""Learn: levels, fields, openness and visions change with experience (MODEL 5.4, 5.5, 5.7)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.fetch import AHEAD, fetch_team
from sim.kernels.team import members_of, tie_of
from sim.luck import absorb as absorb_key
from sim.luck import bell, draw, first, key, mix, stream, u01
from sim.phases.work import PARALLEL, builds_goal
from sim.rules.linked import learn as learn_rule
from sim.vocab import MAX_FIELDS, MAX_FIELDS_HELD, MAX_ROLES, MAX_TEAM
from sim.world.world import World

UNKNOWN = -1.0
NOWHERE = -1
COUNT = MAX_FIELDS_HELD  # in a listed portfolio: the fields, then how many they are
ACQUIRE, DRIFT = stream("learn.acquire"), stream("vision.drift")


@jit
def list_fields(w, i, t, portfolio):
    """Write the fields that i, member t, holds, and how many they are."""
    count = 0
    for place in range(MAX_FIELDS_HELD):
        portfolio[t, count] = w.orgs[i].fields[place]
        count += w.orgs[i].fields[place] >= 0
    portfolio[t, COUNT] = count


@jit
def related(w, portfolio, t, u):
    """Return `sim.kernels.near.relatedness` of two members from their listed fields."""
    total, mine, theirs = 0.0, portfolio[t, COUNT], portfolio[u, COUNT]
    for a in range(mine):
        row = w.relatedness[portfolio[t, a]]
        for b in range(theirs):
            total += row[portfolio[u, b]]
    return total / (mine * theirs) if mine * theirs > 0 else 0.0


@jit
def absorption(w, size, t, u, absorbs, portfolio):
    """Return how well member t absorbs what u knows: an inverted U in their cognitive distance, worked out once."""
    known = absorbs[t * size + u]
    if known >= 0.0:
        return known
    gap = (1.0 - related(w, portfolio, t, u) - w.p.learn_absorb_peak) / w.p.learn_absorb_width
    absorbs[t * size + u] = max(0.0, 1.0 - gap * gap)
    return absorbs[t * size + u]


@jit
def two_best(levels, size, r, best):
    """Write the positions of the two members with the highest levels in role r's field, -1 where nobody holds it."""
    best_one, second, highest, next_highest = -1, -1, 0.0, 0.0
    for u in range(size):  # choices instead of branches, which nobody could foretell
        level = levels[u, r]
        leads, follows = level > highest, level > next_highest
        second = best_one if leads else (u if follows else second)
        next_highest = highest if leads else (level if follows else next_highest)
        best_one, highest = u if leads else best_one, level if leads else highest
    best[0], best[1] = best_one, second


@jit
def place_of(w, i, field):
    """Return where i holds a field, -1 if it does not."""
    place = NOWHERE
    for n in range(MAX_FIELDS_HELD):  # all of them, as no branch can be foretold
        place = n if w.orgs[i].fields[n] == field else place
    return place


@jit
def list_places(w, a, i, t, portfolio, places):
    """Write the portfolio of i, member t, and where in it the field of each role is, -1 where it does not hold it."""
    list_fields(w, i, t, portfolio)
    for r in range(w.parts[a].roles):
        places[t, r] = place_of(w, i, np.int64(w.roles[w.parts[a].role0 + r].competence))


@jit
def learn_role(w, a, team, size, t, r, partner, levels, absorbs, portfolio, places, used, luck):
    """Let member t learn in the field of role r: by doing, from its best partner, or a new field by ``luck``."""
    i, row, place = team[t], w.parts[a].role0 + r, places[t, r]
    field = np.int64(w.roles[row].competence)
    speed = w.p.learn_parallel if w.parts[a].mode == PARALLEL else 1.0
    best = levels[partner, r] if partner >= 0 else 0.0
    if place >= 0:
        more = best > levels[t, r]  # else there is nothing to absorb, and how well need not be worked out
        absorb = absorption(w, size, t, partner, absorbs, portfolio) if more else 0.0
        held = 1.0 if w.roles[row].holder == i else 0.0
        w.orgs[i].levels[place] = learn_rule(w.rule.learn, w.orgs[i].levels[place], best, absorb, held, 1.0, speed, w.p)
        used[i] |= np.uint64(1) << np.uint64(field)
    elif partner >= 0 and luck < speed * w.p.learn_acquire:  # absorption is at most 1: most need not be worked out
        absorb = absorption(w, size, t, partner, absorbs, portfolio)
        if luck < speed * w.p.learn_acquire * absorb:
            acquire(w, i, field, best, absorb, speed)
            list_places(w, a, i, t, portfolio, places)
            for u in range(size):  # another portfolio: the distances to this member are no longer known
                absorbs[t * size + u] = absorbs[u * size + t] = UNKNOWN


@jit
def acquire(w, i, field, best, absorb, speed):
    """Take up a field in a free place, or in place of the weakest if that is weaker still."""
    level = learn_rule(w.rule.learn, 0.0, best, absorb, 0.0, 1.0, speed, w.p)
    weakest = 0
    for k in range(MAX_FIELDS_HELD):
        if w.orgs[i].fields[k] < 0:
            weakest = k
            break
        if w.orgs[i].levels[k] < w.orgs[i].levels[weakest]:
            weakest = k
    old = w.orgs[i].fields[weakest]
    if level <= 0.0 or (old >= 0 and w.orgs[i].levels[weakest] >= level):
        return
    if old >= 0:
        w.orgs[i].mask &= ~(np.uint64(1) << np.uint64(old))
    w.orgs[i].fields[weakest], w.orgs[i].levels[weakest] = field, level
    w.orgs[i].mask |= np.uint64(1) << np.uint64(field)


@jit
def list_levels(w, a, i, t, places, levels):
    """Write the level that i, member t, has in the field of each role, 0 where it does not hold it."""
    for r in range(w.parts[a].roles):
        level = w.orgs[i].levels[max(places[t, r], 0)]
        levels[t, r] = level if places[t, r] >= 0 else 0.0


@jit
def draw_luck(w, a, team, size, lucks):
    """Draw for all members and roles, several at a time, who may take up a new field."""
    k = key(w.seed, ACQUIRE, w.n.step)
    luck_from = first(k, w.parts[a].uid)
    for t in range(size):
        mine = absorb_key(k, luck_from, w.orgs[team[t]].uid)
        for r in range(w.parts[a].roles):
            lucks[t, r] = u01(absorb_key(k, mine, r))


@jit
def learn_together(w, a, team, size, levels, absorbs, portfolio, places, lucks, best, used):
    """Let all members of partnership a learn from the levels as they stood."""
    absorbs[: size * size] = UNKNOWN
    draw_luck(w, a, team, size, lucks)
    for t in range(size):
        list_places(w, a, team[t], t, portfolio, places)
        list_levels(w, a, team[t], t, places, levels)
    for r in range(w.parts[a].roles):
        if w.roles[w.parts[a].role0 + r].competence < MAX_FIELDS:
            two_best(levels, size, r, best)
            for t in range(size):
                partner = best[1] if best[0] == t else best[0]
                learn_role(w, a, team, size, t, r, partner, levels, absorbs, portfolio, places, used, lucks[t, r])


@jit
def change_minds(w, a, team, at, size):
    """After the result with a first-time partner, openness rises with success and falls with failure."""
    for t in range(size):
        i, fresh = team[t], False
        for u in range(size):
            if u != t:
                fresh = fresh or w.rels[tie_of(w, a, at[t], at[u])].times == 0
        if fresh and w.parts[a].won:
            w.orgs[i].openness += w.p.trust_openness_gain * (1.0 - w.orgs[i].openness)
        elif fresh:
            w.orgs[i].openness -= w.p.trust_openness_loss * w.orgs[i].openness


@jit
def share_goal(w, a, team, size):
    """Move members' visions towards the joint one: the mean of the members and of the challenge's theme."""
    x, y = w.parts[a].theme[0], w.parts[a].theme[1]
    for t in range(size):
        x += w.orgs[team[t]].vision[0]
        y += w.orgs[team[t]].vision[1]
    x, y = x / (size + 1), y / (size + 1)
    for t in range(size):
        w.orgs[team[t]].vision[0] += w.p.work_goal_rate * (x - w.orgs[team[t]].vision[0])
        w.orgs[team[t]].vision[1] += w.p.work_goal_rate * (y - w.orgs[team[t]].vision[1])


@jit
def learn_all(w):
    """One quarter of learning, fading, opening and drifting."""
    team, at = np.empty(MAX_TEAM, np.int64), np.empty(MAX_TEAM, np.int64)
    levels, lucks = np.empty((MAX_TEAM, MAX_ROLES)), np.empty((MAX_TEAM, MAX_ROLES))
    absorbs, best = np.empty(MAX_TEAM * MAX_TEAM), np.empty(2, np.int64)
    portfolio, places = np.empty((MAX_TEAM, COUNT + 1), np.int64), np.empty((MAX_TEAM, MAX_ROLES), np.int64)
    used = np.zeros(w.n.organisations, np.uint64)
    for n in range(w.n.active):
        fetch_team(w, n + AHEAD)
        a = np.int64(w.active[n])
        size = members_of(w, a, team, at)
        learn_together(w, a, team, size, levels, absorbs, portfolio, places, lucks, best, used)
        if size > 1 and builds_goal(w, a):
            share_goal(w, a, team, size)
        if size > 1 and w.n.step >= w.parts[a].due and w.parts[a].mode != PARALLEL:
            change_minds(w, a, team, at, size)
    fade_and_drift(w, used)


@jit
def fade_and_drift(w, used):
    """Unused fields fade; every vision drifts a little."""
    k = key(w.seed, DRIFT, w.n.step)
    for i in range(w.n.organisations):
        if w.orgs[i].left >= 0:
            continue
        for n in range(MAX_FIELDS_HELD):
            field = w.orgs[i].fields[n]
            if field >= 0 and not (used[i] >> np.uint64(field)) & np.uint64(1):
                w.orgs[i].levels[n] = learn_rule(w.rule.learn, w.orgs[i].levels[n], 0.0, 0.0, 0.0, 0.0, 1.0, w.p)
        z = draw(k, w.orgs[i].uid)
        for axis in range(2):
            moved = w.orgs[i].vision[axis] + w.p.work_vision_drift * bell(z)
            w.orgs[i].vision[axis] = min(1.0, max(0.0, moved))
            z = mix(z)


def learn(world: World) -> None:
    """Learn for one quarter."""
    learn_all(world.view())
