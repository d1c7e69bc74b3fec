"""Leave only when it costs more than it promises."""

from __future__ import annotations

from sim.vocab import Reason

STAY, DISTRUST, COSTS = int(Reason.NONE), int(Reason.DISTRUST), int(Reason.COSTS)


def cost_only(unhappy, cost, expected, p):
    """Leave only when it costs more than it promises.

    Formula: leave if own cost > patience * expected value
    Also known as: rational exit
    Range: vocab.Reason
    Source: ablation of `standard`
    Special cases: none
    """
    return COSTS if cost > p.part_patience * expected else STAY
