"""The twin's money: whole cents, split without loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any


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
    left = total - sum(shares)
    order = sorted(range(len(members)), key=lambda t: (shares[t] - exact[t], members[t].uid))
    for t in order[:left]:
        shares[t] += 1
    return shares
