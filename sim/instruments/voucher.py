"""A voucher: a share of what firms paid for search or coordination comes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.instruments.common.intents import Intent, Promise, Refund
from sim.instruments.common.programme import Programme


def voucher(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """Firms get back a share of what they paid in the quarter before for search or for coordination.

    Effect: money in their hands; who is asked to join, or may leave, weighs coordination less what comes back until
        the last quarter; how widely a lead searches is its policy's, whatever it costs
    Money: the rate times the cost, rounded down to the cent, while the budget lasts
    Who: organisations of the kind, country, sector and cluster named
    Source: innovation vouchers; form assumed
    Special cases: search costs come back only for partnerships that formed; two half windows equal one
    """
    if me.budget > 0:
        costs = search_costs(world) if me.pays == "search" else coordination_costs(world)
        able = eligible(world, me)
        yield Refund(tuple(one for one in costs if able[one[0]] and one[2] > 0))
        if me.pays == "coordination":
            yield Promise(tuple(np.flatnonzero(able).tolist()))


def search_costs(world: Any) -> list[tuple[int, int, int, int]]:
    """Return (proposer, partnership, cents, no seat) for what formed in the quarter before."""
    parts = world.parts[: int(world.n.partnerships)]
    return [(int(world.seats.org[parts.seat0[a]]), int(a), int(parts.search_cost[a]), -1)
            for a in np.flatnonzero(parts.start == int(world.n.step) - 1)]


def coordination_costs(world: Any) -> list[tuple[int, int, int, int]]:
    """Return (member, partnership, cents, seat) for what each seat paid in the quarter before."""
    seats, before = world.seats[: int(world.n.seats)], world.ledger.seat_costs
    paid = seats.cost.astype(np.int64).copy()
    paid[: len(before)] -= before
    return [(int(seats.org[n]), int(seats.partnership[n]), int(paid[n]), int(n)) for n in np.flatnonzero(paid > 0)]


def eligible(world: Any, me: Programme) -> Any:
    """Return [organisations] bool: may have the voucher."""
    orgs = world.orgs[: int(world.n.organisations)]
    fit = (orgs.left < 0) & (orgs.kind == me.applicants.kind)
    for column, allowed in (("country", me.applicants.countries), ("sector", me.applicants.sectors),
                            ("cluster", me.applicants.clusters)):
        if allowed:
            fit &= np.isin(orgs[column], allowed)
    return fit
