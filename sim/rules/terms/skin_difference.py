"""SKIN's progressive choice: seek who differs, yet shares something."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def skin_difference(c: Candidate) -> float:
    """SKIN's progressive choice: seek who differs, yet shares something.

    Formula: symmetric difference / sum of sizes, 0 unless one field is shared
    Also known as: SKIN progressive attractiveness
    Range: [0, 1]
    Source: Gilbert, Pyka & Ahrweiler 2001
    Special cases: 0 when no field is shared
    """
    if c.overlap == 0.0:
        return 0.0
    return (c.fields + c.lead_fields - 2.0 * c.overlap) / (c.fields + c.lead_fields)
