"""Take stock: what becomes of each running partnership, decided on the state as it stood (MODEL 5.8).

Nothing here ends: `sim.phases.part` carries it out. It reads no column that `learn` writes, so a second thread may
learn meanwhile.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.jit import jit
from sim.kernels.fetch import AHEAD, fetch_team
from sim.kernels.team import mean_of_others, members_of, priors_in_team, ties_of, trusts_of
from sim.luck import draw, key, stream, u01
from sim.phases.work import worth_to
from sim.rules.linked import part as part_rule
from sim.vocab import MAX_TEAM, Reason
from sim.world.world import World

HAZARD = stream("part.hazard")
NONE = int(Reason.NONE)
STAYS, DUE, STRUCK, LEAVING = range(4)  # verdicts: goes on; its result is known; ended by chance; somebody leaves


@jit
def note_mood(w, at, size, trusts, priors):
    """Count for each member the quarters in which its trust in the team has been in breach."""
    for t in range(size):
        breach = mean_of_others(trusts, size, t) < mean_of_others(priors, size, t) - w.p.part_breach
        w.seats[at[t]].unhappy = w.seats[at[t]].unhappy + 1 if breach else 0


@jit
def wants_out(w, a, row, size):
    """Return the reason why the member on seat ``row`` leaves partnership a, or NONE."""
    expected = worth_to(w, a, np.int64(w.seats[row].org), size)
    cost = float(w.seats[row].cost - w.seats[row].refunded)
    if w.parts[a].of_clusters:
        expected = cost + 1.0  # cluster partnerships are not about money
    return part_rule(w.rule.part, w.seats[row].unhappy, cost, expected, w.p)


@jit
def verdict_on(w, a, team, at, ties, trusts, priors):
    """Return what becomes of partnership a: at the due date it ends; before it, chance or its members may end it."""
    if w.n.step >= w.parts[a].due:
        return DUE
    if u01(draw(key(w.seed, HAZARD, w.n.step), w.parts[a].uid)) < w.p.part_hazard:
        return STRUCK
    size, leaving = members_of(w, a, team, at), 0
    if size < 2:
        return STAYS
    ties_of(w, a, at, size, ties)
    trusts_of(w, team, size, ties, trusts)
    priors_in_team(w, team, size, priors)
    note_mood(w, at, size, trusts, priors)
    for t in range(size):
        leaving += wants_out(w, a, at[t], size) != NONE
    return LEAVING if leaving > 0 else STAYS


@jit
def judge_all(w, verdicts):
    """Write a verdict on each running partnership."""
    team, at = np.empty(MAX_TEAM, np.int64), np.empty(MAX_TEAM, np.int64)
    ties, trusts, priors = (np.empty(MAX_TEAM * MAX_TEAM, np.int64), np.empty(MAX_TEAM * MAX_TEAM),
                            np.empty(MAX_TEAM * MAX_TEAM))
    for n in range(w.n.active):
        fetch_team(w, n + AHEAD)
        verdicts[n] = verdict_on(w, np.int64(w.active[n]), team, at, ties, trusts, priors)


def take_stock(world: World) -> np.ndarray[Any, Any]:
    """Return a verdict on each running partnership: [active] int8."""
    verdicts = np.zeros(int(world.n.active), np.int8)
    judge_all(world.view(), verdicts)
    return verdicts
