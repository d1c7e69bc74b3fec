"""A team that succeeded may stay, the likelier the more its members trust one another."""

from __future__ import annotations


def by_trust(won, chance, trust, p):
    """A team that succeeded may stay, the likelier the more its members trust one another.

    Formula: the policy's `renew` * mean trust after success, else 0
    Also known as: relational inertia
    Range: [0, 1]
    Source: Gulati 1995 for the direction
    Special cases: none
    """
    return chance * trust if won else 0.0
