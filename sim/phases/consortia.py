"""A call decides: applicants plan consortia by their policies, the best eligible ones are formed and funded."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.instruments.common.intents import Compete
from sim.instruments.common.programme import Eligibility, Programme
from sim.kernels.desk import NAMED, TOGETHER
from sim.kernels.near import trust_in
from sim.luck import chain2, draw, key, stream, u01
from sim.phases.challenges import describe
from sim.phases.commit import SPARE_SEATS, commit_one, lapse, pay_search
from sim.phases.desk_work import aim
from sim.phases.desks import Desks
from sim.phases.grants import promise
from sim.phases.mobilise import WHY_ROWS, plan_one
from sim.rules import registry
from sim.vocab import Kind, Mode, Side
from sim.world import tables as t
from sim.world.world import World

UID, SIZE, LOT = stream("programme.proposal"), stream("programme.size"), stream("programme.lot")
NOBODY = -1


def add_scratch_policy(world: World, largest: int) -> None:
    """Add one row to the policies: the one by which whoever applies to a call plans, rewritten for each plan."""
    rows = t.POLICIES.allocate(len(Side) + 1)
    rows[: len(Side)] = world.pol[: len(Side)]
    rows[-1] = world.pol[0]
    rows[-1].max_size = max(largest, int(world.pol.max_size.max()))
    world.pol = rows
    world.plan_member = world.plan_member[:0]  # plans are laid out anew, wide enough


def compete(world: World, desks: Desks, me: Programme, intent: Compete, newcomers: float) -> None:
    """Let the leads of a call plan, and found the best consortia."""
    count, pool = len(intent.leads), world.ledger.pools[me.number]
    if count == 0:
        return
    make_room(world, count, me.eligibility.members[1])
    kept = [int(world.orgs.renew[lead]) for lead in intent.leads]
    drafted = [draft(world, desks, me, intent, q, newcomers) for q in range(count)]
    if world.log:
        world.n.whys += count * WHY_ROWS
    pool.applied += count
    pool.refused += drafted.count(False)
    for q in ranked(world, me, [q for q in range(count) if drafted[q]]):
        decide(world, desks, me, intent, q, newcomers)
    for q in (q for q in range(count) if not drafted[q]):
        turn_down(world, desks, q)
    for lead, renew in zip(intent.leads, kept, strict=True):
        world.orgs.renew[lead] = renew


def make_room(world: World, count: int, largest: int) -> None:
    """Make room for the proposals of a call and what may come of them."""
    world.reserve_proposals(count)
    world.reserve_plans(count)
    world.reserve_partnerships(count, count * (largest + SPARE_SEATS), count * 12)
    world.reserve_relations(count * largest * (largest - 1) // 2)
    world.flow.proposals += count
    if world.log:
        world.reserve("whys", count * WHY_ROWS)
        world.reserve("events", count * (largest + 6))


def draft(world: World, desks: Desks, me: Programme, intent: Compete, q: int, newcomers: float) -> bool:
    """Plan proposal q, larger and larger until it is eligible or as large as allowed; return whether it is."""
    lead, stays = intent.leads[q], intent.renew[q]
    view, own = world.view(), int(world.orgs.policy[lead])
    of_clusters = me.applicants.kind == Kind.CLUSTER_ORGANISATION
    world.orgs.renew[lead] = stays
    describe(view, q, lead, of_clusters)
    row = world.props[q]
    row.uid = row.contest = proposal_uid(world, me, lead, UID)
    row.duration, row.renewal = me.quarters, stays >= 0
    high = me.eligibility.members[1]
    size = high if me.applicants.together else wanted_size(world, me, q)
    size = len(team_before(world, stays)) if stays >= 0 else size
    for members in range(max(2, min(size, high)), high + 1):
        write_scratch(world, me, own, members, intent.parallel)
        world.orgs.policy[lead] = len(world.pol) - 1
        steer(desks.get(world)[0], me, members, newcomers)
        plan_one(world, desks, q)
        desk = desks.get(world)[0]
        desk.k.steered = desk.k.closed = desk.spans.named[:] = 0
        world.orgs.policy[lead] = own
        if is_eligible(world, me.eligibility, planned(world, q), newcomers):
            return True
    return False


def steer(desk: Any, me: Programme, members: int, newcomers: float) -> None:
    """Let a plan keep places for the countries, clusters, sectors and newcomers that a call asks for, or names."""
    rule = me.eligibility
    desk.k.steered, desk.k.members_asked = 1, members
    desk.k.countries_asked, desk.k.clusters_asked, desk.k.sectors_asked = rule.countries, rule.clusters, rule.sectors
    desk.k.newcomers_asked = int(np.ceil(max(rule.newcomers, newcomers) * members))
    if rule.only_clusters:
        desk.k.closed = TOGETHER if me.applicants.together else NAMED
    desk.spans.named[1 + np.array(rule.only_clusters, np.int64)] = 1  # the first is of those without a cluster


def proposal_uid(world: World, me: Programme, lead: int, purpose: np.uint64) -> np.uint64:
    """Return the uid of what a lead proposes to an instrument this quarter: it keys the luck of work and outcome."""
    return np.uint64(chain2(np.uint64(key(world.seed, purpose, world.n.step)), me.uid, world.orgs.uid[lead]))


def wanted_size(world: World, me: Programme, q: int) -> int:
    """Return how many members the applicant aims at: any eligible number, with equal chance."""
    low, high = me.eligibility.members
    luck = u01(np.uint64(draw(np.uint64(key(world.seed, SIZE, world.n.step)), world.props.uid[q])))
    return low + int(luck * (high - low + 1))


def write_scratch(world: World, me: Programme, own: int, members: int, parallel: bool) -> None:
    """Write the policy by which a proposal is planned: the call's or the lead's own, and the size."""
    row = len(world.pol) - 1
    world.pol[row] = world.pol[own] if me.policy is None else me.policy
    world.pol.fill_rule[row] = registry.rule_id("fill", "size")
    world.pol.usual_size[row] = world.pol.max_size[row] = members
    if parallel:
        world.pol.mode[row] = Mode.PARALLEL


def planned(world: World, q: int) -> list[int]:
    """Return the planned members of proposal q, lead first."""
    return [int(j) for j in world.plan_member[q, : world.props.members[q]]]


def team_before(world: World, partnership: int) -> list[int]:
    """Return who sat in a partnership to its end."""
    part = world.parts[partnership]
    seats = world.seats[part.seat0: part.seat0 + part.seats]
    return [int(j) for j in seats.org[seats.left == part.ended]]


def is_eligible(world: World, rule: Eligibility, team: list[int], newcomers: float = 0.0) -> bool:
    """Whether a consortium meets what the call asks of its members."""
    orgs, count = world.orgs[team], len(team)
    if not rule.members[0] <= count <= rule.members[1]:
        return False
    if rule.only_clusters and not np.isin(orgs.cluster, rule.only_clusters).all():
        return False
    clusters = orgs.cluster[orgs.cluster >= 0]
    kinds = (len(np.unique(orgs.country)) >= rule.countries, len(np.unique(clusters)) >= rule.clusters,
             len(np.unique(orgs.sector)) >= rule.sectors,
             (orgs.kind == Kind.SME).sum() >= rule.sme_share * count,
             newcomers_in(world, team) >= max(rule.newcomers, newcomers) * count)
    return all(kinds) and (rule.new_pairs == 0.0 or new_pairs(world, team) >= rule.new_pairs)


def newcomers_in(world: World, team: list[int]) -> int:
    """Return how many of a team no programme has paid before."""
    return int((world.orgs.funded[team] == 0).sum())


def new_pairs(world: World, team: list[int]) -> float:
    """Return the share of pairs that have never worked together."""
    from sim.kernels.pairs import find

    view, pairs, fresh = world.view(), 0, 0
    for n, i in enumerate(team):
        for j in team[:n]:
            rel = int(find(view, i, j))
            pairs += 1
            fresh += rel < 0 or int(world.rels.times[rel]) + int(world.rels.running[rel]) == 0
    return fresh / pairs if pairs else 0.0


def ranked(world: World, me: Programme, proposals: list[int]) -> list[int]:
    """Return proposals, the best by the call's selection first; the uid breaks ties."""
    return sorted(proposals, key=lambda q: (-merit(world, me, q), int(world.props.uid[q])))


def merit(world: World, me: Programme, q: int) -> float:
    """Return how good a proposal is: coverage of roles, trust among members, variety, or a lot."""
    team = planned(world, q)
    if me.selection == "coverage":
        return float(world.props.promise[q])
    if me.selection == "trust":
        view = world.view()
        pairs = [float(trust_in(view, i, j)) for i in team for j in team if i != j]
        return sum(pairs) / len(pairs)
    if me.selection == "variety":
        orgs = world.orgs[team]
        return (len(np.unique(orgs.country)) + len(np.unique(orgs.sector))) / len(team)
    return float(u01(np.uint64(draw(np.uint64(key(world.seed, LOT, world.n.step)), world.props.uid[q]))))


def decide(world: World, desks: Desks, me: Programme, intent: Compete, q: int, newcomers: float) -> None:
    """Fund proposal q, let it go on from the reserve list, or turn it down."""
    pool = world.ledger.pools[me.number]
    award, team = me.pays_of(me.cost) + me.passed_on, still_free(world, q)
    fits = intent.leads[q] in team and is_eligible(world, me.eligibility, team, newcomers)
    funded = fits and award <= pool.free and (me.quota == 0 or pool.funded < me.quota) and award > 0
    voluntary = fits and not funded and pool.voluntary < me.reserve
    if not (funded or voluntary):
        pool.unfunded += fits
        pool.refused += not fits
        turn_down(world, desks, q)
        return
    a = form(world, desks, me, intent, q, funded)
    promise(world, me, a, me.cost, me.quarters, voluntary, heir=intent.renew[q] >= 0)
    pool.funded += funded
    pool.voluntary += voluntary


def still_free(world: World, q: int) -> list[int]:
    """Return the planned members that still have spare capacity: earlier consortia may have taken some."""
    return [j for j in planned(world, q) if world.orgs.left[j] < 0 and world.orgs.running[j] < world.orgs.capacity[j]]


def form(world: World, desks: Desks, me: Programme, intent: Compete, q: int, funded: bool) -> int:
    """Found the partnership of proposal q; nobody but the eligible team may take a place. Return its row."""
    lead, before = intent.leads[q], int(world.n.relations)
    own = int(world.orgs.policy[lead])
    write_scratch(world, me, own, len(planned(world, q)), intent.parallel)
    world.plan_reserve[q] = NOBODY
    largest = world.plan_member.shape[1]
    world.orgs.policy[lead] = len(world.pol) - 1
    commit_one(world.view(), desks.get(world)[0], q, np.zeros(largest, np.int64), np.zeros(largest, np.int64))
    world.orgs.policy[lead] = own
    a = int(world.props.partnership[q])
    world.parts.policy[a] = own
    world.parts.instrument[a] = me.number
    if funded:
        world.rels.grant[before: int(world.n.relations)] = 1
    return a


def turn_down(world: World, desks: Desks, q: int) -> None:
    """A proposal comes to nothing; what its search cost is gone."""
    view = world.view()
    aim(view, desks.get(world)[0], q)
    pay_search(view, q)
    lapse(view, q)


def sizes(programmes: Any) -> int:
    """Return the most members that any of the programmes allows."""
    return max((me.eligibility.members[1] for me in programmes), default=0)
