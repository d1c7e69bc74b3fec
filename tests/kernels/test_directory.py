"""The oracle's directory against a naive twin: sort everybody with room who holds the field."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels.directory import DIRECTORY_SIZE, fill_directory
from sim.parameters import make_params
from sim.vocab import Kind
from sim.world import tables as t
from sim.world.world import RULE_FAMILIES, World

FIELDS = 3
level = st.one_of(st.none(), st.sampled_from([0.25, 0.5, 0.75, 1.0]))
people = st.lists(st.tuples(st.lists(level, min_size=FIELDS, max_size=FIELDS), st.sampled_from([0.5, 0.8, 1.0]),
                            st.booleans(), st.booleans(), st.booleans()), max_size=90)


@pytest.fixture(scope="module")
def empty():
    """A world without organisations."""
    p = make_params({"world.fields": FIELDS, "world.sectors": 1})
    return World(p, t.POLICIES.allocate(3), dict.fromkeys(RULE_FAMILIES, 0), 3)


@given(who=people)
def test_the_best_with_room_stand_first(empty, who):
    empty.orgs = t.ORGANISATIONS.allocate(max(1, len(who)))
    empty.n.organisations = len(who)
    for row, (levels, reliability, gone, full, is_cluster) in enumerate(who):
        org = empty.orgs[row]
        held = [field for field in range(FIELDS) if levels[field] is not None]
        org.fields[:len(held)], org.levels[:len(held)] = held, [levels[field] for field in held]
        org.mask = sum(1 << field for field in held)
        org.reliability, org.left, org.capacity, org.running = reliability, 3 if gone else -1, 2, 2 if full else 1
        org.kind = Kind.CLUSTER_ORGANISATION if is_cluster else Kind.SME
    directory = np.full((FIELDS, DIRECTORY_SIZE), -7, np.int32)
    fill_directory(empty.view(), directory)
    for field in range(FIELDS):
        worth = {row: levels[field] * reliability for row, (levels, reliability, gone, full, cluster) in enumerate(who)
                 if levels[field] is not None and not gone and not full and not cluster}
        listed = [row for row in directory[field].tolist() if row >= 0]
        assert directory[field].tolist() == listed + [-1] * (DIRECTORY_SIZE - len(listed))
        assert len(set(listed)) == len(listed)
        best = sorted(worth.values(), reverse=True)[:DIRECTORY_SIZE]
        assert [worth[row] for row in listed] == best  # among equals any order will do
