"""Coverage plays no part: every team starts from the same chance."""

from __future__ import annotations

from sim.rules.produce_parts import team_factor


def constant(x, n, familiarity, alignment, p):
    """Coverage plays no part: every team starts from the same chance.

    Formula: min(1, 0.5 * (1 + g familiarity) * (1 - h (1 - alignment)))
    Also known as: switch-off of coverage
    Range: [0, 1]
    Source: switch-off
    Special cases: none
    """
    return min(1.0, 0.5 * team_factor(familiarity, alignment, p))
