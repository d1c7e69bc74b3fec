"""The twin's endings: partnerships end, members leave, holders are replaced, bridges rise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_agents import FIRST_MARKET, PLACES, Challenge, Cluster, Organisation, Partnership
from twin_commit import best_in_role, pay_search, settle_team, sit
from twin_search import plan
from twin_work import trust_in_team, trust_of_team

if TYPE_CHECKING:
    from twin import Twin

SUCCESS, FAILURE, DISTRUST, COSTS, HAZARD, DEATH, ROLE_LOST, TOO_FEW = (
    "success", "failure", "distrust", "costs", "hazard", "death", "role lost", "too few")


def close_pair(i: Organisation, j: Organisation, a: Partnership, settled: bool) -> None:
    """Note that two stop working together."""
    relation = i.relations[j]
    relation.running -= 1
    relation.times += 1
    if settled and a.won:
        relation.successes += 1
    elif settled:
        relation.failures += 1


def end(model: Twin, a: Partnership, reason: str) -> None:
    """End a partnership: every seat is vacated, every pair parts."""
    a.final = list(a.members)
    for t, j in enumerate(a.final):
        j.running -= 1
        for u in range(t):
            close_pair(j, a.final[u], a, reason in (SUCCESS, FAILURE))
    a.members.clear()
    a.ended, a.reason = model.quarter, reason
    model.over.append(a)
    if len(a.final) > 1:
        model.flow[{SUCCESS: "succeeded", FAILURE: "failed"}.get(reason, "broken")] += 1


def leave(model: Twin, a: Partnership, j: Organisation, reason: str) -> None:
    """Let a member leave; its roles wait for a new holder, the most trusted succeeds a lead."""
    size = len(a.members)
    del a.members[j]
    for other in a.members:
        close_pair(j, other, a, False)
    j.running -= 1
    model.flow["left"] += 1
    for role in a.roles:
        if role.holder is j:
            role.holder, role.now, a.orphaned = None, -2, True
    if size - 1 < 2:
        end(model, a, reason if not a.members else TOO_FEW)
    elif a.lead is j:
        team = list(a.members)
        a.lead = max(team, key=lambda member: trust_of_team(member, team))


def take_stock(model: Twin, a: Partnership) -> None:
    """At the due date end and perhaps renew; before it, chance may end it and members may leave."""
    if model.quarter >= a.due:
        if len(a.members) > 1 and model.luck.uniform("part.renew", 0, a.uid) < (a.policy.renew if a.won else 0.0):
            a.lead.renew = a
        end(model, a, SUCCESS if a.won else FAILURE)
    elif model.luck.uniform("part.hazard", model.quarter, a.uid) < model.p.part_hazard:
        end(model, a, HAZARD)
    elif len(a.members) > 1:
        let_leave(model, a)


def let_leave(model: Twin, a: Partnership) -> None:
    """Ask each member whether it stays; all decide on the state as it stood."""
    team = list(a.members)
    for j, reason in [(j, wants_out(model, a, team, j)) for j in team]:
        if reason and a.ended < 0:
            leave(model, a, j, reason)


def worth_to(model: Twin, a: Partnership, size: int, j: Organisation) -> float:
    """Return the cents that a member expects of a partnership."""
    worth, base = a.promise * a.value, model.p.work_base_share
    if not a.policy.shares_by_role:
        return worth / size
    holders = [role.holder for role in a.roles if role.holder is not None]
    return worth * (base / size + (1.0 - base) * sum(holder is j for holder in holders) / max(1, len(holders)))


def wants_out(model: Twin, a: Partnership, team: list[Organisation], j: Organisation) -> str:
    """Return the reason why a member leaves, or nothing."""
    p, seat, prior = model.p, a.members[j], 0.0
    for other in team:
        if other is not j:
            prior += j.prior_in(other)
    breach = trust_in_team(j, team) < prior / (len(team) - 1) - p.part_breach
    seat.unhappy = seat.unhappy + 1 if breach else 0
    if seat.unhappy >= p.part_breach_quarters:
        return DISTRUST
    expected = seat.cost + 1.0 if a.of_clusters else worth_to(model, a, len(team), j)
    return COSTS if seat.cost > p.part_patience * expected else ""


def seek_holder(model: Twin, a: Partnership) -> Challenge:
    """Search once for those who may fill the vacant roles of a partnership."""
    c = Challenge(a.uid, a.lead, a.initiator, a.of_clusters, False, a.market, [role.field for role in a.roles],
                  [role.level for role in a.roles], a.theme, a.value, a.due - model.quarter, partnership=a)
    plan(model, c)
    return c


def replace_holder(model: Twin, a: Partnership, c: Challenge) -> None:
    """Fill the vacant roles from within or by whom the search found, or end the partnership."""
    pay_search(model, c)
    before = len(a.members)
    for j, source in settle_team(model, c, before)[before:]:
        if len(a.ever) < a.seat_cap:
            sit(model, a, j, source)
    team, lost = [(j, seat.source) for j, seat in a.members.items()], False
    for r, role in enumerate(a.roles):
        if role.now == -2:
            holder, _ = best_in_role(model, c, r, team)
            role.now = -1
            if holder >= 0:
                role.holder = team[holder][0]
            lost = lost or holder < 0
    a.orphaned = False
    if lost:
        end(model, a, ROLE_LOST)


def part(model: Twin) -> None:
    """End, leave, renew and replace."""
    for a in model.active:
        take_stock(model, a)
    orphaned = [a for a in model.active if a.orphaned and a.ended < 0]
    for a, search in [(a, seek_holder(model, a)) for a in orphaned]:
        replace_holder(model, a, search)
    model.ended = [a for a in model.active if a.ended >= 0]
    model.active = [a for a in model.active if a.ended < 0]


def clusters(model: Twin) -> None:
    """Strengthen bridges across which something succeeded; once a year renew what clusters offer."""
    for a in model.ended:
        if a.reason == SUCCESS:
            touched = list(dict.fromkeys(j.cluster for j in a.final if j.cluster is not None))
            for x, left in enumerate(touched):
                for y in range(x):
                    strengthen(model, left.organisation, touched[y].organisation)
            if a.of_clusters and a.market >= 0:
                open_market(a)
    if model.quarter % 4 == 3:
        for cluster in model.clusters:
            refresh(model, cluster)


def strengthen(model: Twin, left: Organisation, right: Organisation) -> None:
    """Let a bridge rise."""
    trust = left.meet(right).trust
    for side in (left, right):
        trust[side] += model.p.clusters_bridge_gain * (1.0 - trust[side])


def open_market(a: Partnership) -> None:
    """Let all partners use the market, if one of them has access."""
    market = FIRST_MARKET + a.market
    if any(market in j.access for j in a.ever):
        for j in a.final:
            j.access.add(market)


def refresh(model: Twin, cluster: Cluster) -> None:
    """Let a cluster offer the six best fields of its members: the level that a tenth of them reach."""
    rank, deciles = (len(cluster.members) + 9) // 10, []
    for name in range(len(model.relatedness)):
        held = sorted(j.levels[name] for j in cluster.members if name in j.levels)
        if rank and len(held) >= rank and held[-rank] > 0.0:
            deciles.append((name, held[-rank]))
    deciles.sort(key=lambda pair: -pair[1])
    cluster.organisation.levels = dict(deciles[:PLACES])
