"""Cluster organisations inform and introduce their members; whether two agree is up to the acceptance rule."""

from __future__ import annotations

import numpy as np

from sim.instruments.common.intents import Introduce, Mission
from sim.instruments.common.programme import Programme
from sim.jit import jit
from sim.kernels.near import prior, vision_gap
from sim.kernels.pairs import find, insert, trust_of
from sim.luck import chain3, draw, key, log, stream, u01
from sim.phases.grants import equal_parts, hand_over, members
from sim.phases.settling import is_free
from sim.rules.linked import accept
from sim.vocab import MAX_FIELDS, MAX_MARKETS, Event
from sim.world.events import log_event
from sim.world.ledger import ACTIVE, AGREED, REACHED
from sim.world.world import World

INFORM, PICK, AGREE, ABROAD = (stream(f"programme.{name}") for name in ("inform", "pick", "agree", "abroad"))
MEETING, ACCESS = int(Event.MEETING), int(Event.ACCESS)
ROOT_2 = 1.4142135623730951
NOBODY = -1


@jit
def tell(w, uid, cluster, told):
    """Write which members of a cluster are told of a programme: each with the chance of its management quality."""
    k, count = key(w.seed, INFORM, uid), 0
    for n in range(w.clusters[cluster].first, w.clusters[cluster].first + w.clusters[cluster].member_count):
        if u01(draw(k, w.member_uids[n])) < w.clusters[cluster].management:
            told[count] = w.members[n]
            count += 1
    return count


@jit
def pick(w, cluster, reached, uid, n, k):
    """Return a member that was told of the programme, the more active the likelier, or -1."""
    best, soonest = NOBODY, np.inf
    for m in range(w.clusters[cluster].first, w.clusters[cluster].first + w.clusters[cluster].member_count):
        i = w.members[m]
        if reached[i] and w.orgs[i].left < 0:
            race = -log(u01(chain3(k, uid, w.member_uids[m], n))) / w.orgs[i].activity
            if race < soonest:
                best, soonest = np.int64(i), race
    return best


@jit
def says_yes(w, i, j, k, n):
    """Whether i would work with j, whom it meets: the acceptance rule, with nothing promised and nothing to pay."""
    rel = find(w, i, j)
    trust = trust_of(w, i, j, rel) if rel >= 0 else min(1.0, prior(w, i, j) + w.p.trust_prior_met)
    x = 0.5 * (w.orgs[i].vision[0] + w.orgs[j].vision[0])
    y = 0.5 * (w.orgs[i].vision[1] + w.orgs[j].vision[1])
    willing = accept(w.rule.accept, trust, w.orgs[i].openness, 1.0 - vision_gap(w, i, x, y) / ROOT_2, 1.0, 0.0)
    return is_free(w, i) and u01(chain3(k, w.orgs[i].uid, w.orgs[j].uid, n)) < willing


@jit
def introduce_all(w, uid, clusters, count, reached, pairs, yes):
    """Let pairs across clusters meet in turn; write who met and whether both said yes."""
    picks, agrees = key(w.seed, PICK, w.n.step), key(w.seed, AGREE, w.n.step)
    size = len(clusters)
    for n in range(count):
        host = n % size
        guest = (host + 1 + (n // size) % (size - 1)) % size
        i = pick(w, clusters[host], reached, uid, 2 * n, picks)
        j = pick(w, clusters[guest], reached, uid, 2 * n + 1, picks)
        pairs[n, 0], pairs[n, 1], yes[n] = i, j, 0
        if i >= 0 and j >= 0:
            yes[n] = says_yes(w, i, j, agrees, n) and says_yes(w, j, i, agrees, n)


@jit
def acquaint(w, i, j):
    """Make two who agreed known to each other; return the relation, new or old, and whether it is new."""
    rel = find(w, i, j)
    if rel >= 0:
        return rel, False
    met = w.p.trust_prior_met
    return insert(w, i, j, min(1.0, prior(w, i, j) + met), min(1.0, prior(w, j, i) + met)), True


@jit
def agrees_abroad(w, i, market, uid, turn):
    """Whether cluster organisation i and a counterpart in a market agree, a stranger of average openness.

    As for anybody (MODEL 5.4), only with spare capacity: who is full signs nothing.
    """
    k, first = key(w.seed, ABROAD, w.n.step), 3 * (turn * MAX_MARKETS + market)
    x, y = u01(chain3(k, w.orgs[i].uid, uid, first)), u01(chain3(k, w.orgs[i].uid, uid, first + 1))
    alignment = 1.0 - 0.5 * vision_gap(w, i, x, y) / ROOT_2
    trust = min(1.0, w.general_trust[w.orgs[i].country] + w.p.trust_prior_met)
    shown = min(1.0, trust + w.p.trust_prior_label * w.orgs[i].label)
    openness = w.p.world_openness_a / (w.p.world_openness_a + w.p.world_openness_b)
    one = accept(w.rule.accept, trust, w.orgs[i].openness, alignment, 1.0, 0.0)
    other = accept(w.rule.accept, shown, openness, alignment, 1.0, 0.0)
    return is_free(w, i) and u01(chain3(k, w.orgs[i].uid, uid, first + 2)) < one * other


def inform(world: World, me: Programme, clusters: tuple[int, ...]) -> None:
    """Let cluster organisations tell their members of a programme."""
    world.ledger.make_room(int(world.n.organisations))
    for cluster in clusters:
        told = np.empty(int(world.clusters.member_count[cluster]), np.int64)
        count = int(tell(world.view(), me.uid, cluster, told))
        world.ledger.mark(REACHED, told[:count], me.number)


def introduce(world: World, me: Programme, intent: Introduce) -> None:
    """Let members of clusters meet; note who agreed, and pay for it where meetings are paid one by one."""
    inform(world, me, intent.clusters)
    count = min(intent.count, affordable(world, me)) if intent.paid else intent.count
    reached = (world.ledger.stages[REACHED] >> np.uint64(me.number) & np.uint64(1)).astype(np.bool_)
    pairs, yes = np.full((count, 2), NOBODY), np.zeros(count, np.int64)
    uid = me.uid if intent.action < 0 else world.parts.uid[world.ledger.rows("actions").partnership[intent.action]]
    salt = np.uint64(uid) ^ np.uint64(sum(int(world.orgs.uid[world.clusters.org[c]]) for c in intent.clusters) % 2**64)
    introduce_all(world.view(), salt, np.array(intent.clusters, np.int64), count, reached, pairs, yes)
    world.reserve_relations(count)
    for (i, j), said in zip(pairs, yes, strict=True):
        if i >= 0 and j >= 0:
            meet(world, me, intent, int(i), int(j), bool(said))
            if intent.paid:
                share_cost(world, me, (int(i), int(j)))


def meet(world: World, me: Programme, intent: Introduce, i: int, j: int, said: bool) -> None:
    """Note one meeting; an agreement makes the two known to each other."""
    ledger = world.ledger
    ledger.mark(AGREED if said else ACTIVE, (i, j), me.number)
    row = ledger.append("meetings", instrument=me.number, action=intent.action, step=int(world.n.step), a=i, b=j,
                        market=intent.market, agreed=said)
    if said:
        rel, new = acquaint(world.view(), i, j)
        world.rels.grant[rel] |= new
        ledger.agreements[min(i, j), max(i, j)] = row
    if world.log:
        world.reserve("events", 1)
        log_event(world.view(), MEETING, i, j, row, int(said), intent.market)


def affordable(world: World, me: Programme) -> int:
    """Return how many meetings the money left pays for."""
    grant = 2 * me.pays_of(half_meeting(world))
    return int(world.ledger.pools.free[me.number]) // grant if grant else 2**31


def half_meeting(world: World) -> int:
    """Return the cents each side of a meeting pays: half of a contact with a stranger."""
    return round(float(world.p.search_open_cost) * 50_000)


def share_cost(world: World, me: Programme, pair: tuple[int, int]) -> None:
    """Let both sides of a meeting pay their half and receive the grant for it."""
    cost = half_meeting(world)
    for org in pair:
        grant = me.pays_of(cost)
        world.ledger.pools.free[me.number] -= grant
        hand_over(world, me, org, NOBODY, grant, cost)


def mission(world: World, me: Programme, intent: Mission) -> None:
    """Let cluster organisations of an action meet counterparts; an agreement opens the market to its cluster."""
    action = world.ledger.rows("actions")[intent.action]
    if not world.market_open[intent.market]:
        return
    uid = np.uint64(world.parts.uid[action.partnership])
    team = members(world, int(action.partnership))
    for org, contacts in zip(team, equal_parts(intent.contacts, len(team)) if team else (), strict=True):
        said = [bool(agrees_abroad(world.view(), org, intent.market, uid, turn)) for turn in range(contacts)]
        for yes in said:
            note_counterpart(world, me, intent, org, yes)
        if any(said):
            bit = np.uint64(1) << np.uint64(MAX_FIELDS + intent.market)
            give_access(world, org, bit)
            world.ledger.opened[world.orgs.cluster[org]] |= bit


def note_counterpart(world: World, me: Programme, intent: Mission, org: int, said: bool) -> None:
    """Note one meeting of a cluster organisation with a counterpart in a third market."""
    row = world.ledger.append("meetings", instrument=me.number, action=intent.action, step=int(world.n.step), a=org,
                              market=intent.market, agreed=said)
    if world.log:
        world.reserve("events", 1)
        log_event(world.view(), MEETING, org, NOBODY, row, int(said), intent.market)


def lend_access(world: World) -> None:
    """Let members use the markets that programmes opened to their clusters (MODEL 5.9), those who joined since too."""
    orgs = world.orgs[: int(world.n.organisations)]
    members = np.flatnonzero((orgs.left < 0) & (orgs.cluster >= 0))
    opened = world.ledger.opened[orgs.cluster[members]]
    fresh = (opened & ~orgs.mask[members]) > 0
    for org, bits in zip(members[fresh], opened[fresh], strict=True):
        give_access(world, int(org), bits)


def give_access(world: World, org: int, bits: np.uint64) -> None:
    """Open markets to one organisation."""
    fresh = bits & ~world.orgs.mask[org]
    world.orgs.mask[org] |= bits
    for market in range(MAX_MARKETS):
        if world.log and fresh >> np.uint64(MAX_FIELDS + market) & np.uint64(1):
            world.reserve("events", 1)
            log_event(world.view(), ACCESS, org, NOBODY, NOBODY, 0, market)
