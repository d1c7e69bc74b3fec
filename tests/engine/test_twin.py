"""The engine against the plain-Mesa twin of the benchmarks: the same rules said twice give the same bits."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from sim.simulation import Simulation

BENCHMARKS = Path(__file__).parents[2] / "experiments" / "benchmarks"


@pytest.fixture(scope="module")
def twins():
    """The modules of the benchmark, found where they lie."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield {name: importlib.import_module(name) for name in ("twin", "equal", "worlds")}
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.mark.parametrize("policy", ["strategic_mobilisation", "same_known_partners"])
def test_the_keyed_twin_follows_the_engine(twins, policy):
    world = twins["worlds"].burnt_in(80, 4, policy, 3, 11)
    engine, twin, formed = Simulation(world.copy()), twins["twin"].Twin(world, oracle=True), 0
    for quarter in range(3):
        engine.step()
        twin.step()
        formed += int(engine.world.flow.formed)
        assert not twins["equal"].differences(engine.world, twin), quarter
    assert formed > 5
