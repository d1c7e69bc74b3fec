"""What the production rules share: the geometric mean and the factor of routine and alignment."""

from __future__ import annotations

from sim.jit import jit
from sim.luck import exp, log


@jit
def geometric(x, n):
    """Return the geometric mean of the first n entries of x (all > 0)."""
    total = 0.0
    for r in range(n):
        total += log(x[r])
    return exp(total / n)


@jit
def team_factor(familiarity, alignment, p):
    """Return (1 + g familiarity) * (1 - h (1 - alignment))."""
    return (1.0 + p.work_familiarity_gain * familiarity) * (1.0 - p.work_misalignment_loss * (1.0 - alignment))
