"""Add whoever fills a missing role; stop when every role is covered or nobody adds enough."""

from __future__ import annotations


def roles(gain, missing, size, usual, largest, min_gain):
    """Add whoever fills a missing role; stop when every role is covered or nobody adds enough.

    Formula: add if a role is short, the candidate adds at least min_gain of a role, and size < max_size
    Also known as: competence-driven team size
    Range: True or False
    Source: MODEL 5.3; assumed
    Special cases: gain in covered roles; missing counts roles below `enough`
    """
    return missing > 0.0 and gain >= min_gain and size < largest
