"""An operational action: partnerships that have a strategy go to third markets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.instruments.common.actions import abroad, call_to_successors, instalments
from sim.instruments.common.intents import Intent
from sim.instruments.common.programme import Programme


def operational_action(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """Partnerships with a joint strategy hold missions and meetings; their firms gain access to third markets.

    Effect: one mission to each target market; meetings of member firms, as many as the money pays for
    Money: as in a consortium call; a meeting costs what a contact with a stranger costs (search.open_cost)
    Who: the teams of partnerships that wrote a strategy under an earlier instrument (`after`) and have ended
    Source: COSME, second pillar (EVIDENCE 1)
    Special cases: without a strategy nobody can apply
    """
    yield from call_to_successors(world, me, quarter)
    yield from instalments(world, me)
    yield from abroad(world, me, 0)
