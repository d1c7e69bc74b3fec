"""A team that succeeded may stay for the lead's next challenge."""

from __future__ import annotations


def after_success(won, chance, trust, p):
    """A team that succeeded may stay for the lead's next challenge.

    Formula: the policy's `renew` after success, else 0
    Also known as: inertia, repeated ties
    Range: [0, 1]
    Source: MODEL 5.8; assumed
    Special cases: none
    """
    return chance if won else 0.0
