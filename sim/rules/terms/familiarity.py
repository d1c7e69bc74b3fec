"""Routine from working together before."""

from __future__ import annotations

from sim.kernels.pairs import familiarity as routine
from sim.rules.candidate import Candidate


def familiarity(c: Candidate) -> float:
    """Routine from working together before.

    Formula: 1 - exp(-times / 2)
    Also known as: prior ties, repeated ties
    Range: [0, 1]
    Source: Huckman, Staats & Upton 2009; form assumed
    Special cases: none
    """
    return routine(c.times)
