"""The twin's demography: home income, deaths, births."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin_agents import FIRST_MARKET, SME, Organisation
from twin_money import to_cents
from twin_part import DEATH, leave

if TYPE_CHECKING:
    from twin import Twin

OWN_SECTOR = 0.8
OUTER = ((-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.3577518672690, -30.66479806614716,
          2.506628277459239),
         (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1.0))
TAIL = ((-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
         2.938163982698783),
        (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1.0))


def demography(model: Twin) -> None:
    """Income, deaths, births."""
    cents = to_cents(model.p.demography_home_income)
    for j in model.agents:
        j.capital += cents
        model.flow["income"] += cents
    dying = {j for j in model.agents if not j.is_cluster and dies(model, j)}
    if dying:
        bury(model, dying)
    for j in [j for j in model.agents if not j.is_cluster and founds(model, j)]:
        give_birth(model, j)
    model.living = list(model.agents)
    for cluster in model.clusters:
        cluster.members = []
    for j in model.living:
        if j.cluster is not None and not j.is_cluster:
            j.cluster.members.append(j)


def dies(model: Twin, j: Organisation) -> bool:
    """Whether an organisation dies: by hazard or with its capital exhausted."""
    p, age = model.p, model.quarter - j.born
    risk = p.demography_death_first if age < 4 else p.demography_death_young if age < 20 else p.demography_death_old
    if j.cluster is not None:
        risk *= p.demography_member_factor
    return j.capital < 0 or model.luck.uniform("demography.death", model.quarter, j.uid) < risk


def bury(model: Twin, dying: set[Organisation]) -> None:
    """Let the dying leave their partnerships, oldest first, and then the world."""
    for a in model.active:
        for j in list(a.members):
            if j in dying and a.ended < 0:
                leave(model, a, j, DEATH)
    model.active = [a for a in model.active if a.ended < 0]
    for j in dying:
        j.alive, j.renew = False, None
        model.luck.leave(j)
        model.flow["died"] += 1
        model.flow["lost_capital"] += j.capital
        j.remove()


def founds(model: Twin, j: Organisation) -> bool:
    """Whether an organisation founds another this quarter."""
    return model.luck.uniform("demography.birth", model.quarter, j.uid) < model.p.demography_birth


def give_birth(model: Twin, parent: Organisation) -> None:
    """Found another organisation: same place, the parent's sector or a related one."""
    uid, sector = model.luck.bits("demography.child", 0, parent.uid, model.quarter), parent.sector
    if model.p.world_sectors > 1 and model.luck.uniform("demography.child_sector", 0, uid) >= OWN_SECTOR:
        sector = step_of(model.other_sector[sector], model.luck.uniform("demography.child_other_sector", 0, uid))
    child = SME(model, uid, cluster=parent.cluster, country=parent.country, sector=sector, policy=parent.policy,
                born=model.quarter)
    endow(model, child)
    model.luck.enter(child)
    model.flow["born"] += 1
    model.flow["born_capital"] += child.capital


def step_of(cumulative: list[float], u: float) -> int:
    """Return the first place at which a cumulative law exceeds u; the last one at the most."""
    return next((place for place, upto in enumerate(cumulative[:-1]) if upto > u), len(cumulative) - 1)


def endow(model: Twin, j: Organisation) -> None:
    """Draw all traits of a newborn."""
    p, luck = model.p, model.luck
    j.openness = beta(model, "populate.openness", j.uid, int(p.world_openness_a), int(p.world_openness_b))
    j.reliability = beta(model, "populate.reliability", j.uid, int(p.world_reliability_a), int(p.world_reliability_b))
    j.vision = (luck.uniform("populate.vision", 0, j.uid, 0), luck.uniform("populate.vision", 0, j.uid, 1))
    j.capital = to_cents(p.world_capital)
    bell = normal(model, luck.uniform("populate.activity", 0, j.uid))
    j.activity = luck.exp(p.world_activity_sigma * bell)
    j.capacity = min(int(p.world_capacity_max), max(1, int(p.world_capacity_scale * j.activity + 0.5)))
    wanted = 2 + int(luck.uniform("populate.fields_held", 0, j.uid) * 4)
    for number in range(wanted):
        name = draw_field(model, j, number)
        if name < 0:
            break
        j.levels[name] = 0.2 + (1.0 - 0.2) * luck.uniform("populate.level", 0, j.uid, number)
    for market in range(int(p.world_markets)):
        if luck.uniform("populate.access", 0, j.uid, market) < p.world_access_share:
            j.access.add(FIRST_MARKET + market)


def beta(model: Twin, stream: str, uid: int, a: int, b: int) -> float:
    """Return a Beta(a, b) number for whole shapes."""
    return sorted(model.luck.uniform(stream, 0, uid, number) for number in range(a + b - 1))[a - 1]


def draw_field(model: Twin, j: Organisation, number: int) -> int:
    """Return a field not yet held: of the own sector, else of a related one, else any; or -1."""
    u = model.luck.uniform("populate.field", 0, j.uid, number)
    outside = step_of(model.other_sector[j.sector], model.luck.uniform("populate.field_other_sector", 0, j.uid, number))
    own = model.luck.uniform("populate.field_sector", 0, j.uid, number) < 0.8
    for sector in ([j.sector] if own else []) + [outside, None]:
        free = [name for name, place in enumerate(model.sector_of)
                if sector in (None, place) and name not in j.levels]
        if free:
            return free[int(u * len(free))]
    return -1


def horner(coefficients: tuple[float, ...], x: float) -> float:
    """Return the value of a polynomial."""
    total = coefficients[0]
    for coefficient in coefficients[1:]:
        total = total * x + coefficient
    return total


def normal(model: Twin, u: float) -> float:
    """Return the standard normal quantile of u."""
    if u < 0.02425 or u > 0.97575:
        q = math.sqrt(-2.0 * model.luck.log(min(u, 1.0 - u)))
        return horner(TAIL[0], q) / horner(TAIL[1], q) * (1.0 if u < 0.5 else -1.0)
    q = u - 0.5
    r = q * q
    return q * horner(OUTER[0], r) / horner((*OUTER[1],), r)
