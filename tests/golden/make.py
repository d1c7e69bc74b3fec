"""Make the golden numbers again: ``python tests/golden/make.py``.

Small worlds under different policies, rules and events, and what every outcome gave. They say *that*
numbers changed, never that they are right: other tests do. When they change on purpose, raise
``RESULT_VERSION`` in sim/run.py, run this file, and say in CHANGELOG.md under the tag OUTPUT what changed
and by how much on the default scenario.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from sim.run import RESULT_VERSION, RunSpec, run
from sim.scenario import loads

FILE = Path(__file__).parent / "golden.json"
BASE = "name: golden\nworld: {smes: 80, clusters: 5, steps: 12, burn_in: 3}\nseed: 11\n"
CASES = {
    "same_known_partners": (BASE + "challenges: {rate: 0.3}\n", "same_known_partners"),
    "strategic_mobilisation": (BASE + "challenges: {rate: 0.3}\n", "strategic_mobilisation"),
    "isolated_parallel": (BASE + "challenges: {rate: 0.3}\n", "isolated_parallel"),
    "oracle": (BASE + "challenges: {rate: 0.3}\n", "oracle"),
    "team_assembly": (BASE + "challenges: {rate: 0.3}\n", "team_assembly"),
    "contested_and_mixed": (BASE + "adopters: 0.4\nchallenges: {rate: 0.3, contested: 0.5}\n", "wide_by_fit"),
    "shocks": (BASE + "challenges: {rate: 0.3, third_market: 0.4}\nshocks:\n  - {at: 4, kind: demand_shift}\n"
               "  - {at: 6, kind: market_closed, which: 0}\n  - {at: 8, kind: cluster_lost, which: 1}\n",
               "strategic_mobilisation"),
    "programmes": (BASE + "instruments:\n"
                   "  - {name: call, kind: consortium_call, start: 1, end: 6, budget: 400, grant: 200, co_funding: 0.75, "
                   "eligibility: {members: [3, 4]}, markets: [0, 1]}\n"
                   "  - {name: more, kind: follow_up_action, start: 7, end: 12, budget: 400, grant: 200, after: [call], "
                   "markets: [2]}\n"
                   "  - {name: voucher, kind: voucher, start: 3, end: 9, budget: 100, co_funding: 0.5}\n", "programme"),
    "other_rules": (BASE + "challenges: {rate: 0.3}\nrules: {accept: if_it_pays, produce: o_ring, trust: symmetric, "
                    "learn: doing_only, part: cost_only, renew: by_trust}\n", "adaptive"),
}


def outcomes_of(case: str) -> dict[str, float | None]:
    """Return every outcome of a case; None where it has no number."""
    text, policy = CASES[case]
    totals = run(RunSpec(loads(text), policy)).totals
    return {name: None if math.isnan(value) else value for name, value in sorted(totals.items())}


def golden() -> dict[str, Any]:
    """Return the golden numbers as they are now."""
    return {"result_version": RESULT_VERSION, "made_by": "python tests/golden/make.py",
            "cases": {case: outcomes_of(case) for case in CASES}}


if __name__ == "__main__":
    FILE.write_text(json.dumps(golden(), indent=1) + "\n", encoding="utf-8")
    print(f"wrote {FILE}")
