"""A preparatory action: new cluster partnerships are funded to get ready together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.instruments.common.actions import instalments, open_call, running, strategies
from sim.instruments.common.intents import Inform, Intent
from sim.instruments.common.programme import Programme


def preparatory_action(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """New cluster partnerships build trust, a joint strategy and a roadmap; nobody goes abroad yet.

    Effect: cluster partnerships, bridges when they succeed, visions that come closer; members are told
    Money: as in a consortium call
    Who: as in a consortium call; `new_pairs` sets how many pairs may not have worked together
    Source: COSME, first pillar (EVIDENCE 1)
    Special cases: the reserve list goes on without money
    """
    yield from open_call(world, me, quarter)
    yield from (Inform(action) for action in running(world, me))
    yield from instalments(world, me)
    yield from strategies(world, me, me.quarters)
