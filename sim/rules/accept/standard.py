"""Join when it pays, through trust, or by openness to a partner who is aligned."""

from __future__ import annotations


def standard(trust, openness, alignment, share, cost):
    """Join when it pays, through trust, or by openness to a partner who is aligned.

    Formula: T + (1 - T) * openness * alignment, if expected share > expected cost, else 0
    Also known as: trust as a substitute for information
    Range: [0, 1]
    Source: MODEL 5.4; assumed
    Special cases: 0 when the invitation does not pay
    """
    if share <= cost:
        return 0.0
    return trust + (1.0 - trust) * openness * alignment
