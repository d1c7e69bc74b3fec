"""The money of each instrument, over the scenario's own worlds: what it had, who got it, what was left and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.accounts import FIELDS

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Account:
    """One instrument in one arm; means over the scenario's own worlds.

    Parameters
    ----------
    policy, instrument, kind : whose, which, and what kind it is.
    values : `sim.outcomes.accounts.FIELDS` to mean; money in kEUR.
    """

    policy: str
    instrument: str
    kind: str
    values: dict[str, float]


def accounts(scenario: Scenario, runs: pd.DataFrame) -> tuple[Account, ...]:
    """Return the account of every instrument that has a budget in every arm, also where it may not pay."""
    if "accounts" not in runs:
        return ()
    own, found = runs[runs["future"] == 0], []
    for policy in scenario.policies:
        rows = own[own["policy"] == policy.name]["accounts"]
        kept = [np.asarray(one, float).reshape(-1, len(FIELDS)) for one in rows]
        instruments = sorted(scenario.in_force(policy), key=lambda one: (one.start, one.name))
        if not kept or not instruments:
            continue
        means = np.mean(kept, axis=0)
        found += [Account(policy.name, one.name, one.kind, dict(zip(FIELDS, row.tolist(), strict=True)))
                  for one, row in zip(instruments, means, strict=True)]
    return tuple(one for one in found if one.values["budget"] > 0)
