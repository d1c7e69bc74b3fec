"""A follow-up action: who has been abroad goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.instruments.common.actions import abroad, call_to_successors, instalments
from sim.instruments.common.intents import Intent
from sim.instruments.common.programme import Programme


def follow_up_action(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """The same teams are funded once more, in the same or in further markets.

    Effect: as an operational action
    Money: as an operational action
    Who: the teams of the instruments named under `after`, when those have ended
    Source: bioXclusters plus; the second generation of COSME (EVIDENCE 1)
    Special cases: places of members who are gone or full are filled by search, up to the team's old size
    """
    yield from call_to_successors(world, me, quarter)
    yield from instalments(world, me)
    yield from abroad(world, me, 0)
