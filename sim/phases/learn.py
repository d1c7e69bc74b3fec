"""Learn: levels, fields, openness and visions change with experience (MODEL 5.4, 5.5, 5.7)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.team import members_of
from sim.kernels.near import level_of, relatedness
from sim.kernels.pairs import find
from sim.luck import bell, chain3, draw, key, mix, stream, u01
from sim.phases.work import PARALLEL, builds_goal
from sim.rules.linked import learn as learn_rule
from sim.vocab import MAX_FIELDS, MAX_FIELDS_HELD, MAX_ROLES, MAX_TEAM
from sim.world.world import World

ACQUIRE, DRIFT = stream("learn.acquire"), stream("vision.drift")


@jit
def absorption(w, i, j):
    """Return how well i absorbs what j knows: an inverted U in their cognitive distance."""
    gap = (1.0 - relatedness(w, i, j) - w.p.learn_absorb_peak) / w.p.learn_absorb_width
    return max(0.0, 1.0 - gap * gap)


@jit
def best_partner(levels, size, t, r):
    """Return the position of the other member with the highest level in role r's field, -1 if none."""
    best = -1
    for u in range(size):
        if u != t and levels[u, r] > 0.0 and (best < 0 or levels[u, r] > levels[best, r]):
            best = u
    return best


@jit
def place_of(w, i, field):
    """Return where i holds a field, -1 if it does not."""
    for k in range(MAX_FIELDS_HELD):
        if w.orgs.fields[i, k] == field:
            return k
    return -1


@jit
def learn_role(w, a, team, size, t, r, levels, used):
    """Let member t learn in the field of role r: by doing, from its best partner, or a new field."""
    i, row = team[t], w.parts.role0[a] + r
    field, partner = w.roles.competence[row], best_partner(levels, size, t, r)
    speed = w.p.learn_parallel if w.parts.mode[a] == PARALLEL else 1.0
    absorb = absorption(w, i, team[partner]) if partner >= 0 else 0.0
    best = levels[partner, r] if partner >= 0 else 0.0
    place = place_of(w, i, field)
    if place >= 0:
        held = 1.0 if w.roles.holder[row] == i else 0.0
        w.orgs.levels[i, place] = learn_rule(w.rule.learn, w.orgs.levels[i, place], best, absorb, held, 1.0, speed, w.p)
        used[i] |= np.uint64(1) << np.uint64(field)
    elif partner >= 0 and absorb > 0.0:
        luck = u01(chain3(key(w.seed, ACQUIRE, w.n.step), w.parts.uid[a], w.orgs.uid[i], r))
        if luck < speed * w.p.learn_acquire * absorb:
            acquire(w, i, field, best, absorb, speed)


@jit
def acquire(w, i, field, best, absorb, speed):
    """Take up a field in a free place, or in place of the weakest if that is weaker still."""
    level = learn_rule(w.rule.learn, 0.0, best, absorb, 0.0, 1.0, speed, w.p)
    weakest = 0
    for k in range(MAX_FIELDS_HELD):
        if w.orgs.fields[i, k] < 0:
            weakest = k
            break
        if w.orgs.levels[i, k] < w.orgs.levels[i, weakest]:
            weakest = k
    old = w.orgs.fields[i, weakest]
    if level <= 0.0 or (old >= 0 and w.orgs.levels[i, weakest] >= level):
        return
    if old >= 0:
        w.orgs.mask[i] &= ~(np.uint64(1) << np.uint64(old))
    w.orgs.fields[i, weakest], w.orgs.levels[i, weakest] = field, level
    w.orgs.mask[i] |= np.uint64(1) << np.uint64(field)


@jit
def learn_together(w, a, team, size, levels, used):
    """Let all members of partnership a learn from the levels as they stood."""
    for t in range(size):
        for r in range(w.parts.roles[a]):
            levels[t, r] = level_of(w, team[t], w.roles.competence[w.parts.role0[a] + r])
    for r in range(w.parts.roles[a]):
        if w.roles.competence[w.parts.role0[a] + r] < MAX_FIELDS:
            for t in range(size):
                learn_role(w, a, team, size, t, r, levels, used)


@jit
def change_minds(w, a, team, size):
    """After the result with a first-time partner, openness rises with success and falls with failure."""
    for t in range(size):
        i, fresh = team[t], False
        for u in range(size):
            if u != t:
                fresh = fresh or w.rels.times[find(w, i, team[u])] == 0
        if fresh and w.parts.won[a]:
            w.orgs.openness[i] += w.p.trust_openness_gain * (1.0 - w.orgs.openness[i])
        elif fresh:
            w.orgs.openness[i] -= w.p.trust_openness_loss * w.orgs.openness[i]


@jit
def share_goal(w, a, team, size):
    """Move members' visions towards the joint one: the mean of the members and of the challenge's theme."""
    x, y = w.parts.theme[a, 0], w.parts.theme[a, 1]
    for t in range(size):
        x += w.orgs.vision[team[t], 0]
        y += w.orgs.vision[team[t], 1]
    x, y = x / (size + 1), y / (size + 1)
    for t in range(size):
        w.orgs.vision[team[t], 0] += w.p.work_goal_rate * (x - w.orgs.vision[team[t], 0])
        w.orgs.vision[team[t], 1] += w.p.work_goal_rate * (y - w.orgs.vision[team[t], 1])


@jit
def learn_all(w):
    """One quarter of learning, fading, opening and drifting."""
    team, levels = np.empty(MAX_TEAM, np.int64), np.empty((MAX_TEAM, MAX_ROLES))
    used = np.zeros(w.n.organisations, np.uint64)
    for n in range(w.n.active):
        a = np.int64(w.active[n])
        size = members_of(w, a, team)
        learn_together(w, a, team, size, levels, used)
        if size > 1 and builds_goal(w, a):
            share_goal(w, a, team, size)
        if size > 1 and w.n.step >= w.parts.due[a]:
            change_minds(w, a, team, size)
    fade_and_drift(w, used)


@jit
def fade_and_drift(w, used):
    """Unused fields fade; every vision drifts a little."""
    k = key(w.seed, DRIFT, w.n.step)
    for i in range(w.n.organisations):
        if w.orgs.left[i] >= 0:
            continue
        for n in range(MAX_FIELDS_HELD):
            field = w.orgs.fields[i, n]
            if field >= 0 and not (used[i] >> np.uint64(field)) & np.uint64(1):
                w.orgs.levels[i, n] = learn_rule(w.rule.learn, w.orgs.levels[i, n], 0.0, 0.0, 0.0, 0.0, 1.0, w.p)
        z = draw(k, w.orgs.uid[i])
        for axis in range(2):
            moved = w.orgs.vision[i, axis] + w.p.work_vision_drift * bell(z)
            w.orgs.vision[i, axis] = min(1.0, max(0.0, moved))
            z = mix(z)


def learn(world: World) -> None:
    """Learn for one quarter."""
    learn_all(world.view())
