"""A new policy of built-in terms, sources and rules is data: it compiles nothing (STUDIES 6)."""

from __future__ import annotations

from typing import Any

import numba
import pytest
from numba.core import event

from sim.run import RunSpec, run
from sim.scenario import loads

TEXT = """
name: compiling
policies:
  - {{name: one, sources: [known, own_cluster], terms: {{trust: 1}}}}
  - {{name: other, sources: {sources}, terms: {terms}, fill: {fill}, growth: {growth}}}
world: {{smes: 24, clusters: 2, steps: 3, burn_in: 1}}
replicates: 1
futures: {{count: 0}}
"""


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled without the compiler")
@pytest.mark.parametrize("change", [
    {"sources": "[known, partners_of_partners, bridged_clusters]", "terms": "{role_gain: 0.4, proximity: 0.2}",
     "fill": "roles", "growth": "greedy"},
    {"sources": "[open_call]", "terms": "{reputation: 1, diversity: 0.5}", "fill": "size", "growth": "greedy"},
])
def test_a_new_policy_compiles_nothing(change: dict[str, Any]) -> None:
    scenario = loads(TEXT.format(**change))
    run(RunSpec(scenario, "one"))
    with event.install_recorder("numba:compile") as recorder:
        run(RunSpec(scenario, "other"))
    assert not [seen for _, seen in recorder.buffer if seen.is_start]
