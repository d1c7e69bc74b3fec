"""Delivery record as the lead can see it."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def reputation(c: Candidate) -> float:
    """Delivery record as the lead can see it.

    Formula: exponential average of delivery; 0.5 where it cannot be seen
    Also known as: status, track record
    Range: [0, 1]
    Source: Podolny 1993; form assumed
    Special cases: seen in the own cluster and across its bridges only
    """
    return c.reputation
