"""A large-scale demonstrator: one real problem, most of the money passed on to firms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.instruments.common.actions import age, instalments, open_call, running, strategies
from sim.instruments.common.intents import Inform, Intent, RealLifeTest, SmallProjects
from sim.instruments.common.programme import Programme


def large_scale_demonstrator(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """A consortium takes on one real problem and passes most of its grant on to small projects of firms.

    Effect: small projects in which firms try solutions; if most succeed, demand for the tested fields and the
        reputation of who solved them rise, else all who were tested learn
    Money: the consortium keeps 1 - pass_through of the grant; the rest goes to projects, project_grant at most each
    Who: consortia as in a consortium call; projects: members of their clusters that meet a challenge that quarter
    Source: workshop 2014; INNOSUP-1 (EVIDENCE 1)
    Special cases: no call for projects in the last quarters, when a project could not end in time
    """
    yield from open_call(world, me, quarter)
    for action in running(world, me):
        yield Inform(action)
        left = me.quarters - age(world, action)
        rounds = max(1, me.quarters - int(world.p.programmes_project_quarters))
        if left > me.quarters - rounds:
            later = me.passed_on - me.passed_on * (age(world, action) + 1) // rounds
            yield SmallProjects(action, max(0, int(world.ledger.rows("actions").passing[action]) - later))
        if left == 1:
            yield RealLifeTest(action)
    yield from instalments(world, me)
    yield from strategies(world, me, me.quarters)

