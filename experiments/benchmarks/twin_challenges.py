"""The twin's challenges: who meets one, what it asks, whose search is introduced."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin_agents import FIRST_MARKET, Challenge, Organisation
from twin_money import to_cents

if TYPE_CHECKING:
    from twin import Twin

ATTEMPTS = 8


def turn_demand(model: Twin) -> None:
    """Draw the demand ranking of a sector afresh, now and then."""
    for sector, ranking in enumerate(model.ranking):
        if model.luck.uniform("demand.redraw", model.quarter, sector) < model.p.challenges_turbulence:
            model.ranking[sector] = model.luck.order(ranking, "demand.rank", model.quarter)


def challenges(model: Twin) -> list[Challenge]:
    """Return this quarter's challenges."""
    turn_demand(model)
    met = [describe(model, agent) for agent in model.agents if agent.running < agent.capacity and arrives(model, agent)]
    broker(model, met)
    model.flow["challenges"] += len(met)
    return met


def arrives(model: Twin, agent: Organisation) -> bool:
    """Whether an organisation meets a challenge this quarter."""
    if agent.is_cluster:
        return model.luck.uniform("cluster.partnership", model.quarter, agent.uid) < model.p.clusters_partnership_rate
    chance = 1.0 - model.luck.exp(-model.p.challenges_rate * agent.activity / model.mean_activity)
    return model.luck.uniform("challenge.arrival", model.quarter, agent.uid) < chance


def describe(model: Twin, agent: Organisation) -> Challenge:
    """Return the challenge that an organisation meets."""
    p, now = model.p, model.quarter
    uid = model.luck.bits("challenge.uid", now, agent.uid)
    c = Challenge(uid, agent, agent, agent.is_cluster, agent.renew is not None)
    lowest, span = p.challenges_roles_min, p.challenges_roles_max - p.challenges_roles_min + 1.0
    roles = int(lowest + math.floor(span * model.luck.uniform("challenge.roles", now, uid)))
    c.market = market_of(model, uid)
    for r in range(roles):
        ask(model, c, agent, r)
    if c.market >= 0:
        c.fields[-1], c.levels[-1] = FIRST_MARKET + c.market, 1.0
    c.theme = (model.luck.uniform("challenge.theme", now, uid, 0), model.luck.uniform("challenge.theme", now, uid, 1))
    lowest, span = p.challenges_duration_min, p.challenges_duration_max - p.challenges_duration_min + 1.0
    c.duration = int(lowest + math.floor(span * model.luck.uniform("challenge.duration", now, uid)))
    c.value = to_cents(p.challenges_value_per_role * roles)
    if c.of_clusters:
        c.value, c.duration = 0, int(p.clusters_partnership_duration)
    return c


def market_of(model: Twin, uid: int) -> int:
    """Return the third market aimed at, or -1."""
    markets = int(model.p.world_markets)
    if not markets or model.luck.uniform("challenge.market", model.quarter, uid) >= model.p.challenges_third_market:
        return -1
    return int(markets * model.luck.uniform("challenge.which_market", model.quarter, uid))


def ask(model: Twin, c: Challenge, agent: Organisation, r: int) -> None:
    """Add role r: its level, and a field that is not asked already if one is found in 8 attempts."""
    p = model.p
    luck = model.luck.uniform("challenge.level", model.quarter, c.uid, r)
    c.levels.append(p.challenges_level_min + (p.challenges_level_max - p.challenges_level_min) * luck)
    outside = model.luck.uniform("challenge.outside", model.quarter, c.uid, r) < p.challenges_breadth
    for attempt in range(ATTEMPTS):
        found = draw_field(model, c.uid, agent.sector, outside, r * ATTEMPTS + attempt)
        if found not in c.fields:
            break
    c.fields.append(found)


def draw_field(model: Twin, uid: int, sector: int, outside: bool, salt: int) -> int:
    """Return a field of the lead's sector or of a related one, by demand."""
    luck, now = model.luck, model.quarter
    if outside:
        u = luck.uniform("challenge.sector", now, uid, salt)
        sector = next((s for s, upto in enumerate(model.other_sector[sector]) if u < upto and model.ranking[s]), sector)
    u = luck.uniform("challenge.field", now, uid, salt)
    ranking = model.ranking[sector]
    return next((name for name, upto in zip(ranking, model.zipf[sector]) if u < upto), ranking[0])


def broker(model: Twin, met: list[Challenge]) -> None:
    """Let each cluster organisation introduce the searches of a few of its members."""
    served: dict[object, int] = {}
    for c in model.luck.order(met, "cluster.broker", model.quarter):
        cluster = c.lead.cluster
        if cluster is not None and not c.of_clusters and served.get(cluster, 0) < model.p.clusters_brokerage:
            served[cluster] = served.get(cluster, 0) + 1
            c.brokered = True
