"""Mobilise: every lead plans its team on the state as it stood (MODEL 5.2 to 5.4).

Plans read the world and write only their own proposal, so leads are shared out over threads and
the result does not depend on how many there are.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.jit import jit
from sim.kernels.desk import TOGETHER
from sim.kernels.directory import DIRECTORY_SIZE, fill_directory
from sim.kernels.fetch import AHEAD, fetch_partners
from sim.kernels.money import to_cents
from sim.kernels.select import keep_smallest, sort_by
from sim.phases.desk_work import (
    LUCK,
    blur_from,
    candidate,
    gain_of,
    is_wanted,
    missing,
    open_desk,
    perceived,
    put,
    weigh,
)
from sim.phases.desks import Desks
from sim.phases.places import assemble_by_place
from sim.phases.seating import seat_team
from sim.phases.shortlist import approach, consider
from sim.phases.teams import assemble, stand_by
from sim.rules.linked import sources, terms
from sim.vocab import MAX_FIELDS, MAX_MARKETS, Fate, Search, Source
from sim.world.crowds import gather_crowds
from sim.world.world import World

DIRECTORY = int(Source.DIRECTORY)
OPEN = int(Source.OPEN_CALL)
BRIDGED = int(Source.BRIDGED_CLUSTERS)
KNOWN = int(Source.KNOWN)
OWN = int(Source.OWN_CLUSTER)
BY_ACTIVITY = int(Source.BY_ACTIVITY)
STAND_BY = int(Fate.STAND_BY)
ALL, SEQUENTIAL, BY_PLACE = int(Search.ALL), int(Search.SEQUENTIAL), int(Search.BY_PLACE)
WHY_ROWS = 8
PLENTY = 1e9


@jit
def search_source(w, s, q, source):
    """Look through one source and approach its best."""
    s.k.scanned = 0
    sources(source, w, s, q)
    most = w.pol[s.k.policy].candidates
    if most > 0:
        s.k.scanned = min(s.k.scanned, max(0, most + 1 - s.k.count))  # the lead is on the desk too
    s.k.profiles += s.k.scanned
    limit, spent = w.pol[s.k.policy].contacts[source], s.k.spent
    contacts = s.k.contacts
    if source == KNOWN:
        limit = min(limit, np.int64(w.pol[s.k.policy].scan[KNOWN]))
    consider(w, s, q, source, limit)
    if source == KNOWN and s.k.scanned > limit:
        add_best_per_role(w, s, q)
    if source == BRIDGED and not w.props[q].brokered:  # nobody introduces them: it is a cold call
        s.k.spent = spent + (s.k.contacts - contacts) * w.pol[s.k.policy].cost[OPEN]


@jit
def add_best_per_role(w, s, q):
    """Of more known partners than fit on the desk, add the one seen as best in each role."""
    for r in range(s.k.roles):
        best, highest = -1, 0.0
        for n in range(s.k.scanned):
            if w.orgs[s.scan[n]].mask >> np.uint64(s.fields[r]) & np.uint64(1):
                level = perceived(w, s, s.k.lead, s.scan[n], s.fields[r], 0.0, blur_from(w, s, s.scan[n]))
                if level > highest:
                    best, highest = s.scan[n], level
        if best >= 0 and not on_desk(s, best):
            add_one(w, s, q, best)


@jit
def add_one(w, s, q, j):
    """Put one more known partner on the desk."""
    start, k = s.k.count, put(w, s, q, j, KNOWN)
    weigh(w, s, k, gain_of(s, k))
    approach(w, s, start, KNOWN)


@jit
def on_desk(s, j):
    """Whether organisation j is a candidate already."""
    for k in range(s.k.count):
        if s.org[k] == j:
            return True
    return False


@jit
def search_sources(w, s, q):
    """Open the sources in order; grow the team after each (sequential) or after the last."""
    pol = s.k.policy
    for source in range(w.pol.open.shape[1]):
        if not is_wanted(w, s, PLENTY, missing(w, s)):
            break
        if w.pol[pol].open[source]:
            search_source(w, s, q, source)
            if w.pol[pol].search == SEQUENTIAL:
                assemble(w, s, q)
    if w.pol[pol].search == ALL:
        assemble(w, s, q)


@jit
def plan(w, s, q):
    """Plan proposal q: open the sources in order, grow the team, name reserves, write the plan."""
    open_desk(w, s, q)
    seat_team(w, s, q)
    if s.k.closed != TOGETHER:
        search(w, s, q)
    stand_by(w, s, q)
    write_plan(w, s, q)


@jit
def search(w, s, q):
    """Look for partners as the lead's policy does."""
    pol = s.k.policy
    if w.pol[pol].search == BY_PLACE:
        assemble_by_place(w, s, q)
    else:
        search_sources(w, s, q)
    alone = s.k.seated == 1 and is_wanted(w, s, PLENTY, missing(w, s))
    if alone and w.pol[pol].open[KNOWN] and not w.pol[pol].open[OWN]:
        search_source(w, s, q, OWN)  # known partners exhausted: everybody falls back on the own cluster
        assemble(w, s, q)


@jit
def write_plan(w, s, q):
    """Write the planned team and what the search cost into the proposal."""
    coverage = 0.0
    for r in range(s.k.roles):
        coverage += s.best[r]
    w.props[q].promise = coverage / s.k.roles
    w.props[q].members = s.k.seated
    w.props[q].search_cost = to_cents(s.k.spent)
    w.props[q].contacts, w.props[q].invited, w.props[q].declined = s.k.contacts, s.k.invited, s.k.declined
    for t in range(s.k.seated):
        w.plan_member[q, t] = s.org[s.team[t]]
        w.plan_source[q, t] = s.source[s.team[t]]
    if w.log:
        write_why(w, s, q)


@jit
def write_why(w, s, q):
    """Keep the 8 best candidates, score by term, and what became of them."""
    values, items, found = np.empty(WHY_ROWS), np.empty(WHY_ROWS, np.int64), 0
    for k in range(1, s.k.count):
        found = keep_smallest(-s.score[k], k, WHY_ROWS, values, items, found)
    sort_by(values, items, found)
    for n in range(WHY_ROWS):
        row = w.whys[w.n.whys + q * WHY_ROWS + n]
        row.org = -1
        if n < found:
            k = items[n]
            row.uid, row.step, row.org = w.props[q].uid, w.n.step, s.org[k]
            row.source, row.fate, row.score = s.source[k], s.fate[k], s.score[k]
            for r in range(s.k.roles):
                if w.plan_reserve[q, r] == s.org[k]:
                    row.fate = STAND_BY
            write_terms(w, s, k, row)


@jit
def write_terms(w, s, k, row):
    """Write the value of each term of the policy for candidate k."""
    c = candidate(s, k, s.sight[k, LUCK])
    for t in range(w.pol.weights.shape[1]):
        row.terms[t] = terms(t, c) if w.pol[s.k.policy].weights[t] != 0.0 else np.nan


@jit
def plan_range(w, s, order, start, stop):
    """Plan the proposals at places start..stop of an order."""
    for n in range(start, stop):
        if (n - start) % AHEAD == 0:
            fetch_leads(w, s, order, n, min(stop, n + AHEAD))
        plan(w, s, order[n])


@jit
def fetch_leads(w, s, order, start, stop):
    """Start the transfer of the known partners of the next few leads."""
    for n in range(start, stop):
        s.scan[n - start] = w.props[order[n]].lead
    fetch_partners(w, s.scan, stop - start, s.heap)


def in_use(world: World, source: int) -> bool:
    """Whether one of this quarter's leads follows a policy that opens this source."""
    leads = world.props.lead[: int(world.n.proposals)]
    return bool(world.pol.open[world.orgs.policy[leads], source].any())


def mobilise(world: World, desks: Desks) -> None:
    """Plan all proposals of this quarter."""
    count = int(world.n.proposals)
    if count == 0:
        return
    world.reserve_plans(count)
    if world.log:
        world.reserve("whys", count * WHY_ROWS)
    if in_use(world, BY_ACTIVITY):
        gather_crowds(world)
    if in_use(world, DIRECTORY):
        world.directory = np.full((MAX_FIELDS + MAX_MARKETS, DIRECTORY_SIZE), -1, np.int32)
        fill_directory(world.view(), world.directory)
    plan_all(world, desks, count)
    if world.log:
        world.n.whys += count * WHY_ROWS
    for desk in desks.get(world):
        world.n.cap_hits += desk.k.cap_hits
        desks.profiles += int(desk.k.profiles)
        desk.k.cap_hits = desk.k.profiles = 0


def plan_one(world: World, desks: Desks, q: int) -> None:
    """Plan proposal q alone."""
    plan_range(world.view(), desks.get(world)[0], np.array([q]), 0, 1)


def plan_all(world: World, desks: Desks, count: int) -> None:
    """Share the proposals out over the threads, in equal runs.

    Leads of one cluster search one after the other, for they look at the same people, who are still in cache; no
    plan depends on another.
    """
    view, own = world.view(), desks.get(world)
    order = np.argsort(view.orgs.cluster[view.props.lead[:count]], kind="stable")
    desks.together([partial(plan_range, view, own[n], order, *cut) for n, cut in enumerate(desks.cuts(count))])
