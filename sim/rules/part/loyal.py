"""Nobody leaves before the due date."""

from __future__ import annotations

from sim.vocab import Reason

STAY, DISTRUST, COSTS = int(Reason.NONE), int(Reason.DISTRUST), int(Reason.COSTS)


def loyal(unhappy, cost, expected, p):
    """Nobody leaves before the due date.

    Formula: stay
    Also known as: commitment
    Range: vocab.Reason
    Source: limit case
    Special cases: none
    """
    return STAY
