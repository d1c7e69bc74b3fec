"""Demography: home income, deaths and births (MODEL 5.10)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.members import group_members
from sim.kernels.money import to_cents
from sim.luck import chain2, draw, key, stream, u01
from sim.phases.part import forget_ended, leave
from sim.vocab import MAX_TEAM, Event, Kind, Reason
from sim.world.events import log_event
from sim.world.founding import chance, endow, step_of
from sim.world.slots import seat
from sim.world.world import World

DEATH, BIRTH, CHILD, CHILD_SECTOR, CHILD_OTHER = (
    stream("demography.death"), stream("demography.birth"), stream("demography.child"),
    stream("demography.child_sector"), stream("demography.child_other_sector"))
CLUSTER_ORGANISATION, SME = int(Kind.CLUSTER_ORGANISATION), int(Kind.SME)
BORN, DIED, INCOME = int(Event.BORN), int(Event.DIED), int(Event.HOME_INCOME)
DEAD = int(Reason.DEATH)
OWN_SECTOR = 0.8  # chance that a newborn works in its parent's sector (assumed)


@jit
def earn_at_home(w):
    """Pay every living organisation its home income."""
    cents = to_cents(w.p.demography_home_income)
    for i in range(w.n.organisations):
        if w.orgs[i].left < 0 and cents > 0:
            w.orgs[i].capital += cents
            w.flow.income += cents
            log_event(w, INCOME, i, -1, -1, cents, 0)


@jit
def hazard(w, i):
    """Return the chance that i dies this quarter, by age and membership."""
    age = w.n.step - w.orgs[i].born
    risk = w.p.demography_death_old
    if age < 4:
        risk = w.p.demography_death_first
    elif age < 20:
        risk = w.p.demography_death_young
    return risk * w.p.demography_member_factor if w.orgs[i].cluster >= 0 else risk


@jit
def mark_deaths(w, dying):
    """Mark who dies this quarter: by hazard or with its capital exhausted. Return how many."""
    k, count = key(w.seed, DEATH, w.n.step), 0
    for i in range(w.n.organisations):
        dying[i] = False
        if w.orgs[i].left < 0 and w.orgs[i].kind != CLUSTER_ORGANISATION:
            dying[i] = w.orgs[i].capital < 0 or u01(draw(k, w.orgs[i].uid)) < hazard(w, i)
            count += dying[i]
    return count


@jit
def bury(w, dying):
    """Let the dying leave their partnerships, oldest first, and then the world."""
    team, at = np.empty(MAX_TEAM, np.int64), np.empty(MAX_TEAM, np.int64)
    for n in range(w.n.active):
        a = np.int64(w.active[n])
        for row in range(w.parts[a].seat0, w.parts[a].seat0 + w.parts[a].seats):
            if w.seats[row].left < 0 and dying[w.seats[row].org]:
                leave(w, a, row, DEAD, team, at)
    for i in range(w.n.organisations):
        if dying[i]:
            w.orgs[i].left = w.n.step
            w.slots[w.orgs[i].slot] = -1
            w.orgs[i].renew = -1
            w.flow.died += 1
            w.flow.lost_capital += w.orgs[i].capital
            log_event(w, DIED, i, -1, -1, w.orgs[i].capital, 0)
            w.orgs[i].capital = 0


@jit
def count_births(w):
    """Return how many organisations found another this quarter."""
    k, count = key(w.seed, BIRTH, w.n.step), 0
    for i in range(w.n.organisations):
        count += founds(w, k, i)
    return count


@jit
def founds(w, k, i):
    """Whether i founds another organisation this quarter."""
    if w.orgs[i].left >= 0 or w.orgs[i].kind == CLUSTER_ORGANISATION:
        return False
    return u01(draw(k, w.orgs[i].uid)) < w.p.demography_birth


@jit
def give_birth(w, parents):
    """Let the first ``parents`` organisations found others: same place, a sector near the parent's."""
    k, uids = key(w.seed, BIRTH, w.n.step), key(w.seed, CHILD, 0)
    for i in range(parents):
        if not founds(w, k, i):
            continue
        row = w.n.organisations
        w.orgs[row].uid = chain2(uids, w.orgs[i].uid, w.n.step)
        if not seat(w, row):
            w.n.births_refused += 1
            continue
        w.n.organisations = row + 1
        settle_child(w, i, row)
        endow(w, row)
        w.flow.born += 1
        w.flow.born_capital += w.orgs[row].capital
        log_event(w, BORN, row, i, -1, w.orgs[row].capital, 0)


@jit
def settle_child(w, i, row):
    """Place a newborn: an SME in its parent's country and cluster, in its sector or a related one."""
    w.orgs[row].kind, w.orgs[row].cluster, w.orgs[row].country = SME, w.orgs[i].cluster, w.orgs[i].country
    w.orgs[row].born, w.orgs[row].policy = w.n.step, w.orgs[i].policy
    w.orgs[row].sector = w.orgs[i].sector
    if w.p.world_sectors > 1 and chance(w, CHILD_SECTOR, w.orgs[row].uid) >= OWN_SECTOR:
        luck = chance(w, CHILD_OTHER, w.orgs[row].uid)
        w.orgs[row].sector = step_of(w.other_sector[w.orgs[i].sector], luck)


def demography(world: World) -> None:
    """Income, deaths, births; then the member lists are made anew."""
    alive = int(world.n.organisations)
    if world.log:
        seats = int(world.parts.members[world.active[: int(world.n.active)]].sum())
        world.reserve("events", 3 * alive + 3 * seats)
    view = world.view()
    earn_at_home(view)
    dying = np.zeros(alive, np.bool_)
    if mark_deaths(view, dying):
        bury(view, dying)
        forget_ended(view)
    births = int(count_births(view))
    world.reserve("orgs", births)
    give_birth(world.view(), alive)
    if int(world.n.organisations) > len(world.members):
        world.members, world.member_uids = np.zeros(len(world.orgs), np.int32), np.zeros(len(world.orgs), np.uint64)
    group_members(world.view())
