"""Leave a team that is trusted less than strangers, or that costs more than it promises."""

from __future__ import annotations

from sim.vocab import Reason

STAY, DISTRUST, COSTS = int(Reason.NONE), int(Reason.DISTRUST), int(Reason.COSTS)


def standard(unhappy, cost, expected, p):
    """Leave a team that is trusted less than strangers, or that costs more than it promises.

    Formula: leave if unhappy for 2 quarters, or own cost > patience * expected value
    Also known as: voice and exit
    Range: vocab.Reason
    Source: Hirschman 1970 for exit; thresholds assumed
    Special cases: none
    """
    if unhappy >= p.part_breach_quarters:
        return DISTRUST
    if cost > p.part_patience * expected:
        return COSTS
    return STAY
