"""Exchange of good practice: cluster organisations meet, each goes on with its own work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.instruments.common.actions import instalments, open_call
from sim.instruments.common.intents import Intent
from sim.instruments.common.programme import Programme


def good_practice_exchange(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """Cluster organisations meet and tell each other how they work; there is no joint project.

    Effect: partnerships in parallel mode: trust a third as fast, no joint success, no strategy, no access
    Money: as in a consortium call
    Who: as in a consortium call
    Source: cluster excellence programme (EVIDENCE 1); founding text: not only exchanging good practice
    Special cases: member firms take no part
    """
    yield from open_call(world, me, quarter, parallel=True)
    yield from instalments(world, me)
