"""The best role decides."""

from __future__ import annotations

from sim.rules.produce_parts import team_factor


def best_shot(x, n, familiarity, alignment, p):
    """The best role decides.

    Formula: min(1, max x_r * (1 + g familiarity) * (1 - h (1 - alignment)))
    Also known as: best shot, s -> +infinity of `ces`
    Range: [0, 1]
    Source: Hirshleifer 1983
    Special cases: none
    """
    base = 0.0
    for r in range(n):
        base = max(base, x[r])
    return min(1.0, base * team_factor(familiarity, alignment, p))
