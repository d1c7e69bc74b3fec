"""The weakest role decides."""

from __future__ import annotations

from sim.rules.produce_parts import team_factor


def weakest_link(x, n, familiarity, alignment, p):
    """The weakest role decides.

    Formula: min(1, min x_r * (1 + g familiarity) * (1 - h (1 - alignment)))
    Also known as: Leontief, s -> -infinity of `ces`
    Range: [0, 1]
    Source: Hirshleifer 1983
    Special cases: none
    """
    base = 1.0
    for r in range(n):
        base = min(base, x[r])
    return min(1.0, base * team_factor(familiarity, alignment, p))
