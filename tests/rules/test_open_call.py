"""Who answers an open call, against a naive twin in plain integers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.luck import stream
from sim.phases.desks import Desks
from sim.rules import linked, registry
from sim.vocab import Kind
from tests.engine.conftest import make
from tests.test_luck import chain, key

ATTEMPTS, PROFILES = 64, 24  # attempts as the formula says; more profiles than are left to find, so that some end empty


def answers(world, lead):
    """Return who answers, in order, and how many profiles find nobody: the formula, draw by draw."""
    k, uid = key(int(world.seed), int(stream("search.open_call")), int(world.n.step)), int(world.orgs.uid[lead])
    mask = (1 << (len(world.slots) - 1).bit_length()) - 1
    found = []
    for n in range(PROFILES):
        for attempt in range(ATTEMPTS):
            slot = chain(k, uid, n * ATTEMPTS + attempt) & mask
            j = int(world.slots[slot]) if slot < len(world.slots) else -1
            if j >= 0 and j != lead and j not in found and world.orgs.kind[j] != Kind.CLUSTER_ORGANISATION:
                found.append(j)
                break
    return found, PROFILES - len(found)


@pytest.mark.parametrize("left_over", [0, ATTEMPTS])  # what another search left on the desk
@pytest.mark.parametrize("seed", range(4))
def test_each_profile_is_the_first_draw_that_holds_somebody_new(seed, left_over):
    world = make(seed, world__smes=12, world__clusters=3, search__open_scan=PROFILES)
    world.reserve_proposals(1)
    world.props[0].of_clusters = 0
    desk, lead = Desks(1).get(world)[0], 5
    desk.heap[:] = left_over
    desk.k.stamp, desk.k.scanned, desk.k.lead, desk.k.policy, desk.k.cap_hits = 7, 0, lead, 0, 0
    linked.sources(registry.rule_id("sources", "open_call"), world.view(), desk, np.int64(0))
    expected, empty = answers(world, lead)
    assert len(expected) > 3 and empty > 0
    assert (desk.scan[: int(desk.k.scanned)].tolist(), int(desk.k.cap_hits)) == (expected, empty)
