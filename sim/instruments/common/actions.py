"""What several kinds of instrument ask of their running actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.instruments.common.intents import Compete, Instalment, Intent, Introduce, Mission, Strategy
from sim.instruments.common.programme import Programme
from sim.kernels.money import CENTS_PER_KEUR
from sim.luck import draw, exp, key, log, stream, u01
from sim.vocab import Kind

APPLY = stream("programme.apply")


def running(world: Any, me: Programme, projects: bool = False) -> list[int]:
    """Return the rows of this instrument's open actions (consortia, or small projects), oldest first."""
    actions = world.ledger.rows("actions")
    chosen = (actions.instrument == me.number) & (actions.closed == 0) & (actions.project == projects)
    return [int(row) for row in np.flatnonzero(chosen)]


def age(world: Any, action: int) -> int:
    """Return which quarter of its life an action is in, 0 for the first."""
    return int(world.n.step) - int(world.ledger.rows("actions").start[action])


def instalments(world: Any, me: Programme) -> Iterator[Intent]:
    """Pay each open action, small projects too."""
    for action in running(world, me) + running(world, me, projects=True):
        yield Instalment(action)


def strategies(world: Any, me: Programme, quarters: int) -> Iterator[Intent]:
    """Let each consortium work on its joint strategy for so many quarters."""
    for action in running(world, me):
        if age(world, action) < quarters:
            yield Strategy(action, age(world, action) == quarters - 1)


def clusters_of(world: Any, action: int) -> tuple[int, ...]:
    """Return the clusters whose organisations are members of an action's partnership, oldest seat first."""
    part = world.parts[world.ledger.rows("actions").partnership[action]]
    seats = world.seats[part.seat0: part.seat0 + part.seats]
    clusters = world.orgs.cluster[seats.org[seats.left < 0]]
    return tuple(dict.fromkeys(int(c) for c in clusters if c >= 0))


def meetings_affordable(world: Any, action: int) -> int:
    """Return how many meetings this quarter's part of the cost pays for, at the price of a contact with a stranger."""
    row = world.ledger.rows("actions")[action]
    price = float(world.p.search_open_cost) * CENTS_PER_KEUR
    each = int(row.cost) // int(row.quarters) * (1.0 - float(world.p.programmes_administration))
    return int(each / price) if price > 0 else 0


def abroad(world: Any, me: Programme, first: int) -> Iterator[Intent]:
    """From an action's quarter ``first`` on: a mission to each market in turn, meetings of members every quarter."""
    for action in running(world, me):
        row = world.ledger.rows("actions")[action]
        now, left = age(world, action) - first, int(row.quarters) - first
        if now < 0 or not me.markets or row.voluntary:
            continue
        leg, before = stop_of(now, left, len(me.markets)), stop_of(now - 1, left, len(me.markets))
        clusters, left_over = clusters_of(world, action), meetings_affordable(world, action)
        for stop in range(before + 1, leg + 1):
            contacts = min(left_over, len(clusters) * int(world.p.programmes_mission_contacts))
            left_over -= contacts
            yield Mission(action, me.markets[stop], contacts)
        if len(clusters) > 1 and left_over:
            yield Introduce(clusters, left_over, action, me.markets[leg])


def stop_of(now: int, quarters: int, markets: int) -> int:
    """Return the last of ``markets`` that is visited by quarter ``now`` of so many; -1 before the first."""
    if now < 0:
        return -1
    return now * markets // quarters if markets <= quarters else (now + 1) * markets // quarters - 1


def applicants(world: Any, me: Programme) -> list[int]:
    """Return the rows of organisations that apply: fit for the call, free, the most active first in a keyed race."""
    most = 1 if me.applicants.together else me.applications
    return race(world, me, np.flatnonzero(may_lead(world, me)))[: most or None]


def may_lead(world: Any, me: Programme) -> Any:
    """Return [organisations] bool: free, and such as the call asks of a lead."""
    orgs = world.orgs[: int(world.n.organisations)]
    return is_asked(world, me) & (orgs.running < orgs.capacity)


def is_asked(world: Any, me: Programme) -> Any:
    """Return [organisations] bool: of the kind, the places and with the label asked of a lead."""
    orgs = world.orgs[: int(world.n.organisations)]
    fit = (orgs.left < 0) & (orgs.kind == me.applicants.kind)
    for column in ("country", "sector", "cluster"):
        allowed = getattr(me.applicants, {"country": "countries", "sector": "sectors", "cluster": "clusters"}[column])
        if allowed:
            fit &= np.isin(orgs[column], allowed)
    if me.applicants.kind == Kind.CLUSTER_ORGANISATION:
        alive = world.clusters.alive[np.maximum(orgs.cluster, 0)] == 1
        fit &= (orgs.cluster >= 0) & alive
    if me.eligibility.only_clusters:
        fit &= np.isin(orgs.cluster, me.eligibility.only_clusters)
    if me.applicants.label:
        fit &= orgs.label == 1
    return fit


def race(world: Any, me: Programme, rows: Any) -> list[int]:
    """Return rows in the order of a keyed race in which the active are ahead; the uid breaks ties."""
    k = np.uint64(key(world.seed, APPLY, me.uid))
    timed = []
    for row in rows:
        uid = np.uint64(world.orgs.uid[row])
        timed.append((-log(u01(np.uint64(draw(k, uid)))) / float(world.orgs.activity[row]), int(uid), int(row)))
    return [row for _, _, row in sorted(timed)]


def open_call(world: Any, me: Programme, quarter: int, parallel: bool = False) -> Iterator[Intent]:
    """In its first quarter the call is open to whoever may apply."""
    if quarter == me.start and me.budget > 0:
        leads = tuple(applicants(world, me))
        yield Compete(leads, (-1,) * len(leads), parallel)


def call_to_successors(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """In its first quarter the call is open to consortia of the instruments before it that have a strategy."""
    if quarter != me.start or me.budget <= 0:
        return
    actions = world.ledger.rows("actions")
    ready = ((actions.strategy == 1) | (actions.heir == 1)) & (actions.project == 0)
    ready &= np.isin(actions.instrument, me.after)
    parts = [int(a) for a in dict.fromkeys(actions.partnership[ready])]
    found = {int(world.parts.lead[a]): a for a in parts if world.parts.ended[a] >= 0}
    fit = may_lead(world, me)
    leads = tuple(race(world, me, [lead for lead in found if fit[lead]])[: me.applications or None])
    yield Compete(leads, tuple(found[lead] for lead in leads))


def arrival(world: Any, activity: float) -> float:
    """Return the chance that an organisation of this activity meets a challenge in a quarter (MODEL 5.1)."""
    mean = exp(0.5 * float(world.p.world_activity_sigma) ** 2)
    return float(1.0 - exp(-float(world.p.challenges_rate) * activity / mean))
