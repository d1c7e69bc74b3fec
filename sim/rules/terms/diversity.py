"""How rare the candidate's sector is in the planned team."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def diversity(c: Candidate) -> float:
    """How rare the candidate's sector is in the planned team.

    Formula: 1 - share of the team in the candidate's sector
    Also known as: heterogeneity, partner diversity
    Range: [0, 1]
    Source: Blau 1977; form assumed
    Special cases: none
    """
    return 1.0 - c.same_sector
