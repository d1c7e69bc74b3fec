"""Trust: what partners did changes it; without contact it drifts to the prior (MODEL 5.6)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.fetch import AHEAD, fetch, fetch_team
from sim.kernels.near import priors
from sim.kernels.team import members_of, position_of, ties_of
from sim.phases.work import PARALLEL
from sim.rules.linked import trust as trust_rule
from sim.vocab import MAX_TEAM, TrustEvent
from sim.world.world import World

DELIVERED, FAILED, IDLE = int(TrustEvent.DELIVERED), int(TrustEvent.FAILED), int(TrustEvent.IDLE)
JOINT_SUCCESS, JOINT_FAILURE = int(TrustEvent.JOINT_SUCCESS), int(TrustEvent.JOINT_FAILURE)


@jit
def move(w, i, rel, event, speed):
    """Move the trust of i in the other side of a relation by one event."""
    if w.rels[rel].a == i:
        w.rels[rel].trust_ab = trust_rule(w.rule.trust, w.rels[rel].trust_ab, event, 0.0, speed, w.p)
    else:
        w.rels[rel].trust_ba = trust_rule(w.rule.trust, w.rels[rel].trust_ba, event, 0.0, speed, w.p)


@jit
def judge(w, a, team, size, ties, speed):
    """Each member judges each other by the roles it delivered or failed this quarter."""
    for r in range(w.parts[a].roles):
        row = w.parts[a].role0 + r
        holder = np.int64(w.roles[row].holder)
        if holder < 0 or w.roles[row].now < 0:
            continue
        event = DELIVERED if w.roles[row].now == 1 else FAILED
        held_by = position_of(team, size, holder)
        for t in range(size):
            if t != held_by:
                move(w, team[t], ties[t * size + held_by], event, speed)
        memory = w.p.trust_reputation_memory
        w.orgs[holder].reputation += memory * (w.roles[row].now - w.orgs[holder].reputation)


@jit
def conclude(w, a, team, size, ties, speed):
    """Joint success or failure moves trust once more, between all members."""
    event = JOINT_SUCCESS if w.parts[a].won else JOINT_FAILURE
    for t in range(size):
        for u in range(size):
            if t != u:
                move(w, team[t], ties[t * size + u], event, speed)


@jit
def trust_all(w):
    """Update trust in every running partnership, then let idle trust drift."""
    team, at = np.empty(MAX_TEAM, np.int64), np.empty(MAX_TEAM, np.int64)
    ties = np.empty(MAX_TEAM * MAX_TEAM, np.int64)
    for n in range(w.n.active):
        fetch_team(w, n + AHEAD)
        a = np.int64(w.active[n])
        size = members_of(w, a, team, at)
        ties_of(w, a, at, size, ties)
        parallel = w.parts[a].mode == PARALLEL
        speed = w.p.work_parallel_trust if parallel else 1.0
        judge(w, a, team, size, ties, speed)
        if w.n.step >= w.parts[a].due and not parallel:
            conclude(w, a, team, size, ties, speed)
    drift(w, 0, w.n.relations)


@jit
def drift(w, start, stop):
    """Let the trust in relations without contact drift to what a stranger would be trusted."""
    for rel in range(start, stop):
        if rel + AHEAD < stop and w.rels[rel + AHEAD].running == 0:
            fetch(w.orgs[w.rels[rel + AHEAD].a])
            fetch(w.orgs[w.rels[rel + AHEAD].b])
        if w.rels[rel].running > 0:
            continue
        a, b = np.int64(w.rels[rel].a), np.int64(w.rels[rel].b)
        if w.orgs[a].left >= 0 or w.orgs[b].left >= 0:
            continue
        prior_ab, prior_ba = priors(w, a, b)
        w.rels[rel].trust_ab = trust_rule(w.rule.trust, w.rels[rel].trust_ab, IDLE, prior_ab, 1.0, w.p)
        w.rels[rel].trust_ba = trust_rule(w.rule.trust, w.rels[rel].trust_ba, IDLE, prior_ba, 1.0, w.p)


def trust(world: World) -> None:
    """Update trust and reputation for one quarter."""
    trust_all(world.view())
