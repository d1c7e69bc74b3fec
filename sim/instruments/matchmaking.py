"""Matchmaking: members of bridged clusters meet at events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.instruments.common.intents import Intent, Introduce
from sim.instruments.common.programme import Programme


def matchmaking(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """Firms of clusters that a bridge joins meet; whether they agree is up to the acceptance rule.

    Effect: meetings across bridges; an agreement makes the two known to each other, a little more trusted
    Money: each firm pays half a meeting (search.open_cost) and is paid the rate, while the budget lasts
    Who: members of the clusters named, or of all that have a bridge
    Source: platform events 2016-17 (EVIDENCE 1)
    Special cases: nobody meets without a bridge
    """
    if me.budget > 0 and me.meetings > 0:
        pairs = bridged(world, me)
        each, more = divmod(me.meetings, len(pairs)) if pairs else (0, 0)
        for number, pair in enumerate(pairs):
            if each + (number < more):
                yield Introduce(pair, each + (number < more), paid=True)


def bridged(world: Any, me: Programme) -> list[tuple[int, ...]]:
    """Return pairs of living clusters that a bridge joins, the oldest bridge first."""
    relations = world.rels[: int(world.n.relations)]
    org = np.full(len(world.orgs), -1)
    alive = np.flatnonzero(world.clusters.alive[: int(world.n.clusters)] == 1)
    org[world.clusters.org[alive]] = alive
    a, b = org[relations.a], org[relations.b]
    keep = (a >= 0) & (b >= 0)
    if me.applicants.clusters:
        keep &= np.isin(a, me.applicants.clusters) & np.isin(b, me.applicants.clusters)
    return [(int(x), int(y)) for x, y in zip(a[keep], b[keep], strict=True)]
