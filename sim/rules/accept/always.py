"""Join whenever asked."""

from __future__ import annotations


def always(trust, openness, alignment, share, cost):
    """Join whenever asked.

    Formula: 1
    Also known as: unconditional cooperator
    Range: {1}
    Source: limit case
    Special cases: none
    """
    return 1.0
