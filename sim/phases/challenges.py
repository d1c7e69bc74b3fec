"""Challenges arrive (MODEL 5.1): who meets one, what it asks, who else competes for it."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.money import to_cents
from sim.kernels.near import level_of
from sim.luck import chain2, chain3, draw, exp, key, stream, u01
from sim.vocab import MAX_FIELDS, Event, Kind
from sim.world.events import log_event
from sim.world.world import World

ARRIVAL, UID, ROLES, FIELD, SECTOR, OUTSIDE, LEVEL, THEME, DURATION, MARKET, WHICH_MARKET, CONTEST, RIVAL = (
    stream(f"challenge.{name}") for name in (
        "arrival", "uid", "roles", "field", "sector", "outside", "level", "theme", "duration", "market",
        "which_market", "contest", "rival"))
RANKING, RANK = stream("demand.redraw"), stream("demand.rank")
FOUNDING = stream("cluster.partnership")
BROKER = stream("cluster.broker")
CLUSTER_ORGANISATION = int(Kind.CLUSTER_ORGANISATION)
ATTEMPTS = 8
RIVAL_ATTEMPTS = 64
SURELY = 1e-9  # more than rounding can move a chance
CHALLENGE = int(Event.CHALLENGE)


@jit
def turn_demand(w):
    """Draw the demand ranking of a sector afresh with the chance `challenges.turbulence`."""
    k = key(w.seed, RANKING, w.n.step)
    for sector in range(w.ranking.shape[0]):
        if u01(draw(k, sector)) < w.p.challenges_turbulence:
            rank_sector(w, sector)


@jit
def rank_sector(w, sector):
    """Order the fields of a sector by a fresh draw each."""
    k = key(w.seed, RANK, w.n.step)
    for n in range(1, w.ranking.shape[1]):
        field = w.ranking[sector, n]
        at = n
        while field >= 0 and at > 0 and draw(k, w.ranking[sector, at - 1]) > draw(k, field):
            w.ranking[sector, at] = w.ranking[sector, at - 1]
            at -= 1
        w.ranking[sector, at] = field


@jit
def activity_mean(w):
    """Return the mean of the activity distribution (not of the living population)."""
    return exp(0.5 * w.p.world_activity_sigma * w.p.world_activity_sigma)


@jit
def meet(w, count_only):
    """Let every organisation with spare capacity meet a challenge or not; return how many did."""
    k, founding = key(w.seed, ARRIVAL, w.n.step), key(w.seed, FOUNDING, w.n.step)
    mean, met = activity_mean(w), 0
    for i in range(w.n.organisations):
        if w.orgs[i].left >= 0 or w.orgs[i].running >= w.orgs[i].capacity:
            continue
        of_clusters = w.orgs[i].kind == CLUSTER_ORGANISATION
        if of_clusters:
            arrives = u01(draw(founding, w.orgs[i].uid)) < w.p.clusters_partnership_rate
        else:
            expected, luck = w.p.challenges_rate * w.orgs[i].activity / mean, u01(draw(k, w.orgs[i].uid))
            arrives = luck < expected + SURELY and luck < 1.0 - exp(-expected)  # 1 - exp(-x) <= x: most need no `exp`
        if arrives:
            if not count_only:
                describe(w, met, i, of_clusters)
            met += 1
    return met


@jit
def describe(w, q, i, of_clusters):
    """Write the challenge that i meets as proposal q."""
    uid = draw(key(w.seed, UID, w.n.step), w.orgs[i].uid)
    props = w.props
    props.uid[q], props.contest[q], props.lead[q], props.initiator[q] = uid, uid, i, i
    props.of_clusters[q], props.partnership[q], props.contested[q] = of_clusters, -1, 0
    props.brokered[q] = props.asked[q] = 0
    props.renewal[q] = w.orgs[i].renew >= 0
    lowest, span = w.p.challenges_roles_min, w.p.challenges_roles_max - w.p.challenges_roles_min + 1.0
    roles = np.int64(lowest + np.floor(span * u01(draw(key(w.seed, ROLES, w.n.step), uid))))
    props.roles[q] = roles
    props.market[q] = market_of(w, uid)
    for r in range(roles):
        ask(w, q, i, r)
    if props.market[q] >= 0:
        props.fields[q, roles - 1] = MAX_FIELDS + props.market[q]
        props.levels[q, roles - 1] = 1.0
    k = key(w.seed, THEME, w.n.step)
    props.theme[q, 0], props.theme[q, 1] = u01(chain2(k, uid, 0)), u01(chain2(k, uid, 1))
    set_terms(w, q, roles)


@jit
def set_terms(w, q, roles):
    """Set value and duration of proposal q."""
    lowest, span = w.p.challenges_duration_min, w.p.challenges_duration_max - w.p.challenges_duration_min + 1.0
    luck = u01(draw(key(w.seed, DURATION, w.n.step), w.props[q].uid))
    w.props[q].duration = np.int64(lowest + np.floor(span * luck))
    value = w.p.challenges_value_per_role * roles
    if w.p.challenges_solo_value_constant > 0.0:
        value = w.p.challenges_value_per_role * roles / max(0.05, solo_coverage(w, q, roles))
    if w.props[q].of_clusters:
        value = 0.0
        w.props[q].duration = np.int64(w.p.clusters_partnership_duration)
    w.props[q].value = to_cents(value)


@jit
def solo_coverage(w, q, roles):
    """Return R times the mean coverage that the lead reaches alone (ablation of MODEL 9.7)."""
    total = 0.0
    for r in range(roles):
        total += min(1.0, level_of(w, w.props[q].lead, w.props[q].fields[r]) / w.props[q].levels[r])
    return total


@jit
def market_of(w, uid):
    """Return the third market the challenge aims at, or -1 for the home market."""
    markets = np.int64(w.p.world_markets)
    if markets == 0 or u01(draw(key(w.seed, MARKET, w.n.step), uid)) >= w.p.challenges_third_market:
        return -1
    market = np.int64(markets * u01(draw(key(w.seed, WHICH_MARKET, w.n.step), uid)))
    return market if w.market_open[market] else -1


@jit
def ask(w, q, i, r):
    """Draw field and level of role r; a field asked already is drawn again, at most 8 times."""
    span = w.p.challenges_level_max - w.p.challenges_level_min
    luck = u01(chain2(key(w.seed, LEVEL, w.n.step), w.props[q].uid, r))
    w.props[q].levels[r] = w.p.challenges_level_min + span * luck
    for attempt in range(ATTEMPTS):
        w.props[q].fields[r] = draw_field(w, w.props[q].uid, i, r, attempt)
        fresh = True
        for other in range(r):
            fresh = fresh and w.props[q].fields[other] != w.props[q].fields[r]
        if fresh:
            return


@jit
def draw_field(w, uid, i, r, attempt):
    """Draw a field: the lead's sector or a related one, then by the demand ranking there."""
    sector, salt = np.int64(w.orgs[i].sector), r * ATTEMPTS + attempt
    if u01(chain2(key(w.seed, OUTSIDE, w.n.step), uid, r)) < w.p.challenges_breadth:
        luck = u01(chain2(key(w.seed, SECTOR, w.n.step), uid, salt))
        for s in range(w.other_sector.shape[1]):
            if luck < w.other_sector[sector, s] and w.ranking[s, 0] >= 0:
                sector = s
                break
    luck = u01(chain2(key(w.seed, FIELD, w.n.step), uid, salt))
    for n in range(w.ranking.shape[1]):
        if luck < w.zipf[sector, n] and w.ranking[sector, n] >= 0:
            return w.ranking[sector, n]
    return w.ranking[sector, 0]


@jit
def add_rivals(w, count, order):
    """Give contested challenges rival leads with spare capacity and no challenge of their own this quarter.

    A rival is taken by the first that draws it, so the ``order`` of challenges must not be that of rows.
    """
    leading = np.zeros(w.n.organisations, np.bool_)
    for q in range(count):
        leading[w.props[q].lead] = True
    total = count
    k = key(w.seed, CONTEST, w.n.step)
    for q in order:
        if w.props[q].of_clusters or u01(draw(k, w.props[q].uid)) >= w.p.challenges_contested:
            continue
        w.props[q].contested = 1
        for n in range(np.int64(w.p.challenges_rivals)):
            rival = find_rival(w, w.props[q].uid, n, leading)
            if rival >= 0:
                leading[rival] = True
                copy_challenge(w, q, total, rival)
                total += 1
    return total


@jit
def find_rival(w, uid, n, leading):
    """Draw a rival by slot rejection, or -1 after 64 attempts."""
    k = key(w.seed, RIVAL, w.n.step)
    for attempt in range(RIVAL_ATTEMPTS):
        slot = np.int64(chain3(k, uid, n, attempt) & np.uint64(len(w.slots) - 1))
        j = np.int64(w.slots[slot])
        if j < 0 or leading[j] or w.orgs[j].kind == CLUSTER_ORGANISATION:
            continue
        if w.orgs[j].left < 0 and w.orgs[j].running < w.orgs[j].capacity:
            return j
    w.n.cap_hits += 1
    return -1


@jit
def copy_challenge(w, q, to, lead):
    """Let another lead propose for the same challenge."""
    w.props[to] = w.props[q]
    w.props[to].lead = lead
    w.props[to].uid = chain2(key(w.seed, UID, w.n.step), w.props[q].uid, w.orgs[lead].uid)
    w.props[to].renewal = w.orgs[lead].renew >= 0


@jit
def broker_ranks(w, rank):
    """Write the hashed priority with which each proposal's search may be introduced."""
    k = key(w.seed, BROKER, w.n.step)
    for q in range(w.n.proposals):
        rank[q] = draw(k, w.props[q].uid)


@jit
def broker(w, order):
    """Let each cluster organisation introduce the searches of a few of its members, by hashed priority."""
    served = np.zeros(len(w.clusters), np.int64)
    for q in order:
        cluster = w.orgs[w.props[q].lead].cluster
        if cluster >= 0 and not w.props[q].of_clusters and served[cluster] < w.p.clusters_brokerage:
            served[cluster] += w.clusters[cluster].alive
            w.props[q].brokered = w.clusters[cluster].alive


@jit
def log_challenges(w):
    """Write one event for each challenge met."""
    for q in range(w.n.proposals):
        if w.props[q].initiator == w.props[q].lead:
            log_event(w, CHALLENGE, w.props[q].lead, -1, q, w.props[q].value, w.props[q].roles)


def challenges(world: World) -> None:
    """Write this quarter's challenges as proposals."""
    view = world.view()
    turn_demand(view)
    met = meet(view, True)
    world.reserve_proposals(met * (1 + int(world.p.challenges_rivals)))
    view = world.view()
    meet(view, False)
    world.n.proposals = met
    if world.p.challenges_contested > 0.0:
        world.n.proposals = add_rivals(view, met, np.argsort(world.props.uid[:met], kind="stable"))
    rank = np.empty(int(world.n.proposals), np.uint64)
    broker_ranks(view, rank)
    broker(view, np.argsort(rank, kind="stable"))
    world.flow.challenges += met
    world.flow.proposals += int(world.n.proposals)
    if world.log:
        world.reserve("events", int(world.n.proposals))
        log_challenges(world.view())
