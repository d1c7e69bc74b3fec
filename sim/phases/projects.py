"""Inside a demonstrator: firms propose small projects, the best are funded; at the end comes the real-life test."""

from __future__ import annotations

import numpy as np

from sim.instruments.common.actions import arrival
from sim.instruments.common.intents import RealLifeTest, SmallProjects
from sim.instruments.common.programme import Programme
from sim.jit import jit
from sim.luck import draw, key, stream, u01
from sim.phases.challenges import describe, set_terms
from sim.phases.commit import commit_one
from sim.phases.consortia import make_room, proposal_uid, turn_down
from sim.phases.desks import Desks
from sim.phases.grants import pass_on, promise
from sim.phases.meetings import inform
from sim.phases.mobilise import WHY_ROWS, plan_one
from sim.rules import registry
from sim.rules.linked import learn
from sim.vocab import MAX_FIELDS, MAX_FIELDS_HELD, Kind
from sim.world.ledger import ACTIVE, IN_PROJECT, REACHED
from sim.world.world import World

PROPOSE, UID = stream("programme.project"), stream("programme.project_uid")


def small_projects(world: World, desks: Desks, me: Programme, intent: SmallProjects, clusters: tuple[int, ...]) -> None:
    """Let firms of the consortium's clusters propose; fund the best until this round's grant is used up."""
    inform(world, me, clusters)
    leads = proposers(world, me, clusters)
    if not leads or me.project_grant <= 0:
        return
    make_room(world, len(leads), int(world.pol.max_size.max()))
    for q, lead in enumerate(leads):
        propose(world, me, q, lead)
        own = keep_small(world, lead)
        plan_one(world, desks, q)
        world.orgs.policy[lead] = own
    if world.log:
        world.n.whys += len(leads) * WHY_ROWS
    world.ledger.mark(ACTIVE, leads, me.number)
    order = sorted(range(len(leads)), key=lambda q: (-float(world.props.promise[q]), int(world.props.uid[q])))
    left = intent.grant
    for q in order:
        left -= fund(world, desks, me, q, left, intent.action)


def proposers(world: World, me: Programme, clusters: tuple[int, ...]) -> list[int]:
    """Return the firms told of it that meet a challenge in this call's own luck, by uid."""
    told = world.ledger.who(REACHED, me.number)
    orgs = world.orgs[told]
    able = (orgs.left < 0) & (orgs.kind == Kind.SME) & (orgs.running < orgs.capacity) & np.isin(orgs.cluster, clusters)
    k = np.uint64(key(world.seed, PROPOSE, np.uint64(int(me.uid) ^ int(world.n.step))))
    chosen = [int(i) for i in told[able]
              if u01(np.uint64(draw(k, world.orgs.uid[i]))) < arrival(world, float(world.orgs.activity[i]))]
    return sorted(chosen, key=lambda i: int(world.orgs.uid[i]))


def propose(world: World, me: Programme, q: int, lead: int) -> None:
    """Write what a firm would try as a small project: a challenge cut down to few roles and quarters."""
    view = world.view()
    describe(view, q, lead, False)
    row = world.props[q]
    row.uid = row.contest = proposal_uid(world, me, lead, UID)
    row.roles = min(int(row.roles), int(world.p.programmes_project_roles))
    row.renewal, row.market = 0, -1
    set_terms(view, q, int(row.roles))
    row.duration = int(world.p.programmes_project_quarters)


def keep_small(world: World, lead: int) -> int:
    """Let a firm plan by its own policy, but ask nobody without a role; return its own policy's row."""
    row, own = len(world.pol) - 1, int(world.orgs.policy[lead])
    world.pol[row] = world.pol[own]
    world.pol.fill_rule[row] = registry.rule_id("fill", "roles")
    world.pol.max_size[row] = max(2, int(world.p.programmes_project_roles))
    world.orgs.policy[lead] = row
    return own


def fund(world: World, desks: Desks, me: Programme, q: int, left: int, action: int) -> int:
    """Found a small project if the money lasts for its grant; return what it is promised."""
    cost = me.cost_of(me.project_grant)
    award = me.pays_of(cost)
    if award > left or award <= 0:
        turn_down(world, desks, q)
        return 0
    before, largest = int(world.n.relations), world.plan_member.shape[1]
    desk, found = desks.get(world)[0], np.zeros(largest, np.int64)
    lead = int(world.props.lead[q])
    kept, own = int(world.orgs.renew[lead]), keep_small(world, lead)
    granted = commit_one(world.view(), desk, q, np.zeros(largest, np.int64), found)
    world.orgs.policy[lead], world.orgs.renew[lead] = own, kept
    if not granted:
        return 0
    a = int(world.props.partnership[q])
    world.parts.policy[a], world.parts.instrument[a] = own, me.number
    world.rels.grant[before: int(world.n.relations)] = 1
    pass_on(world, action, award)
    promise(world, me, a, cost, int(world.p.programmes_project_quarters), parent=action)
    part = world.parts[a]
    world.ledger.mark(IN_PROJECT, world.seats.org[part.seat0: part.seat0 + part.seats], me.number)
    return award


@jit
def credit(w, a):
    """Raise the reputation of who held a tested field of project a, as one more delivery would (MODEL 6)."""
    for row in range(w.parts[a].role0, w.parts[a].role0 + w.parts[a].roles):
        holder = np.int64(w.roles[row].holder)
        if holder >= 0:
            w.orgs[holder].reputation += w.p.trust_reputation_memory * (1.0 - w.orgs[holder].reputation)


@jit
def teach(w, a):
    """Let who held a tested field of project a learn by doing once more: a test that failed teaches (MODEL 6)."""
    for row in range(w.parts[a].role0, w.parts[a].role0 + w.parts[a].roles):
        holder, field = np.int64(w.roles[row].holder), w.roles[row].competence
        for place in range(MAX_FIELDS_HELD):
            if holder >= 0 and w.orgs[holder].fields[place] == field:
                level = w.orgs[holder].levels[place]
                w.orgs[holder].levels[place] = learn(w.rule.learn, level, 0.0, 0.0, 1.0, 1.0, 1.0, w.p)


def real_life_test(world: World, me: Programme, intent: RealLifeTest) -> None:
    """Let the test decide over the ended projects of one consortium: it succeeds if most of them did.

    Success raises the demand for the fields that were solved and the reputation of who solved them; failure teaches
    everybody who was tested.
    """
    actions, parts = world.ledger.rows("actions"), world.parts
    mine = actions.partnership[actions.parent == intent.action]
    over = [int(a) for a in mine if parts.ended[a] >= 0]
    solved = [a for a in over if parts.won[a]]
    if 2 * len(solved) > len(over):
        raise_demand(world, solved)
        for a in solved:
            credit(world.view(), a)
    else:
        for a in over:
            teach(world.view(), a)


def raise_demand(world: World, solved: list[int]) -> None:
    """Move each field that was solved up one rank in its sector's demand."""
    parts = world.parts
    fields = {int(f) for a in solved for f in world.roles.competence[parts.role0[a]: parts.role0[a] + parts.roles[a]]}
    for field in sorted(f for f in fields if f < MAX_FIELDS):
        rank = world.ranking[world.sector_of[field]]
        place = int(np.flatnonzero(rank == field)[0])
        if place > 0:
            rank[place - 1: place + 1] = rank[place - 1: place + 1][::-1].copy()
