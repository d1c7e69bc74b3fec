"""Every shipped scenario runs from its file to findings, in a small world."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiment.compare import compare
from sim.report.text import comparison
from sim.scenario.load import load

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
SMALL = {"world.smes": 40, "world.clusters": 12, "world.burn_in": 1, "futures.count": 1}


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_runs_to_its_answer(path: Path, tmp_path: Path) -> None:
    found = compare(path, replicates=1, jobs=1, out=tmp_path, overrides=SMALL)
    scenario = load(path)
    assert found.findings.failures == ()
    assert found.findings.policies == tuple(policy.name for policy in scenario.policies)
    assert (found.findings.own_worlds, found.findings.future_worlds) == (1, 1)
    said = comparison(found.findings)
    assert "production is assumed" in said
    assert ("Expected before it was run" in said) == (scenario.expectation is not None)
