"""What members expect of a partnership adds up to what it can pay; work in isolation has no joint outcome."""

from __future__ import annotations

import numpy as np
import pytest

from sim.phases.work import worth_to
from sim.vocab import Mode, Source
from tests.engine.conftest import begin

PARALLEL = {"mode": 1, "fill": "size", "renew": 1.0}


def running(world):
    """Return running partnerships with their members and the share of their roles that are held."""
    for a in world.active[: int(world.n.active)]:
        part = world.parts[a]
        seats = world.seats[int(part.seat0) : int(part.seat0) + int(part.seats)]
        held = world.roles.holder[int(part.role0) : int(part.role0) + int(part.roles)] >= 0
        yield int(a), part, [int(org) for org in seats.org[seats.left < 0]], held.mean()


@pytest.mark.parametrize("by_role", [0, 1])
def test_expected_shares_of_a_joint_prize_add_up_to_it(by_role):
    simulation = begin(policy={"shares_by_role": by_role})
    simulation.run(8)
    seen = 0
    for a, part, members, held in running(simulation.world):
        if held > 0 and len(members) > 1:
            total = sum(worth_to(simulation.world.view(), a, j, len(members)) for j in members)
            assert total == pytest.approx(part.promise * part.value)
            seen += 1
    assert seen > 3


def test_roles_in_isolation_promise_their_part_of_the_value_and_nothing_to_others():
    simulation = begin(policy=PARALLEL)
    simulation.run(8)
    seen = 0
    for a, part, members, held in running(simulation.world):
        assert part.mode == Mode.PARALLEL
        total = sum(worth_to(simulation.world.view(), a, j, len(members)) for j in members)
        assert total == pytest.approx(0.3 * part.promise * part.value * held)
        seen += 1
    assert seen > 3


def test_work_in_isolation_renews_no_team_and_changes_nobodys_mind():
    simulation = begin(policy=PARALLEL, demography__birth=0.0)
    before = simulation.world.orgs.openness.copy()
    ended = renewed = 0
    for _ in range(24):
        simulation.step()
        renewed += int(simulation.world.flow.renewed)
    parts = simulation.world.parts[: int(simulation.world.n.partnerships)]
    ended = int(((parts.ended >= 0) & (parts.won == 1) & (parts.of_clusters == 0)).sum())
    assert ended > 3, "some roles paid, so there was something to mistake for a success"
    assert renewed == 0
    assert np.array_equal(before, simulation.world.orgs.openness[: len(before)])


def test_a_reserve_is_counted_under_the_source_it_was_found_through():
    simulation = begin(seed=3, challenges__rate=1.5, world__capacity_max=2)
    world, swapped = simulation.world, 0
    for _ in range(12):
        start = int(world.n.seats)
        simulation.step()
        plans = {(int(world.props.lead[q]), int(j)): int(source)
                 for q in range(int(world.n.proposals))
                 for j, source in zip(world.plan_reserve[q], world.plan_reserve_source[q], strict=True) if j >= 0}
        planned = {(int(world.props.lead[q]), int(j)) for q in range(int(world.n.proposals))
                   for j in world.plan_member[q, : int(world.props.members[q])]}
        for seat in world.seats[start : int(world.n.seats)]:
            key = (int(world.parts.initiator[seat.partnership]), int(seat.org))
            if seat.source != Source.SELF and key in plans and key not in planned:
                assert seat.source == plans[key]
                swapped += 1
    assert swapped > 0
