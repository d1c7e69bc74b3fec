"""Public money: promised, paid in whole cents on somebody, and what is left goes back to its pool."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.instruments.common.programme import Programme
from sim.vocab import Event
from sim.world.events import log_event
from sim.world.world import World

GRANT, PAID = int(Event.GRANT), int(Event.PAID)
FOR_A_PROGRAMME = 3  # code of the event PAID
NOBODY = -1


def members(world: World, partnership: int) -> list[int]:
    """Return the rows of the members of a partnership, by uid."""
    part = world.parts[partnership]
    seats = world.seats[part.seat0: part.seat0 + part.seats]
    rows = [int(j) for j in seats.org[seats.left < 0]]
    return sorted(rows, key=lambda j: int(world.orgs.uid[j]))


def equal_parts(cents: int, count: int) -> list[int]:
    """Return whole cents that add up to ``cents``; the first get one more where it does not divide."""
    whole, rest = divmod(cents, count)
    return [whole + (k < rest) for k in range(count)]


def promise(world: World, me: Programme, partnership: int, cost: int, quarters: int, voluntary: bool = False,
            parent: int = NOBODY, heir: bool = False) -> int:
    """Open an action and set its grant aside; return its row.

    ``parent``: the action whose small project it is; an ``heir`` goes on with a strategy it has.
    """
    project = parent >= 0
    award = 0 if voluntary else me.pays_of(cost)
    passing = 0 if voluntary or project else me.passed_on
    pool = world.ledger.pools[me.number]
    pool.free -= award + passing
    pool.promised += award + passing
    return world.ledger.append("actions", instrument=me.number, partnership=partnership, start=int(world.n.step),
                               quarters=quarters, cost=0 if voluntary else cost, award=award, voluntary=voluntary,
                               passing=passing, project=project, parent=parent, heir=heir)


def pay_instalment(world: World, me: Programme, action: int) -> None:
    """Let the members of an action spend this quarter's part of the cost and receive the grant for it."""
    row = world.ledger.rows("actions")[action]
    team = members(world, int(row.partnership))
    if row.cost == 0 or not team:
        return
    done = min(int(world.n.step) - int(row.start) + 1, int(row.quarters))
    spent = int(row.cost) * done // int(row.quarters)
    cost, grant = spent - int(row.spent), me.pays_of(spent) - int(row.paid)
    row.spent, row.paid = spent, int(row.paid) + grant
    world.ledger.pools.promised[me.number] -= grant
    costs, grants = equal_parts(cost, len(team)), equal_parts(grant, len(team))
    for j, one, other in zip(team, costs, grants, strict=True):
        hand_over(world, me, j, int(row.partnership), other, one)
    world.parts.grant_cents[row.partnership] += grant


def hand_over(world: World, me: Programme, org: int, partnership: int, grant: int, cost: int) -> None:
    """Let one organisation spend ``cost`` on what is supported and receive ``grant``; the pool was charged."""
    world.orgs.capital[org] += grant - cost
    world.orgs.funded[org] = 1
    world.flow.grants += grant
    world.flow.programme += cost
    world.ledger.pools.paid[me.number] += grant
    world.ledger.append("payments", instrument=me.number, step=int(world.n.step), org=org, partnership=partnership,
                        grant=grant, cost=cost)
    if world.log:
        world.reserve("events", 2)
        if cost:
            log_event(world.view(), PAID, org, NOBODY, partnership, cost, FOR_A_PROGRAMME)
        if grant:
            log_event(world.view(), GRANT, org, NOBODY, partnership, grant, me.number)


def refund(world: World, me: Programme, costs: tuple[tuple[int, int, int, int], ...]) -> None:
    """Pay the rate of costs already borne, while the budget lasts; of several vouchers no more than the cost itself."""
    pool, refunds = world.ledger.pools[me.number], world.ledger.refunds
    for org, partnership, cents, seat in costs:
        before = refunds.get((org, partnership, seat), 0)
        grant = min(me.pays_of(cents), int(pool.free), cents - before)
        if grant:
            refunds[org, partnership, seat] = before + grant
            pool.free -= grant
            hand_over(world, me, org, partnership, grant, 0)
            if seat >= 0:
                world.seats.refunded[seat] += grant


def administer(world: World, me: Programme, cents: int) -> None:
    """Spend what running the programme costs, as far as its budget goes."""
    pool = world.ledger.pools[me.number]
    spent = min(cents, int(pool.free))
    if spent == 0:
        return
    pool.free -= spent
    pool.administration += spent
    world.flow.administration += spent
    world.ledger.append("payments", instrument=me.number, step=int(world.n.step), grant=spent)
    if world.log:
        world.reserve("events", 1)
        log_event(world.view(), GRANT, NOBODY, NOBODY, NOBODY, spent, me.number)


def close_actions(world: World) -> None:
    """Close what is over: its time is up, or its partnership ended before; the rest goes back."""
    actions: Any = world.ledger.rows("actions")
    step = int(world.n.step)
    for row in np.flatnonzero(actions.closed == 0):
        one = actions[row]
        if world.parts.ended[one.partnership] >= 0 or step >= int(one.start) + int(one.quarters):
            rest = int(one.award) - int(one.paid) + int(one.passing)
            world.ledger.pools.promised[one.instrument] -= rest
            world.ledger.pools.free[one.instrument] += rest
            world.ledger.pools.returned[one.instrument] += rest
            actions.closed[row], actions.passing[row] = 1, 0


def pass_on(world: World, action: int, cents: int) -> None:
    """Take cents that a consortium was to pass on back into the pool, where a small project is promised them."""
    row = world.ledger.rows("actions")[action]
    row.passing -= cents
    world.ledger.pools.promised[row.instrument] -= cents
    world.ledger.pools.free[row.instrument] += cents
