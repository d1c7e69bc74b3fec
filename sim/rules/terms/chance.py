"""A coin for each challenge and candidate."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def chance(c: Candidate) -> float:
    """A coin for each challenge and candidate.

    Formula: uniform (0, 1), keyed by challenge and candidate
    Also known as: random mixing
    Range: (0, 1)
    Source: null model
    Special cases: none
    """
    return c.luck
