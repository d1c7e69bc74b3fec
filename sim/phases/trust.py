"""Trust: what partners did changes it; without contact it drifts to the prior (MODEL 5.6)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.team import members_of
from sim.kernels.near import prior
from sim.kernels.pairs import find
from sim.phases.work import PARALLEL
from sim.rules.linked import trust as trust_rule
from sim.vocab import MAX_TEAM, TrustEvent
from sim.world.world import World

DELIVERED, FAILED, IDLE = int(TrustEvent.DELIVERED), int(TrustEvent.FAILED), int(TrustEvent.IDLE)
JOINT_SUCCESS, JOINT_FAILURE = int(TrustEvent.JOINT_SUCCESS), int(TrustEvent.JOINT_FAILURE)


@jit
def move(w, i, j, event, speed):
    """Move the trust of i in j by one event."""
    rel = find(w, i, j)
    if w.rels.a[rel] == i:
        w.rels.trust_ab[rel] = trust_rule(w.rule.trust, w.rels.trust_ab[rel], event, 0.0, speed, w.p)
    else:
        w.rels.trust_ba[rel] = trust_rule(w.rule.trust, w.rels.trust_ba[rel], event, 0.0, speed, w.p)


@jit
def judge(w, a, team, size, speed):
    """Each member judges each other by the roles it delivered or failed this quarter."""
    for r in range(w.parts.roles[a]):
        row = w.parts.role0[a] + r
        holder = np.int64(w.roles.holder[row])
        if holder < 0 or w.roles.now[row] < 0:
            continue
        event = DELIVERED if w.roles.now[row] == 1 else FAILED
        for t in range(size):
            if team[t] != holder:
                move(w, team[t], holder, event, speed)
        memory = w.p.trust_reputation_memory
        w.orgs.reputation[holder] += memory * (w.roles.now[row] - w.orgs.reputation[holder])


@jit
def conclude(w, a, team, size, speed):
    """Joint success or failure moves trust once more, between all members."""
    event = JOINT_SUCCESS if w.parts.won[a] else JOINT_FAILURE
    for t in range(size):
        for u in range(size):
            if t != u:
                move(w, team[t], team[u], event, speed)


@jit
def trust_all(w):
    """Update trust in every running partnership, then let idle trust drift."""
    team = np.empty(MAX_TEAM, np.int64)
    for n in range(w.n.active):
        a = np.int64(w.active[n])
        size = members_of(w, a, team)
        parallel = w.parts.mode[a] == PARALLEL
        speed = w.p.work_parallel_trust if parallel else 1.0
        judge(w, a, team, size, speed)
        if w.n.step >= w.parts.due[a] and not parallel:
            conclude(w, a, team, size, speed)
    drift(w, 0, w.n.relations)


@jit
def drift(w, start, stop):
    """Let the trust in relations without contact drift to what a stranger would be trusted."""
    for rel in range(start, stop):
        if w.rels.running[rel] > 0:
            continue
        a, b = np.int64(w.rels.a[rel]), np.int64(w.rels.b[rel])
        if w.orgs.left[a] >= 0 or w.orgs.left[b] >= 0:
            continue
        w.rels.trust_ab[rel] = trust_rule(w.rule.trust, w.rels.trust_ab[rel], IDLE, prior(w, a, b), 1.0, w.p)
        w.rels.trust_ba[rel] = trust_rule(w.rule.trust, w.rels.trust_ba[rel], IDLE, prior(w, b, a), 1.0, w.p)


def trust(world: World) -> None:
    """Update trust and reputation for one quarter."""
    trust_all(world.view())
