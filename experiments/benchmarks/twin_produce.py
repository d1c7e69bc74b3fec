"""The twin's production: how the roles of a partnership combine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin import Twin


def produce(model: Twin, x: Sequence[float], familiarity: float, alignment: float) -> float:
    """Return the chance of success: a generalised mean, times routine, times alignment."""
    p, power = model.p, model.luck.power
    s, total = p.work_complementarity, 0.0
    for contribution in x:
        total += power(contribution, s)
    base = power(total / len(x), 1.0 / s)
    factor = (1.0 + p.work_familiarity_gain * familiarity) * (1.0 - p.work_misalignment_loss * (1.0 - alignment))
    return min(1.0, base * factor)
