"""Every challenge starts from an empty table."""

from __future__ import annotations


def never(won, chance, trust, p):
    """Every challenge starts from an empty table.

    Formula: 0
    Also known as: no inertia
    Range: {0}
    Source: limit case
    Special cases: none
    """
    return 0.0
