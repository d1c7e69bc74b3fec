"""Every role multiplies: one weak role spoils the whole, more roles are harder."""

from __future__ import annotations

from sim.rules.produce_parts import team_factor


def o_ring(x, n, familiarity, alignment, p):
    """Every role multiplies: one weak role spoils the whole, more roles are harder.

    Formula: min(1, prod x_r * (1 + g familiarity) * (1 - h (1 - alignment)))
    Also known as: O-ring
    Range: [0, 1]
    Source: Kremer 1993
    Special cases: none
    """
    base = 1.0
    for r in range(n):
        base *= x[r]
    return min(1.0, base * team_factor(familiarity, alignment, p))
