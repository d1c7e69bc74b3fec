"""Trust never changes."""

from __future__ import annotations


def fixed(trust, event, prior, speed, p):
    """Trust never changes.

    Formula: T
    Also known as: no learning about partners
    Range: [0, 1]
    Source: limit case
    Special cases: none
    """
    return trust
