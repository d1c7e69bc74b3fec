"""The twin's money: whole cents, split without loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

SAME = 1e-6  # cents: remainders closer than this are equal but for rounding


def to_cents(keur: float) -> int:
    """Return cents of an amount in kEUR, rounded half to even."""
    return round(keur * 100_000.0)


def split(total: int, weights: Sequence[float], members: Sequence[Any]) -> list[int]:
    """Split cents by weight: whole shares first, the rest to the largest remainders."""
    whole = 0.0
    for weight in weights:
        whole += weight
    exact = [total * weight / whole if whole > 0.0 else total / len(members) for weight in weights]
    shares = [math.floor(amount) for amount in exact]
    rest = [amount - share for amount, share in zip(exact, shares)]
    for _ in range(total - sum(shares)):
        best = 0
        for t in range(1, len(rest)):
            gap = rest[t] - rest[best]
            if gap > SAME or (gap >= -SAME and members[t].uid < members[best].uid):
                best = t
        shares[best] += 1
        rest[best] = -1.0
    return shares
