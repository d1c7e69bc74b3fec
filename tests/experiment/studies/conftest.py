"""A small study: a scenario of a few firms beside it, and a way to write both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario.load_study import Study, load_study

SCENARIO = """
name: world
policies: [same_known_partners, strategic_mobilisation]
baseline: same_known_partners
focus: strategic_mobilisation
world: {smes: 24, clusters: 2, steps: 4, burn_in: 1}
challenges: {rate: 0.5}
futures: {count: 0}
"""
STUDY = """
name: small
scenario: world.yaml
uncertainties:
  work.complementarity: [-8, 1]
  cost: {range: [0.25, 4], times: [search.cost_scale, work.coordination_cost]}
replicates: 2
"""
Writer = Callable[..., Study]


@pytest.fixture()
def write(tmp_path: Path) -> Writer:
    """Return a function that writes a study beside its scenario and loads it."""
    def written(text: str = STUDY, **overrides: object) -> Study:
        (tmp_path / "world.yaml").write_text(SCENARIO, encoding="utf-8")
        (tmp_path / "small.yaml").write_text(text, encoding="utf-8")
        return load_study(tmp_path / "small.yaml", {key.replace("__", "."): value for key, value in overrides.items()})
    return written
