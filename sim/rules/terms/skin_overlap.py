"""SKIN's conservative choice: seek who holds the same."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def skin_overlap(c: Candidate) -> float:
    """SKIN's conservative choice: seek who holds the same.

    Formula: shared fields / size of the smaller set
    Also known as: SKIN conservative attractiveness
    Range: [0, 1]
    Source: Gilbert, Pyka & Ahrweiler 2001
    Special cases: 0 when one of them holds no field
    """
    smaller = min(c.fields, c.lead_fields)
    return c.overlap / smaller if smaller > 0.0 else 0.0
