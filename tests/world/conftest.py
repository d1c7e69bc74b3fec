from __future__ import annotations

import numba
import pytest

from sim.parameters import make_params
from sim.world import tables as t
from sim.world.populate import populate
from sim.world.world import RULE_FAMILIES, World


def empty_world(seed: int = 7, **values: float) -> World:
    """An empty world; ``smes=50`` sets world.smes, ``trust__gain=0`` sets trust.gain."""
    keys = {(name.replace("__", ".") if "__" in name else f"world.{name}"): x for name, x in values.items()}
    policies = t.POLICIES.allocate(3)
    policies.max_size[:] = 12
    return World(make_params(keys), policies, dict.fromkeys(RULE_FAMILIES, 0), seed)


@pytest.fixture(name="empty_world", scope="session")
def _empty_world():
    return empty_world


@pytest.fixture(scope="session")
def make():
    """Return a function that makes a populated world."""
    def populated(seed: int = 7, **values: float) -> World:
        world = empty_world(seed, **values)
        populate(world)
        return world
    return populated


@pytest.fixture(scope="session")
def large(make):
    """One world large enough for laws to be seen, smaller without the compiler; tests only read it."""
    smes = 3_000 if numba.config.DISABLE_JIT else 20_000
    return make(seed=11, smes=smes, clusters=smes // 125)
