"""What is recorded after each step: the quarter's flows and the state of the world.

Observers only read. Sums run in row order, so the bits do not depend on threads or processes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.jit import jit
from sim.vocab import Source
from sim.world import tables

REMEMBERED = 8  # quarters for which a tie counts as alive after its sides last worked together
SOURCES = tuple(source.name.lower() for source in Source)
STATE = {
    "alive": "organisations alive",
    "active": "running partnerships",
    "relations": "pairs that ever worked together",
    "ties": "ties alive: at work together, or within the last 8 quarters",
    "mean_trust": "mean trust over relations between the living",
    "team_trust": "mean trust between members at work together",
    "mean_openness": "mean openness of the living",
    "mean_capital": "mean capital of the living, cents",
}


def _flow_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for column in tables.FLOWS.columns:
        if column.width == 1:
            names[column.name] = column.text
        else:
            names.update({f"from_{s}": f"partner seats found through {s}" for s in SOURCES})
            names["from_other"] = "partner seats found through a user's own source"
    return names


FLOWS = _flow_names()
SERIES: dict[str, str] = FLOWS | STATE


@jit
def tie_sums(rels, count, orgs, step):
    """Return [ties alive, trust sum, its sides, team trust sum, its sides] over relations of the living."""
    sums = np.zeros(5)
    for r in range(count):
        if orgs.left[rels.a[r]] != -1 or orgs.left[rels.b[r]] != -1:
            continue
        trust = rels.trust_ab[r] + rels.trust_ba[r]
        sums[1] += trust
        sums[2] += 2.0
        if rels.running[r] > 0:
            sums[3] += trust
            sums[4] += 2.0
        if rels.running[r] > 0 or (rels.times[r] > 0 and step - rels.last[r] <= REMEMBERED):
            sums[0] += 1.0
    return sums


@jit
def organisation_sums(orgs, count):
    """Return [alive, openness sum, capital sum] over the living."""
    sums = np.zeros(3)
    for i in range(count):
        if orgs.left[i] == -1:
            sums[0] += 1.0
            sums[1] += orgs.openness[i]
            sums[2] += orgs.capital[i]
    return sums


def _share(top: float, bottom: float) -> float:
    return top / bottom if bottom else float("nan")


def observe(w: Any) -> dict[str, float]:
    """Return this quarter's flows and the state after it, by series name (see `SERIES`)."""
    seen: dict[str, float] = {}
    for column in tables.FLOWS.columns:
        if column.width == 1:
            seen[column.name] = w.flow[column.name]
        else:
            seen.update({f"from_{s}": w.flow[column.name][k] for k, s in enumerate(SOURCES)})
            seen["from_other"] = w.flow[column.name][len(SOURCES):].sum()
    ties = tie_sums(w.rels, int(w.n.relations), w.orgs, int(w.n.step))
    orgs = organisation_sums(w.orgs, int(w.n.organisations))
    seen.update(alive=orgs[0], active=w.n.active, relations=w.n.relations, ties=ties[0],
                mean_trust=_share(ties[1], ties[2]), team_trust=_share(ties[3], ties[4]),
                mean_openness=_share(orgs[1], orgs[0]), mean_capital=_share(orgs[2], orgs[0]))
    return {name: float(value) for name, value in seen.items()}
