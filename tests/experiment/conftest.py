"""What the tests of studies share: a small scenario, and stand-ins that worker processes can import."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # worker processes inherit it

from sim.scenario import Scenario, loads

TEXT = """
name: small
policies: [same_known_partners, strategic_mobilisation, solo]
baseline: same_known_partners
focus: strategic_mobilisation
world: {smes: 24, clusters: 2, steps: 5, burn_in: 1}
replicates: 3
futures: {count: 2}
"""


@pytest.fixture()
def scenario() -> Scenario:
    """Return a scenario of five worlds, three policies, a few firms."""
    return loads(TEXT)
