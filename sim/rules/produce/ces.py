"""Roles combine with constant elasticity: one exponent from substitutes to weakest link."""

from __future__ import annotations

from sim.luck import power
from sim.rules.produce_parts import geometric, team_factor


def ces(x, n, familiarity, alignment, p):
    """Roles combine with constant elasticity: one exponent from substitutes to weakest link.

    Formula: min(1, ((1/R) sum x_r^s)^(1/s) * (1 + g familiarity) * (1 - h (1 - alignment)))
    Also known as: generalised mean, CES
    Range: [0, 1]
    Source: Arrow, Chenery, Minhas & Solow 1961; use for teams assumed
    Special cases: s = 0 (closer than 1e-6): the geometric mean
    """
    s = p.work_complementarity
    if abs(s) < 1e-6:
        base = geometric(x, n)
    else:
        total = 0.0
        for r in range(n):
            total += power(x[r], s)
        base = power(total / n, 1.0 / s)
    return min(1.0, base * team_factor(familiarity, alignment, p))
