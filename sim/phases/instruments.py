"""Instruments: public programmes act first in a quarter. They ask; this phase does it, within their budgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.instruments.common.actions import clusters_of
from sim.instruments.common.intents import (
    Compete,
    Inform,
    Instalment,
    Intent,
    Introduce,
    Label,
    Mission,
    Promise,
    RealLifeTest,
    Refund,
    Require,
    SmallProjects,
    Strategy,
)
from sim.instruments.common.programme import Programme
from sim.instruments.common.registry import act_of
from sim.instruments.label import existing
from sim.kernels.money import CENTS_PER_KEUR
from sim.phases.consortia import add_scratch_policy, compete, is_eligible, sizes
from sim.phases.desks import Desks
from sim.phases.grants import administer, close_actions, members, pay_instalment, refund
from sim.phases.hindsight import look_back, remember_costs
from sim.phases.meetings import inform, introduce, lend_access, mission
from sim.phases.projects import real_life_test, small_projects
from sim.vocab import Event
from sim.world.events import log_event
from sim.world.ledger import Ledger
from sim.world.world import World

LABELLED = int(Event.LABELLED)
WITHOUT_CALL = ("label", "voucher", "matchmaking", "newcomer_quota")


def open_ledger(world: World, programmes: Sequence[Programme]) -> None:
    """Give a world that has none its ledger, and room to plan consortia of any size that the programmes allow."""
    if len(world.ledger.pools) == 0:
        world.ledger = Ledger([me.budget for me in programmes], int(world.n.clusters))
        world.ledger.pools.end[:] = [me.end for me in programmes]
        world.ledger.pools.pays[:] = [me.can_pay for me in programmes]
        world.ledger.partnerships_seen = int(world.n.partnerships)
    add_scratch_policy(world, sizes(programmes))


def instruments(world: World, desks: Desks, programmes: Sequence[Programme], quarter: int) -> None:
    """Let every instrument in its window act on the state as it stands; whom a call chooses begins at once."""
    if not programmes or quarter < 0:
        return
    world.ledger.make_room(int(world.n.organisations))
    look_back(world, programmes, quarter)
    close_actions(world)
    world.orgs.rebate[:] = 0.0
    world.ledger.refunds.clear()
    asked = [(me, intent) for me in programmes if me.acts(quarter) for intent in intents_of(world, me, quarter)]
    newcomers = max((intent.newcomers for _, intent in asked if isinstance(intent, Require)), default=0.0)
    for me, intent in asked:
        do(world, desks, me, intent, newcomers, int(world.n.step) + last_refunded(programmes, me) - quarter)
    for me in (me for me, intent in asked if isinstance(intent, Compete)):
        for intent in intents_of(world, me, quarter):
            if not isinstance(intent, Compete):
                do(world, desks, me, intent, newcomers, 0)
    lend_access(world)
    remember_costs(world, programmes)


def intents_of(world: World, me: Programme, quarter: int) -> list[Intent]:
    """Return what an instrument wants; without money it labels in its first quarter what runs already and qualifies."""
    if me.can_pay or me.kind == "newcomer_quota":
        return list(act_of(me.kind)(world, me, quarter))
    return [existing(world, me)] if quarter == me.start and me.kind not in WITHOUT_CALL else []


def do(world: World, desks: Desks, me: Programme, intent: Intent, newcomers: float, last: int) -> None:
    """Write what one intent asks for; ``newcomers``: share demanded of all calls, ``last``: last step refunded."""
    match intent:
        case Compete():
            compete(world, desks, me, intent, newcomers)
        case Label():
            label(world, me, intent, newcomers)
        case Instalment():
            pay_instalment(world, me, intent.action)
        case Strategy():
            write_strategy(world, intent)
        case Inform():
            inform(world, me, clusters_of(world, intent.action))
        case Mission():
            mission(world, me, intent)
        case Introduce():
            introduce(world, me, intent)
        case SmallProjects():
            small_projects(world, desks, me, intent, clusters_of(world, intent.action))
        case RealLifeTest():
            real_life_test(world, me, intent)
        case Refund():
            refund(world, me, intent.costs)
        case Promise():
            promise_rebate(world, me, intent, last)


def label(world: World, me: Programme, intent: Label, newcomers: float) -> None:
    """Label the members of partnerships that are eligible, the most covering first, until the quota."""
    parts, pool = world.parts, world.ledger.pools[me.number]
    price = round(float(world.p.programmes_label_cost) * CENTS_PER_KEUR)
    affordable = me.budget // max(1, price if me.kind == "label" else me.grant)
    quota = min(me.quota or affordable, affordable) if me.kind == "label" else me.quota or affordable
    teams = {a: members(world, a) for a in intent.partnerships}
    fit = [a for a in intent.partnerships if is_eligible(world, me.eligibility, teams[a], newcomers)]
    fit.sort(key=lambda a: (-float(parts.coverage[a]), int(parts.uid[a])))
    pool.applied += len(intent.partnerships)
    pool.refused += len(intent.partnerships) - len(fit)
    pool.unfunded += max(0, len(fit) - quota)
    for a in fit[:quota]:
        pool.labelled += 1
        administer(world, me, price)
        for j in teams[a]:
            mark(world, me, j)


def mark(world: World, me: Programme, org: int) -> None:
    """Let an organisation carry the label."""
    fresh = not world.orgs.label[org]
    world.orgs.label[org] = 1
    if fresh and world.log:
        world.reserve("events", 1)
        log_event(world.view(), LABELLED, org, -1, -1, 0, me.number)


def promise_rebate(world: World, me: Programme, intent: Promise, last: int) -> None:
    """Let organisations count on a voucher up to step ``last``, while it has money; of several on the best."""
    if world.ledger.pools.free[me.number] <= 0:
        return
    orgs, rows = world.orgs, np.array(intent.organisations, np.int64)
    rows = rows[orgs.rebate[rows] < float(me.rate)]
    orgs.rebate[rows], orgs.rebate_until[rows] = float(me.rate), last


def last_refunded(programmes: Sequence[Programme], me: Programme) -> int:
    """Return the last quarter whose costs a voucher, or one just like it that goes on from it, pays back."""
    end = me.end
    for other in sorted(programmes, key=lambda one: one.start):
        alike = (other.kind, other.pays, other.rate, other.applicants) == (me.kind, me.pays, me.rate, me.applicants)
        if alike and other.start <= end + 1:
            end = max(end, other.end)
    return end - 1


def write_strategy(world: World, intent: Strategy) -> None:
    """Move the visions of an action's members towards their mean; note when the strategy is written."""
    row: Any = world.ledger.rows("actions")[intent.action]
    team = np.array(members(world, int(row.partnership)), np.int64)
    if len(team) == 0:
        return
    visions = world.orgs.vision[team]
    joint = visions.sum(axis=0) / len(team)
    world.orgs.vision[team] = visions + float(world.p.work_goal_rate) * (joint - visions)
    row.strategy = intent.done
