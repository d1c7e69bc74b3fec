"""A call for consortia: the best eligible are funded, write a joint strategy, then go abroad together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.instruments.common.actions import abroad, instalments, open_call, strategies
from sim.instruments.common.intents import Intent
from sim.instruments.common.programme import Programme


def consortium_call(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """Consortia of cluster organisations compete; the best write a joint strategy, then their firms meet abroad.

    Effect: cluster partnerships; in the first half a joint strategy (vision), in the second missions and meetings
    Money: each member pays its part of the eligible cost, the grant is the rate times that, rounded down
    Who: cluster organisations (or the kind named), consortia that are eligible, best first until quota or budget ends
    Source: European Cluster Consortia 2011 (EVIDENCE 1)
    Special cases: without a budget nobody applies; without target markets nobody goes abroad
    """
    yield from open_call(world, me, quarter)
    yield from instalments(world, me)
    half = max(1, me.quarters // 2) if me.markets else me.quarters
    yield from strategies(world, me, half)
    yield from abroad(world, me, half)
