"""A quota for newcomers: consortia funded in its time must have a share of organisations never funded before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.instruments.common.intents import Intent, Require
from sim.instruments.common.programme import Programme


def newcomer_quota(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """Every call decided in its window funds only consortia with enough members that were never funded before.

    Effect: eligibility of the other instruments
    Money: none of its own
    Who: all calls of the run
    Source: EVIDENCE 6, design of programmes; form assumed
    Special cases: share 0 changes nothing
    """
    if me.share > 0:
        yield Require(me.share)
